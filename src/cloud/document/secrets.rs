//! What must not be shown of an answer: values of environment variables, and everything that looks like a credential.
//! Names stay, values become `•••• (12 characters)`.

use serde_json::Value;

use crate::base::redact::redact;

/// Parts of names of what is secret.
const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "signingkey",
    "authorization",
    "connectionstring",
    "presignedurl",
];
/// Ends of names that tell something about a secret, not the secret.
const ABOUT: &[&str] = &["arn", "status", "date", "time", "enabled", "type", "count", "name", "required", "version"];

/// Replaces every secret in `value`.
pub fn hide(value: &mut Value) {
    walk(value, "");
}

/// `name` is the key that the value stands under, of the list where it is an item.
fn walk(value: &mut Value, name: &str) {
    match value {
        Value::Object(members) => {
            let variables = is_variables(name);
            // `{"name": "DB_PASSWORD", "value": "…"}`: the name tells what the value is.
            let named = members.iter().find(|(key, _)| ["name", "key"].iter().any(|one| key.eq_ignore_ascii_case(one)));
            let told = named.and_then(|(_, named)| named.as_str()).is_some_and(is_secret);
            let pair = told || name.eq_ignore_ascii_case("environment");
            for (key, held) in members.iter_mut() {
                let of_pair = pair && key.eq_ignore_ascii_case("value");
                if variables || of_pair || is_secret(key) {
                    mask_within(held, key);
                } else {
                    walk(held, key);
                }
            }
        }
        Value::Array(items) => {
            let mut option = false;
            for item in items {
                // `["--password", "…"]`: a command line.
                let flag = item.as_str().is_some_and(|text| text.starts_with('-') && is_secret(text));
                if option {
                    mask_within(item, name)
                } else {
                    walk(item, name)
                }
                option = flag;
            }
        }
        Value::String(text) if looks_secret(text) => *text = mask(text),
        _ => {}
    }
}

/// Where variables stand by name: Lambda's `Environment.Variables`, the `variables` of a stage of an API.
fn is_variables(name: &str) -> bool {
    name.eq_ignore_ascii_case("variables") || name.eq_ignore_ascii_case("stageVariables")
}

/// Replaces the texts and numbers of what a secret name stands for; within a structure each by its own name.
fn mask_within(value: &mut Value, name: &str) {
    match value {
        Value::String(text) if !text.is_empty() && !text.starts_with("arn:") => *text = mask(text),
        Value::Number(number) => *value = Value::String(mask(&number.to_string())),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter_mut().for_each(|item| mask_within(item, name));
        }
        other => walk(other, name),
    }
}

fn mask(text: &str) -> String {
    format!("•••• ({} characters)", text.chars().count())
}

fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    // The token of the next page leads nowhere without credentials.
    plain != "nexttoken"
        && SECRET.iter().any(|part| plain.contains(part))
        && !ABOUT.iter().any(|end| plain.ends_with(end))
}

/// True for a text that holds a credential: an access key, a signed address, an address with a password, a key, a
/// token, or `password=…`.
fn looks_secret(text: &str) -> bool {
    let has = |part: &str| text.contains(part);
    if has("X-Amz-Signature") || has("X-Amz-Security-Token") || has("X-Amz-Credential") || has("AWSAccessKeyId=") {
        return true;
    }
    if has("PRIVATE KEY-----") || is_web_token(text) || text.split_whitespace().any(has_login) {
        return true;
    }
    // An ARN has parts that look like keys.
    if !text.starts_with("arn:") && redact(text) != text {
        return true;
    }
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '&' | ';' | ',' | '?'));
    words.filter_map(|word| word.split_once('=')).any(|(name, value)| !value.is_empty() && is_secret(name))
}

/// `https://user:password@host`.
fn has_login(word: &str) -> bool {
    let host = word.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    let login = host.and_then(|host| host.rsplit_once('@')).map(|(login, _)| login);
    login.and_then(|login| login.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
}

/// `eyJ….….…`: a JSON web token.
fn is_web_token(text: &str) -> bool {
    let token = |word: &str| word.starts_with("eyJ") && word.matches('.').count() == 2 && word.len() > 40;
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).any(token)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn hidden(mut value: Value) -> Value {
        hide(&mut value);
        value
    }

    #[test]
    fn variables_of_functions_tasks_and_stages_keep_their_names_only() {
        assert_eq!(
            hidden(json!({"Environment": {"Variables": {"DB_HOST": "db.internal", "N": "1"}}, "MemorySize": 512})),
            json!({"Environment": {"Variables": {"DB_HOST": "•••• (11 characters)", "N": "•••• (1 characters)"}},
                "MemorySize": 512})
        );
        assert_eq!(
            hidden(json!({"containerDefinitions": [{"environment": [{"name": "MODE", "value": "fast"}],
                "secrets": [{"name": "DB", "valueFrom": "arn:aws:secretsmanager:us-east-1:1:secret:db"}]}]})),
            json!({"containerDefinitions": [{"environment": [{"name": "MODE", "value": "•••• (4 characters)"}],
                "secrets": [{"name": "DB", "valueFrom": "arn:aws:secretsmanager:us-east-1:1:secret:db"}]}]})
        );
        assert_eq!(hidden(json!({"variables": {"url": "x"}})), json!({"variables": {"url": "•••• (1 characters)"}}));
    }

    #[rstest]
    #[case(json!({"MasterUserPassword": "hunter2"}))]
    #[case(json!({"auth_token": "hunter2"}))]
    #[case(json!({"options": {"splunk-token": "hunter2"}}))]
    #[case(json!({"Tags": [{"Key": "api-key", "Value": "hunter2"}]}))]
    #[case(json!({"command": ["run", "--password", "hunter2"]}))]
    #[case(json!({"command": "run --db-password=hunter2 --fast"}))]
    #[case(json!({"Location": "https://bucket.s3.amazonaws.com/code?X-Amz-Signature=hunter2"}))]
    #[case(json!({"Endpoint": "postgres://app:hunter2@db:5432/pay"}))]
    #[case(json!({"Note": "use AKIAIOSFODNN7HUNTER2 for it"}))]
    #[case(json!({"SecretBinary": ["hunter2"]}))]
    #[case(json!({"Header": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.hunter2hunter2"}))]
    #[case(json!({"Key": "-----BEGIN RSA PRIVATE KEY----- hunter2"}))]
    #[case(json!({"Pin": {"secret": {"password": "hunter2"}}}))]
    fn what_looks_like_a_credential_is_hidden(#[case] value: Value) {
        let told = hidden(value).to_string();
        assert!(!told.to_lowercase().contains("hunter2") && told.contains("••••"), "{told}");
    }

    #[rstest]
    #[case(json!({"MasterUserSecret": {"SecretArn": "arn:aws:secretsmanager:x", "SecretStatus": "active"}}))]
    #[case(json!({"AuthTokenEnabled": true, "AuthTokenLastModifiedDate": "2026-11-20T03:00:00Z"}))]
    #[case(json!({"RevisionId": "2a7bcb7e-1a2b-4c3d-9e8f-0123456789ab"}))]
    #[case(json!({"CodeSha256": "DWdgBTsdgrZQ6cMuyfB3Oh8bhm2xwmZo0xZ7r1hC2rE="}))]
    #[case(json!({"LoadBalancerArn": "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/Payments/50dc6c495c0c9188"}))]
    #[case(json!({"nextToken": "AAAA"}))]
    #[case(json!({"image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/pay@sha256:0123456789abcdef0123456789abcdef"}))]
    #[case(json!({"Tags": [{"Key": "Environment", "Value": "prod"}]}))]
    #[case(json!({"Endpoint": "https://db.internal:5432/a@b"}))]
    fn what_is_no_credential_stays(#[case] value: Value) {
        assert_eq!(hidden(value.clone()), value);
    }
}
