//! Files that only this user can change: a runbook that others can write is not read.

use std::io;
use std::path::Path;

use crate::config::problem::Problem;
use crate::config::source::Source;

/// Reads a runbook file that only this user can change; `None` where there is none.
///
/// # Errors
/// What is wrong with the file or its folder, and the command that makes it right.
pub fn read(path: &Path) -> Result<Option<Source>, Problem> {
    let Some((source, _)) = Source::read(path)? else { return Ok(None) };
    private(path)?;
    Ok(Some(source))
}

/// Refuses a file that somebody else owns or can write, or whose folder is so. A link is followed: what it points to
/// and the folder of that count as well.
pub fn private(path: &Path) -> Result<(), Problem> {
    let file = path.display().to_string();
    let unreadable = |error: io::Error| Problem::error(&file, None, format!("cannot be judged: {error}"));
    let me = this_user().map_err(unreadable)?;
    let real = std::fs::canonicalize(path).map_err(unreadable)?;
    let folder = |path: &Path| {
        path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent }.to_owned())
    };
    for (looked_at, what) in
        [(Some(real.clone()), "this file"), (folder(path), "its folder"), (folder(&real), "its folder")]
    {
        let Some(looked_at) = looked_at else { continue };
        let found = std::fs::metadata(&looked_at).map_err(unreadable)?;
        if let Some((why, help)) = exposed(&found, me, &looked_at) {
            let problem = Problem::error(&file, None, format!("not used: {what} {why}"));
            return Err(problem.with_suggestion(Some(help)));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn exposed(found: &std::fs::Metadata, me: Option<u32>, path: &Path) -> Option<(String, String)> {
    use std::os::unix::fs::MetadataExt;
    let path = path.display();
    if me != Some(found.uid()) {
        let why = format!("belongs to another user (uid {})", found.uid());
        return Some((why, format!("chown it to yourself, then: chmod go-w {path}")));
    }
    let who = match found.mode() & 0o022 {
        0 => return None,
        0o020 => "its group",
        _ => "every user of this machine",
    };
    Some((format!("can be written by {who}"), format!("chmod go-w {path}")))
}

#[cfg(not(unix))]
fn exposed(_found: &std::fs::Metadata, _me: Option<u32>, _path: &Path) -> Option<(String, String)> {
    None
}

/// The user that this program runs as: the owner of what it makes. Where the system shows it, the owner of its process.
#[cfg(unix)]
fn this_user() -> io::Result<Option<u32>> {
    use std::os::unix::fs::MetadataExt;
    if let Ok(found) = std::fs::metadata("/proc/self") {
        return Ok(Some(found.uid()));
    }
    let path = std::env::temp_dir().join(format!("watchfloor-{}-{:016x}", std::process::id(), fastrand::u64(..)));
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
    let owner = file.metadata().map(|found| found.uid());
    std::fs::remove_file(&path)?;
    owner.map(Some)
}

#[cfg(not(unix))]
fn this_user() -> io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_others_can_write_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, "schema = 1").unwrap();
        chmod(&path, 0o644);
        assert_eq!(read(&path).unwrap().unwrap().text, "schema = 1");
        for (mode, who) in [(0o664, "its group"), (0o666, "every user"), (0o602, "every user")] {
            chmod(&path, mode);
            let problem = read(&path).unwrap_err();
            assert!(problem.what.contains(&format!("this file can be written by {who}")), "{problem}");
            assert!(problem.suggestion.as_ref().unwrap().starts_with("chmod go-w "), "{problem}");
        }
        chmod(&path, 0o600);
        chmod(folder.path(), 0o770);
        assert!(read(&path).unwrap_err().what.contains("its folder can be written by its group"));
        chmod(folder.path(), 0o700);
        assert!(read(&path).is_ok() && read(&folder.path().join("other.toml")).unwrap().is_none());
    }

    #[test]
    fn a_link_into_a_folder_that_others_can_write_is_not_followed() {
        let (folder, open) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(open.path().join("real.toml"), "").unwrap();
        let link = folder.path().join("link.toml");
        std::os::unix::fs::symlink(open.path().join("real.toml"), &link).unwrap();
        chmod(&open.path().join("real.toml"), 0o600);
        assert!(read(&link).is_ok());
        chmod(open.path(), 0o777);
        assert!(read(&link).unwrap_err().what.contains("its folder can be written by every user"));
    }

    #[test]
    fn another_owner_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let found = std::fs::metadata(folder.path()).unwrap();
        let me = this_user().unwrap().unwrap();
        chmod(folder.path(), 0o700);
        assert!(exposed(&found, Some(me), folder.path()).is_none());
        let (why, _) = exposed(&found, Some(me + 1), folder.path()).unwrap();
        assert!(why.starts_with("belongs to another user"), "{why}");
    }
}
