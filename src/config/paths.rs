//! Where things are kept on this machine, and how: files that only their owner can read.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

const NAME: &str = "watchfloor";

/// The folders of one user, after the XDG base directory specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Configuration, themes.
    pub config: PathBuf,
    /// What the program remembers: the last wall, logs.
    pub state: PathBuf,
}

impl Paths {
    /// This user's folders; `None` where there is no home directory.
    pub fn of_user() -> Option<Self> {
        let xdg = Xdg::new().ok()?;
        Some(Self::within(&xdg.config_dir(), &xdg.state_dir().unwrap_or_else(|| xdg.cache_dir())))
    }

    /// The folders within a configuration base and a state base, e.g. `~/.config` and `~/.local/state`.
    pub fn within(config_base: &Path, state_base: &Path) -> Self {
        Self { config: config_base.join(NAME), state: state_base.join(NAME) }
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of the user's own themes.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The folder of the baselines: configurations that were saved to be compared with later.
    pub fn baselines(&self) -> PathBuf {
        self.state.join("baselines")
    }

    /// The cache of the last wall that was seen.
    pub fn last_wall(&self) -> PathBuf {
        self.state.join("last-wall.json")
    }

    /// The folder of the user's own runbooks, beside a configuration file.
    pub fn runbooks_beside(config_file: &Path) -> PathBuf {
        config_file.parent().unwrap_or(Path::new("")).join("runbooks")
    }

    /// Which of the user's own runbooks this user trusts.
    pub fn trusted_runbooks(&self) -> PathBuf {
        self.state.join("trusted-runbooks.json")
    }

    /// The folder of the logs.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }
}

/// Makes a folder and those above it; one that is there already is closed to other users.
pub fn private_dir(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700).create(path)?;
        let found = std::fs::metadata(path)?.permissions();
        if found.mode() & 0o077 != 0 {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }
    #[cfg(not(unix))]
    builder.create(path)
}

/// Writes a file that only its owner can read, in one step: whoever reads it sees the old content or the new.
/// Its folder is made where it is missing.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file name"));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !folder.is_dir() {
        private_dir(folder)?;
    }
    let unique = format!(".{}-{}.tmp", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut temporary = name.to_owned();
    temporary.push(unique);
    let temporary = folder.join(temporary);
    let written = create_private(&temporary).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    });
    if written.is_err() {
        // What it could not finish it takes away; the first error is the one that matters.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

fn create_private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_follow_their_bases() {
        let paths = Paths::within(Path::new("/home/me/.config"), Path::new("/home/me/.local/state"));
        assert_eq!(paths.config_file(), Path::new("/home/me/.config/watchfloor/config.toml"));
        assert_eq!(paths.themes(), Path::new("/home/me/.config/watchfloor/themes"));
        assert_eq!(paths.last_wall(), Path::new("/home/me/.local/state/watchfloor/last-wall.json"));
        assert_eq!(paths.logs(), Path::new("/home/me/.local/state/watchfloor/logs"));
    }

    #[test]
    fn writing_replaces_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/file");
        write_private(&path, b"one").unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        let blocked = folder.path().join("a");
        assert!(write_private(&blocked, b"three").is_err(), "a folder is not replaced");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nor is a half-written file left");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/file");
        write_private(&path, b"one").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        std::fs::set_permissions(path.parent().unwrap(), std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        private_dir(path.parent().unwrap()).unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}
