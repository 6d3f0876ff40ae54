//! The last known wall on disk, so that the next start shows something at once — marked as what it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Reading;

/// Changes when the shape below changes; another version's file is not read.
const SCHEMA: u32 = 1;
/// Resources kept of a reading: the worst ones. The rest comes back with the first answer.
const RESOURCES_KEPT: usize = 50;

/// Last readings by environment (`system/name`) and signal id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LastWall {
    schema: u32,
    /// By environment: the account that was verified, and its readings.
    pub environments: BTreeMap<String, LastEnvironment>,
}

/// Last readings of one environment.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LastEnvironment {
    /// Region and configured account when they were read: an environment that has moved shows nothing old.
    pub place: String,
    /// By signal id.
    pub readings: BTreeMap<String, LastReading>,
}

/// One last reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastReading {
    /// When AWS answered.
    pub at: Timestamp,
    /// What it said.
    pub reading: Reading,
}

impl LastWall {
    /// An empty one.
    pub fn new() -> Self {
        Self { schema: SCHEMA, ..Self::default() }
    }

    /// Adds a reading without its longest parts.
    pub fn insert(&mut self, label: &str, place: &str, signal: &str, reading: &Reading, at: Timestamp) {
        let mut reading = reading.clone();
        reading.resources.truncate(RESOURCES_KEPT);
        for resource in &mut reading.resources {
            resource.series = None;
        }
        let environment = self.environments.entry(label.to_owned()).or_default();
        place.clone_into(&mut environment.place);
        environment.readings.insert(signal.to_owned(), LastReading { at, reading });
    }

    /// From a file's bytes; `None` when they are not a last wall of this version.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(bytes).ok().filter(|wall| wall.schema == SCHEMA)
    }

    /// As a file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
