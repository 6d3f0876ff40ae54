//! How bad an alarm is when it goes off. CloudWatch knows no severities; teams write them into names and topics.

use crate::model::Severity;

const MILD: &[&str] = &["warn", "warning", "warnings", "info", "informational", "p3", "p4"];
const SEVERE: &[&str] = &["critical", "crit", "p1", "p2"];

/// Critical, unless the alarm is marked as milder. Its name decides where it holds one of the words, else the names of
/// the SNS topics it notifies in ALARM. A word of the severe kind beats one of the mild kind. Words are whole words:
/// `informer` is not `info`; `HighCpuWarning` and `high-cpu-warning` both hold `warning`.
pub fn class<'a>(name: &str, actions: impl Iterator<Item = &'a str>) -> Severity {
    let topics: Vec<&str> =
        actions.filter(|arn| arn.contains(":sns:")).filter_map(|arn| arn.rsplit(':').next()).collect();
    marked([name].into_iter()).or_else(|| marked(topics.into_iter())).unwrap_or(Severity::Critical)
}

fn marked<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Severity> {
    let words: Vec<String> = texts.flat_map(words).collect();
    let holds = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if holds(SEVERE) {
        Some(Severity::Critical)
    } else if holds(MILD) {
        Some(Severity::Warning)
    } else {
        None
    }
}

/// Words in lower case: split where the characters are not letters or digits, and before a capital after a small letter.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_small = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (after_small && c.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("payments-prod-lambda-errors", &[], Severity::Critical)]
    #[case("ECS-HighCPU", &[], Severity::Critical)]
    #[case("HighCpuWarning", &[], Severity::Warning)]
    #[case("wallet-P3-capacity", &[], Severity::Warning)]
    #[case("informer-lag", &[], Severity::Critical)]
    #[case("x", &["arn:aws:sns:us-east-1:1:payments-info"], Severity::Warning)]
    #[case("x", &["arn:aws:sns:us-east-1:1:payments-info", "arn:aws:sns:us-east-1:1:critical"], Severity::Critical)]
    #[case("x-p1", &["arn:aws:sns:us-east-1:1:warning"], Severity::Critical)]
    #[case("x", &["arn:aws:lambda:us-east-1:1:function:warning"], Severity::Critical)]
    #[case("", &["", ":::"], Severity::Critical)]
    fn name_first_then_topics(#[case] name: &str, #[case] actions: &[&str], #[case] expected: Severity) {
        assert_eq!(class(name, actions.iter().copied()), expected);
    }
}
