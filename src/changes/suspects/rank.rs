//! The order of the suspects.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::judged::{Judged, Tier};
use super::names::{Red, Related};
use super::relation;
use crate::base::Text;
use crate::changes::span::Span;
use crate::model::{Change, ChangeKind, Severity};

/// How long before it turned red something may have changed to be suspected.
pub const BEFORE: SignedDuration = SignedDuration::from_mins(30);
/// Times of metrics are known to the minute, and to the period: what seems to follow within this time may be the cause.
pub const AFTER: SignedDuration = SignedDuration::from_mins(2);
/// Alarms and autoscaling react late, after their evaluation periods: what they do within this time tells of the cause.
pub const REACTION: SignedDuration = SignedDuration::from_mins(10);
/// Suspects told of; what follows is not suspicious any more.
const MOST: usize = 200;
/// A score from here on is a likely cause; alarms stand behind these and before all others.
const LIKELY: i64 = 45;

/// A change with the reason for its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// The change.
    pub change: Arc<Change>,
    /// Why it is suspected, in words.
    pub why: Text,
    /// True for a likely cause; false for symptoms and what only happened at the time.
    pub likely: bool,
}

/// When it turned red: as the signal says; else when the first alarm that is still on went off; else now.
pub fn onset<'a>(changes: impl Iterator<Item = &'a Arc<Change>>, red: &Red, now: Timestamp) -> Timestamp {
    if let Some(since) = red.since {
        return since;
    }
    let mut newest: HashMap<&Text, &Arc<Change>> = HashMap::new();
    for change in changes.filter(|change| change.env == red.env && change.kind == ChangeKind::Alarm && change.at <= now)
    {
        let known = newest.entry(&change.resource).or_insert(change);
        if known.at < change.at {
            *known = change;
        }
    }
    let on: Vec<&Arc<Change>> = newest.into_values().filter(|change| change.is_alarm_raised()).collect();
    let first = |own: bool| {
        let counted = on.iter().filter(|change| !own || red.relation(change) != Related::No);
        counted.map(|change| change.at).min()
    };
    first(true).or_else(|| first(false)).unwrap_or(now)
}

/// The span to read so that the suspects of `red` are in it.
pub fn span(red: &Red, now: Timestamp) -> Span {
    let to = red.since.and_then(|since| since.checked_add(REACTION).ok()).unwrap_or(now).min(now);
    let length = if red.since.is_some() { BEFORE + REACTION } else { BEFORE * 4 };
    Span::before(to, length)
}

/// The changes of the environment in the half hour before it turned red and the reactions to it, most suspicious first.
pub fn suspects<'a>(changes: impl Iterator<Item = &'a Arc<Change>> + Clone, red: &Red, now: Timestamp) -> Vec<Suspect> {
    let onset = onset(changes.clone(), red, now);
    let from = onset.checked_sub(BEFORE).unwrap_or(Timestamp::UNIX_EPOCH);
    let until = |after| Span { from, to: onset.checked_add(after).unwrap_or(onset) };
    let (window, longer) = (until(AFTER), until(REACTION));
    let seen = |change: &Change| window.contains(change.at) || (reacts(change) && longer.contains(change.at));
    let mut judged: Vec<Judged<'a>> = changes
        .filter(|change| change.env == red.env && seen(change))
        .map(|change| judge(change, red, onset))
        .collect();
    judged.sort_by(|a, b| a.order().cmp(&b.order()));
    mark_repeats(&mut judged);
    judged.sort_by(|a, b| a.order().cmp(&b.order()));
    let raised = judged.iter().filter(|one| one.tier == Tier::Alarm).map(|one| one.change.at).min();
    let several = judged.iter().filter(|one| one.tier == Tier::Alarm).count() > 1;
    let suspect = |one: Judged<'a>| {
        let first = one.tier == Tier::Alarm && several && Some(one.change.at) == raised;
        Suspect {
            change: Arc::clone(one.change),
            why: relation::why(&one, first, onset),
            likely: one.tier == Tier::Likely,
        }
    };
    judged.into_iter().take(MOST).map(suspect).collect()
}

fn reacts(change: &Change) -> bool {
    change.is_alarm_raised() || change.kind == ChangeKind::Scaling
}

fn judge<'a>(change: &'a Arc<Change>, red: &Red, onset: Timestamp) -> Judged<'a> {
    let related = red.relation(change);
    let area = relation::is_of(red.signal, change);
    if change.kind.is_symptom() {
        let tier = if change.is_alarm_raised() { Tier::Alarm } else { Tier::News };
        return Judged { change, tier, related, area, score: 0, repeats: false };
    }
    let score = base(change)
        + match related {
            Related::Same => 40,
            Related::Near => 25,
            Related::No => 0,
        }
        + if area { 15 } else { 0 }
        + closeness(change.at, onset);
    let tier = match (score >= LIKELY, change.at.duration_since(onset) > AFTER) {
        (true, true) => Tier::Reaction,
        (true, false) => Tier::Likely,
        (false, _) => Tier::Unlikely,
    };
    Judged { change, tier, related, area, score, repeats: false }
}

/// AWS tells the same event again and again: the most suspicious of them stands for all, so that they do not hide what
/// came before.
fn mark_repeats(judged: &mut [Judged<'_>]) {
    let mut seen = HashSet::new();
    for one in judged.iter_mut().filter(|one| !one.change.is_deliberate() && !one.change.kind.is_symptom()) {
        one.repeats = !seen.insert((one.change.kind, &one.change.resource));
    }
}

/// How suspicious a change is by itself.
fn base(change: &Change) -> i64 {
    let by_severity = |critical, warning, ok| match change.severity {
        Severity::Critical => critical,
        Severity::Warning => warning,
        _ => ok,
    };
    let base = match change.kind {
        ChangeKind::Failover => 46,
        ChangeKind::Database | ChangeKind::Cache => by_severity(45, 30, 5),
        ChangeKind::ServiceEvent => by_severity(30, 20, 5),
        ChangeKind::Scaling => by_severity(30, 25, 15),
        ChangeKind::AlarmConfiguration => 20,
        // It tells of one that changed something, or of none.
        ChangeKind::Action if !change.is_deliberate() => -100,
        _ if change.is_deliberate() => 50 + by_severity(15, 10, 0),
        _ => 0,
    };
    // The alias of a version says no more than its publishing, and not when; a new image is told with its deployment.
    base - i64::from(change.estimated) * 3 - i64::from(change.kind == ChangeKind::TaskDefinition)
}

/// 20 for what happened at the same time, 0 half an hour before; what followed is hardly the cause.
fn closeness(at: Timestamp, onset: Timestamp) -> i64 {
    let seconds = onset.duration_since(at).as_secs();
    let window = BEFORE.as_secs();
    if seconds < -60 { -25 } else { 20 - 20 * seconds.clamp(0, window) / window }
}
