//! Logical names: the same thing in every environment stands in one row.

use crate::base::Text;
use crate::model::{Environment, Tier};

/// Words to leave out of resource names.
#[derive(Debug, Clone, Default)]
pub struct Naming {
    environments: Vec<Phrase>,
    names: Vec<Phrase>,
    ignored: Vec<Phrase>,
}

/// Words that name an environment wherever they stand alone in a resource's name.
const ENVIRONMENT_WORDS: &[&str] =
    &["dev", "development", "test", "qa", "uat", "stg", "stage", "staging", "preprod", "prd", "prod", "production"];

/// One or more words in lower case that must follow each other, e.g. `us east 1`.
type Phrase = Vec<String>;

/// A word of a name with the separators that follow it.
struct Word<'a> {
    text: &'a str,
    lower: String,
    after: &'a str,
}

impl Naming {
    /// Naming for a set of environments: the names of all of them are left out, and so are the words in `ignore`.
    pub fn new<'a>(environments: impl Iterator<Item = &'a Environment> + Clone, ignore: &[String]) -> Self {
        let words = ENVIRONMENT_WORDS.iter().map(|word| phrase(word));
        Self {
            environments: unique(environments.clone().map(|e| phrase(&e.name)).chain(words)),
            names: unique(environments.map(|e| phrase(&e.name))),
            ignored: unique(ignore.iter().map(|word| phrase(word))),
        }
    }

    /// `name` without environment, the environment's own system, account and region, whole words only and longest
    /// first: `payments-prod-processing` → `processing`. The separator after a word that stays is kept, so that
    /// `table/index` stays apart. A name made of nothing else keeps its system (`uex-payments-prod` → `uex-payments`),
    /// and one that would still vanish is kept as it is.
    pub fn logical(&self, name: &str, environment: &Environment) -> Text {
        let words = split(name);
        let place = [phrase(&environment.region), phrase(environment.account.as_deref().unwrap_or_default())];
        let system = [phrase(&environment.system)];
        let rest = without(&words, &[&system, &self.environments, &self.ignored, &place])
            .or_else(|| without(&words, &[&self.environments, &self.ignored, &place]));
        rest.map_or_else(|| Text::new(name), Text::new)
    }

    /// The same for a name that an environment refers to: only its own words are left out. A name of another
    /// environment, or a word for another tier, stays and tells that it is another's.
    pub fn own(&self, name: &str, environment: &Environment) -> Text {
        let own = phrase(&environment.name);
        let words = tier_words(environment.tier).iter().map(|word| phrase(word));
        let environments = unique(words.filter(|word| !self.names.contains(word)).chain([own]));
        Self { environments, ..self.clone() }.logical(name, environment)
    }
}

/// The words of [`ENVIRONMENT_WORDS`] that an environment of a tier may be called.
fn tier_words(tier: Tier) -> &'static [&'static str] {
    match tier {
        Tier::Development => &["dev", "development", "test", "qa", "uat"],
        Tier::Staging => &["test", "qa", "uat", "stg", "stage", "staging", "preprod"],
        Tier::Production => &["prd", "prod", "production"],
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | '/' | '.' | ' ' | ':')
}

fn phrase(text: &str) -> Phrase {
    split(text).into_iter().map(|word| word.lower).collect()
}

fn unique(phrases: impl Iterator<Item = Phrase>) -> Vec<Phrase> {
    let mut all: Vec<Phrase> = phrases.filter(|phrase| !phrase.is_empty()).collect();
    all.sort();
    all.dedup();
    all
}

fn split(name: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut rest = name.trim_start_matches(is_separator);
    while !rest.is_empty() {
        let (text, tail) = rest.split_at(rest.find(is_separator).unwrap_or(rest.len()));
        let next = tail.trim_start_matches(is_separator);
        words.push(Word { text, lower: text.to_lowercase(), after: &tail[..tail.len() - next.len()] });
        rest = next;
    }
    words
}

/// The name without the phrases; `None` when nothing would be left.
fn without(words: &[Word<'_>], phrases: &[&[Phrase]]) -> Option<String> {
    let mut kept: Vec<&Word<'_>> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match longest_match(&words[at..], phrases) {
            0 => {
                kept.push(&words[at]);
                at += 1;
            }
            matched => at += matched,
        }
    }
    let last = kept.pop()?;
    let mut name: String = kept.iter().flat_map(|word| [word.text, word.after]).collect();
    name.push_str(last.text);
    Some(name)
}

/// How many words the longest phrase at the beginning of `words` has; 0 for none.
fn longest_match(words: &[Word<'_>], phrases: &[&[Phrase]]) -> usize {
    let begins = |phrase: &&Phrase| {
        !phrase.is_empty() && phrase.len() <= words.len() && words.iter().zip(*phrase).all(|(a, b)| a.lower == *b)
    };
    phrases.iter().flat_map(|group| group.iter()).filter(begins).map(Vec::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::model::EnvId;

    fn environment(system: &str, name: &str) -> Environment {
        Environment {
            id: EnvId(0),
            system: system.into(),
            name: name.into(),
            tier: Tier::Production,
            region: "us-east-1".into(),
            account: Some("111122223333".into()),
            profile: None,
            read_only: false,
        }
    }

    fn logical(system: &str, name: &str) -> Text {
        let environment = environment(system, "prod");
        Naming::new([environment.clone()].iter(), &["acme".to_owned()]).logical(name, &environment)
    }

    #[rstest]
    #[case("payments", "payments-prod-processing", "processing")]
    #[case("payments", "Payments_PROD_Processing", "Processing")]
    #[case("payments", "payments-dev-processing", "processing")]
    #[case("payments", "processing", "processing")]
    #[case("payments", "/ecs/payments-prod-api", "ecs/api")]
    #[case("payments", "//payments//prod//api//", "api")]
    #[case("payments", "payments-prod-us-east-1-x", "x")]
    #[case("payments", "payments-prod-us-east-2-x", "us-east-2-x")]
    #[case("payments", "x-111122223333", "x")]
    #[case("payments", "acme-payments-prod-x", "x")]
    #[case("payments", "payments-prod-transactions/by-user", "transactions/by-user")]
    #[case("payments", "payments-api/prod", "api")]
    #[case("payments", "payments-api/v1", "api/v1")]
    #[case("payments", "productivity-prod-payments2", "productivity-payments2")]
    #[case("uex-payments", "uex-payments-prod-processing-tier", "processing-tier")]
    #[case("uex-payments", "uex-payments-prod", "uex-payments")]
    #[case("uex-payments", "uex-prod-x", "uex-x")]
    #[case("payments", "prod", "prod")]
    #[case("payments", "payments", "payments")]
    #[case("payments", "-", "-")]
    #[case("payments", "", "")]
    #[case("payments", "prod-zahlungsströme-ß", "zahlungsströme-ß")]
    #[case("payments", "prod-支払い-İstanbul", "支払い-İstanbul")]
    fn leaves_out_what_differs(#[case] system: &str, #[case] name: &str, #[case] expected: &str) {
        assert_eq!(logical(system, name), expected);
    }

    #[test]
    fn the_longest_words_go_first() {
        let environments = [environment("payments", "prod"), environment("payments", "prod-eu")];
        let naming = Naming::new(environments.iter(), &[]);
        assert_eq!(naming.logical("payments-prod-eu-x", &environments[1]), "x");
    }

    #[rstest]
    #[case("payments-prod-alerts", "alerts")]
    #[case("payments-production-alerts", "alerts")]
    #[case("payments-staging-alerts", "staging-alerts")]
    #[case("payments-stage-alerts", "stage-alerts")]
    #[case("payments-us-east-1-x", "x")]
    fn of_names_that_are_referred_to_only_its_own_words_go(#[case] name: &str, #[case] expected: &str) {
        let environments = [environment("payments", "prod"), environment("payments", "staging")];
        let naming = Naming::new(environments.iter(), &[]);
        assert_eq!(naming.own(name, &environments[0]), expected);
    }

    #[test]
    fn another_systems_name_stays() {
        let environments = [environment("wallet", "prod"), environment("payments", "prod")];
        let naming = Naming::new(environments.iter(), &[]);
        assert_eq!(naming.logical("wallet-payments-export", &environments[0]), "payments-export");
    }

    proptest! {
        #[test]
        fn never_vanishes_and_adds_nothing(name in "\\PC{0,40}", system in "[a-z\\-]{0,12}") {
            let environment = environment(&system, "prod");
            let naming = Naming::new([environment.clone()].iter(), &[]);
            let logical = naming.logical(&name, &environment);
            let cleaned = Text::new(&name);
            prop_assert_eq!(logical.is_empty(), cleaned.is_empty());
            prop_assert!(logical.chars().count() <= cleaned.chars().count());
        }

        #[test]
        fn environments_share_a_row(thing in "[a-z]{1,8}[0-9][a-z]{0,8}") {
            let (prod, dev) = (environment("payments", "prod"), environment("payments", "dev"));
            let naming = Naming::new([prod.clone(), dev.clone()].iter(), &[]);
            prop_assert_eq!(
                naming.logical(&format!("payments-prod-{thing}"), &prod),
                naming.logical(&format!("payments-dev-{thing}"), &dev)
            );
        }
    }
}
