//! One theme file: what is written in it, before inheritance.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;

use super::{Color, Role, Style};
use crate::config::nearest::suggest;
use crate::config::problem::Problem;
use crate::config::source::Source;

/// A theme file as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ThemeFile {
    /// The theme that gives what this one leaves out.
    pub inherits: Option<Spanned<String>>,
    /// Names for colours, for this file and those that inherit from it.
    pub palette: BTreeMap<String, Spanned<String>>,
    /// Looks by role name.
    pub roles: BTreeMap<Spanned<String>, RoleStyle>,
}

/// The look of one role, as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RoleStyle {
    pub fg: Option<Spanned<String>>,
    pub bg: Option<Spanned<String>>,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underline: bool,
    pub reverse: bool,
}

/// What a theme's text says.
impl Source {
    pub(super) fn parse(&self) -> Result<ThemeFile, Problem> {
        toml::from_str(&self.text)
            .map_err(|error| Problem::error(&self.file, error.span().map(|s| self.position(&s)), error.message()))
    }

    /// The palette's colours; entries that are none are reported.
    pub(super) fn palette(&self, file: &ThemeFile, problems: &mut Vec<Problem>) -> BTreeMap<String, Color> {
        let mut colors = BTreeMap::new();
        for (name, value) in &file.palette {
            match Color::from_str(value.get_ref()) {
                Ok(color) => {
                    colors.insert(name.clone(), color);
                }
                Err(error) => problems.push(self.error(
                    &value.span(),
                    &format!("palette `{name}`: `{}` is {error}", value.get_ref()),
                    None,
                )),
            }
        }
        colors
    }

    /// The looks by role; roles and colours that do not exist are reported and left out.
    pub(super) fn roles(
        &self,
        file: &ThemeFile,
        palette: &BTreeMap<String, Color>,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<Role, Style> {
        let mut roles = BTreeMap::new();
        for (name, written) in &file.roles {
            let Some(role) = Role::ALL.iter().copied().find(|role| role.name() == name.get_ref()) else {
                let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
                let what = format!("unknown role `{}`", name.get_ref());
                problems.push(self.error(&name.span(), &what, suggest(name.get_ref(), &names)));
                continue;
            };
            let mut color = |written: &Option<Spanned<String>>| {
                let value = written.as_ref()?;
                let found = palette.get(value.get_ref()).copied().or_else(|| Color::from_str(value.get_ref()).ok());
                if found.is_none() {
                    let names: Vec<_> = palette.keys().map(String::as_str).chain(Color::names()).collect();
                    let what = format!("role `{}`: unknown colour `{}`", role.name(), value.get_ref());
                    problems.push(self.error(&value.span(), &what, suggest(value.get_ref(), &names)));
                }
                found
            };
            let style = Style {
                fg: color(&written.fg),
                bg: color(&written.bg),
                bold: written.bold,
                dim: written.dim,
                italic: written.italic,
                underline: written.underline,
                reverse: written.reverse,
            };
            roles.insert(role, style);
        }
        roles
    }

    pub(super) fn error(&self, span: &Range<usize>, what: &str, suggestion: Option<String>) -> Problem {
        Problem::error(&self.file, Some(self.position(span)), what).with_suggestion(suggestion)
    }
}
