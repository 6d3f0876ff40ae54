//! Accounts of the drill: which credentials belong to which account, and the sessions of assumed roles.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use jiff::Timestamp;

/// Begins the access key id of an account's long-term credentials; its 12 digits follow.
const LONG_TERM: &str = "AKIADRIL";
/// Digits of an AWS account id.
const ACCOUNT_DIGITS: usize = 12;

/// Who a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// 12-digit account.
    pub account: String,
    /// `arn:aws:iam::…:user/…` or `arn:aws:sts::…:assumed-role/…`.
    pub arn: String,
    /// AWS's unique id of the principal, e.g. `AIDA…` or `AROA…:session`.
    pub user_id: String,
}

/// Temporary credentials of an assumed role.
#[derive(Debug, Clone)]
pub struct RoleSession {
    /// `ASIA…`, with the role's account in it.
    pub access_key_id: String,
    /// Not checked: the drill does not verify signatures.
    pub secret_access_key: String,
    /// Not checked either.
    pub session_token: String,
    /// When clients must ask again.
    pub expiration: Timestamp,
    /// Whom the credentials stand for.
    pub caller: Caller,
}

/// The accounts of an estate. Signatures are not verified: the access key id alone chooses the account.
#[derive(Debug)]
pub struct Accounts {
    known: Vec<String>,
    open: bool,
    sessions: Mutex<HashMap<String, Caller>>,
}

impl Accounts {
    /// The accounts with these ids, in the order of the environments. Only their own credentials are accepted.
    pub fn new(ids: impl IntoIterator<Item = String>) -> Self {
        let mut known: Vec<String> = Vec::new();
        for id in ids {
            if !known.contains(&id) {
                known.push(id);
            }
        }
        Self { known, open: false, sessions: Mutex::default() }
    }

    /// Accepts any access key: one that names no account stands for the first. So a user's own profiles and
    /// placeholder keys work against the served drill. A key that names an account which is not there is refused.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// The account ids, without repetitions.
    pub fn ids(&self) -> &[String] {
        &self.known
    }

    /// Static credentials of an account.
    pub fn credentials(account: &str) -> Credentials {
        Credentials::new(format!("{LONG_TERM}{account}"), "not-checked", None, None, "watchfloor drill")
    }

    /// Who owns an access key id. `None` where AWS would not know it.
    pub fn caller(&self, access_key_id: &str) -> Option<Caller> {
        if let Some(caller) = self.sessions.lock().unwrap_or_else(PoisonError::into_inner).get(access_key_id) {
            return Some(caller.clone());
        }
        match account_in(access_key_id) {
            Some(account) => self.known.iter().find(|known| *known == account).map(|known| user(known)),
            None if self.open => self.known.first().map(|first| user(first)),
            None => None,
        }
    }

    /// Assumes `arn:aws:iam::<account>:role/<path/name>`; the role need not exist. `None` where the ARN is not one of
    /// a role of a known account.
    pub fn assume(&self, role_arn: &str, session: &str, duration: Duration, now: SystemTime) -> Option<RoleSession> {
        let (account, path) = role_arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")?;
        let role = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        let account = self.known.iter().find(|known| *known == account)?;
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let serial = base32(sessions.len());
        let caller = Caller {
            account: account.clone(),
            arn: format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
            user_id: format!("AROADRIL{account}:{session}"),
        };
        let access_key_id = format!("ASIA{serial}{account}");
        sessions.insert(access_key_id.clone(), caller.clone());
        Some(RoleSession {
            access_key_id,
            secret_access_key: "not-checked".to_owned(),
            session_token: format!("drill/{role}/{session}"),
            expiration: Timestamp::try_from(now.checked_add(duration)?).ok()?,
            caller,
        })
    }
}

fn user(account: &str) -> Caller {
    Caller {
        account: account.to_owned(),
        arn: format!("arn:aws:iam::{account}:user/on-call"),
        user_id: format!("AIDADRIL{account}"),
    }
}

/// The run of exactly 12 digits in an access key id.
fn account_in(key: &str) -> Option<&str> {
    key.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == ACCOUNT_DIGITS)
}

/// Four letters, so that no digit joins the account's.
fn base32(mut serial: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut letters = ['A'; 4];
    for letter in letters.iter_mut().rev() {
        *letter = char::from(LETTERS[serial % LETTERS.len()]);
        serial /= LETTERS.len();
    }
    letters.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> Accounts {
        Accounts::new(["111122223333", "444455556666", "111122223333"].map(str::to_owned))
    }

    #[test]
    fn a_key_chooses_its_account() {
        let accounts = accounts();
        assert_eq!(accounts.ids(), ["111122223333", "444455556666"]);
        for key in ["AKIADRIL444455556666", "444455556666", "x-444455556666-y"] {
            assert_eq!(accounts.caller(key).unwrap().account, "444455556666", "{key}");
        }
        let own = Accounts::credentials("111122223333");
        assert_eq!(accounts.caller(own.access_key_id()).unwrap().account, "111122223333");
    }

    #[test]
    fn an_unknown_key_is_refused_unless_the_drill_is_open() {
        assert_eq!(accounts().caller("AKIAIOSFODNN7EXAMPLE"), None);
        assert_eq!(accounts().open().caller("AKIAIOSFODNN7EXAMPLE").unwrap().account, "111122223333");
        assert_eq!(accounts().open().caller("AKIADRIL999999999999"), None, "never another account's data");
    }

    #[test]
    fn an_assumed_role_stands_for_its_own_account() {
        let accounts = accounts();
        let assume = |arn: &str| accounts.assume(arn, "me", Duration::from_secs(900), SystemTime::UNIX_EPOCH);
        let one = assume("arn:aws:iam::444455556666:role/path/reader").unwrap();
        let two = assume("arn:aws:iam::444455556666:role/writer").unwrap();
        assert_ne!(one.access_key_id, two.access_key_id);
        assert_eq!(one.expiration.as_second(), 900);
        let caller = accounts.caller(&one.access_key_id).unwrap();
        assert_eq!(caller.arn, "arn:aws:sts::444455556666:assumed-role/reader/me");
        assert!(assume("arn:aws:iam::999999999999:role/reader").is_none());
        assert!(assume("arn:aws:iam::444455556666:role/").is_none());
        assert!(assume("arn:aws:iam::444455556666:user/x").is_none());
    }
}
