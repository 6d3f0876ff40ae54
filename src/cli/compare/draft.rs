//! A manifest drafted from what is deployed: every difference but a missing tag as an approved variation, to be read and cut.

use std::fmt::Write as _;

use crate::compare::inventory;
use crate::compare::matrix::TAG;
use crate::compare::setting::Value;
use crate::compare::verdict::{EXISTS, Judged, JudgedResource, JudgedSetting, Verdict};

/// The manifest as TOML. Rows that say the same of several resources of a kind become one rule with their names.
pub fn manifest(judged: &Judged) -> String {
    let names: Vec<String> = judged.columns.iter().map(|column| quoted(&column.environment)).collect();
    let mut out = format!(
        "# Drafted from what is deployed: every difference but a missing tag is approved here.\n\
         # Read it, and take out what should not differ.\n\n\
         system = {}\nenvironments = [{}]\nrequired_tags = [{}]\n",
        quoted(&judged.title),
        names.join(", "),
        carried(judged).iter().map(|tag| quoted(tag)).collect::<Vec<_>>().join(", ")
    );
    for kind in inventory::kinds() {
        for row in judged.rows.iter().filter(|row| &*row.kind == kind) {
            resource(&mut out, judged, row);
        }
        variations(&mut out, judged, kind);
    }
    out
}

/// Tags that every resource carries everywhere.
fn carried(judged: &Judged) -> Vec<String> {
    let tagged: Vec<&JudgedResource> = judged.rows.iter().filter(|row| row.taggable).collect();
    let says = |value: &Value| matches!(value, Value::Text(text) if !text.trim().is_empty());
    let on = |row: &JudgedResource, key: &str| {
        let found = row.settings.iter().find(|setting| &*setting.key == key);
        found.is_some_and(|setting| setting.cells.iter().flatten().all(|cell| says(&cell.value)))
    };
    let Some(first) = tagged.first() else { return Vec::new() };
    let keys = first.settings.iter().filter(|setting| setting.key.starts_with(TAG)).map(|setting| &*setting.key);
    keys.filter(|key| tagged.iter().all(|row| on(row, key))).map(|key| key[TAG.len()..].to_owned()).collect()
}

/// Says where a resource is that is not everywhere.
fn resource(out: &mut String, judged: &Judged, row: &JudgedResource) {
    let Some(exists) = row.settings.iter().find(|setting| &*setting.key == EXISTS) else { return };
    let here = |place: usize| matches!(exists.cells.get(place), Some(Some(cell)) if cell.value == Value::Bool(true));
    let unknown = exists.cells.iter().flatten().any(|cell| cell.verdict == Verdict::Unknown);
    let only: Vec<String> = (0..judged.columns.len())
        .filter(|place| here(*place))
        .filter_map(|place| judged.columns.get(place))
        .map(|column| quoted(&column.environment))
        .collect();
    if unknown || only.is_empty() || only.len() == judged.columns.len() {
        return;
    }
    let _ = write!(
        out,
        "\n[[resource]]\nkind = {}\nname = {}\nonly = [{}]\nwhy = \"\"\n",
        quoted(&row.kind),
        quoted(&row.name),
        only.join(", ")
    );
}

fn variations(out: &mut String, judged: &Judged, kind: &str) {
    // Settings and values → names of the resources that have exactly these.
    let mut rules: Vec<(String, String, Vec<String>)> = Vec::new();
    for row in judged.rows.iter().filter(|row| &*row.kind == kind) {
        let differs = |setting: &&JudgedSetting| {
            &*setting.key != EXISTS && matches!(setting.worst(), Verdict::Approved | Verdict::Drift)
        };
        for setting in row.settings.iter().filter(differs) {
            let Some(values) = values(judged, setting) else { continue };
            match rules.iter_mut().find(|(key, known, _)| *key == *setting.key && *known == values) {
                Some((_, _, names)) => names.push(row.name.to_string()),
                None => rules.push((setting.key.to_string(), values, vec![row.name.to_string()])),
            }
        }
    }
    let all = judged.rows.iter().filter(|row| &*row.kind == kind).count();
    for (key, values, names) in rules {
        let name = match names.as_slice() {
            names if names.len() == all => String::new(),
            [one] => format!("name = {}\n", quoted(&escaped(one))),
            several => {
                let several: Vec<String> = several.iter().map(|name| escaped(name)).collect();
                format!("name = {}\n", quoted(&format!("{{{}}}", several.join(","))))
            }
        };
        let (kind, key) = (quoted(kind), quoted(&escaped(&key)));
        let _ = write!(out, "\n[[vary]]\nkind = {kind}\n{name}setting = {key}\nvalues = {{ {values} }}\nwhy = \"\"\n");
    }
}

/// `dev = 512, prod = 2048`; `None` where one of them is unknown.
fn values(judged: &Judged, setting: &JudgedSetting) -> Option<String> {
    let mut parts = Vec::new();
    for (column, cell) in judged.columns.iter().zip(&setting.cells) {
        let Some(cell) = cell else { continue };
        let value = match &cell.value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => quoted(text),
            Value::Bool(on) => on.to_string(),
            Value::List(words) => format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")),
            Value::Absent => "{ absent = true }".to_owned(),
            Value::Unknown(_) => return None,
        };
        parts.push(format!("{} = {value}", key_of(&column.environment)));
    }
    Some(parts.join(", "))
}

/// A key of a table: bare where it may be.
fn key_of(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A name as a pattern that fits it alone.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
