//! CloudWatch's alarm mute rules: alarms whose actions are held back for a time.

use jiff::{SignedDuration, Timestamp};

use super::Tags;

/// A rule that mutes once.
#[derive(Debug, Clone, PartialEq)]
pub struct MuteRule {
    /// Name, unique in its account and region.
    pub name: String,
    /// ARN.
    pub arn: String,
    /// What it is for.
    pub description: String,
    /// As it was given, `at(yyyy-MM-ddThh:mm)`.
    pub expression: String,
    /// As it was given, an ISO 8601 duration.
    pub duration: String,
    /// As it was given.
    pub timezone: Option<String>,
    /// When the alarms fall silent.
    pub at: Timestamp,
    /// For how long.
    pub lasts: SignedDuration,
    /// Names of the alarms.
    pub alarms: Vec<String>,
    /// When the rule begins to count.
    pub start: Option<Timestamp>,
    /// When the rule ends, whatever its schedule says.
    pub expire: Option<Timestamp>,
    /// When it was made or last changed.
    pub updated: Timestamp,
    /// Tags.
    pub tags: Tags,
}

impl MuteRule {
    /// `SCHEDULED`, `ACTIVE` or `EXPIRED`.
    pub fn status(&self, now: Timestamp) -> &'static str {
        let over = self.at.checked_add(self.lasts).unwrap_or(Timestamp::MAX);
        if over <= now || self.expire.is_some_and(|expire| expire <= now) {
            "EXPIRED"
        } else if self.at <= now && self.start.is_none_or(|start| start <= now) {
            "ACTIVE"
        } else {
            "SCHEDULED"
        }
    }
}
