//! Themes: which colours and attributes each role on the screen has.

mod color;
mod file;
mod role;
mod set;

pub use color::{Color, Style};
pub use role::Role;
pub use set::Themes;

use std::collections::BTreeMap;

/// A theme with its inheritance and palette resolved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Theme {
    /// Its name, e.g. `dark`.
    pub name: String,
    /// The looks by role.
    pub roles: BTreeMap<Role, Style>,
}

impl Theme {
    /// The look of a role; that of [`Role::Text`] where the theme says nothing of it.
    pub fn style(&self, role: Role) -> Style {
        self.roles.get(&role).or_else(|| self.roles.get(&Role::Text)).copied().unwrap_or_default()
    }

    /// The roles that the theme says nothing of.
    pub fn undefined(&self) -> Vec<Role> {
        Role::ALL.iter().copied().filter(|role| !self.roles.contains_key(role)).collect()
    }
}

#[cfg(test)]
mod tests;
