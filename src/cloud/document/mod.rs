//! The body of an answer as JSON, whatever protocol it came in, without its secrets.

pub mod cbor;
pub mod secrets;
pub mod xml;

use serde_json::Value;

use crate::cloud::capture::Captured;

/// The body as JSON with every secret replaced. Fails where it cannot be read, with why.
///
/// CBOR is told by its content type, XML by its first character; everything else is JSON. An empty body is an empty
/// object: that is how a restJson service says nothing.
pub fn of(captured: &Captured) -> Result<Value, String> {
    let body = &captured.body;
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let mut value = match first {
        None => Value::Object(serde_json::Map::new()),
        Some(_) if captured.content_type.contains("cbor") => cbor::read(body)?,
        Some(b'<') => xml::read(std::str::from_utf8(body).map_err(|error| error.to_string())?)?,
        Some(_) => serde_json::from_slice(body).map_err(|error| error.to_string())?,
    };
    secrets::hide(&mut value);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(content_type: &str, body: &[u8]) -> Result<Value, String> {
        of(&Captured { content_type: content_type.to_owned(), body: body.to_vec() })
    }

    #[test]
    fn the_protocol_is_told_by_type_or_by_the_first_character() {
        assert_eq!(read("application/x-amz-json-1.1", b"{\"a\": 1}"), Ok(json!({"a": 1})));
        assert_eq!(read("text/xml", b"\n<A><B>1</B></A>"), Ok(json!({"A": {"B": "1"}})));
        assert_eq!(read("application/cbor", &[0xa1, 0x61, b'a', 0x01]), Ok(json!({"a": 1})));
        assert_eq!(read("", b" "), Ok(json!({})));
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        for body in [&b"nonsense"[..], b"<A><B></A>", b"\xff\xff"] {
            assert!(read("", body).is_err());
        }
        assert!(read("application/cbor", &[0xff]).is_err());
    }

    #[test]
    fn secrets_are_hidden_in_every_protocol() {
        let hidden = "•••• (6 characters)";
        assert_eq!(read("", b"{\"AuthToken\": \"hunter\"}"), Ok(json!({"AuthToken": hidden})));
        assert_eq!(read("", b"<A><AuthToken>hunter</AuthToken></A>"), Ok(json!({"A": {"AuthToken": hidden}})));
    }
}
