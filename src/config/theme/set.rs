//! All themes there are: the embedded ones and the user's, which come first and may inherit from those they replace.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Color, Role, Style, Theme};
use crate::config::embedded;
use crate::config::nearest::suggest;
use crate::config::problem::Problem;
use crate::config::source::Source;

/// No theme needs more ancestors.
const DEEPEST: usize = 8;

/// The themes by name.
#[derive(Debug, Clone, Default)]
pub struct Themes {
    user: BTreeMap<String, Source>,
    embedded: BTreeMap<String, Source>,
}

/// Looks, colour names and what is wrong, gathered from the root of the inheritance to the theme itself.
struct Gathered {
    roles: BTreeMap<Role, Style>,
    palette: BTreeMap<String, Color>,
}

impl Themes {
    /// Only those inside the binary.
    pub fn embedded() -> Self {
        let source = |name: &str, text: &str| Source::new(format!("themes/{name}.toml"), text);
        let embedded = embedded::themes().into_iter().map(|(name, text)| (name.to_owned(), source(name, text)));
        Self { user: BTreeMap::new(), embedded: embedded.collect() }
    }

    /// Those inside the binary and the `*.toml` of a folder; a folder that is not there holds none.
    pub fn with_user(folder: &Path) -> (Self, Vec<Problem>) {
        let mut themes = Self::embedded();
        let mut problems = Vec::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Some(name) = path.file_stem().and_then(|name| name.to_str()) else { continue };
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            match Source::read(&path) {
                Ok(Some((source, warnings))) => {
                    themes.user.insert(name.to_owned(), source);
                    problems.extend(warnings);
                }
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
        (themes, problems)
    }

    /// Adds or replaces one of the user's themes.
    pub fn insert(&mut self, name: &str, file: &str, text: &str) {
        self.user.insert(name.to_owned(), Source::new(file, text));
    }

    /// The names of all themes, in alphabetical order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.user.keys().chain(self.embedded.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The theme with this name and what is wrong with it. A broken part costs only itself; a theme that is unknown
    /// or cannot be read at all is `None`.
    pub fn get(&self, name: &str) -> (Option<Theme>, Vec<Problem>) {
        let mut problems = Vec::new();
        let theme = self.gather(name, false, DEEPEST, &mut problems).map(|gathered| {
            let theme = Theme { name: name.to_owned(), roles: gathered.roles };
            let undefined: Vec<_> = theme.undefined().into_iter().map(Role::name).collect();
            if let (false, Some(source)) = (undefined.is_empty(), self.source(name, false)) {
                let what = format!("no look for {}: they look like `text`", undefined.join(", "));
                let problem = Problem::warning(&source.file, None, what);
                problems.push(problem.with_suggestion(Some("add `inherits = \"dark\"`")));
            }
            theme
        });
        (theme, problems)
    }

    fn source(&self, name: &str, only_embedded: bool) -> Option<&Source> {
        self.user.get(name).filter(|_| !only_embedded).or_else(|| self.embedded.get(name))
    }

    fn gather(&self, name: &str, only_embedded: bool, depth: usize, problems: &mut Vec<Problem>) -> Option<Gathered> {
        let source = self.source(name, only_embedded)?;
        let file = source.parse().map_err(|problem| problems.push(problem)).ok()?;
        let mut gathered = Gathered { roles: BTreeMap::new(), palette: BTreeMap::new() };
        if let Some(parent) = &file.inherits {
            // A theme of the user's named `dark` that inherits from `dark` means the embedded one.
            let own_name = parent.get_ref() == name;
            let known = self.source(parent.get_ref(), own_name).is_some_and(|found| found != source);
            if known && depth > 0 {
                gathered = self.gather(parent.get_ref(), own_name || only_embedded, depth - 1, problems)?;
            } else if known {
                problems.push(source.error(&parent.span(), "themes inherit from each other in a circle", None));
            } else {
                let names: Vec<_> = self.names().into_iter().filter(|known| *known != name).collect();
                let what = format!("inherits from an unknown theme `{}`", parent.get_ref());
                problems.push(source.error(&parent.span(), &what, suggest(parent.get_ref(), &names)));
            }
        }
        gathered.palette.extend(source.palette(&file, problems));
        let roles = source.roles(&file, &gathered.palette, problems);
        gathered.roles.extend(roles);
        Some(gathered)
    }
}
