//! Where the manifests of systems are, and which one is in force.

use std::path::PathBuf;

use crate::compare::inventory;
use crate::config::manifest::{Manifest, read};
use crate::config::{Problem, Source, presets};

/// Where manifests are.
#[derive(Debug, Clone, Default)]
pub enum Manifests {
    /// Nowhere: everything must be the same.
    #[default]
    Nowhere,
    /// With the program: those of a drill's estates.
    Embedded,
    /// `SYSTEM.manifest.toml` in this folder: that of the configuration.
    In(PathBuf),
}

impl Manifests {
    /// The manifest of a system, with what should be said of its file. Without one everything must be the same. It is
    /// read anew every time.
    ///
    /// # Errors
    /// Everything that is wrong with it: it is used as a whole or not at all.
    pub fn of_system(&self, system: &str) -> Result<(Manifest, Vec<Problem>), Vec<Problem>> {
        match self {
            Self::Nowhere => Ok(Default::default()),
            Self::Embedded => match presets::manifest(system) {
                Some(text) => Ok((parsed(&Source::new(format!("{system}.manifest.toml"), text))?, Vec::new())),
                None => Ok(Default::default()),
            },
            Self::In(folder) => {
                let path = folder.join(format!("{system}.manifest.toml"));
                match Source::read(&path).map_err(|problem| vec![problem])? {
                    Some((text, warnings)) => Ok((parsed(&text)?, warnings)),
                    None => Ok(Default::default()),
                }
            }
        }
    }
}

/// Reads the text of a manifest.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parsed(source: &Source) -> Result<Manifest, Vec<Problem>> {
    read(source, &inventory::kinds())
}
