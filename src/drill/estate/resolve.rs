//! One description of an estate, read once for each of its environments.
//!
//! - `{env}`, `{account}` and `{region}` in a text stand for the environment's own.
//! - A table whose keys all name environments gives one value for each; an environment without one has none.
//! - `only = ["prod"]` in an entry of a list keeps it out of the other environments.
//! - `each = ["a", "b"]` in an entry of a list repeats it, with `{each}` standing for `a`, then for `b`.

use toml::{Table, Value};

/// What the placeholders stand for.
pub struct Place<'a> {
    /// Name of the environment.
    pub name: &'a str,
    /// 12 digits.
    pub account: &'a str,
    /// Region code.
    pub region: &'a str,
    /// Names of all environments.
    pub all: &'a [&'a str],
}

/// The description as one environment has it.
pub fn table(described: &Table, place: &Place<'_>) -> Table {
    described.iter().filter_map(|(key, inner)| Some((key.clone(), value(inner, place, None)?))).collect()
}

fn value(described: &Value, place: &Place<'_>, each: Option<&str>) -> Option<Value> {
    Some(match described {
        Value::String(text) => Value::String(fill(text, place, each)),
        Value::Table(choice) if is_choice(choice, place) => value(choice.get(place.name)?, place, each)?,
        Value::Table(inner) => Value::Table(entries(inner, place, each)),
        Value::Array(list) => Value::Array(list.iter().flat_map(|entry| repeated(entry, place, each)).collect()),
        other => other.clone(),
    })
}

fn entries(described: &Table, place: &Place<'_>, each: Option<&str>) -> Table {
    described.iter().filter_map(|(key, inner)| Some((key.clone(), value(inner, place, each)?))).collect()
}

fn repeated(entry: &Value, place: &Place<'_>, each: Option<&str>) -> Vec<Value> {
    let Value::Table(inner) = entry else { return value(entry, place, each).into_iter().collect() };
    if let Some(only) = inner.get("only").and_then(Value::as_array)
        && !only.iter().any(|name| name.as_str() == Some(place.name))
    {
        return Vec::new();
    }
    let mut rest = inner.clone();
    rest.remove("only");
    match rest.remove("each") {
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).map(|name| Value::Table(entries(&rest, place, Some(name)))).collect()
        }
        _ => vec![Value::Table(entries(&rest, place, each))],
    }
}

fn is_choice(table: &Table, place: &Place<'_>) -> bool {
    !table.is_empty() && table.keys().all(|key| place.all.contains(&key.as_str()))
}

fn fill(text: &str, place: &Place<'_>, each: Option<&str>) -> String {
    text.replace("{env}", place.name)
        .replace("{account}", place.account)
        .replace("{region}", place.region)
        .replace("{each}", each.unwrap_or("{each}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Table {
        let place = Place { name: "dev", account: "1", region: "r", all: &["dev", "prod"] };
        table(&toml::from_str(text).unwrap(), &place)
    }

    #[test]
    fn an_environment_gets_its_own_value_text_and_entries() {
        let resolved = resolve(
            r#"
            units = { dev = 5, prod = 100 }
            scaling = { prod = 3 }
            name = "a-{env}-{account}"
            [[thing]]
            only = ["prod"]
            [[thing]]
            each = ["x", "y"]
            name = "{each}-{env}"
            "#,
        );
        let wanted: Table = toml::from_str(
            r#"
            units = 5
            name = "a-dev-1"
            thing = [{ name = "x-dev" }, { name = "y-dev" }]
            "#,
        )
        .unwrap();
        assert_eq!(resolved, wanted);
    }
}
