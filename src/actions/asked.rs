//! Parameters as they were given, read as what an action needs of them.

use crate::base::Text;
use crate::model::{Fault, FaultKind, Value, Values};

/// A parameter that an action cannot work with.
pub fn invalid(says: impl AsRef<str>) -> Fault {
    Fault::new(FaultKind::Invalid, "parameters", says)
}

/// A whole number; `None` where it was not given.
///
/// # Errors
/// It was given as something else.
pub fn whole(params: &Values, name: &str) -> Result<Option<i64>, Fault> {
    let wrong = |given: &Value| invalid(format!("{name} is a whole number, not {given}"));
    match params.get(name) {
        None | Some(Value::None) => Ok(None),
        Some(Value::Count(count)) => Ok(Some(*count)),
        Some(given @ Value::Number(number)) => format!("{number}").parse().map(Some).map_err(|_| wrong(given)),
        Some(given @ Value::Text(text)) => text.trim().parse().map(Some).map_err(|_| wrong(given)),
        Some(given) => Err(wrong(given)),
    }
}

/// A number; `None` where it was not given.
///
/// # Errors
/// It was given as something else.
pub fn number(params: &Values, name: &str) -> Result<Option<f64>, Fault> {
    let wrong = |given: &Value| invalid(format!("{name} is a number, not {given}"));
    match params.get(name) {
        None | Some(Value::None) => Ok(None),
        Some(given @ Value::Text(text)) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(wrong(given)),
        },
        Some(given) => given.number().filter(|number| number.is_finite()).map(Some).ok_or_else(|| wrong(given)),
    }
}

/// Words; a number stands for its digits. `None` where nothing was given.
///
/// # Errors
/// It was given as something that has no words.
pub fn words(params: &Values, name: &str) -> Result<Option<Text>, Fault> {
    match params.get(name) {
        None | Some(Value::None) => Ok(None),
        Some(Value::Text(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::Text(text)) => Ok(Some(Text::new(text.trim()))),
        Some(Value::Count(count)) => Ok(Some(Text::new(count.to_string()))),
        Some(other) => Err(invalid(format!("{name} is not {other}"))),
    }
}

/// A count where the number has no fraction, so that `100` is shown and compared as such.
pub fn plain(number: f64) -> Value {
    format!("{number}").parse().map_or_else(|_| Value::from(number), Value::Count)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Value::Count(7), Ok(Some(7)))]
    #[case(Value::Text("-1".into()), Ok(Some(-1)))]
    #[case(Value::Number(7.0), Ok(Some(7)))]
    #[case(Value::None, Ok(None))]
    #[case(Value::Number(7.5), Err(()))]
    #[case(Value::Number(f64::INFINITY), Err(()))]
    #[case(Value::Text("seven".into()), Err(()))]
    #[case(Value::Flag(true), Err(()))]
    fn whole_numbers(#[case] given: Value, #[case] expected: Result<Option<i64>, ()>) {
        let params = Values::from([("n".to_owned(), given)]);
        assert_eq!(whole(&params, "n").map_err(|_| ()), expected);
        assert_eq!(whole(&params, "other").unwrap(), None);
    }

    #[test]
    fn numbers_and_words() {
        let params = Values::from([
            ("rate".to_owned(), Value::Text("2.5".into())),
            ("bad".to_owned(), Value::Text("NaN".into())),
            ("to".to_owned(), Value::Count(41)),
            ("empty".to_owned(), Value::Text("  ".into())),
        ]);
        assert_eq!(number(&params, "rate").unwrap(), Some(2.5));
        assert!(number(&params, "bad").is_err());
        assert_eq!(words(&params, "to").unwrap(), Some("41".into()));
        assert_eq!(words(&params, "empty").unwrap(), None);
        assert_eq!((plain(100.0), plain(0.5)), (Value::Count(100), Value::Number(0.5)));
    }
}
