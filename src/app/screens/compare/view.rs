//! What the compare screen shows of a comparison: resources with the settings that pass, the worst first.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::filter::Filter;
use crate::base::Text;
use crate::compare::Verdict;
use crate::compare::setting::Value;
use crate::compare::verdict::{Cell, EXISTS, JudgedResource, JudgedSetting};
use crate::inquiry::compare::Comparison;

/// A line: a resource, or one of its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompareLine {
    /// Index of the resource in the comparison.
    pub resource: usize,
    /// Index of the setting in the resource; `None` for the line of the resource itself.
    pub setting: Option<usize>,
}

/// What a line is, however the lines move: kind and name of the resource, key of the setting.
pub type LineKey = (Text, Text, Option<Text>);

/// What the compare screen shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompareView {
    /// What was read; `None` before anything was.
    pub comparison: Option<Arc<Comparison>>,
    /// The lines.
    pub lines: Vec<CompareLine>,
    /// Cells by verdict, of everything, shown or not.
    pub counts: BTreeMap<Verdict, usize>,
}

impl CompareView {
    /// The environments.
    pub fn columns(&self) -> usize {
        self.comparison.as_ref().map_or(0, |comparison| comparison.judged.columns.len())
    }

    /// The resource of a line.
    pub fn resource(&self, line: usize) -> Option<&JudgedResource> {
        let line = self.lines.get(line)?;
        self.comparison.as_ref()?.judged.rows.get(line.resource)
    }

    /// The setting of a line; `None` for the line of a resource.
    pub fn setting(&self, line: usize) -> Option<&JudgedSetting> {
        let setting = self.lines.get(line)?.setting?;
        self.resource(line)?.settings.get(setting)
    }

    /// The cell of a line and a column.
    pub fn cell(&self, line: usize, column: usize) -> Option<&Cell> {
        self.setting(line)?.cells.get(column)?.as_ref()
    }

    /// True where nobody could tell whether a line's resource is in a column.
    pub fn is_unread(&self, line: usize, column: usize) -> bool {
        let settings = self.resource(line).map(|resource| &resource.settings);
        let exists = settings.and_then(|settings| settings.iter().find(|setting| &*setting.key == EXISTS));
        let cell = exists.and_then(|setting| setting.cells.get(column)?.as_ref());
        cell.is_some_and(|cell| cell.verdict == Verdict::Unknown)
    }

    /// What a line is.
    pub fn key(&self, line: usize) -> Option<LineKey> {
        let resource = self.resource(line)?;
        Some((resource.kind.clone(), resource.name.clone(), self.setting(line).map(|setting| setting.key.clone())))
    }

    /// Differences that nothing allows, in all environments together.
    pub fn unapproved(&self) -> usize {
        self.counts.iter().filter(|(verdict, _)| verdict.is_unapproved()).map(|(_, count)| count).sum()
    }
}

/// The lines that pass: with `everything` also what is the same everywhere.
pub fn view(comparison: &Arc<Comparison>, filter: &Filter, everything: bool) -> CompareView {
    let mut counts = BTreeMap::new();
    for cell in comparison.judged.cells() {
        *counts.entry(cell.verdict).or_default() += 1;
    }
    let mut lines = Vec::new();
    for (index, resource) in comparison.judged.rows.iter().enumerate() {
        let wanted = |setting: &JudgedSetting| everything || comparison.judged.is_worth_telling(setting);
        let mut settings: Vec<usize> = (0..resource.settings.len())
            .filter(|setting| {
                let setting = &resource.settings[*setting];
                wanted(setting) && passes(filter, resource, setting)
            })
            .collect();
        // Stable: within a verdict the order of the settings stays.
        settings.sort_by_key(|setting| std::cmp::Reverse(resource.settings[*setting].worst()));
        if !settings.is_empty() {
            lines.push(CompareLine { resource: index, setting: None });
        }
        lines.extend(settings.into_iter().map(|setting| CompareLine { resource: index, setting: Some(setting) }));
    }
    CompareView { comparison: Some(Arc::clone(comparison)), lines, counts }
}

fn passes(filter: &Filter, resource: &JudgedResource, setting: &JudgedSetting) -> bool {
    if filter.is_empty() {
        return true;
    }
    let cells = setting.cells.iter().flatten();
    let texts: Vec<Cow<'_, str>> = [&resource.kind, &resource.name, &setting.key, &setting.why]
        .into_iter()
        .map(|text| Cow::Borrowed(&**text))
        .chain(
            cells.flat_map(|cell| [Cow::Borrowed(cell.verdict.word()), Cow::Borrowed(&*cell.note), words(&cell.value)]),
        )
        .collect();
    filter.passes(texts.iter().map(|text| &**text))
}

/// A value in words.
pub fn words(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}
