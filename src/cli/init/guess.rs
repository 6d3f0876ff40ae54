//! What the name of a profile says: `payments-prod-readonly` is system `payments`, environment `prod`, production, and
//! may only read.

use crate::model::Tier;

const TIERS: &[(Tier, &[&str])] = &[
    (Tier::Production, &["prod", "prd", "production", "live"]),
    (Tier::Staging, &["staging", "stage", "stg", "preprod", "pre", "preproduction", "uat", "qa", "acceptance", "acc"]),
    (Tier::Development, &["dev", "develop", "development", "test", "testing", "sandbox", "sbx", "playground"]),
];

/// Words for what a principal may do.
const READERS: &[&str] = &["readonly", "readonlyaccess", "ro", "viewer", "viewonly", "viewonlyaccess"];
const WRITERS: &[&str] = &[
    "admin",
    "administrator",
    "administratoraccess",
    "poweruser",
    "poweruseraccess",
    "operator",
    "deployer",
    "deploy",
];

/// How much a profile's name says that it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    /// It says that it only reads: the best one to watch with.
    Reads,
    /// It does not say.
    Unsaid,
    /// It says that it may change things.
    Changes,
}

/// What a name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub system: String,
    pub name: String,
    /// `None` where the name does not say.
    pub tier: Option<Tier>,
    pub access: Access,
}

pub(super) fn guess(profile: &str) -> Guess {
    let joined = profile.to_lowercase().replace("read-only", "readonly").replace("read_only", "readonly");
    let mut words: Vec<&str> = joined.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut access = Access::Unsaid;
    words.retain(|word| {
        let (reads, changes) = (READERS.contains(word), WRITERS.contains(word));
        if reads {
            access = Access::Reads;
        } else if changes {
            access = Access::Changes;
        }
        !reads && !changes
    });
    let found = words.iter().enumerate().rev().find_map(|(at, word)| Some((at, tier_of(word)?)));
    let name = found.map_or("main", |(at, _)| words[at]).to_owned();
    if let Some((at, _)) = found {
        words.remove(at);
    }
    let system = if words.is_empty() { "aws".to_owned() } else { words.join("-") };
    Guess { system: shorten(&system), name: shorten(&name), tier: found.map(|(_, tier)| tier), access }
}

fn tier_of(word: &str) -> Option<Tier> {
    let plain = word.trim_end_matches(|c: char| c.is_ascii_digit());
    TIERS.iter().find(|(_, words)| words.contains(&plain)).map(|(tier, _)| *tier)
}

/// Room is left for what tells two of the same name apart.
fn shorten(text: &str) -> String {
    text.chars().take(24).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(profile: &str) -> (String, String, Option<Tier>) {
        let guess = guess(profile);
        (guess.system, guess.name, guess.tier)
    }

    #[test]
    fn names_say_system_environment_and_tier() {
        let owned = |system: &str, name: &str, tier| (system.to_owned(), name.to_owned(), tier);
        assert_eq!(said("payments-prod"), owned("payments", "prod", Some(Tier::Production)));
        assert_eq!(said("prod-payments"), owned("payments", "prod", Some(Tier::Production)));
        assert_eq!(said("uex-payments-staging"), owned("uex-payments", "staging", Some(Tier::Staging)));
        assert_eq!(said("acme/wallet_dev2"), owned("acme-wallet", "dev2", Some(Tier::Development)));
        assert_eq!(said("AcmeCorp QA"), owned("acmecorp", "qa", Some(Tier::Staging)));
        assert_eq!(said("prod"), owned("aws", "prod", Some(Tier::Production)));
        assert_eq!(said("test-tool-prod"), owned("test-tool", "prod", Some(Tier::Production)));
        assert_eq!(said("billing"), owned("billing", "main", None));
        assert_eq!(said("product"), owned("product", "main", None), "a word that only begins like a tier");
        assert_eq!(said("***"), owned("aws", "main", None));
    }

    #[test]
    fn names_say_what_they_may_do() {
        assert_eq!(guess("payments-prod-read-only").access, Access::Reads);
        assert_eq!(guess("payments-prod-AdministratorAccess").access, Access::Changes);
        assert_eq!(guess("payments-prod").access, Access::Unsaid);
        assert_eq!(guess("payments-prod-admin").system, "payments");
    }
}
