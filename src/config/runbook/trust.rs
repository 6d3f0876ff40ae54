//! Which contents of the user's own runbooks this user trusts: their hashes, in a file that only this user can read.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::paths::write_private;
use crate::config::problem::Problem;
use crate::config::runbook::own;

/// What is known of a runbook's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// This very content was trusted.
    Trusted,
    /// Another content of this runbook was.
    Changed,
    /// Nothing of this id was.
    New,
}

/// The contents that are trusted, by the id of the runbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustFile {
    trusted: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: u32,
    trusted: BTreeMap<String, String>,
}

impl TrustFile {
    /// Reads the file; without one nothing is trusted, and neither is it with one that others can write or that cannot
    /// be read: then the problem says so.
    pub fn read(path: &Path) -> (Self, Option<Problem>) {
        let source = match own::read(path) {
            Ok(Some(source)) => source,
            Ok(None) => return (Self::default(), None),
            Err(problem) => return (Self::default(), Some(problem)),
        };
        match serde_json::from_str::<Written>(&source.text) {
            Ok(Written { schema: 1, trusted }) => (Self { trusted }, None),
            Ok(Written { schema, .. }) => {
                let what = format!("schema {schema} is not known here: no runbook of yours counts as trusted");
                (Self::default(), Some(Problem::error(&source.file, None, what)))
            }
            Err(error) => {
                let what = format!("cannot be read, so no runbook of yours counts as trusted: {error}");
                (Self::default(), Some(Problem::error(&source.file, None, what)))
            }
        }
    }

    /// What is known of this content.
    pub fn judge(&self, id: &str, hash: &str) -> Known {
        match self.trusted.get(id) {
            Some(trusted) if trusted == hash => Known::Trusted,
            Some(_) => Known::Changed,
            None => Known::New,
        }
    }

    /// Trusts this content from now on, in place of any other of the same id.
    pub fn trust(&mut self, id: &str, hash: &str) {
        self.trusted.insert(id.to_owned(), hash.to_owned());
    }

    /// Writes the file, readable for this user only.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let written = Written { schema: 1, trusted: self.trusted.clone() };
        write_private(path, format!("{}\n", serde_json::to_string_pretty(&written)?).as_bytes())
    }
}

/// SHA-256 of a runbook's text, in lower-case hexadecimal.
pub fn hash(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_content_is_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/trusted-runbooks.json");
        let (mut file, problem) = TrustFile::read(&path);
        assert!(problem.is_none());
        assert_eq!(file.judge("mine", &hash("a")), Known::New);
        file.trust("mine", &hash("a"));
        file.write(&path).unwrap();
        let (file, problem) = TrustFile::read(&path);
        assert!(problem.is_none());
        assert_eq!(file.judge("mine", &hash("a")), Known::Trusted);
        assert_eq!(file.judge("mine", &hash("a ")), Known::Changed);
        assert_eq!(file.judge("yours", &hash("a")), Known::New);
    }

    #[cfg(unix)]
    #[test]
    fn a_trust_file_that_others_can_write_or_that_is_broken_trusts_nothing() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trusted.json");
        let mut file = TrustFile::default();
        file.trust("mine", &hash("a"));
        file.write(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o660)).unwrap();
        let (read, problem) = TrustFile::read(&path);
        assert_eq!(read.judge("mine", &hash("a")), Known::New);
        assert!(problem.unwrap().what.contains("can be written by its group"));
        for broken in ["{", "{\"schema\":2,\"trusted\":{}}", "{\"schema\":1,\"trusted\":{},\"more\":1}"] {
            write_private(&path, broken.as_bytes()).unwrap();
            let (read, problem) = TrustFile::read(&path);
            assert!(problem.is_some() && read == TrustFile::default(), "{broken}");
        }
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
