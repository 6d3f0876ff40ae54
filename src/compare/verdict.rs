//! Verdicts: each cell of the matrix against the manifest. Pure.
//!
//! Where no rule says more, what more than half of the environments have is right, and the others differ. Where no value
//! has a majority (two environments that differ, three that all differ) nobody can tell which is right: all differ. A
//! value that has nothing to be compared with is never the same: where the other environments could not be read, it is
//! unknown, or, where a rule admits it, approved.

use serde::{Deserialize, Serialize};

use crate::base::Text;
use crate::compare::matrix::{Column, Held, Matrix, Presence, Reference, ResourceRow, SettingRow, TAG};
use crate::compare::setting::Value;
use crate::compare::words;
use crate::config::manifest::{Allowed, Approved, Manifest, Scalar, Variation};

/// What is true of one cell. Ordered by how much it matters, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As in the other environments.
    Same,
    /// Different, as the manifest allows.
    Approved,
    /// It could not be read, or there is nothing to compare it with.
    Unknown,
    /// The resource should not be here.
    Extra,
    /// A tag that should be here is not.
    Untagged,
    /// The resource should be here and is not.
    Missing,
    /// Different, and nothing allows it.
    Drift,
}

impl Verdict {
    /// All, the worst first.
    pub const ALL: [Self; 7] =
        [Self::Drift, Self::Missing, Self::Untagged, Self::Extra, Self::Unknown, Self::Approved, Self::Same];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Approved => "approved",
            Self::Unknown => "unknown",
            Self::Extra => "extra",
            Self::Untagged => "untagged",
            Self::Missing => "missing",
            Self::Drift => "DRIFT",
        }
    }

    /// True for a difference that nothing allows.
    pub fn is_unapproved(self) -> bool {
        self >= Self::Extra
    }
}

/// The matrix with its verdicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// See [`Matrix::title`].
    pub title: Text,
    /// The environments.
    pub columns: Vec<Column>,
    /// Resources, the worst first.
    pub rows: Vec<JudgedResource>,
}

/// One resource.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedResource {
    /// Kind.
    pub kind: Text,
    /// Logical name.
    pub name: Text,
    /// AWS's names, by column.
    pub names: Vec<Option<Text>>,
    /// It is there and can carry tags of its own, in at least one environment.
    pub taggable: bool,
    /// Whether it is there (`exists`), then its settings.
    pub settings: Vec<JudgedSetting>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedSetting {
    /// e.g. `memory_mb`; `exists` for whether the resource is there at all.
    pub key: Text,
    /// By column; `None` where there is nothing to judge.
    pub cells: Vec<Option<Cell>>,
    /// Why it may differ, where the manifest says so.
    pub why: Text,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The value as AWS says it.
    pub value: Value,
    /// What is true of it.
    pub verdict: Verdict,
    /// What it should be, or why it is unknown; empty where there is nothing to say.
    pub note: Text,
}

/// The key of the row that tells whether a resource is there.
pub const EXISTS: &str = "exists";

impl JudgedSetting {
    /// The worst of its cells.
    pub fn worst(&self) -> Verdict {
        self.cells.iter().flatten().map(|cell| cell.verdict).max().unwrap_or(Verdict::Same)
    }
}

impl JudgedResource {
    /// The worst of its settings.
    pub fn worst(&self) -> Verdict {
        self.settings.iter().map(JudgedSetting::worst).max().unwrap_or(Verdict::Same)
    }
}

impl Judged {
    /// Every cell.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.iter().flat_map(|row| &row.settings).flat_map(|setting| setting.cells.iter().flatten())
    }

    /// True for a setting that has something to tell of its own: it is not the same everywhere, and not only unknown because
    /// a whole environment could not be read, which its column tells.
    pub fn is_worth_telling(&self, setting: &JudgedSetting) -> bool {
        let dark = |column: &Column| column.fault.is_some();
        let explained = |(cell, column): (&Cell, &Column)| {
            // What is here and not the same has nothing to be compared with, whether a rule admits it or not.
            cell.verdict <= Verdict::Unknown && (dark(column) || cell.value == Value::Bool(true))
        };
        let cells = setting.cells.iter().zip(&self.columns).filter_map(|(cell, column)| Some((cell.as_ref()?, column)));
        let mut told = cells.filter(|(cell, _)| cell.verdict > Verdict::Same);
        let of_the_column = &*setting.key == EXISTS && self.columns.iter().any(dark) && told.clone().all(explained);
        !of_the_column && told.next().is_some()
    }

    /// Differences that nothing allows: one for each setting, however many environments it is in.
    pub fn findings(&self) -> impl Iterator<Item = (&JudgedResource, &JudgedSetting)> {
        let settings = self.rows.iter().flat_map(|row| row.settings.iter().map(move |setting| (row, setting)));
        settings.filter(|(_, setting)| setting.worst().is_unapproved())
    }
}

impl Matrix {
    /// Judges every cell.
    pub fn judge(&self, manifest: &Manifest) -> Judged {
        let judge = Judge { matrix: self, manifest };
        let mut rows: Vec<JudgedResource> = self.rows.iter().map(|row| judge.resource(row)).collect();
        rows.extend(judge.expected_nowhere());
        // Stable: within a verdict the order of kinds and names stays.
        rows.sort_by_key(|row| std::cmp::Reverse(row.worst()));
        Judged { title: self.title.clone(), columns: self.columns.clone(), rows }
    }
}

struct Judge<'a> {
    matrix: &'a Matrix,
    manifest: &'a Manifest,
}

fn cell(value: Value, verdict: Verdict, note: impl AsRef<str>) -> Option<Cell> {
    Some(Cell { value, verdict, note: Text::new(note) })
}

impl Judge<'_> {
    fn resource(&self, row: &ResourceRow) -> JudgedResource {
        let mut settings = vec![self.presence(row)];
        settings.extend(row.settings.iter().map(|setting| self.setting(row, setting)));
        settings.extend(self.never_tagged(row));
        let name = |presence: &Presence| match presence {
            Presence::Here { name, .. } => Some(name.clone()),
            Presence::Ambiguous(names) => Some(Text::new(names.join(", "))),
            _ => None,
        };
        JudgedResource {
            kind: row.kind.clone(),
            name: row.name.clone(),
            names: row.presence.iter().map(name).collect(),
            taggable: row.presence.iter().any(|presence| matches!(presence, Presence::Here { taggable: true, .. })),
            settings,
        }
    }

    fn presence(&self, row: &ResourceRow) -> JudgedSetting {
        let rule = self.manifest.resources.iter().find(|rule| rule.kind == row.kind && rule.name == row.name);
        let count = |wanted: fn(&Presence) -> bool| row.presence.iter().filter(|presence| wanted(presence)).count();
        let here = count(|presence| matches!(presence, Presence::Here { .. } | Presence::Ambiguous(_)));
        let absent = count(|presence| matches!(presence, Presence::Absent));
        let unknown = count(|presence| matches!(presence, Presence::Unknown(_)));
        let first = self.matrix.reference == Reference::First;
        let has = |presence: &Presence| matches!(presence, Presence::Here { .. } | Presence::Ambiguous(_));
        let first_has = first.then(|| row.presence.first().is_some_and(has));
        // A rule names environments; without one the majority decides, and where there is none it should be there.
        let wanted = |column: &Column| match (rule, first_has) {
            (Some(rule), _) => rule.only.as_ref().is_none_or(|only| only.contains(&column.environment)),
            (None, Some(has)) => has,
            (None, None) => here >= absent,
        };
        let alone = here + absent == 1 && unknown > 0;
        let judged = |(presence, column): (&Presence, &Column)| match presence {
            Presence::Apart => None,
            Presence::Unknown(fault) => cell(Value::Unknown(fault.clone()), Verdict::Unknown, words::fault(fault)),
            Presence::Ambiguous(names) => cell(
                Value::list(names),
                Verdict::Unknown,
                format!(
                    "ambiguous: {} have this logical name; a `[[match]]` of the manifest tells them apart",
                    names.join(" and ")
                ),
            ),
            Presence::Here { .. } if alone && rule.is_none() => {
                cell(Value::Bool(true), Verdict::Unknown, "nothing to compare with")
            }
            Presence::Here { .. } if alone && wanted(column) => cell(Value::Bool(true), Verdict::Approved, ""),
            Presence::Here { .. } if wanted(column) => cell(Value::Bool(true), Verdict::Same, ""),
            Presence::Here { .. } => cell(Value::Bool(true), Verdict::Extra, "should not be here"),
            Presence::Absent if wanted(column) => cell(Value::Bool(false), Verdict::Missing, "should be here"),
            Presence::Absent => None,
        };
        JudgedSetting {
            key: EXISTS.into(),
            cells: row.presence.iter().zip(&self.matrix.columns).map(judged).collect(),
            why: rule.map(|rule| rule.why.clone()).unwrap_or_default(),
        }
    }

    fn setting(&self, row: &ResourceRow, setting: &SettingRow) -> JudgedSetting {
        let fits = |rule: &&Variation| {
            rule.kind.fits(&row.kind) && rule.name.fits(&row.name) && rule.setting.fits(&setting.key)
        };
        let rule = self.manifest.variations.iter().find(fits);
        let known: Vec<&Value> =
            setting.cells.iter().flatten().map(|held| &held.counts).filter(|value| !value.is_unknown()).collect();
        let varies = known.windows(2).any(|pair| pair[0] != pair[1]);
        let unread = |presence: &Presence| matches!(presence, Presence::Unknown(_));
        let told = row.presence.iter().filter(|presence| !matches!(presence, Presence::Unknown(_) | Presence::Apart));
        let dark = told.count() == 1 && row.presence.iter().any(unread);
        let alone = known.len() == 1 && (setting.cells.iter().flatten().count() > 1 || dark);
        let allowed = if varies || alone { Verdict::Approved } else { Verdict::Same };
        let by = |column: &Column| match rule.map(|rule| &rule.allowed) {
            Some(Allowed::Any) => Some(&Approved::Any),
            Some(Allowed::By(by)) => by.get(&column.environment),
            None => None,
        };
        let unruled: Vec<Option<&Held>> = setting
            .cells
            .iter()
            .zip(&self.matrix.columns)
            .map(|(held, column)| held.as_ref().filter(|_| by(column).is_none()))
            .collect();
        let mut unread = row.presence.iter().zip(&self.matrix.columns).filter(|(presence, _)| unread(presence));
        let right = match unruled.iter().flatten().count() {
            1 if dark && unread.any(|(_, column)| by(column).is_none()) => Right::Apart,
            _ => self.right(&setting.key, &unruled),
        };
        let judged = |(place, held): (usize, &Option<Held>)| {
            let held = held.as_ref()?;
            let column = self.matrix.columns.get(place)?;
            if let Value::Unknown(fault) = &held.counts {
                return cell(held.value.clone(), Verdict::Unknown, words::fault(fault));
            }
            if self.is_untagged(&setting.key, &held.value) {
                return cell(held.value.clone(), Verdict::Untagged, "every resource carries this tag");
            }
            match by(column) {
                Some(approved) if admits(approved, held) => cell(held.value.clone(), allowed, ""),
                Some(approved) => cell(held.value.clone(), Verdict::Drift, disapproved(approved, &held.value)),
                None => self.unruled(&setting.key, held, &right),
            }
        };
        JudgedSetting {
            key: setting.key.clone(),
            cells: setting.cells.iter().enumerate().map(judged).collect(),
            why: rule.map(|rule| rule.why.clone()).unwrap_or_default(),
        }
    }

    fn unruled(&self, key: &str, held: &Held, right: &Right) -> Option<Cell> {
        let is_tag = key.starts_with(TAG);
        match right {
            Right::Value(value) if *value == held.counts => cell(held.value.clone(), Verdict::Same, ""),
            Right::Value(value) if is_tag && held.counts == Value::Absent => {
                cell(held.value.clone(), Verdict::Untagged, words::elsewhere(key, value))
            }
            Right::Value(value) => cell(held.value.clone(), Verdict::Drift, words::elsewhere(key, value)),
            Right::Nobody if is_tag && held.counts == Value::Absent => {
                cell(held.value.clone(), Verdict::Untagged, "elsewhere it is tagged")
            }
            Right::Nobody => cell(held.value.clone(), Verdict::Drift, "differs, and nothing says which is right"),
            Right::Alone => cell(held.value.clone(), Verdict::Unknown, "nothing to compare with"),
            Right::Apart => None,
        }
    }

    /// What is right among the cells that no rule is about.
    fn right(&self, key: &str, cells: &[Option<&Held>]) -> Right {
        if self.matrix.reference == Reference::First {
            return match cells.first() {
                Some(Some(first)) if first.counts.is_unknown() => Right::Alone,
                Some(Some(first)) => Right::Value(first.counts.clone()),
                // Without what it was there is nothing to judge by: that the resource is new is told elsewhere.
                _ => cells.iter().flatten().next().map_or(Right::Alone, |held| Right::Value(held.counts.clone())),
            };
        }
        let known: Vec<&Value> =
            cells.iter().flatten().map(|held| &held.counts).filter(|value| !value.is_unknown()).collect();
        if known.len() == 1 && cells.iter().flatten().count() > 1 {
            return Right::Alone;
        }
        let votes = |value: &Value| known.iter().filter(|other| **other == value).count();
        if let Some(most) = known.iter().find(|value| votes(value) * 2 > known.len()) {
            return Right::Value((*most).clone());
        }
        // A tag that half of them carry should be carried, with the value that the carriers agree on.
        let mut carried = known.iter().filter(|value| ***value != Value::Absent);
        match carried.next() {
            Some(first) if key.starts_with(TAG) && carried.all(|value| value == first) => {
                Right::Value((*first).clone())
            }
            _ => Right::Nobody,
        }
    }

    fn is_untagged(&self, key: &str, value: &Value) -> bool {
        let empty = match value {
            Value::Absent => true,
            Value::Text(text) => text.trim().is_empty(),
            _ => false,
        };
        let tag = key.strip_prefix(TAG);
        empty && tag.is_some_and(|tag| self.manifest.required_tags.iter().any(|required| **required == *tag))
    }

    /// Required tags that no environment's resource is known to carry. Where its tags could not be read that is unknown.
    fn never_tagged(&self, row: &ResourceRow) -> Vec<JudgedSetting> {
        let tags: Vec<&SettingRow> = row.settings.iter().filter(|setting| setting.key.starts_with(TAG)).collect();
        let unread = |place: usize| {
            let cells = tags.iter().filter_map(|tag| tag.cells.get(place)?.as_ref());
            cells
                .map(|held| &held.value)
                .find_map(|value| if let Value::Unknown(fault) = value { Some(fault) } else { None })
        };
        let keys = self.manifest.required_tags.iter().map(|key| Text::new(format!("{TAG}{key}")));
        let nowhere = keys.filter(|key| !row.settings.iter().any(|setting| setting.key == *key));
        let judged = |(place, presence): (usize, &Presence)| match (presence, unread(place)) {
            (Presence::Here { taggable: true, .. }, Some(fault)) => {
                cell(Value::Unknown(fault.clone()), Verdict::Unknown, words::fault(fault))
            }
            (Presence::Here { taggable: true, .. }, None) => {
                cell(Value::Absent, Verdict::Untagged, "every resource carries this tag")
            }
            _ => None,
        };
        let row_of = |key| {
            let cells = row.presence.iter().enumerate().map(judged).collect();
            JudgedSetting { key, cells, why: Text::default() }
        };
        // What no environment's tags tell is told once, not for every tag.
        nowhere.map(row_of).filter(|row| row.worst() > Verdict::Unknown).collect()
    }

    /// Resources that must exist and are in no environment.
    fn expected_nowhere(&self) -> Vec<JudgedResource> {
        let rows = &self.matrix.rows;
        let rules = self.manifest.resources.iter();
        let nowhere = rules.filter(|rule| !rows.iter().any(|row| row.kind == rule.kind && row.name == rule.name));
        let judged = |rule: &crate::config::manifest::Expected| {
            // Where one of the kind is unknown because the kind could not be listed, this one is too.
            let unlisted = |place: usize| {
                let of_kind = rows.iter().filter(|row| row.kind == rule.kind).filter_map(|row| row.presence.get(place));
                of_kind.into_iter().find(|presence| matches!(presence, Presence::Unknown(_))).cloned()
            };
            let presence = |(place, column): (usize, &Column)| match (unlisted(place), &column.fault) {
                (Some(unknown), _) => unknown,
                (None, Some(fault)) => Presence::Unknown(fault.clone()),
                (None, None) => Presence::Absent,
            };
            let presence = self.matrix.columns.iter().enumerate().map(presence).collect();
            let (kind, name) = (rule.kind.clone(), rule.name.clone());
            self.resource(&ResourceRow { kind, name, presence, settings: Vec::new() })
        };
        if self.matrix.reference == Reference::First { Vec::new() } else { nowhere.map(judged).collect() }
    }
}

enum Right {
    /// This.
    Value(Value),
    /// No value has a majority.
    Nobody,
    /// Only one value is known, and there should be others.
    Alone,
    /// Whether the others have the resource is unknown, which `exists` tells.
    Apart,
}

/// What is approved; where it is written as another type than AWS says it, that too.
fn disapproved(approved: &Approved, value: &Value) -> String {
    let words = format!("approved is {approved}");
    let alike = value.to_string() == approved.to_string();
    if alike { format!("{words}, written as another type in the manifest") } else { words }
}

fn admits(approved: &Approved, held: &Held) -> bool {
    match approved {
        Approved::Any => true,
        Approved::Absent => held.value == Value::Absent,
        Approved::Exactly(scalar) => equals(scalar, held),
        Approved::OneOf(scalars) => scalars.iter().any(|scalar| equals(scalar, held)),
        Approved::Within { min, max } => match held.value {
            Value::Number(number) => min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max),
            _ => false,
        },
    }
}

/// Texts may be written as AWS says them, or as they count.
fn equals(scalar: &Scalar, held: &Held) -> bool {
    [&held.value, &held.counts].into_iter().any(|value| match (scalar, value) {
        (Scalar::Number(wanted), Value::Number(number)) => wanted == number,
        (Scalar::Text(wanted), Value::Text(text)) => wanted == text,
        (Scalar::Bool(wanted), Value::Bool(on)) => wanted == on,
        (Scalar::List(wanted), Value::List(words)) => wanted == words,
        _ => false,
    })
}
