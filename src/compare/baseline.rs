//! Baselines: configurations that were saved to be compared with later. Files that only their owner can read.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::compare::snapshot::Snapshot;
use crate::config::paths::write_private;

/// Version of the file's form.
const SCHEMA: u32 = 1;

/// A saved configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: u32,
    /// What it is called.
    pub name: Text,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// The environments as they were.
    pub snapshots: Vec<Snapshot>,
}

/// Why a baseline cannot be saved or read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not a name for a file.
    #[error("`{0}` cannot name a baseline: use up to 64 letters, digits, `.`, `-` and `_`, and begin with no `.`")]
    Name(String),
    /// There is no such baseline.
    #[error("there is no baseline `{name}`{known}")]
    None {
        /// What was asked for.
        name: String,
        /// What there is instead.
        known: String,
    },
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The file is not a baseline of this program.
    #[error("{0} is not a baseline: {1}")]
    Content(PathBuf, String),
}

impl Baseline {
    /// What is deployed now.
    pub fn new(name: &str, saved_at: Timestamp, snapshots: Vec<Snapshot>) -> Self {
        Self { schema: SCHEMA, name: name.into(), saved_at, snapshots }
    }

    /// Writes it into `folder`, in place of one of the same name; where it is then.
    ///
    /// # Errors
    /// A name that is none, or a folder that cannot be written.
    pub fn save(&self, folder: &Path) -> Result<PathBuf, BaselineError> {
        let path = path(folder, &self.name)?;
        let content = serde_json::to_vec(self).map_err(|e| BaselineError::Content(path.clone(), e.to_string()))?;
        write_private(&path, &content).map_err(|error| BaselineError::File(path.clone(), error))?;
        Ok(path)
    }

    /// Reads the one of this name.
    ///
    /// # Errors
    /// There is none, or its file cannot be read or is of another form.
    pub fn load(folder: &Path, name: &str) -> Result<Self, BaselineError> {
        let path = path(folder, name)?;
        let content = match std::fs::read(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(none(folder, name)),
            Err(error) => return Err(BaselineError::File(path, error)),
        };
        let wrong = |error: String| BaselineError::Content(path.clone(), error);
        let found: Self = serde_json::from_slice(&content).map_err(|error| wrong(error.to_string()))?;
        match found.schema {
            SCHEMA => Ok(found),
            other => Err(wrong(format!("its form is {other}, this program knows {SCHEMA}"))),
        }
    }
}

fn path(folder: &Path, name: &str) -> Result<PathBuf, BaselineError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.chars().all(allowed) {
        return Err(BaselineError::Name(Text::new(name).to_string()));
    }
    Ok(folder.join(format!("{name}.json")))
}

fn none(folder: &Path, name: &str) -> BaselineError {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        files.filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".json")?.to_owned())).collect();
    names.sort();
    let known = match names.as_slice() {
        [] => "; save one with `watchfloor compare --save NAME`".to_owned(),
        names => format!("; there are: {}", names.join(", ")),
    };
    BaselineError::None { name: name.to_owned(), known }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_read_again_by_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let at = "2026-11-21T03:00:00Z".parse().unwrap();
        let baseline = Baseline::new("before-release", at, Vec::new());
        let path = baseline.save(&folder.path().join("baselines")).unwrap();
        assert_eq!(Baseline::load(&folder.path().join("baselines"), "before-release").unwrap(), baseline);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, r#"{"schema":2,"name":"x","saved_at":"2026-11-21T03:00:00Z","snapshots":[]}"#).unwrap();
        let error = Baseline::load(&folder.path().join("baselines"), "before-release").unwrap_err();
        assert!(error.to_string().contains("its form is 2"), "{error}");
    }

    #[test]
    fn a_name_stays_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["", "../x", ".x", "a/b", "a b", "ä"] {
            assert!(matches!(Baseline::load(folder.path(), name), Err(BaselineError::Name(_))), "{name}");
        }
        let error = Baseline::load(folder.path(), "gone").unwrap_err();
        assert!(error.to_string().starts_with("there is no baseline `gone`; save one"), "{error}");
    }
}
