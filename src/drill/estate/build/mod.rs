//! From an estate's description to what exists at the beginning.

use jiff::{SignedDuration, Timestamp};

use super::EnvironmentData;
use crate::drill::world::EnvironmentWorld;

pub mod alarms;
mod balancers;
mod caches;
pub mod containers;
mod databases;
pub mod kubernetes;
mod logs;
mod queues;
pub mod serverless;
mod storage;
mod streams;

pub use caches::node_id;
pub use containers::family;

/// Where and when something is built.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The description.
    pub data: &'a EnvironmentData,
    /// Beginning of the scenario: ages count from here.
    pub began: Timestamp,
}

impl Site<'_> {
    /// `arn:aws:<service>:<region>:<account>:<rest>`.
    pub fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{rest}", self.data.head.region, self.data.head.account)
    }

    /// ARN of a role of the account.
    pub fn role(&self, name: &str) -> String {
        format!("arn:aws:iam::{}:role/{name}", self.data.head.account)
    }

    /// One of the region's zones; the first three take turns.
    pub fn zone(&self, place: usize) -> String {
        format!("{}{}", self.data.head.region, ["a", "b", "c"][place % 3])
    }

    /// A time before the beginning of the scenario.
    pub fn days_ago(&self, days: u32) -> Timestamp {
        self.began.checked_sub(SignedDuration::from_hours(i64::from(days) * 24)).unwrap_or(self.began)
    }
}

/// An environment as it is on a calm day.
pub fn environment(data: &EnvironmentData, began: Timestamp) -> EnvironmentWorld {
    let site = Site { data, began };
    let mut world = EnvironmentWorld {
        name: data.head.name.clone(),
        account: data.head.account.clone(),
        region: data.head.region.clone(),
        ..EnvironmentWorld::default()
    };
    serverless::build(&mut world, &site);
    containers::build(&mut world, &site);
    databases::build(&mut world, &site);
    caches::build(&mut world, &site);
    streams::build(&mut world, &site);
    balancers::build(&mut world, &site);
    storage::build(&mut world, &site);
    queues::build(&mut world, &site);
    logs::build(&mut world, &site);
    kubernetes::build(&mut world, &site);
    alarms::build(&mut world, &site);
    world
}
