//! When two ARNs of STS are the same principal, or the same person: a session name that a tool made up tells nobody apart.

use std::borrow::Cow;

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
    "aws-sdk-php-",
];
/// How the names of roles begin that IAM Identity Center makes; there the name of the session is the user's (IAM Identity
/// Center User Guide, "Referencing permission sets in resource policies").
const IDENTITY_CENTER: &str = ":assumed-role/AWSReservedSSO_";

/// The part of an ARN that stays the same when the credentials are renewed, and that two consoles of one person share:
/// the role where the session's name was made up, else all of it.
pub fn principal(arn: &str) -> &str {
    made_up(arn).unwrap_or(arn)
}

/// What tells the persons behind ARNs apart: the user of IAM Identity Center, whatever the role, else the principal.
pub fn person(arn: &str) -> Cow<'_, str> {
    let user = arn.split_once(IDENTITY_CENTER).and_then(|(_, role)| role.split_once('/'));
    user.map_or_else(|| principal(arn).into(), |(_, user)| user.to_lowercase().into())
}

/// True where both are one person, as far as ARNs tell.
pub fn is_same_person(one: &str, other: &str) -> bool {
    person(one) == person(other)
}

/// True where an ARN does not tell who it is: everybody who may take the role can have such a session.
pub fn names_nobody(arn: &str) -> bool {
    made_up(arn).is_some()
}

/// The role of a session of which a tool made up the name.
fn made_up(arn: &str) -> Option<&str> {
    let (role, session) = arn.rsplit_once('/')?;
    let is_role = role.contains(":assumed-role/") && !role.contains(IDENTITY_CENTER);
    (is_role && is_made_up(session)).then_some(role)
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
    fn a_user_of_identity_center_is_one_person_in_every_role() {
        let sso =
            |role: &str, user: &str| format!("arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_{role}/{user}");
        assert!(is_same_person(&sso("Admin_1", "me@example.com"), &sso("Operator_2", "Me@example.com")));
        assert!(!is_same(&sso("Admin_1", "me@example.com"), &sso("Operator_2", "me@example.com")));
        assert!(!is_same_person(&sso("Admin_1", "me@example.com"), &sso("Admin_1", "you@example.com")));
        let numbers = [sso("Admin_1", "17322048"), sso("Admin_1", "17322049")];
        assert!(!is_same(&numbers[0], &numbers[1]) && !names_nobody(&numbers[0]), "users may have numbers");
    }

    #[test]
    fn who_leaves_the_name_to_a_tool_is_nobody() {
        let session = |name: &str| format!("{ROLE}/{name}");
        assert!(is_same_person(&session("assume-role-from-profile-1"), &session("assume-role-from-profile-2")));
        assert!(names_nobody(&session("assume-role-from-profile-1732204800123")) && names_nobody(&session("17322048")));
        for arn in [session("alice"), ROLE.to_owned(), "arn:aws:iam::111122223333:user/17322048".to_owned()] {
            assert!(!names_nobody(&arn), "{arn}");
        }
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
