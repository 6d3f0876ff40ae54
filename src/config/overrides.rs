//! What stands outside the file: environment variables and flags.

use std::path::{Path, PathBuf};

use crate::base::Text;
use crate::config::loaded::Loaded;
use crate::config::nearest::suggest;
use crate::config::problem::Problem;
use crate::config::{Vocabulary, rules};

/// The variable that names the configuration file.
const CONFIG_VARIABLE: &str = "WATCHFLOOR_CONFIG";
const THEME_VARIABLE: &str = "WATCHFLOOR_THEME";
const ASCII_VARIABLE: &str = "WATCHFLOOR_ASCII";

/// The configuration file that a flag or the variable names.
pub fn named_file(flag: Option<&Path>, lookup: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let variable = || lookup(CONFIG_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    flag.map(Path::to_owned).or_else(variable)
}

/// Values with the name of the variable or flag that gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    theme: Option<(&'static str, String)>,
    ascii: Option<(&'static str, String)>,
}

impl Overrides {
    /// From environment variables; `lookup` reads one. An empty variable is none.
    pub fn from_variables(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &'static str| Some((name, lookup(name).filter(|value| !value.is_empty())?));
        Self { theme: given(THEME_VARIABLE), ascii: given(ASCII_VARIABLE) }
    }

    /// From the flags `--theme` and `--ascii`.
    pub fn from_flags(theme: Option<String>, ascii: bool) -> Self {
        Self { theme: theme.map(|value| ("--theme", value)), ascii: ascii.then(|| ("--ascii", "true".to_owned())) }
    }

    pub(super) fn apply(&self, loaded: &mut Loaded, vocabulary: &Vocabulary) {
        if let Some((name, value)) = &self.theme {
            match rules::theme(value, vocabulary) {
                Ok(()) => {
                    loaded.config.display.theme = value.clone();
                    loaded.origins.insert("display.theme".into(), Text::from(*name));
                }
                Err((what, suggestion)) => {
                    loaded.problems.push(Problem::error(name, None, what).with_suggestion(suggestion));
                }
            }
        }
        if let Some((name, value)) = &self.ascii {
            match boolean(value) {
                Some(value) => {
                    loaded.config.display.ascii = value;
                    loaded.origins.insert("display.ascii".into(), Text::from(*name));
                }
                None => {
                    let problem = Problem::error(name, None, format!("`{value}` is neither true nor false"));
                    let suggestion = suggest(&value.to_lowercase(), &["true", "false"]);
                    loaded.problems.push(problem.with_suggestion(suggestion));
                }
            }
        }
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}
