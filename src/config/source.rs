//! A text file that was read, with its name: what problems point into.

use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use crate::config::problem::{Position, Problem};

/// No configuration or theme is larger (bytes).
const LARGEST: u64 = 1024 * 1024;

/// A text and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// File name as messages print it.
    pub file: String,
    /// The content.
    pub text: String,
}

impl Source {
    /// From a text that is already there.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Self {
        Self { file: file.into(), text: text.into() }
    }

    /// Reads a file; `None` when there is none. Refuses what is no regular file, no UTF-8 or larger than 1 MiB, and
    /// warns of a file that every user may write.
    pub fn read(path: &Path) -> Result<Option<(Self, Vec<Problem>)>, Problem> {
        let file = path.display().to_string();
        let refuse = |what: String| Problem::error(&file, None, what);
        // Looked at before it is opened: opening a pipe would wait for its writer.
        let found = match std::fs::metadata(path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refuse(format!("cannot be read: {error}"))),
        };
        if !found.is_file() {
            return Err(refuse("is not a file".into()));
        }
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .and_then(|open| open.take(LARGEST + 1).read_to_end(&mut bytes))
            .map_err(|error| refuse(format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > LARGEST {
            return Err(refuse(format!("is larger than {} KiB", LARGEST / 1024)));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let start = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            Problem::error(&file, Some(Position::at(&start, valid)), "is not UTF-8 text")
        })?;
        let warnings = world_writable(&found, &file).into_iter().collect();
        Ok(Some((Self { file, text }, warnings)))
    }

    /// The place of a span's start.
    pub fn position(&self, span: &Range<usize>) -> Position {
        Position::at(&self.text, span.start)
    }
}

#[cfg(unix)]
fn world_writable(found: &std::fs::Metadata, file: &str) -> Option<Problem> {
    use std::os::unix::fs::MetadataExt;
    let writable = found.mode() & 0o002 != 0;
    let problem = || Problem::warning(file, None, "every user of this machine may change this file");
    writable.then(|| problem().with_suggestion(Some(format!("chmod 600 {file}"))))
}

#[cfg(not(unix))]
fn world_writable(_found: &std::fs::Metadata, _file: &str) -> Option<Problem> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_readable_text_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert!(Source::read(&path("nothing")).unwrap().is_none());
        assert!(Source::read(folder.path()).unwrap_err().what.contains("not a file"));
        std::fs::write(path("bytes"), b"a = 1\nb = \xff").unwrap();
        let problem = Source::read(&path("bytes")).unwrap_err();
        assert_eq!(problem.position, Some(Position { line: 2, column: 5 }));
        std::fs::write(path("large"), vec![b'#'; 1024 * 1024 + 1]).unwrap();
        assert!(Source::read(&path("large")).unwrap_err().what.contains("larger than 1024 KiB"));
        std::fs::write(path("good"), "a = 1").unwrap();
        let (source, warnings) = Source::read(&path("good")).unwrap().unwrap();
        assert_eq!((source.text.as_str(), warnings.len()), ("a = 1", 0));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_everyone_may_write_is_warned_of() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("open.toml");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        let (_, warnings) = Source::read(&path).unwrap().unwrap();
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].suggestion.as_ref().unwrap().starts_with("chmod 600 "));
    }
}
