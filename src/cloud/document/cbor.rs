//! The rpcv2Cbor protocol's bodies as JSON (Smithy RPC v2 CBOR: a timestamp is tag 1, seconds since the epoch).

use ciborium::Value as Cbor;
use jiff::Timestamp;
use serde_json::{Number, Value};

/// Reads a body. Fails where it is not CBOR.
pub fn read(body: &[u8]) -> Result<Value, String> {
    let read: Cbor = ciborium::from_reader(body).map_err(|error| error.to_string())?;
    Ok(value(read))
}

fn value(read: Cbor) -> Value {
    match read {
        Cbor::Null => Value::Null,
        Cbor::Bool(flag) => Value::Bool(flag),
        Cbor::Integer(number) => integer(i128::from(number)),
        Cbor::Float(number) => float(number),
        Cbor::Text(text) => Value::String(text),
        Cbor::Bytes(bytes) => Value::String(format!("({} bytes)", bytes.len())),
        Cbor::Array(items) => items.into_iter().map(value).collect(),
        Cbor::Map(entries) => Value::Object(entries.into_iter().map(|(key, held)| (name(key), value(held))).collect()),
        Cbor::Tag(1, seconds) => moment(&seconds).unwrap_or_else(|| value(*seconds)),
        Cbor::Tag(_, held) => value(*held),
        _ => Value::Null,
    }
}

fn name(key: Cbor) -> String {
    match value(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn integer(number: i128) -> Value {
    let whole = i64::try_from(number).map(Number::from).or_else(|_| u64::try_from(number).map(Number::from));
    whole.map_or_else(|_| Value::String(number.to_string()), Value::Number)
}

/// JSON has no infinity and no NaN: they are told as words.
fn float(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| Value::String(number.to_string()), Value::Number)
}

fn moment(seconds: &Cbor) -> Option<Value> {
    let milliseconds = match seconds {
        Cbor::Integer(whole) => i64::try_from(i128::from(*whole)).ok()?.checked_mul(1000)?,
        // A rounding saturates; what lies outside of time is refused below.
        Cbor::Float(number) if number.is_finite() => (number * 1000.0).round() as i64,
        _ => return None,
    };
    Timestamp::from_millisecond(milliseconds).ok().map(|at| Value::String(at.to_string()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn body(value: &Cbor) -> Vec<u8> {
        let mut body = Vec::new();
        ciborium::into_writer(value, &mut body).unwrap();
        body
    }

    #[test]
    fn every_kind_of_value_has_its_place() {
        let alarm = Cbor::Map(vec![
            ("Threshold".into(), 5.5.into()),
            ("Periods".into(), 3.into()),
            ("Enabled".into(), true.into()),
            ("Reason".into(), Cbor::Null),
            ("At".into(), Cbor::Tag(1, Box::new(1_763_607_600.5.into()))),
            ("Day".into(), Cbor::Tag(1, Box::new(60.into()))),
            ("Data".into(), Cbor::Bytes(vec![1, 2, 3])),
            ("Odd".into(), f64::NAN.into()),
            (7.into(), Cbor::Array(vec![u64::MAX.into()])),
        ]);
        let expected = json!({
            "Threshold": 5.5, "Periods": 3, "Enabled": true, "Reason": null, "At": "2025-11-20T03:00:00.5Z",
            "Day": "1970-01-01T00:01:00Z", "Data": "(3 bytes)", "Odd": "NaN", "7": [u64::MAX],
        });
        assert_eq!(read(&body(&alarm)), Ok(expected));
        assert_eq!(read(&body(&Cbor::Map(Vec::new()))), Ok(json!({})));
    }

    #[test]
    fn a_time_outside_of_time_stays_a_number() {
        assert_eq!(read(&body(&Cbor::Tag(1, Box::new(f64::MAX.into())))), Ok(json!(f64::MAX)));
        assert_eq!(read(&body(&Cbor::Tag(1, Box::new(i64::MAX.into())))), Ok(json!(i64::MAX)));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(bytes: Vec<u8>) {
            let _ = read(&bytes);
        }
    }
}
