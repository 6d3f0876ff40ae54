//! What is deployed in one environment at one time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::compare::setting::Configured;
use crate::model::{EnvId, Environment, Fault, Tier};

/// A kind of resource that could not be listed: nothing is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unlisted {
    /// e.g. `lambda function`.
    pub kind: Text,
    /// Why.
    pub fault: Fault,
}

/// One environment's configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The product.
    pub system: Text,
    /// The environment's name.
    pub name: Text,
    /// How careful to be with it.
    pub tier: Tier,
    /// Region code.
    pub region: Text,
    /// 12 digits; `None` where nobody could say.
    pub account: Option<Text>,
    /// When it was read.
    pub at: Timestamp,
    /// What there is, by kind and name.
    pub resources: Vec<Configured>,
    /// The kinds that could not be listed.
    pub unlisted: Vec<Unlisted>,
    /// Aliases of KMS keys by the keys' ids: what settings that name a key are compared by.
    pub key_names: BTreeMap<Text, Text>,
    /// Why nothing at all could be read.
    pub fault: Option<Fault>,
}

impl Snapshot {
    /// An environment of which nothing is known yet.
    pub fn empty(environment: &Environment, at: Timestamp) -> Self {
        Self {
            system: environment.system.clone(),
            name: environment.name.clone(),
            tier: environment.tier,
            region: environment.region.clone(),
            account: environment.account.clone(),
            at,
            resources: Vec::new(),
            unlisted: Vec::new(),
            key_names: BTreeMap::new(),
            fault: None,
        }
    }

    /// An environment that cannot be read.
    pub fn unread(environment: &Environment, at: Timestamp, fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::empty(environment, at) }
    }

    /// The environment, for names. Its place in a configuration is not kept.
    pub fn environment(&self) -> Environment {
        Environment {
            id: EnvId(0),
            system: self.system.clone(),
            name: self.name.clone(),
            tier: self.tier,
            region: self.region.clone(),
            account: self.account.clone(),
            profile: None,
            read_only: true,
        }
    }

    /// Why nothing is known of a kind; `None` where it was listed.
    pub fn unlisted(&self, kind: &str) -> Option<&Fault> {
        let listed = self.unlisted.iter().find(|unlisted| &*unlisted.kind == kind).map(|unlisted| &unlisted.fault);
        self.fault.as_ref().or(listed)
    }
}
