//! The query protocol for the signals' tests: forms in, XML out.

use serde_json::{Map, Value};

/// A form's names and values, decoded.
pub fn form(body: &str) -> Value {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), Value::String(decode(value)))
    };
    Value::Object(body.split('&').filter(|text| !text.is_empty()).map(pair).collect::<Map<_, _>>())
}

fn decode(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).unwrap()
}

/// `<DescribeThingsResponse>` around `<DescribeThingsResult>` around the members of `body`.
pub fn result(operation: &str, body: &Value) -> Vec<u8> {
    let mut xml = format!("<{operation}Response xmlns=\"http://example.com/doc/\"><{operation}Result>");
    members(body, &mut xml);
    xml.push_str(&format!("</{operation}Result></{operation}Response>"));
    xml.into_bytes()
}

/// An error as the query protocol tells it.
pub fn error(code: &str) -> Vec<u8> {
    let detail = format!("<Type>Sender</Type><Code>{code}</Code><Message>as the test wants</Message>");
    format!("<ErrorResponse><Error>{detail}</Error><RequestId>r</RequestId></ErrorResponse>").into_bytes()
}

fn members(value: &Value, xml: &mut String) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| element(name, value, xml)),
        Value::String(text) => xml.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
        Value::Null => {}
        other => xml.push_str(&other.to_string()),
    }
}

fn element(name: &str, value: &Value, xml: &mut String) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| element(name, item, xml)),
        value => {
            xml.push_str(&format!("<{name}>"));
            members(value, xml);
            xml.push_str(&format!("</{name}>"));
        }
    }
}
