//! From profiles to environments: profiles that lead to the same place become one environment.

use std::collections::BTreeSet;

use super::guess::{Access, Guess, guess};
use crate::config::aws_files::AwsProfile;
use crate::config::regions::well_formed;
use crate::model::Tier;

/// An environment to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub system: String,
    pub name: String,
    /// `None` where the name does not say.
    pub tier: Option<Tier>,
    pub profile: String,
    pub region: Option<String>,
    pub account: Option<String>,
    /// Other profiles that lead to the same place, those that may change things last.
    pub others: Vec<String>,
}

impl Found {
    /// One line for the operator.
    pub(super) fn summary(&self) -> String {
        let region = self.region.as_deref().unwrap_or("no region: write one");
        format!("{}/{}: profile {}, {region}", self.system, self.name, self.profile)
    }
}

struct Candidate<'a> {
    guess: Guess,
    profile: &'a AwsProfile,
    region: Option<&'a str>,
}

/// The environments, by system in the order of the profiles and by tier within a system.
pub(super) fn environments(profiles: &[AwsProfile]) -> Vec<Found> {
    let all: Vec<_> = profiles.iter().map(candidate).collect();
    let useful: Vec<_> = all.iter().filter(|candidate| !only_for_others(candidate, profiles)).collect();
    let mut found: Vec<(Found, Access)> = Vec::new();
    for candidate in if useful.is_empty() { all.iter().collect() } else { useful } {
        add(&mut found, candidate);
    }
    let mut found: Vec<_> = found.into_iter().map(|(found, _)| found).collect();
    tell_apart(&mut found);
    let systems: Vec<_> = found.iter().map(|found| found.system.clone()).collect();
    let rank = |found: &Found| systems.iter().position(|system| *system == found.system);
    found.sort_by_key(|found| (rank(found), found.tier.unwrap_or(Tier::Production)));
    found
}

fn candidate(profile: &AwsProfile) -> Candidate<'_> {
    let region = profile.region.as_deref().filter(|region| well_formed(region));
    Candidate { guess: guess(&profile.name), profile, region }
}

/// `default` beside named profiles, and keys that only serve to assume other profiles' roles, are no environments.
fn only_for_others(candidate: &Candidate<'_>, profiles: &[AwsProfile]) -> bool {
    let name = &candidate.profile.name;
    let is_source = profiles.iter().any(|other| other.name != *name && other.source_profile.as_ref() == Some(name));
    name == "default" || (is_source && !candidate.profile.assumes && candidate.guess.tier.is_none())
}

fn add(found: &mut Vec<(Found, Access)>, candidate: &Candidate<'_>) {
    let Candidate { guess, profile, region } = candidate;
    let same_place = found.iter_mut().find(|(other, _)| {
        (&other.system, &other.name) == (&guess.system, &guess.name)
            && other.account == profile.account
            && other.region.as_deref() == *region
    });
    match same_place {
        Some((other, access)) => {
            let (mut name, mut may) = (profile.name.clone(), guess.access);
            // The one that may do least watches.
            if may < *access {
                std::mem::swap(&mut other.profile, &mut name);
                std::mem::swap(access, &mut may);
            }
            let at = if may == Access::Changes { other.others.len() } else { 0 };
            other.others.insert(at, name);
        }
        None => {
            let new = Found {
                system: guess.system.clone(),
                name: guess.name.clone(),
                tier: guess.tier,
                profile: profile.name.clone(),
                region: region.map(str::to_owned),
                account: profile.account.clone(),
                others: Vec::new(),
            };
            found.push((new, guess.access));
        }
    }
}

/// Gives environments of the same name their region, account or number as well.
fn tell_apart(found: &mut [Found]) {
    let labels: Vec<_> = found.iter().map(|found| (found.system.clone(), found.name.clone())).collect();
    let mut taken = BTreeSet::new();
    for at in 0..found.len() {
        let twins: Vec<_> = (0..found.len()).filter(|other| labels[*other] == labels[at]).collect();
        let distinct = |part: &dyn Fn(&Found) -> Option<String>| {
            let parts: BTreeSet<_> = twins.iter().filter_map(|twin| part(&found[*twin])).collect();
            parts.len() == twins.len()
        };
        let mut name = found[at].name.clone();
        if twins.len() > 1 {
            if distinct(&|found| found.region.clone()) {
                name = format!("{name}-{}", found[at].region.clone().unwrap_or_default());
            } else if distinct(&|found| found.account.clone()) {
                name = format!("{name}-{}", found[at].account.clone().unwrap_or_default());
            }
        }
        let mut unique = name.clone();
        for number in 2.. {
            if taken.insert((found[at].system.clone(), unique.clone())) {
                break;
            }
            unique = format!("{name}-{number}");
        }
        found[at].name = unique;
    }
}
