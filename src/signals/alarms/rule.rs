//! The rule of a composite alarm: which alarms it is made of.

/// The words that a rule is made of besides its alarms (CloudWatch User Guide, "Alarm rule expression").
const STATES: [&str; 3] = ["ALARM", "OK", "INSUFFICIENT_DATA"];

/// The alarms that `rule` names, each once, in its order: `ALARM("a") AND NOT OK(b)` names a and b. An alarm of another
/// account or named by its ARN counts by its name.
pub fn names(rule: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = rule;
    while let Some(open) = rest.find('(') {
        let before = rest[..open].trim_end();
        rest = &rest[open + 1..];
        if !STATES.iter().any(|state| ends_with_word(before, state)) {
            continue;
        }
        let (name, after) = argument(rest);
        rest = after;
        let name = match name.split_once(":alarm:") {
            Some((_, own)) if name.starts_with("arn:") => own,
            _ => name,
        };
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// What stands in the brackets, and what follows it. A name with brackets or spaces stands in quotes.
fn argument(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let (name, after) = text.split_once(')').unwrap_or((text, ""));
    (name.trim_end(), after)
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let before = text.strip_suffix(word);
    before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ALARM(a) AND (ALARM(\"b (c)\") OR NOT OK( d ))", &["a", "b (c)", "d"])]
    #[case("ALARM('arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors') OR INSUFFICIENT_DATA(errors)", &["errors"])]
    #[case("NOT (ALARM (x))", &["x"])]
    #[case("TRUE", &[])]
    #[case("", &[])]
    #[case("ALARM(", &[])]
    #[case("ALARM(\"支払い", &["支払い"])]
    fn a_rule_names_its_alarms_once(#[case] rule: &str, #[case] expected: &[&str]) {
        assert_eq!(names(rule), expected);
    }
}
