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
    /// Everything that is wrong with it, also that it is of another system: it is used as a whole or not at all.
    pub fn of_system(&self, system: &str) -> Result<(Manifest, Vec<Problem>), Vec<Problem>> {
        match self {
            Self::Nowhere => Ok(Default::default()),
            Self::Embedded => match presets::manifest(system) {
                Some(text) => {
                    let manifest = parsed(&Source::new(format!("{system}.manifest.toml"), text))?;
                    Ok((about(manifest, &[system])?, Vec::new()))
                }
                None => Ok(Default::default()),
            },
            Self::In(folder) => {
                let path = folder.join(format!("{system}.manifest.toml"));
                match Source::read(&path).map_err(|problem| vec![problem])? {
                    Some((text, warnings)) => Ok((about(parsed(&text)?, &[system])?, warnings)),
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

/// The manifest, where it is about one of these systems.
///
/// # Errors
/// It is about another one: its rules would be taken for rules of something else.
pub fn about(manifest: Manifest, systems: &[&str]) -> Result<Manifest, Vec<Problem>> {
    if systems.contains(&&*manifest.system) {
        return Ok(manifest);
    }
    let compared = systems.iter().map(|system| format!("`{system}`")).collect::<Vec<_>>().join(", ");
    let what = format!("this manifest is of the system `{}`, and compared is {compared}", manifest.system);
    let problem = Problem::error(&*manifest.file, manifest.system_at, what);
    Err(vec![problem.with_suggestion(Some("correct its `system`, or compare what it is about"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_another_system_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let manifests = Manifests::In(folder.path().to_owned());
        std::fs::write(folder.path().join("wallet.manifest.toml"), "# ours\nsystem = 'payments'\n").unwrap();
        let problems = manifests.of_system("wallet").unwrap_err();
        let told = problems[0].to_string();
        assert!(told.contains("wallet.manifest.toml:2:10: error: this manifest is of the system `payments`"), "{told}");
        assert!(told.contains("compared is `wallet`"), "{told}");
        std::fs::write(folder.path().join("wallet.manifest.toml"), "system = 'wallet'\n").unwrap();
        assert_eq!(manifests.of_system("wallet").unwrap().0.system, "wallet");
        assert_eq!(manifests.of_system("payments").unwrap().0.system, "", "there is none");
    }
}
