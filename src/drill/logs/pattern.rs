//! Filter patterns of CloudWatch Logs: terms, phrases, exclusions, any-of, and conditions on JSON
//! (CloudWatch Logs User Guide, "Filter pattern syntax").

use serde_json::Value;

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// Every line.
    All,
    /// Terms.
    Terms {
        /// All of these.
        all: Vec<String>,
        /// None of these.
        none: Vec<String>,
        /// Where nothing else is asked for: one of these.
        any: Vec<String>,
    },
    /// Conditions on JSON: any of these groups, all of a group.
    Json(Vec<Vec<Condition>>),
}

/// A condition on a member of a JSON line.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    path: Vec<String>,
    operator: String,
    value: Value,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::All);
        }
        if let Some(inner) = text.strip_prefix('{') {
            let inner = inner.strip_suffix('}').ok_or("Invalid filter pattern: a brace is not closed")?;
            let group = |text: &str| outside_quotes(text, "&&").into_iter().map(condition).collect();
            return Ok(Self::Json(outside_quotes(inner, "||").into_iter().map(group).collect::<Result<_, _>>()?));
        }
        if text.starts_with('[') || text.starts_with('%') {
            return Err("Invalid filter pattern: the drill knows terms and JSON conditions only".to_owned());
        }
        terms(text)
    }

    /// True for a message that it matches.
    pub fn matches(&self, message: &str) -> bool {
        match self {
            Self::All => true,
            Self::Terms { all, none, any } => {
                let has = |term: &String| message.contains(term.as_str());
                all.iter().all(has)
                    && !none.iter().any(has)
                    && (any.is_empty() || !all.is_empty() || any.iter().any(has))
            }
            Self::Json(groups) => {
                let Ok(line) = serde_json::from_str::<Value>(message) else { return false };
                groups.iter().any(|group| group.iter().all(|condition| condition.holds(&line)))
            }
        }
    }
}

fn terms(text: &str) -> Result<Pattern, String> {
    let (mut all, mut none, mut any) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = text;
    while !rest.is_empty() {
        let list = match rest.chars().next() {
            Some('-') => &mut none,
            Some('?') => &mut any,
            _ => &mut all,
        };
        rest = rest.strip_prefix(['-', '?']).unwrap_or(rest);
        let (term, left) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or("Invalid filter pattern: a quotation mark is not closed")?,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        if !term.is_empty() {
            list.push(term.to_owned());
        }
        rest = left.trim_start();
    }
    Ok(Pattern::Terms { all, none, any })
}

/// The parts of a text between separators that stand outside quotation marks.
fn outside_quotes<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut begin, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if !quoted && at >= begin && text[at..].starts_with(separator) {
            parts.push(&text[begin..at]);
            begin = at + separator.len();
        }
    }
    parts.push(&text[begin..]);
    parts
}

fn condition(text: &str) -> Result<Condition, String> {
    let wrong = || format!("Invalid filter pattern: cannot read the condition `{}`", text.trim());
    let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let body = text.strip_prefix("$.").ok_or_else(wrong)?;
    let end = body.find(|c: char| c.is_whitespace() || "=!<>".contains(c)).unwrap_or(body.len());
    let path = body[..end].split('.').map(str::to_owned).collect();
    let rest = body[end..].trim();
    if ["NOT EXISTS", "EXISTS", "IS NULL", "IS TRUE", "IS FALSE"].contains(&rest) {
        return Ok(Condition { path, operator: rest.to_owned(), value: Value::Null });
    }
    let operator = ["!=", "<=", ">=", "=", "<", ">"].into_iter().find(|one| rest.starts_with(one)).ok_or_else(wrong)?;
    let value = rest[operator.len()..].trim();
    let value = match value.strip_prefix('"') {
        Some(quoted) => Value::String(quoted.strip_suffix('"').ok_or_else(wrong)?.to_owned()),
        None if value.is_empty() => return Err(wrong()),
        None => serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned())),
    };
    Ok(Condition { path, operator: operator.to_owned(), value })
}

impl Condition {
    fn holds(&self, line: &Value) -> bool {
        let found = self.path.iter().try_fold(line, |at, name| at.get(name));
        match self.operator.as_str() {
            "EXISTS" => found.is_some(),
            "NOT EXISTS" => found.is_none(),
            "IS NULL" => found.is_some_and(Value::is_null),
            "IS TRUE" => found == Some(&Value::Bool(true)),
            "IS FALSE" => found == Some(&Value::Bool(false)),
            operator => found.is_some_and(|found| compare(operator, found, &self.value)),
        }
    }
}

fn compare(operator: &str, found: &Value, wanted: &Value) -> bool {
    let numbers = || Some((found.as_f64()?, wanted.as_f64()?));
    let equal = || match (found, wanted) {
        (Value::String(found), Value::String(wanted)) => glob(wanted, found),
        _ => numbers().map_or(found == wanted, |(found, wanted)| (found - wanted).abs() < f64::EPSILON),
    };
    match operator {
        "=" => equal(),
        "!=" => !equal(),
        "<" => numbers().is_some_and(|(found, wanted)| found < wanted),
        ">" => numbers().is_some_and(|(found, wanted)| found > wanted),
        "<=" => numbers().is_some_and(|(found, wanted)| found <= wanted),
        _ => numbers().is_some_and(|(found, wanted)| found >= wanted),
    }
}

/// `*` stands for any text.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| glob(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_phrases_exclusions_and_any_of() {
        for (pattern, message, wanted) in [
            ("", "anything", true),
            ("ERROR", "2026 ERROR x", true),
            ("ERROR", "error", false),
            ("ERROR timeout", "timeout of ERROR", true),
            ("ERROR timeout", "ERROR", false),
            ("\"Invoke Error\"", "an Invoke Error", true),
            ("\"Invoke Error\"", "Invoke an Error", false),
            ("ERROR -healthz", "ERROR /healthz", false),
            ("?ERROR ?WARN", "WARN", true),
            ("?ERROR ?WARN", "INFO", false),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().matches(message), wanted, "{pattern} on {message}");
        }
        assert!(Pattern::parse("\"open").is_err());
    }

    #[test]
    fn conditions_on_json() {
        let line = r#"{"level":"error","status":503,"http":{"path":"/a && b"},"gone":null,"ok":false}"#;
        for (pattern, wanted) in [
            ("{ $.level = \"error\" }", true),
            ("{$.level=\"err*\"}", true),
            ("{ $.level != \"error\" }", false),
            ("{ $.status >= 500 && $.level = \"error\" }", true),
            ("{ $.status < 500 || $.http.path = \"/a && b\" }", true),
            ("{ ($.status = 200) || ($.status = 503) }", true),
            ("{ $.gone IS NULL }", true),
            ("{ $.none NOT EXISTS }", true),
            ("{ $.ok IS TRUE }", false),
            ("{ $.none = 1 }", false),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().matches(line), wanted, "{pattern}");
            assert!(!Pattern::parse("{ $.a = 1 }").unwrap().matches("no json"));
        }
        for wrong in ["{ $.a", "{ level = 1 }", "{ $.a ~ 1 }", "[a, b]"] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
