//! The query protocol's XML bodies as JSON: an element with elements in it is an object, elements of one name are a
//! list, everything else is text. Attributes and comments are left out.

use serde_json::{Map, Value};

/// Elements within elements; AWS's answers have about ten.
const DEEPEST: usize = 64;

/// Reads a body: `{"Root": …}`. Fails where it is not well-formed, and on document types, which no AWS answer has.
pub fn read(body: &str) -> Result<Value, String> {
    let mut reader = Reader { rest: body };
    reader.skip_misc()?;
    let (name, value) = reader.element(0)?;
    reader.skip_misc()?;
    if !reader.rest.is_empty() {
        return Err("something follows the last element".to_owned());
    }
    Ok(Value::Object(Map::from_iter([(name, value)])))
}

struct Reader<'x> {
    rest: &'x str,
}

impl<'x> Reader<'x> {
    /// Skips what stands between elements outside of the root.
    fn skip_misc(&mut self) -> Result<(), String> {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if !self.skip_aside()? {
                return Ok(());
            }
        }
    }

    /// Skips a comment or an instruction; false where there is none.
    fn skip_aside(&mut self) -> Result<bool, String> {
        for (opening, closing) in [("<!--", "-->"), ("<?", "?>")] {
            if let Some(rest) = self.rest.strip_prefix(opening) {
                let (_, rest) = rest.split_once(closing).ok_or("something is not closed")?;
                self.rest = rest;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn element(&mut self, depth: usize) -> Result<(String, Value), String> {
        if depth > DEEPEST {
            return Err("elements too deep".to_owned());
        }
        let rest = self.rest.strip_prefix('<').ok_or("no element")?;
        let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').ok_or("an element is not closed")?;
        let (name, rest) = rest.split_at(end);
        if name.is_empty() || name.starts_with('!') {
            return Err("not an element".to_owned());
        }
        self.rest = rest;
        let empty = self.skip_attributes()?;
        let value = if empty { Value::String(String::new()) } else { self.content(name, depth)? };
        Ok((name.to_owned(), value))
    }

    /// Skips the rest of an opening tag; true where it closes the element too.
    fn skip_attributes(&mut self) -> Result<bool, String> {
        let mut quoted = None;
        for (at, c) in self.rest.char_indices() {
            match (quoted, c) {
                (None, '"' | '\'') => quoted = Some(c),
                (Some(quote), _) if c == quote => quoted = None,
                (None, '>') => {
                    let empty = self.rest[..at].ends_with('/');
                    self.rest = &self.rest[at + 1..];
                    return Ok(empty);
                }
                _ => {}
            }
        }
        Err("a tag is not closed".to_owned())
    }

    fn content(&mut self, name: &str, depth: usize) -> Result<Value, String> {
        let mut text = String::new();
        let mut children: Vec<(String, Value)> = Vec::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix("</") {
                let (closed, rest) = rest.split_once('>').ok_or("a tag is not closed")?;
                if closed.trim_end() != name {
                    return Err(format!("{name} is closed by {closed}"));
                }
                self.rest = rest;
                return Ok(if children.is_empty() { Value::String(text) } else { object(children, &text) });
            }
            if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
                let (data, rest) = rest.split_once("]]>").ok_or("something is not closed")?;
                text.push_str(data);
                self.rest = rest;
            } else if self.rest.starts_with('<') {
                if !self.skip_aside()? {
                    children.push(self.element(depth + 1)?);
                }
            } else {
                let end = self.rest.find('<').ok_or_else(|| format!("{name} is not closed"))?;
                let (raw, rest) = self.rest.split_at(end);
                text.push_str(&unescape(raw));
                self.rest = rest;
            }
        }
    }
}

fn object(children: Vec<(String, Value)>, text: &str) -> Value {
    let mut object = Map::new();
    // Lists of the query protocol have items called member, maps entries called entry, even where there is one.
    let list = |name: &str| matches!(name, "member" | "entry");
    for (name, value) in children {
        match object.get_mut(&name) {
            None if list(&name) => {
                object.insert(name, Value::Array(vec![value]));
            }
            None => {
                object.insert(name, value);
            }
            Some(Value::Array(items)) => items.push(value),
            Some(first) => {
                let items = vec![first.take(), value];
                *first = Value::Array(items);
            }
        }
    }
    if !text.trim().is_empty() {
        object.insert("#text".to_owned(), Value::String(text.trim().to_owned()));
    }
    Value::Object(object)
}

/// The five entities of XML and characters by number; anything else stays as it is.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest)));
        match entity {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_of_rds() {
        let body = r#"<?xml version="1.0"?><!-- x -->
            <DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
              <DescribeDBInstancesResult><DBInstances><DBInstance>
                <DBInstanceIdentifier>wallet &amp; &#x63;o &#39;1&apos;</DBInstanceIdentifier>
                <MultiAZ>false</MultiAZ><DomainMemberships/>
                <TagList><Tag><Key>a</Key></Tag><Tag><Key>b</Key></Tag></TagList>
                <Notes><![CDATA[1 < 2]]></Notes>
              </DBInstance></DBInstances></DescribeDBInstancesResult>
            </DescribeDBInstancesResponse>"#;
        let instance = json!({
            "DBInstanceIdentifier": "wallet & co '1'", "MultiAZ": "false", "DomainMemberships": "",
            "TagList": {"Tag": [{"Key": "a"}, {"Key": "b"}]}, "Notes": "1 < 2",
        });
        let expected = json!({"DescribeDBInstancesResponse": {"DescribeDBInstancesResult": {
            "DBInstances": {"DBInstance": instance}}}});
        assert_eq!(read(body), Ok(expected));
    }

    #[test]
    fn a_list_with_one_member_is_a_list() {
        assert_eq!(read("<A><member>1</member></A>"), Ok(json!({"A": {"member": ["1"]}})));
        assert_eq!(
            read("<A><M><entry><key>k</key></entry></M></A>"),
            Ok(json!({"A": {"M": {"entry": [{"key": "k"}]}}}))
        );
    }

    #[rstest]
    #[case("<A>")]
    #[case("<A></B>")]
    #[case("<A/><B/>")]
    #[case("<A b='>")]
    #[case("<!DOCTYPE a [<!ENTITY x 'y'>]><A>&x;</A>")]
    #[case("<A><![CDATA[</A>")]
    #[case("")]
    fn what_is_not_well_formed_is_refused(#[case] body: &str) {
        assert!(read(body).is_err());
    }

    #[test]
    fn depth_is_bounded_and_unknown_entities_stay() {
        let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(read(&deep(60)).is_ok() && read(&deep(100_000)).is_err());
        assert_eq!(read("<A>&what; &#xffffff; &</A>"), Ok(json!({"A": "&what; &#xffffff; &"})));
        assert_eq!(read("<A b='>' c=\"/\">x</A>"), Ok(json!({"A": "x"})));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(body in "[<>/a&;! \\[\\]\\-?'\"=#]{0,60}") {
            let _ = read(&body);
        }
    }
}
