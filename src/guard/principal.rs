//! When two ARNs of STS are the same principal: a session name that a tool made up tells nobody apart.

/// What the names of sessions begin with that SDKs make up where none is configured: a time in digits follows. From the
/// sources of aws-config for Rust, botocore, and the SDKs for Go, Java and JavaScript.
const MADE_UP: &[&str] = &[
    "assume-role-from-profile-",
    "assume-role-provider-",
    "web-identity-token-",
    "web-identity-token-profile-",
    "botocore-session-",
    "aws-go-sdk-",
    "aws-sdk-java-",
    "aws-sdk-js-",
];

/// The part of an ARN that stays the same when the credentials are renewed, and that two consoles of one person share:
/// the role where the session's name was made up, else all of it.
pub fn principal(arn: &str) -> &str {
    match arn.rsplit_once('/') {
        Some((role, session)) if role.contains(":assumed-role/") && is_made_up(session) => role,
        _ => arn,
    }
}

/// True where both are one principal.
pub fn is_same(one: &str, other: &str) -> bool {
    principal(one) == principal(other)
}

/// A time, a time after a tool's name, or the id of an EC2 instance.
fn is_made_up(session: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let instance = |id: &str| (8..=17).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits(session)
        || session.strip_prefix("i-").is_some_and(instance)
        || MADE_UP.iter().any(|base| session.strip_prefix(base).is_some_and(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/operator";

    #[test]
    fn a_session_that_a_tool_named_is_its_role() {
        for session in
            ["assume-role-from-profile-1732204800000", "botocore-session-1732204800", "17322048", "i-0abc1234"]
        {
            assert_eq!(principal(&format!("{ROLE}/{session}")), ROLE, "{session}");
        }
        assert!(is_same(&format!("{ROLE}/botocore-session-1"), &format!("{ROLE}/aws-go-sdk-2")));
    }

    #[test]
    fn people_are_told_apart_and_so_are_roles() {
        for session in ["alice@example.com", "assume-role-from-profile-alice", "i-am-bob", "botocore-session-"] {
            let arn = format!("{ROLE}/{session}");
            assert_eq!(principal(&arn), arn);
        }
        assert!(!is_same(&format!("{ROLE}/alice"), &format!("{ROLE}/bob")));
        assert!(!is_same(&format!("{ROLE}/17322048"), "arn:aws:sts::111122223333:assumed-role/other/17322048"));
        let user = "arn:aws:iam::111122223333:user/17322048";
        assert_eq!(principal(user), user);
    }
}
