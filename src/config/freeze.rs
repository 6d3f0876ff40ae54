//! The calendar of change freezes. Pure: the time is passed in.

use jiff::Timestamp;

use crate::base::Text;
use crate::config::schema::Config;
use crate::config::window::FreezeConfig;
use crate::model::{Environment, Tier};

/// What the calendar says of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calendar {
    /// No change freeze.
    Open,
    /// A change freeze, or several.
    Closed {
        /// Their names and reasons.
        says: Text,
        /// When the last of them ends.
        until: Timestamp,
    },
    /// A part of the calendar could not be read: for production that counts as closed.
    Unreadable(Text),
}

/// The calendar of an environment at `now`.
pub fn state(config: &Config, environment: &Environment, now: Timestamp) -> Calendar {
    let of_it = config.freezes.iter().filter(|freeze| freeze.is_for(environment));
    let on: Vec<(&FreezeConfig, Timestamp)> = of_it.filter_map(|freeze| Some((freeze, freeze.until(now)?))).collect();
    let concerned = environment.tier == Tier::Production;
    let unreadable: Vec<&str> =
        config.unreadable_freezes.iter().filter(|_| concerned).map(|entry| entry.as_str()).collect();
    match on.iter().map(|(_, until)| *until).max() {
        Some(until) => {
            let names = on.iter().map(|(freeze, _)| freeze.says());
            let says: Vec<String> = names.chain(unreadable.iter().map(|entry| (*entry).to_owned())).collect();
            Calendar::Closed { says: Text::new(says.join("; ")), until }
        }
        None if unreadable.is_empty() => Calendar::Open,
        None => Calendar::Unreadable(Text::new(unreadable.join("; "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EnvironmentConfig;
    use crate::model::EnvId;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn environment(name: &str, tier: Tier) -> Environment {
        let config = EnvironmentConfig { system: "payments".into(), name: name.into(), tier, ..Default::default() };
        config.environment(EnvId(0))
    }

    fn prod() -> Environment {
        environment("prod", Tier::Production)
    }

    fn christmas() -> FreezeConfig {
        FreezeConfig {
            name: "Christmas".into(),
            from: Some(at("2026-12-20T00:00:00Z")),
            until: Some(at("2026-12-27T00:00:00Z")),
            ..FreezeConfig::default()
        }
    }

    fn calendar(freezes: Vec<FreezeConfig>, environment: &Environment, now: &str) -> Calendar {
        state(&Config { freezes, ..Config::default() }, environment, at(now))
    }

    #[test]
    fn it_is_on_from_its_first_instant_until_its_last() {
        for (now, is_on) in [
            ("2026-12-19T23:59:59.999Z", false),
            ("2026-12-20T00:00:00Z", true),
            ("2026-12-26T23:59:59.999Z", true),
            ("2026-12-27T00:00:00Z", false),
        ] {
            let closed = Calendar::Closed { says: "Christmas".into(), until: at("2026-12-27T00:00:00Z") };
            let expected = if is_on { closed } else { Calendar::Open };
            assert_eq!(calendar(vec![christmas()], &prod(), now), expected, "{now}");
        }
    }

    #[test]
    fn without_names_it_is_for_production_and_with_names_for_those() {
        let on = |freeze: &FreezeConfig, name, tier| freeze.is_for(&environment(name, tier));
        assert!(on(&christmas(), "live", Tier::Production));
        assert!(!on(&christmas(), "prod", Tier::Staging));
        for name in ["staging", "payments/staging"] {
            let named = FreezeConfig { environments: vec![name.into()], ..christmas() };
            assert!(on(&named, "staging", Tier::Staging) && !on(&named, "prod", Tier::Production));
        }
        let other = FreezeConfig { environments: vec!["wallet/prod".into()], ..christmas() };
        assert!(!on(&other, "prod", Tier::Production));
    }

    #[test]
    fn several_are_told_together_and_the_last_end_counts() {
        let release = FreezeConfig {
            name: "Release".into(),
            reason: "ask Ana".into(),
            until: Some(at("2026-12-24T00:00:00Z")),
            ..christmas()
        };
        let says = "Christmas; Release (ask Ana)".into();
        let closed = Calendar::Closed { says, until: at("2026-12-27T00:00:00Z") };
        assert_eq!(calendar(vec![christmas(), release], &prod(), "2026-12-21T00:00:00Z"), closed);
    }

    #[test]
    fn what_cannot_be_read_closes_production_and_is_told_beside_what_can() {
        let config = |freezes| Config { freezes, unreadable_freezes: vec!["line 3".into()], ..Config::default() };
        let now = at("2026-12-21T00:00:00Z");
        assert_eq!(state(&config(vec![]), &prod(), now), Calendar::Unreadable("line 3".into()));
        assert_eq!(state(&config(vec![]), &environment("dev", Tier::Development), now), Calendar::Open);
        let closed = Calendar::Closed { says: "Christmas; line 3".into(), until: at("2026-12-27T00:00:00Z") };
        assert_eq!(state(&config(vec![christmas()]), &prod(), now), closed);
    }
}
