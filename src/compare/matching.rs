//! From snapshots to the matrix: resources of different environments become one row by logical name.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Text;
use crate::compare::canonical::{Canonical, OWN};
use crate::compare::inventory;
use crate::compare::matrix::{Column, Held, Matrix, Presence, Reference, ResourceRow, SettingRow, TAG};
use crate::compare::setting::{Configured, Meaning, Tags, Value};
use crate::compare::snapshot::Snapshot;
use crate::config::manifest::Match;
use crate::signals::naming::Naming;

/// What a row that stands for a whole kind is called.
pub const ALL: &str = "*";

impl Matrix {
    /// Environments side by side. Resources whose names do not match by themselves are matched by the first of `matches`
    /// that fits.
    pub fn of(title: impl Into<Text>, snapshots: &[Snapshot], naming: &Naming, matches: &[Match]) -> Self {
        let one = snapshots.windows(2).all(|pair| pair[0].system == pair[1].system);
        let label = |snapshot: &Snapshot| match one {
            true => snapshot.name.clone(),
            false => Text::new(format!("{}/{}", snapshot.system, snapshot.name)),
        };
        let labels = snapshots.iter().map(label).collect();
        build(title.into(), snapshots, labels, naming, matches, Reference::Most)
    }

    /// An environment at an earlier time and now; what it was is right.
    pub fn against(then: &Snapshot, now: &Snapshot, baseline: &str, naming: &Naming, matches: &[Match]) -> Self {
        let labels = vec![Text::new(format!("{} @ {baseline}", then.name)), now.name.clone()];
        let title = Text::new(format!("{}/{}", now.system, now.name));
        build(title, &[then.clone(), now.clone()], labels, naming, matches, Reference::First)
    }
}

fn build(
    title: Text,
    snapshots: &[Snapshot],
    labels: Vec<Text>,
    naming: &Naming,
    matches: &[Match],
    reference: Reference,
) -> Matrix {
    let canonical: Vec<Canonical<'_>> = snapshots.iter().map(|snapshot| Canonical::new(snapshot, naming)).collect();
    let mut found: BTreeMap<(usize, Text, Text), Vec<Vec<&Configured>>> = BTreeMap::new();
    let kinds = inventory::kinds();
    let place = |kind: &str| kinds.iter().position(|known| *known == kind).unwrap_or(kinds.len());
    for (column, snapshot) in snapshots.iter().enumerate() {
        for resource in &snapshot.resources {
            let logical = logical(resource, &canonical[column], matches);
            let key = (place(&resource.kind), resource.kind.clone(), logical);
            found.entry(key).or_insert_with(|| vec![Vec::new(); snapshots.len()])[column].push(resource);
        }
    }
    let mut rows: Vec<ResourceRow> = found
        .into_iter()
        .map(|((_, kind, name), held)| {
            let presence = held.iter().zip(snapshots).map(|(held, snapshot)| presence(held, &kind, snapshot)).collect();
            let one: Vec<Option<&Configured>> =
                held.iter().map(|held| if let [one] = held.as_slice() { Some(*one) } else { None }).collect();
            ResourceRow { presence, settings: settings(&one, &canonical), kind, name }
        })
        .collect();
    unlisted(&mut rows, snapshots);
    let columns = snapshots.iter().zip(labels).map(|(snapshot, label)| column(snapshot, label)).collect();
    Matrix { title, columns, rows, reference }
}

fn column(snapshot: &Snapshot, label: Text) -> Column {
    Column {
        environment: snapshot.name.clone(),
        label,
        tier: snapshot.tier,
        region: snapshot.region.clone(),
        account: snapshot.account.clone(),
        fault: snapshot.fault.clone(),
    }
}

fn logical(resource: &Configured, canonical: &Canonical<'_>, matches: &[Match]) -> Text {
    let fits = |rule: &&Match| rule.kind.fits(&resource.kind) && rule.pattern.fits(&resource.name);
    match matches.iter().find(fits) {
        Some(rule) => rule.name.clone(),
        None => canonical.logical(&resource.name),
    }
}

fn presence(held: &[&Configured], kind: &str, snapshot: &Snapshot) -> Presence {
    match held {
        [] => match snapshot.unlisted(kind) {
            Some(fault) => Presence::Unknown(fault.clone()),
            None => Presence::Absent,
        },
        [one] => {
            Presence::Here { name: one.name.clone(), arn: one.arn.clone(), taggable: !matches!(one.tags, Tags::Part) }
        }
        several => Presence::Ambiguous(several.iter().map(|one| one.name.clone()).collect()),
    }
}

/// The settings that any of them has, in the order of the first that has them, then the tags that any of them carries.
fn settings(held: &[Option<&Configured>], canonical: &[Canonical<'_>]) -> Vec<SettingRow> {
    let mut keys: Vec<&Text> = Vec::new();
    let mut seen = BTreeSet::new();
    for setting in held.iter().flatten().flat_map(|resource| &resource.settings) {
        if seen.insert(&setting.key) {
            keys.push(&setting.key);
        }
    }
    let of = |key: &Text| SettingRow {
        key: key.clone(),
        cells: held.iter().zip(canonical).map(|(held, canonical)| Some(setting((*held)?, key, canonical))).collect(),
    };
    let mut rows: Vec<SettingRow> = keys.into_iter().map(of).map(shared).collect();
    let mut tags: BTreeSet<&Text> = BTreeSet::new();
    for resource in held.iter().flatten() {
        if let Tags::Known(known) = &resource.tags {
            tags.extend(known.keys().filter(|key| !key.starts_with("aws:")));
        }
    }
    rows.extend(
        tags.into_iter()
            .map(|key| SettingRow {
                key: Text::new(format!("{TAG}{key}")),
                cells: held
                    .iter()
                    .zip(canonical)
                    .map(|(held, canonical)| Some(tag((*held)?, key, canonical)))
                    .collect(),
            })
            .map(shared),
    );
    if rows.iter().all(|row| !row.key.starts_with(TAG)) {
        rows.extend(unknown_tags(held));
    }
    rows
}

/// Tags that could not be read of any of them are unknown all the same.
fn unknown_tags(held: &[Option<&Configured>]) -> Option<SettingRow> {
    let cell = |resource: &Configured| match &resource.tags {
        Tags::Unknown(fault) => held_as(Value::Unknown(fault.clone())),
        _ => held_as(Value::Absent),
    };
    let cells: Vec<Option<Held>> = held.iter().map(|resource| resource.map(cell)).collect();
    let any = cells.iter().flatten().any(|cell| cell.value.is_unknown());
    any.then(|| SettingRow { key: Text::new(format!("{TAG}{ALL}")), cells })
}

/// What all of them refer to by the same words may be called after one of them: where more agree word by word than by
/// what counts, the words count.
fn shared(mut row: SettingRow) -> SettingRow {
    let known: Vec<&Held> = row.cells.iter().flatten().filter(|held| !held.counts.is_unknown()).collect();
    let most = |of: fn(&Held) -> &Value| {
        let votes = |held: &&Held| known.iter().filter(|other| of(other) == of(held)).count();
        known.iter().map(votes).max().unwrap_or(0)
    };
    let own = Value::Text(OWN.into());
    if most(|held| &held.value) > most(|held| &held.counts) && known.iter().all(|held| held.counts != own) {
        for held in row.cells.iter_mut().flatten().filter(|held| !held.counts.is_unknown()) {
            held.counts = held.value.clone();
        }
    }
    row
}

fn held_as(value: Value) -> Held {
    Held { counts: value.clone(), value }
}

fn setting(resource: &Configured, key: &str, canonical: &Canonical<'_>) -> Held {
    let found = resource.settings.iter().find(|setting| &*setting.key == key);
    match (found, &resource.unread) {
        (Some(found), _) => Held { value: found.value.clone(), counts: canonical.value(&found.value, found.meaning) },
        (None, Some(fault)) => held_as(Value::Unknown(fault.clone())),
        (None, None) => held_as(canonical.value(&Value::Absent, Meaning::Plain)),
    }
}

fn tag(resource: &Configured, key: &str, canonical: &Canonical<'_>) -> Held {
    match &resource.tags {
        Tags::Known(known) => match known.get(key) {
            Some(value) => Held { value: Value::Text(value.clone()), counts: canonical.tag(value) },
            None => held_as(Value::Absent),
        },
        Tags::Unknown(fault) => held_as(Value::Unknown(fault.clone())),
        Tags::Part | Tags::Elsewhere => held_as(Value::Absent),
    }
}

/// A kind that could not be listed and of which no row tells so, and an environment of which no row does, get one.
fn unlisted(rows: &mut Vec<ResourceRow>, snapshots: &[Snapshot]) {
    let mut unseen: BTreeMap<Text, Vec<Presence>> = BTreeMap::new();
    let tells = |column: usize, kind: Option<&str>| {
        let of_kind = rows.iter().filter(|row| kind.is_none_or(|kind| &*row.kind == kind));
        of_kind.into_iter().any(|row| matches!(row.presence.get(column), Some(Presence::Unknown(_))))
    };
    let unread = |snapshot: &Snapshot| snapshot.fault.clone().map_or(Presence::Apart, Presence::Unknown);
    for (column, snapshot) in snapshots.iter().enumerate() {
        let all = snapshot.fault.iter().map(|fault| ("environment", None, fault));
        let kinds = snapshot.unlisted.iter().map(|unlisted| (&*unlisted.kind, Some(&*unlisted.kind), &unlisted.fault));
        for (kind, of, fault) in all.chain(kinds) {
            if !tells(column, of) {
                let presence = unseen.entry(kind.into()).or_insert_with(|| snapshots.iter().map(unread).collect());
                presence[column] = Presence::Unknown(fault.clone());
            }
        }
    }
    rows.extend(unseen.into_iter().map(|(kind, presence)| ResourceRow {
        kind,
        name: ALL.into(),
        presence,
        settings: Vec::new(),
    }));
}
