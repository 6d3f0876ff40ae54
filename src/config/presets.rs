//! The estates that come with the program: complete configurations to start from, and the drill's environments.

use crate::config::embedded;

/// The names of the estates, in alphabetical order.
pub fn names() -> Vec<&'static str> {
    embedded::estates().into_iter().map(|(name, _)| name).collect()
}

/// The configuration of an estate, as TOML.
pub fn estate(name: &str) -> Option<&'static str> {
    embedded::estates().into_iter().find(|(found, _)| *found == name).map(|(_, text)| text)
}

/// The manifest of an estate, as TOML.
pub fn manifest(name: &str) -> Option<&'static str> {
    embedded::manifest(name)
}
