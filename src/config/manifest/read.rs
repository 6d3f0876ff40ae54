//! From the text of a manifest to its rules, or to what is wrong with it.

use std::collections::BTreeMap;
use std::ops::Range;

use globset::GlobBuilder;
use toml::{Spanned, Value};

use super::file::{File, MatchEntry, ResourceEntry, VaryEntry};
use super::schema::{Allowed, Approved, Expected, Manifest, Match, Pattern, Scalar, Variation};
use crate::base::Text;
use crate::config::nearest::suggest;
use crate::config::problem::Problem;
use crate::config::source::Source;

/// Reads a manifest; `kinds` are the kinds of resources that are compared.
///
/// # Errors
/// Everything that is wrong with it, with line and suggestion. A manifest is used as a whole or not at all: a rule left
/// out would turn an approved variation into drift.
pub fn read(source: &Source, kinds: &[&str]) -> Result<Manifest, Vec<Problem>> {
    let file: File = match toml::from_str(&source.text) {
        Ok(file) => file,
        Err(error) => {
            let position = error.span().map(|span| source.position(&span));
            let problem = Problem::error(&source.file, position, plain(error.message()));
            return Err(vec![problem.with_suggestion(suggestion(error.message()))]);
        }
    };
    let mut reader = Reader { source, kinds, environments: &file.environments, problems: Vec::new() };
    let manifest = Manifest {
        file: Text::new(&source.file),
        system: Text::new(file.system.get_ref()),
        system_at: Some(source.position(&file.system.span())),
        environments: file.environments.iter().map(Text::from).collect(),
        required_tags: file.required_tags.iter().map(Text::from).collect(),
        matches: file.matches.iter().filter_map(|entry| reader.matching(entry)).collect(),
        resources: file.resource.iter().filter_map(|entry| reader.resource(entry)).collect(),
        variations: file.vary.iter().filter_map(|entry| reader.variation(entry)).collect(),
    };
    if reader.problems.is_empty() { Ok(manifest) } else { Err(reader.problems) }
}

/// The part of serde's message that says what is wrong.
fn plain(message: &str) -> &str {
    message.split(", expected").next().unwrap_or(message)
}

/// The nearest of the names that serde's message says it expected.
fn suggestion(message: &str) -> Option<String> {
    let (unknown, expected) = message.strip_prefix("unknown field ")?.split_once(", expected ")?;
    let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    suggest(unknown.trim_matches('`'), &names)
}

struct Reader<'a> {
    source: &'a Source,
    kinds: &'a [&'a str],
    environments: &'a [String],
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, span: &Range<usize>, what: impl AsRef<str>, suggestion: Option<String>) {
        let position = Some(self.source.position(span));
        self.problems.push(Problem::error(&self.source.file, position, what).with_suggestion(suggestion));
    }

    fn matching(&mut self, entry: &MatchEntry) -> Option<Match> {
        let (kind, pattern) = (self.kinds_of(&entry.kind)?, self.pattern(&entry.pattern)?);
        Some(Match { at: self.source.position(&entry.pattern.span()), kind, pattern, name: Text::new(&entry.name) })
    }

    fn resource(&mut self, entry: &ResourceEntry) -> Option<Expected> {
        let kind = entry.kind.get_ref();
        if !self.kinds.contains(&kind.as_str()) {
            self.unknown_kind(&entry.kind);
            return None;
        }
        for name in entry.only.iter().flatten() {
            self.environment(name.get_ref(), &name.span());
        }
        let only = entry.only.as_ref().map(|only| only.iter().map(|name| Text::new(name.get_ref())).collect());
        let at = self.source.position(&entry.kind.span());
        Some(Expected { at, kind: kind.into(), name: Text::new(&entry.name), only, why: Text::new(&entry.why) })
    }

    fn variation(&mut self, entry: &VaryEntry) -> Option<Variation> {
        let kind = self.kinds_of(&entry.kind)?;
        let name = match &entry.name {
            Some(name) => self.pattern(name)?,
            None => pattern("*").ok()?,
        };
        let setting = self.pattern(&entry.setting)?;
        let span = entry.setting.span();
        let allowed = match (entry.any, entry.values.is_empty()) {
            (true, true) => Allowed::Any,
            (false, false) => {
                let mut by = BTreeMap::new();
                for (environment, value) in &entry.values {
                    self.environment(environment, &value.span());
                    by.insert(Text::new(environment), self.approved(value)?);
                }
                Allowed::By(by)
            }
            (true, false) => {
                self.problem(&span, "both `any` and `values`", Some("leave one of them out".to_owned()));
                return None;
            }
            (false, true) => {
                let help = "write `values = { dev = …, prod = … }`, or `any = true`".to_owned();
                self.problem(&span, "nothing says how it may differ", Some(help));
                return None;
            }
        };
        let at = self.source.position(&entry.kind.span());
        Some(Variation { at, kind, name, setting, allowed, why: Text::new(&entry.why) })
    }

    fn approved(&mut self, value: &Spanned<Value>) -> Option<Approved> {
        let Value::Table(table) = value.get_ref() else {
            return self.scalar(value.get_ref(), &value.span()).map(Approved::Exactly);
        };
        const NAMES: &[&str] = &["min", "max", "one_of", "any", "absent"];
        if let Some(unknown) = table.keys().find(|key| !NAMES.contains(&key.as_str())) {
            self.problem(&value.span(), format!("unknown field `{unknown}`"), suggest(unknown, NAMES));
            return None;
        }
        match (table.get("any"), table.get("absent"), table.get("one_of"), table.len()) {
            (Some(Value::Boolean(true)), None, None, 1) => Some(Approved::Any),
            (None, Some(Value::Boolean(true)), None, 1) => Some(Approved::Absent),
            (None, None, Some(Value::Array(all)), 1) => {
                let all: Option<Vec<_>> = all.iter().map(|one| self.scalar(one, &value.span())).collect();
                all.map(Approved::OneOf)
            }
            (None, None, None, 1..) => {
                let bound = |key| table.get(key).map(number);
                match (bound("min"), bound("max")) {
                    (Some(None), _) | (_, Some(None)) => {
                        self.problem(&value.span(), "`min` and `max` are numbers", None);
                        None
                    }
                    (min, max) => Some(Approved::Within { min: min.flatten(), max: max.flatten() }),
                }
            }
            _ => {
                let help = "`{ min = 1, max = 2 }`, `{ one_of = […] }`, `{ any = true }` or `{ absent = true }`";
                self.problem(&value.span(), "not a rule for a value", Some(help.to_owned()));
                None
            }
        }
    }

    fn scalar(&mut self, value: &Value, span: &Range<usize>) -> Option<Scalar> {
        match value {
            Value::String(text) => Some(Scalar::Text(Text::new(text))),
            Value::Boolean(on) => Some(Scalar::Bool(*on)),
            Value::Array(list) if list.iter().all(Value::is_str) => {
                let mut words: Vec<Text> = list.iter().filter_map(Value::as_str).map(Text::from).collect();
                words.sort();
                words.dedup();
                Some(Scalar::List(words))
            }
            other => match number(other) {
                Some(number) => Some(Scalar::Number(number)),
                None => {
                    self.problem(span, "a value is a number, a text, true, false or a list of texts", None);
                    None
                }
            },
        }
    }

    fn environment(&mut self, name: &str, span: &Range<usize>) {
        if !self.environments.is_empty() && !self.environments.iter().any(|known| known == name) {
            let known: Vec<&str> = self.environments.iter().map(String::as_str).collect();
            self.problem(span, format!("`{name}` is none of the `environments`"), suggest(name, &known));
        }
    }

    fn kinds_of(&mut self, kind: &Spanned<String>) -> Option<Pattern> {
        let pattern = self.pattern(kind)?;
        if self.kinds.iter().any(|known| pattern.fits(known)) {
            return Some(pattern);
        }
        self.unknown_kind(kind);
        None
    }

    fn unknown_kind(&mut self, kind: &Spanned<String>) {
        let name = kind.get_ref();
        self.problem(&kind.span(), format!("there is no kind `{name}`"), suggest(name, self.kinds));
    }

    fn pattern(&mut self, text: &Spanned<String>) -> Option<Pattern> {
        match pattern(text.get_ref()) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                self.problem(&text.span(), format!("not a pattern: {error}"), None);
                None
            }
        }
    }
}

fn pattern(text: &str) -> Result<Pattern, globset::Error> {
    let glob = GlobBuilder::new(text).literal_separator(false).backslash_escape(true).build()?.compile_matcher();
    Ok(Pattern { text: text.into(), glob })
}

#[allow(clippy::cast_precision_loss, reason = "no setting of AWS reaches 2^53")]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number).filter(|number| number.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const KINDS: &[&str] = &["lambda function", "dynamodb table"];

    fn of(text: &str) -> Result<Manifest, String> {
        let lines = |all: Vec<Problem>| all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        read(&Source::new("m.toml", text), KINDS).map_err(lines)
    }

    #[test]
    fn every_form_of_a_value_is_read() {
        let manifest = of(r#"
            system = "payments"
            environments = ["dev", "prod"]
            required_tags = ["Team"]
            [[resource]]
            kind = "lambda function"
            name = "x"
            only = ["prod"]
            [[vary]]
            kind = "lambda *"
            setting = "memory_mb"
            values = { dev = 512, prod = { min = 1024, max = 2048.5 } }
            [[vary]]
            kind = "dynamodb table"
            name = "audit-*"
            setting = "{read,write}_units"
            values = { dev = { one_of = [5, "x"] }, prod = { absent = true } }
            [[vary]]
            kind = "*"
            setting = "tag:*"
            any = true
        "#)
        .unwrap();
        let Allowed::By(memory) = &manifest.variations[0].allowed else { unreachable!() };
        assert_eq!(memory["dev"], Approved::Exactly(Scalar::Number(512.0)));
        assert_eq!(memory["prod"], Approved::Within { min: Some(1024.0), max: Some(2048.5) });
        let Allowed::By(units) = &manifest.variations[1].allowed else { unreachable!() };
        assert_eq!(units["dev"], Approved::OneOf(vec![Scalar::Number(5.0), Scalar::Text("x".into())]));
        assert_eq!(units["prod"], Approved::Absent);
        assert!(manifest.variations[1].setting.fits("write_units") && !manifest.variations[1].setting.fits("units"));
        assert!(manifest.variations[1].name.fits("audit-logs/by-day"), "a `*` passes over `/`");
        assert_eq!(manifest.variations[2].allowed, Allowed::Any);
        assert_eq!(manifest.resources[0].only.as_deref(), Some(["prod".into()].as_slice()));
    }

    #[rstest]
    #[case(
        "system = 'a'\nrequird_tags = []",
        "m.toml:2:1: error: unknown field `requird_tags`; help: did you mean `required_tags`?"
    )]
    #[case(
        "system = 'a'\n[[vary]]\nkind = 'lambda function'\nseting = 'x'",
        "m.toml:4:1: error: unknown field `seting`; help: did you mean `setting`?"
    )]
    #[case(
        "system = 'a'\n[[vary]]\nkind = 'lamda function'\nsetting = 'x'\nany = true",
        "m.toml:3:8: error: there is no kind `lamda function`; help: did you mean `lambda function`?"
    )]
    #[case(
        "system = 'a'\n[[vary]]\nkind = '*'\nsetting = 'x'",
        "m.toml:4:11: error: nothing says how it may differ; help: write `values = { dev = …, prod = … }`, or `any = true`"
    )]
    #[case(
        "system = 'a'\nenvironments = ['dev', 'prod']\n[[vary]]\nkind = '*'\nsetting = 'x'\nvalues = { prd = 1 }",
        "m.toml:6:18: error: `prd` is none of the `environments`; help: did you mean `prod`?"
    )]
    #[case(
        "system = 'a'\n[[vary]]\nkind = '*'\nsetting = 'x'\nvalues = { a = { mn = 1 } }",
        "m.toml:5:16: error: unknown field `mn`; help: did you mean `min`?"
    )]
    #[case(
        "system = 'a'\n[[vary]]\nkind = '*'\nsetting = '[x'\nany = true",
        "m.toml:4:11: error: not a pattern: error parsing glob '[x': unclosed character class; missing ']'"
    )]
    fn what_is_wrong_is_said_with_its_line(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(of(text).unwrap_err(), expected);
    }
}
