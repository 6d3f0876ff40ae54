//! Reads a table field by field, so that one bad field costs only itself.

use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::{Deserialize, Serialize, forward_to_deserialize_any};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::document::{Document, Value, in_order, kind};
use crate::config::nearest::suggest;

/// Lays the good fields of `table` over `base`. Unknown fields, wrong types and whatever `check` reports as an error
/// keep their value of `base`. Fields in `nested` are left to the caller. `path` is how messages call the table.
pub(super) fn overlay<T>(
    document: &mut Document<'_>,
    path: &str,
    table: &DeTable<'_>,
    base: &T,
    nested: &[&str],
    mut check: impl FnMut(&mut Document<'_>, &str, &Value<'_>),
) -> T
where
    T: Clone + Serialize + DeserializeOwned,
{
    let mut merged = toml::Table::try_from(base).unwrap_or_default();
    for (key, value) in in_order(table) {
        let name = key.get_ref().as_ref();
        if !known(document, path, key, names_of::<T>()) || nested.contains(&name) {
            continue;
        }
        let before = document.errors();
        check(document, name, value);
        if document.errors() > before {
            continue;
        }
        let single = DeTable::from_iter([(key.clone(), value.clone())]);
        let typed = T::deserialize(toml::de::Deserializer::from(Spanned::new(value.span(), single)));
        match (typed, toml::Value::deserialize(toml::de::ValueDeserializer::from(value.clone()))) {
            (Ok(_), Ok(value)) => {
                merged.insert(name.to_owned(), value);
            }
            (Err(error), _) | (_, Err(error)) => {
                let what = plain(error.message());
                document.error(&error.span().unwrap_or(value.span()), format!("`{path}{name}`: {what}"), None);
            }
        }
    }
    merged.try_into().unwrap_or_else(|_| base.clone())
}

/// A decoder's message in the words of the other messages.
pub(super) fn plain(message: &str) -> String {
    let found = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "));
    let message = found.map_or_else(|| message.to_owned(), |rest| format!("found {rest}"));
    message.replace("expected a sequence", "expected a list").replace("expected a map", "expected a table")
}

/// Reports a key that is not among the names.
pub(super) fn known(
    document: &mut Document<'_>,
    path: &str,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    names: &[&str],
) -> bool {
    let name = key.get_ref().as_ref();
    let known = names.contains(&name);
    if !known {
        document.error(&key.span(), format!("unknown field `{path}{name}`"), suggest(name, names));
    }
    known
}

/// The table in a value; anything else is reported.
pub(super) fn table<'t, 'a>(document: &mut Document<'_>, path: &str, value: &'t Value<'a>) -> Option<&'t DeTable<'a>> {
    match value.get_ref() {
        DeValue::Table(table) => Some(table),
        other => {
            document.error(&value.span(), format!("`{path}` must be a table, not {}", kind(other)), None);
            None
        }
    }
}

/// The names of a struct's fields or an enum's variants, as in the file.
pub(super) fn names_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The probe always fails: it only listens to what the type asks for.
    let _ = T::deserialize(Probe(&mut names));
    names
}

struct Probe<'p>(&'p mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(Self::Error::custom("a probe holds no data"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = variants;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Cadence;
    use crate::model::Tier;

    #[test]
    fn names_come_from_the_types() {
        assert_eq!(names_of::<Cadence>(), ["alarms", "metrics", "state", "inventory"]);
        assert_eq!(names_of::<Tier>(), ["development", "staging", "production"]);
    }
}
