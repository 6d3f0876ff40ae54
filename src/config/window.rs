//! One change freeze: when an environment's owners want nothing changed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::config::metric::is_called;
use crate::config::week::Weekly;
use crate::model::{Environment, Tier};

/// One change freeze: from an instant to another, or every week.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FreezeConfig {
    /// What it is called, e.g. `Christmas`.
    pub name: String,
    /// Why, and whom to ask.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Which environments, by `name` or `system/name`; every production environment, when empty.
    pub environments: Vec<String>,
    /// When it begins: an RFC 3339 instant, e.g. `2026-12-20T00:00:00Z`.
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// When it has ended: an RFC 3339 instant.
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Every week in place of once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly: Option<Weekly>,
}

impl FreezeConfig {
    /// True where it concerns the environment.
    pub fn is_for(&self, environment: &Environment) -> bool {
        if self.environments.is_empty() {
            return environment.tier == Tier::Production;
        }
        self.environments.iter().any(|wanted| is_called(wanted, &environment.system, &environment.name))
    }

    /// When it ends, where it is on at `now`. The first instant is within it, the last one is not.
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        if let Some(weekly) = &self.weekly {
            let left = SignedDuration::from_secs(weekly.seconds_left(now)?);
            return Some(now.checked_add(left).unwrap_or(Timestamp::MAX));
        }
        // Without a beginning it is on already, without an end it stays on: in doubt the calendar is closed.
        let until = self.until.unwrap_or(Timestamp::MAX);
        (self.from.is_none_or(|from| from <= now) && now < until).then_some(until)
    }

    /// Its name, and its reason where it has one.
    pub fn says(&self) -> String {
        if self.reason.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.reason) }
    }
}
