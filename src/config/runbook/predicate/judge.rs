//! What a condition comes to with given values, and why.

use std::cmp::Ordering;

use super::print::plain;
use super::{Op, Predicate, Term, Truth};
use crate::base::Text;
use crate::model::{Value, Values};

impl Predicate {
    /// What it comes to. A name that is not among the values is not known; one whose value is `none` equals `none` and
    /// compares to nothing else. Values of different types cannot be compared: that is not known either.
    pub fn judge(&self, values: &Values) -> Truth {
        match self {
            Self::All(parts) => parts.iter().fold(Truth::True, |truth, part| truth.and(part.judge(values))),
            Self::Any(parts) => parts.iter().fold(Truth::False, |truth, part| truth.or(part.judge(values))),
            Self::Not(inner) => !inner.judge(values),
            Self::Is(term) => term.value(values).and_then(Value::flag).map_or(Truth::Unknown, Truth::from),
            Self::Compare(left, op, right) => compare(left, *op, right, values),
            Self::In(left, list) => {
                list.iter().fold(Truth::False, |truth, item| truth.or(compare(left, Op::Equal, item, values)))
            }
        }
    }

    /// Why it comes to what it does: `running == desired: 6 == 12 is false`. Of several parts those that decide.
    pub fn explain(&self, values: &Values) -> Text {
        self.why(values).into()
    }

    fn why(&self, values: &Values) -> String {
        let truth = self.judge(values);
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let decisive = parts.iter().filter(|part| part.judge(values) == truth);
                decisive.map(|part| part.why(values)).collect::<Vec<_>>().join("; ")
            }
            Self::Not(inner) => match &**inner {
                Self::Is(_) => inner.why(values),
                inner => format!("{self} is {}: {}", truth.word(), inner.why(values)),
            },
            Self::Is(term) => format!("{term} is {}", truth.word()),
            Self::Compare(left, op, right) => {
                let (a, b) = (left.shown(values), right.shown(values));
                match (a, b, truth) {
                    (Ok(a), Ok(b), Truth::Unknown) => format!("{self}: {a} and {b} cannot be compared"),
                    (Ok(a), Ok(b), _) => format!("{self}: {a} {} {b} is {}", op.sign(), truth.word()),
                    (Err(name), ..) | (_, Err(name), _) => format!("{self}: {name} is not known"),
                }
            }
            Self::In(left, list) => {
                let items: Result<Vec<_>, _> = list.iter().map(|item| item.shown(values)).collect();
                match (left.shown(values), items) {
                    (Ok(left), Ok(_)) => format!("{self}: {left} is {}", if truth.holds() { "one" } else { "none" }),
                    (Err(name), _) | (_, Err(name)) => format!("{self}: {name} is not known"),
                }
            }
        }
    }
}

impl Term {
    fn value<'a>(&'a self, values: &'a Values) -> Option<&'a Value> {
        match self {
            Self::Name(name) => values.get(name),
            Self::Literal(value) => Some(value),
        }
    }

    /// The value in words, or the name that has none.
    fn shown(&self, values: &Values) -> Result<String, &str> {
        match (self, self.value(values)) {
            (_, Some(value)) => Ok(plain(value)),
            (Self::Name(name), None) => Err(name),
            (Self::Literal(value), None) => Ok(plain(value)),
        }
    }
}

fn compare(left: &Term, op: Op, right: &Term, values: &Values) -> Truth {
    let (Some(a), Some(b)) = (left.value(values), right.value(values)) else { return Truth::Unknown };
    let asks_none = [left, right].iter().any(|term| matches!(term, Term::Literal(Value::None)));
    match op {
        Op::Equal if asks_none => Truth::from(matches!((a, b), (Value::None, Value::None))),
        Op::Different if asks_none => Truth::from(!matches!((a, b), (Value::None, Value::None))),
        Op::Equal => equal(a, b),
        Op::Different => !equal(a, b),
        Op::Less => order(a, b, Ordering::is_lt),
        Op::AtMost => order(a, b, Ordering::is_le),
        Op::More => order(a, b, Ordering::is_gt),
        Op::AtLeast => order(a, b, Ordering::is_ge),
    }
}

fn equal(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Flag(a), Value::Flag(b)) => Truth::from(a == b),
        (Value::Text(a), Value::Text(b)) => Truth::from(a == b),
        _ => order(a, b, Ordering::is_eq),
    }
}

fn order(a: &Value, b: &Value, fits: fn(Ordering) -> bool) -> Truth {
    let order = match (a, b) {
        (Value::Count(a), Value::Count(b)) => Some(a.cmp(b)),
        _ => a.number().zip(b.number()).and_then(|(a, b)| a.partial_cmp(&b)),
    };
    order.map_or(Truth::Unknown, |order| Truth::from(fits(order)))
}
