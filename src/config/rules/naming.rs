//! `[naming]`: words to leave out of resource names.

use toml::de::{DeTable, DeValue};

use crate::config::document::Document;
use crate::config::fields::overlay;
use crate::config::schema::Naming;

pub(in crate::config) fn naming(document: &mut Document<'_>, table: &DeTable<'_>, base: &Naming) -> Naming {
    overlay(document, "naming.", table, base, &[], |document, name, value| {
        let DeValue::Array(words) = value.get_ref() else { return };
        for word in words.iter() {
            if word.get_ref().as_str().is_some_and(|word| word.trim().is_empty()) {
                document.error(&word.span(), format!("`naming.{name}`: an empty word"), None);
            }
        }
    })
}
