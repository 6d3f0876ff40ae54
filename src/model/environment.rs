//! An environment: one deployment of a system, in one account and one region.

use serde::{Deserialize, Serialize};

use crate::base::Text;

/// Position of an environment in the configuration's order; columns keep that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvId(pub usize);

/// How careful to be with an environment: its look and its guard policy.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// For building.
    #[default]
    Development,
    /// For trying.
    Staging,
    /// For customers.
    Production,
}

impl Tier {
    /// The word for it, as in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }
}

/// What the screens need to know of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its place in the configuration.
    pub id: EnvId,
    /// The product it is a deployment of, e.g. `payments`.
    pub system: Text,
    /// Its name within the system, e.g. `prod`.
    pub name: Text,
    /// Look and guard policy.
    pub tier: Tier,
    /// AWS region code.
    pub region: Text,
    /// The 12-digit account that the credentials must answer with.
    pub account: Option<Text>,
    /// The AWS profile, for messages that tell what to run.
    pub profile: Option<Text>,
    /// True when the configuration forbids arming it.
    pub read_only: bool,
}

impl Environment {
    /// One of which nothing is known: nothing may be changed there.
    pub fn unknown(id: EnvId) -> Self {
        let (system, name, region) = (Text::default(), Text::default(), Text::default());
        let tier = Tier::Production;
        Self { id, system, name, tier, region, account: None, profile: None, read_only: true }
    }
}
