//! The rule expressions of composite alarms: `ALARM("a") OR (OK(b) AND NOT INSUFFICIENT_DATA(c))`.

use crate::drill::world::alarm::AlarmState;

/// A parsed rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// An alarm is in a state.
    Is(AlarmState, String),
    /// `TRUE` or `FALSE`.
    Always(bool),
    /// The opposite.
    Not(Box<Expression>),
    /// Both.
    And(Box<Expression>, Box<Expression>),
    /// One or both.
    Or(Box<Expression>, Box<Expression>),
}

impl Expression {
    /// Parses a rule. `AND` binds closer than `OR`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(rule: &str) -> Result<Self, String> {
        let mut rest = rule;
        let expression = any_of(&mut rest)?;
        if rest.trim().is_empty() { Ok(expression) } else { Err(format!("`{}` is left over", rest.trim())) }
    }

    /// True when the rule holds. An alarm without a state is in none.
    pub fn holds(&self, state: &impl Fn(&str) -> Option<AlarmState>) -> bool {
        match self {
            Self::Is(wanted, name) => state(name) == Some(*wanted),
            Self::Always(value) => *value,
            Self::Not(inner) => !inner.holds(state),
            Self::And(one, other) => one.holds(state) && other.holds(state),
            Self::Or(one, other) => one.holds(state) || other.holds(state),
        }
    }

    /// The alarms that it names.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Is(_, name) => vec![name],
            Self::Always(_) => Vec::new(),
            Self::Not(inner) => inner.names(),
            Self::And(one, other) | Self::Or(one, other) => [one.names(), other.names()].concat(),
        }
    }
}

fn any_of(rest: &mut &str) -> Result<Expression, String> {
    let mut left = all_of(rest)?;
    while word(rest, "OR") {
        left = Expression::Or(Box::new(left), Box::new(all_of(rest)?));
    }
    Ok(left)
}

fn all_of(rest: &mut &str) -> Result<Expression, String> {
    let mut left = single(rest)?;
    while word(rest, "AND") {
        left = Expression::And(Box::new(left), Box::new(single(rest)?));
    }
    Ok(left)
}

fn single(rest: &mut &str) -> Result<Expression, String> {
    if word(rest, "NOT") {
        return Ok(Expression::Not(Box::new(single(rest)?)));
    }
    if word(rest, "TRUE") {
        return Ok(Expression::Always(true));
    }
    if word(rest, "FALSE") {
        return Ok(Expression::Always(false));
    }
    if symbol(rest, '(') {
        let inner = any_of(rest)?;
        return if symbol(rest, ')') { Ok(inner) } else { Err("a `)` is missing".to_owned()) };
    }
    for state in [AlarmState::InsufficientData, AlarmState::Alarm, AlarmState::Ok] {
        if word(rest, state.word()) {
            let name = argument(rest)?;
            return Ok(Expression::Is(state, name));
        }
    }
    Err(format!("a condition is missing before `{}`", rest.trim()))
}

fn argument(rest: &mut &str) -> Result<String, String> {
    if !symbol(rest, '(') {
        return Err("a `(` is missing".to_owned());
    }
    let Some((inner, after)) = rest.split_once(')') else { return Err("a `)` is missing".to_owned()) };
    *rest = after;
    let name = inner.trim().trim_matches('"');
    Ok(name.rsplit_once(":alarm:").map_or(name, |(_, name)| name).to_owned())
}

fn word(rest: &mut &str, wanted: &str) -> bool {
    let Some(after) = rest.trim_start().strip_prefix(wanted) else { return false };
    if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return false;
    }
    *rest = after;
    true
}

fn symbol(rest: &mut &str, wanted: char) -> bool {
    match rest.trim_start().strip_prefix(wanted) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(rule: &str) -> bool {
        Expression::parse(rule).unwrap().holds(&|name| match name {
            "on" => Some(AlarmState::Alarm),
            "off" => Some(AlarmState::Ok),
            _ => None,
        })
    }

    #[test]
    fn rules_are_read_as_cloudwatch_reads_them() {
        assert!(holds("ALARM(\"off\") OR ALARM(on)"));
        assert!(!holds("ALARM(off) AND ALARM(on)"));
        assert!(holds("ALARM(on) OR ALARM(off) AND ALARM(off)"));
        assert!(!holds("(ALARM(on) OR ALARM(off)) AND ALARM(off)"));
        assert!(holds("NOT ALARM(off) AND OK(\"arn:aws:cloudwatch:us-east-1:1:alarm:off\")"));
        assert!(!holds("INSUFFICIENT_DATA(on) OR ALARM(nobody)"));
    }

    #[test]
    fn broken_rules_are_refused() {
        for rule in ["", "ALARM", "ALARM(on", "ALARM(on) ALARM(on)", "(ALARM(on)", "WARN(on)"] {
            assert!(Expression::parse(rule).is_err(), "{rule}");
        }
    }
}
