//! Output structures as the query protocol's XML.

use serde_json::Value;

use super::encode::seconds;

/// Members that are maps: `entry`, `key` and `value` elements, not named members.
const MAPS: &[&str] = &["ExtendedStatistics", "AlarmContributorAttributes"];

/// The members of a structure, without an element around them.
pub fn members(output: &Value) -> String {
    let mut xml = String::new();
    write_members(&mut xml, output);
    xml
}

fn write_members(xml: &mut String, structure: &Value) {
    let Value::Object(members) = structure else { return };
    for (name, value) in members {
        if !value.is_null() {
            element(xml, name, value);
        }
    }
}

fn element(xml: &mut String, name: &str, value: &Value) {
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
                element(xml, "value", value);
                xml.push_str("</entry>");
            }
        }
        Value::Object(_) => write_members(xml, value),
        Value::Array(values) => values.iter().for_each(|value| element(xml, "member", value)),
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
        let xml = members(&output);
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
}
