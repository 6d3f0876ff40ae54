//! Logical names: the same thing in every environment stands in one row.

use crate::base::Text;
use crate::model::Environment;

/// Words to leave out of resource names.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    environments: Vec<String>,
    systems: Vec<String>,
    ignored: Vec<String>,
}

/// Words that name an environment wherever they stand alone in a resource's name.
const ENVIRONMENT_WORDS: &[&str] =
    &["dev", "development", "test", "qa", "uat", "stg", "stage", "staging", "preprod", "prd", "prod", "production"];

impl Naming {
    /// Naming for a set of environments: their names and systems are left out, and so are the words in `ignore`.
    pub fn new<'a>(environments: impl Iterator<Item = &'a Environment> + Clone, ignore: &[String]) -> Self {
        let lower = |text: &str| text.to_lowercase();
        Self {
            environments: environments
                .clone()
                .map(|e| lower(&e.name))
                .chain(ENVIRONMENT_WORDS.iter().map(|w| (*w).to_owned()))
                .collect(),
            systems: environments.map(|e| lower(&e.system)).collect(),
            ignored: ignore.iter().map(|word| lower(word)).collect(),
        }
    }

    /// `name` without environment, system, account and region: `payments-prod-processing` → `processing`.
    /// A name that would vanish is kept as it is.
    pub fn logical(&self, name: &str, environment: &Environment) -> Text {
        let mut rest = name.to_owned();
        let account = environment.account.as_deref().unwrap_or_default();
        let wholes = [&*environment.region, account]
            .into_iter()
            .map(str::to_owned)
            .chain(self.systems.iter().cloned())
            .chain(self.environments.iter().cloned())
            .chain(self.ignored.iter().cloned());
        for word in wholes.filter(|word| !word.is_empty()) {
            rest = without_word(&rest, &word);
        }
        let rest = rest.trim_matches(is_separator);
        Text::new(if rest.is_empty() { name } else { rest })
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '/' | '.' | ' ' | ':')
}

/// Removes `word` where separators or the ends of the name stand on both sides, together with one separator.
fn without_word(name: &str, word: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower[from..].find(word) {
        let start = from + found;
        let end = start + word.len();
        let before = name[..start].chars().next_back();
        let after = name[end..].chars().next();
        if before.is_none_or(is_separator) && after.is_none_or(is_separator) {
            let skip = after.map_or(0, char::len_utf8);
            return format!("{}{}", &name[..start], &name[end + skip..]);
        }
        from = end;
    }
    name.to_owned()
}
