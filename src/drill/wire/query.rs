//! The query protocol's form as a tree: `Dimensions.member.1.Name=x` is the `Name` of the first of `Dimensions`. Lists
//! may name their items otherwise, as in `Filters.Filter.1.Name=x`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Levels that a parameter's name may have.
const DEPTH: usize = 12;

/// Reads a form. Later values of the same name win; names that contradict each other are left out.
pub fn read(form: &str) -> Value {
    let mut tree = Node::default();
    for (name, value) in pairs(form) {
        let path: Vec<&str> = name.split('.').collect();
        if path.len() <= DEPTH {
            tree.insert(&path, value);
        }
    }
    tree.into_value()
}

/// The decoded names and values of a form or of a URL's query.
pub fn pairs(form: &str) -> impl Iterator<Item = (String, String)> + '_ {
    form.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name, true), decode(value, true))
    })
}

/// Percent-decodes UTF-8; `plus` is for forms, where a plus sign is a space.
pub fn decode(text: &str, plus: bool) -> String {
    let hex =
        |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high * 16 + low);
                at += 2;
            }
            (b'+', ..) if plus => decoded.push(b' '),
            _ => decoded.push(*byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[derive(Default)]
struct Node {
    value: Option<String>,
    children: BTreeMap<String, Node>,
}

impl Node {
    fn insert(&mut self, path: &[&str], value: String) {
        match path {
            [] => self.value = Some(value),
            [first, rest @ ..] => self.children.entry((*first).to_owned()).or_default().insert(rest, value),
        }
    }

    fn into_value(mut self) -> Value {
        if self.children.is_empty() {
            return self.value.map_or_else(|| Value::Object(Map::new()), Value::String);
        }
        if self.children.len() == 1
            && let Some((name, items)) = self.children.pop_first()
        {
            if name == "member" || items.is_list() {
                return items.into_list();
            }
            self.children.insert(name, items);
        }
        Value::Object(self.children.into_iter().map(|(name, node)| (name, node.into_value())).collect())
    }

    /// All children have numbers for names.
    fn is_list(&self) -> bool {
        !self.children.is_empty() && self.children.keys().all(|index| index.parse::<u64>().is_ok())
    }

    fn into_list(self) -> Value {
        let mut members: Vec<(u64, Node)> = self
            .children
            .into_iter()
            .filter_map(|(index, node)| index.parse().ok().map(|index| (index, node)))
            .collect();
        members.sort_by_key(|(index, _)| *index);
        Value::Array(members.into_iter().map(|(_, node)| node.into_value()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_become_lists_in_order() {
        let form = "Action=X&A.member.10=z&A.member.2=y&B.member.1.Name=n%20%C3%A9+%2B&B.member.1.D.member.1.V=1&E=";
        assert_eq!(
            read(form),
            json!({"Action": "X", "A": ["y", "z"], "B": [{"Name": "n é +", "D": [{"V": "1"}]}], "E": ""})
        );
    }

    #[test]
    fn items_may_have_another_name() {
        let form =
            "Filters.Filter.1.Name=a&Filters.Filter.1.Values.Value.2=y&Filters.Filter.1.Values.Value.1=x&S.T.U=z";
        assert_eq!(read(form), json!({"Filters": [{"Name": "a", "Values": ["x", "y"]}], "S": {"T": {"U": "z"}}}));
    }

    #[test]
    fn broken_escapes_stay_as_they_are() {
        assert_eq!(decode("100%", false), "100%");
        assert_eq!(decode("%zz+%4", false), "%zz+%4");
        assert_eq!(read(""), json!({}));
    }
}
