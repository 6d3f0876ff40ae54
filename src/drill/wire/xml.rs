//! Output structures as the query protocol's XML.

use serde_json::Value;

use super::encode::seconds;

/// Members that are maps: `entry`, `key` and `value` elements, not named members.
const MAPS: &[&str] = &["ExtendedStatistics", "AlarmContributorAttributes"];

/// How the typed outputs of a service carry lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lists {
    /// As plain lists: their items are `member` elements within the list's element.
    Plain,
    /// As structures with one list, which is named like its items: the items stand in a row.
    Named,
}

/// The members of a structure, without an element around them.
pub fn members(output: &Value, lists: Lists) -> String {
    let mut xml = String::new();
    write_members(&mut xml, output, lists);
    xml
}

fn write_members(xml: &mut String, structure: &Value, lists: Lists) {
    let Value::Object(members) = structure else { return };
    for (name, value) in members {
        match value {
            Value::Null => {}
            Value::Array(items) if lists == Lists::Named => {
                items.iter().for_each(|item| element(xml, name, item, lists));
            }
            _ => element(xml, name, value, lists),
        }
    }
}

fn element(xml: &mut String, name: &str, value: &Value, lists: Lists) {
    xml.push_str(&format!("<{name}>"));
    match value {
        Value::Object(_) if seconds(value).is_some() => {
            if let Some(at) = seconds(value).and_then(super::encode::timestamp) {
                xml.push_str(&at.to_string());
            }
        }
        Value::Object(entries) if MAPS.contains(&name) => {
            for (key, value) in entries {
                xml.push_str(&format!("<entry><key>{}</key>", escape(key)));
                element(xml, "value", value, lists);
                xml.push_str("</entry>");
            }
        }
        Value::Object(_) => write_members(xml, value, lists),
        Value::Array(values) => values.iter().for_each(|value| element(xml, "member", value, lists)),
        Value::String(text) => xml.push_str(&escape(text)),
        other => xml.push_str(&other.to_string()),
    }
    xml.push_str(&format!("</{name}>"));
}

/// Text for XML 1.0, which has no way to carry most control characters: they are left out.
pub fn escape(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')).collect();
    winterbaume_core::xml_escape(&kept).replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn structures_lists_maps_and_times() {
        let output = json!({
            "A": [{"N": "x<&>é\u{1b}"}], "Empty": [], "None": null, "V": 1.5,
            "At": {"__cbor_epoch_seconds": 1.25}, "ExtendedStatistics": {"p95": 2.0},
        });
        let xml = members(&output, Lists::Plain);
        for part in [
            "<A><member><N>x&lt;&amp;&gt;é</N></member></A>",
            "<Empty></Empty>",
            "<V>1.5</V>",
            "<At>1970-01-01T00:00:01.25Z</At>",
            "<ExtendedStatistics><entry><key>p95</key><value>2.0</value></entry></ExtendedStatistics>",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
        assert!(!xml.contains("None"));
    }

    #[test]
    fn lists_that_are_named_like_their_items_stand_in_a_row() {
        let output = json!({"Things": {"Thing": [{"N": 1, "Tags": {"Tag": ["a", "b"]}}, {"N": 2}]}, "Zones": {}});
        assert_eq!(
            members(&output, Lists::Named),
            "<Things><Thing><N>1</N><Tags><Tag>a</Tag><Tag>b</Tag></Tags></Thing><Thing><N>2</N></Thing></Things><Zones></Zones>"
        );
    }
}
