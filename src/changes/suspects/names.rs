//! What is red, and whether something else has to do with it, by names and ARNs.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::base::Text;
use crate::model::{Change, EnvId, Environment, Resource, SignalId};

/// What turned red.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Red {
    /// In which environment.
    pub env: EnvId,
    /// Which signal says so; `None` for the environment as a whole.
    pub signal: Option<SignalId>,
    /// Since when, where known.
    pub since: Option<Timestamp>,
    names: BTreeSet<Text>,
    words: Vec<BTreeSet<String>>,
    common: BTreeSet<String>,
}

/// How a change has to do with what is red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Related {
    /// Not by any name.
    No,
    /// By the words of its name, or by what it belongs to.
    Near,
    /// It is the same thing.
    Same,
}

/// Words of names that say what kind of thing it is, or what an alarm is about, not which one.
const GENERIC: &[&str] = &[
    "alarm",
    "alarms",
    "high",
    "low",
    "errors",
    "error",
    "rate",
    "cpu",
    "memory",
    "p95",
    "p99",
    "latency",
    "lambda",
    "ecs",
    "eks",
    "rds",
    "dynamodb",
    "elasticache",
    "msk",
    "alb",
    "api",
    "sqs",
    "redis",
    "service",
    "services",
    "table",
    "function",
    "cluster",
    "node",
    "nodes",
    "group",
    "warning",
    "critical",
    "5xx",
    "4xx",
    "throttles",
    "throttling",
    "tasks",
    "task",
    "count",
    "usage",
    "utilization",
    "aws",
    "app",
    "main",
    "live",
    "tier",
];

impl Red {
    /// What is red in an environment: the resources that are, and since when.
    pub fn new<'a>(
        environment: &Environment,
        signal: Option<SignalId>,
        resources: impl Iterator<Item = &'a Resource>,
        since: Option<Timestamp>,
    ) -> Self {
        let common = [&environment.system, &environment.name, &environment.region];
        let common: BTreeSet<String> = common.into_iter().flat_map(|name| words(name)).collect();
        let mut red = Self { env: environment.id, signal, since, names: BTreeSet::new(), words: Vec::new(), common };
        for resource in resources {
            red.names.extend([&resource.name, &resource.arn].into_iter().filter(|name| !name.is_empty()).cloned());
            let telling = red.telling(&resource.name);
            if !telling.is_empty() && !red.words.contains(&telling) {
                red.words.push(telling);
            }
        }
        red
    }

    /// True when a change is one of the thing itself, by its name or ARN.
    pub fn is(&self, change: &Change) -> bool {
        let part = |name: &Text| {
            let rest = change.arn.strip_prefix(&**name);
            name.starts_with("arn:") && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        };
        let path = |name: &Text| name.split(['/', ':']).any(|part| *part == *change.resource);
        self.names.contains(&change.resource) || self.names.iter().any(|name| part(name) || path(name))
    }

    /// How a change has to do with it.
    pub fn relation(&self, change: &Change) -> Related {
        if self.is(change) {
            return Related::Same;
        }
        let telling = self.telling(&change.resource);
        let covers = |words: &BTreeSet<String>| !telling.is_empty() && telling.is_subset(words);
        if self.words.iter().any(covers) {
            return Related::Same;
        }
        let touched = change
            .touches
            .iter()
            .any(|name| self.names.iter().any(|own| own == name || own.split(['/', ':']).any(|part| *part == **name)));
        let shares = |words: &BTreeSet<String>| words.intersection(&telling).next().is_some();
        if touched || self.words.iter().any(shares) { Related::Near } else { Related::No }
    }

    /// The words of a name that tell which thing it is.
    fn telling(&self, name: &str) -> BTreeSet<String> {
        let telling = |word: &String| {
            !self.common.contains(word)
                && !GENERIC.contains(&word.as_str())
                && !word.chars().all(|letter| letter.is_ascii_digit())
        };
        words(name).filter(telling).collect()
    }
}

/// The words of a name in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 1).map(str::to_lowercase)
}
