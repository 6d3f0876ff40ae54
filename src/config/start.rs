//! What every command begins with: find the configuration, read it, load it and resolve its theme.

use std::path::{Path, PathBuf};

use crate::config::load::load;
use crate::config::loaded::Loaded;
use crate::config::overrides::{Overrides, named_file};
use crate::config::paths::Paths;
use crate::config::problem::Problem;
use crate::config::schema::Display;
use crate::config::source::Source;
use crate::config::theme::{Theme, Themes};
use crate::config::{Vocabulary, presets};

/// Flags that concern the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--theme`.
    pub theme: Option<String>,
    /// `--ascii`.
    pub ascii: bool,
}

/// The configuration as every command uses it.
#[derive(Debug, Clone)]
pub struct Started {
    /// Values, problems, origins.
    pub loaded: Loaded,
    /// The file that counts, whether it is there or not; `None` where there is no home directory to look in.
    pub path: Option<PathBuf>,
    /// True when that file was found.
    pub found: bool,
    /// The theme that is used: a complete one even where the configured one is broken.
    pub theme: Theme,
    /// All themes, to switch between.
    pub themes: Themes,
}

/// Starts on the user's configuration. A file that `--config` or `WATCHFLOOR_CONFIG` names must be there; the one in
/// the configuration folder need not. `vocabulary.themes` is filled in here.
pub fn start(
    paths: Option<&Paths>,
    flags: &Flags,
    lookup: impl Fn(&str) -> Option<String>,
    vocabulary: Vocabulary,
) -> Started {
    let named = named_file(flags.config.as_deref(), &lookup);
    let path = named.clone().or_else(|| paths.map(Paths::config_file));
    let (source, problems) = match path.as_deref() {
        Some(path) => read(path, named.is_some()),
        None => (None, Vec::new()),
    };
    let overrides = [Overrides::from_variables(&lookup), Overrides::from_flags(flags.theme.clone(), flags.ascii)];
    let found = path.as_deref().is_some_and(Path::exists);
    finish(paths, path, found, source.as_ref(), &overrides, vocabulary, problems)
}

/// Starts on an embedded estate instead; `None` when there is none with this name.
pub fn start_estate(
    estate: &str,
    paths: Option<&Paths>,
    flags: &Flags,
    lookup: impl Fn(&str) -> Option<String>,
    vocabulary: Vocabulary,
) -> Option<Started> {
    let source = Source::new(format!("config/estates/{estate}.toml"), presets::estate(estate)?);
    let overrides = [Overrides::from_variables(&lookup), Overrides::from_flags(flags.theme.clone(), flags.ascii)];
    // The drill needs no profile of this machine.
    let vocabulary = Vocabulary { profiles: None, ..vocabulary };
    Some(finish(paths, None, true, Some(&source), &overrides, vocabulary, Vec::new()))
}

fn read(path: &Path, must_exist: bool) -> (Option<Source>, Vec<Problem>) {
    match Source::read(path) {
        Ok(Some((source, warnings))) => (Some(source), warnings),
        Ok(None) if must_exist => {
            let problem = Problem::error(path.display().to_string(), None, "no such file");
            (None, vec![problem.with_suggestion(Some("`watchfloor init` writes one"))])
        }
        Ok(None) => (None, Vec::new()),
        Err(problem) => (None, vec![problem]),
    }
}

fn finish(
    paths: Option<&Paths>,
    path: Option<PathBuf>,
    found: bool,
    source: Option<&Source>,
    overrides: &[Overrides],
    mut vocabulary: Vocabulary,
    mut problems: Vec<Problem>,
) -> Started {
    let (themes, theme_problems) = match paths {
        Some(paths) => Themes::with_user(&paths.themes()),
        None => (Themes::embedded(), Vec::new()),
    };
    vocabulary.themes = Some(themes.names().into_iter().map(str::to_owned).collect());
    let sources: Vec<_> = source.into_iter().collect();
    let mut loaded = load(&sources, overrides, &vocabulary);
    problems.append(&mut loaded.problems);
    problems.extend(theme_problems);
    let (theme, theme_problems) = themes.get(&loaded.config.display.theme);
    problems.extend(theme_problems);
    let theme = theme.or_else(|| Themes::embedded().get(&Display::default().theme).0).unwrap_or_default();
    loaded.problems = problems;
    Started { loaded, path, found, theme, themes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Weight;

    fn folder_with(config: Option<&str>) -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::within(folder.path(), &folder.path().join("state"));
        std::fs::create_dir_all(paths.themes()).unwrap();
        if let Some(text) = config {
            std::fs::write(paths.config_file(), text).unwrap();
        }
        (folder, paths)
    }

    fn begin(paths: &Paths, flags: &Flags, variables: &[(&str, &str)]) -> Started {
        let lookup =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        start(Some(paths), flags, lookup, Vocabulary::default())
    }

    const ONE: &str = "[[environment]]\nsystem = \"payments\"\nname = \"prod\"\n[display]\ntheme = \"light\"\n";

    #[test]
    fn flags_beat_variables_and_variables_beat_the_file() {
        let (_folder, paths) = folder_with(Some(ONE));
        let theme = |flags: &Flags, variables: &[(&str, &str)]| begin(&paths, flags, variables).theme.name;
        let flags = Flags { theme: Some("mono".into()), ..Flags::default() };
        assert_eq!(theme(&Flags::default(), &[]), "light");
        assert_eq!(theme(&Flags::default(), &[("WATCHFLOOR_THEME", "sixteen")]), "sixteen");
        assert_eq!(theme(&flags, &[("WATCHFLOOR_THEME", "sixteen")]), "mono");
        let started = begin(&paths, &flags, &[("WATCHFLOOR_ASCII", "yes")]);
        assert!(started.loaded.config.display.ascii && started.loaded.problems.is_empty());
        assert_eq!(started.loaded.origins["display.theme"].as_str(), "--theme");
        assert_eq!(started.loaded.origins["display.ascii"].as_str(), "WATCHFLOOR_ASCII");
        assert_eq!(started.loaded.origins["environment"].as_str(), paths.config_file().display().to_string());
    }

    #[test]
    fn bad_variables_are_reported_by_name_and_change_nothing() {
        let (_folder, paths) = folder_with(Some(ONE));
        let variables = [("WATCHFLOOR_THEME", "lihgt"), ("WATCHFLOOR_ASCII", "perhaps")];
        let started = begin(&paths, &Flags::default(), &variables);
        let problems: Vec<_> = started.loaded.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems[0], "WATCHFLOOR_THEME: error: unknown theme `lihgt`; help: did you mean `light`?");
        assert!(problems[1].starts_with("WATCHFLOOR_ASCII: error: `perhaps` is neither"), "{}", problems[1]);
        assert_eq!(started.loaded.config.display.theme, "light");
        assert_eq!(started.loaded.config.environments.len(), 1);
    }

    #[test]
    fn without_a_file_there_are_defaults_and_no_problem() {
        let (_folder, paths) = folder_with(None);
        let started = begin(&paths, &Flags::default(), &[("WATCHFLOOR_CONFIG", "")]);
        assert!(!started.found && started.loaded.problems.is_empty());
        assert_eq!(started.loaded.config, crate::config::Config::default());
        assert_eq!(started.path, Some(paths.config_file()));
        assert_eq!(started.theme.name, "dark");
    }

    #[test]
    fn a_named_file_must_be_there() {
        let (folder, paths) = folder_with(Some(ONE));
        let missing = folder.path().join("missing.toml");
        let flags = Flags { config: Some(missing.clone()), ..Flags::default() };
        for started in [
            begin(&paths, &flags, &[]),
            begin(&paths, &Flags::default(), &[("WATCHFLOOR_CONFIG", &missing.display().to_string())]),
        ] {
            assert_eq!(started.loaded.problems.len(), 1);
            assert!(started.loaded.problems[0].to_string().contains("missing.toml: error: no such file"));
            assert!(started.loaded.config.environments.is_empty(), "the other file is not used instead");
        }
    }

    #[test]
    fn a_users_theme_is_found_and_a_broken_one_replaced() {
        let (_folder, paths) = folder_with(Some(&ONE.replace("light", "mine")));
        std::fs::write(paths.themes().join("mine.toml"), "inherits = \"light\"\n").unwrap();
        assert_eq!(begin(&paths, &Flags::default(), &[]).theme.name, "mine");
        std::fs::write(paths.themes().join("mine.toml"), "inherits = \n").unwrap();
        let started = begin(&paths, &Flags::default(), &[]);
        assert_eq!(started.theme.name, "dark");
        assert_eq!(started.loaded.problems.len(), 1);
        assert_eq!(started.loaded.problems[0].weight, Weight::Error);
        assert!(started.loaded.problems[0].file.ends_with("mine.toml"));
    }

    #[test]
    fn every_estate_starts_without_a_problem() {
        for name in presets::names() {
            let started = start_estate(name, None, &Flags::default(), |_| None, Vocabulary::default()).unwrap();
            assert!(started.loaded.problems.is_empty(), "{name}: {:?}", started.loaded.problems);
            for environment in &started.loaded.config.environments {
                assert_eq!(environment.system, name);
                assert_eq!(environment.profile.as_deref(), Some(environment.label().replace('/', "-").as_str()));
                assert!(environment.account.is_some() && environment.region.is_some());
            }
        }
        assert!(presets::names().contains(&"payments") && presets::names().contains(&"uex-payments"));
        assert!(start_estate("atlantis", None, &Flags::default(), |_| None, Vocabulary::default()).is_none());
    }
}
