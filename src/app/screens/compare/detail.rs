//! Everything known of one line of the compare screen: full values, the manifest's rule and its reason, since when.

use jiff::Timestamp;

use super::rule::rule;
use super::view;
use crate::app::screens::describe::{DescribeState, Line};
use crate::base::Text;
use crate::compare::Verdict;
use crate::compare::setting::Value;
use crate::compare::verdict::{Cell, EXISTS, JudgedResource, JudgedSetting};
use crate::compare::words;
use crate::inquiry::compare::Comparison;

/// Since when a setting differs in the environment at a place, in words; `None` where it does not.
pub type Since<'a> = &'a dyn Fn(&JudgedSetting, usize) -> Option<String>;

/// The details of a setting, or of a resource with all its settings that are not the same everywhere.
pub fn described(
    comparison: &Comparison,
    resource: &JudgedResource,
    setting: Option<&JudgedSetting>,
    since: Since<'_>,
) -> DescribeState {
    let title = match setting {
        Some(setting) => format!("{} {} · {}", resource.kind, resource.name, setting.key),
        None => format!("{} {}", resource.kind, resource.name),
    };
    let mut lines = vec![note(format!("read {}", at(comparison.at)))];
    let all = resource.settings.iter().filter(|setting| comparison.judged.is_worth_telling(setting));
    match setting {
        Some(setting) => of_setting(&mut lines, comparison, resource, setting, since),
        None => {
            for setting in all {
                lines.push(note(""));
                lines.push(note(&*setting.key));
                of_setting(&mut lines, comparison, resource, setting, since);
            }
        }
    }
    let names = resource.names.iter().zip(&comparison.judged.columns);
    let named: Vec<Line> =
        names.filter_map(|(name, column)| Some(note(format!("{}: {}", column.label, name.as_ref()?)))).collect();
    if !named.is_empty() {
        lines.push(note(""));
        lines.push(note("AWS's names"));
        lines.extend(named);
    }
    if !comparison.warnings.is_empty() {
        lines.push(note(""));
        lines.push(note("Warnings about the manifest"));
        lines.extend(comparison.warnings.iter().map(note));
    }
    DescribeState { title: Text::new(title), lines, ..DescribeState::default() }
}

fn of_setting(
    lines: &mut Vec<Line>,
    comparison: &Comparison,
    resource: &JudgedResource,
    setting: &JudgedSetting,
    since: Since<'_>,
) {
    for (place, (cell, column)) in setting.cells.iter().zip(&comparison.judged.columns).enumerate() {
        let Some(cell) = cell else {
            lines.push(match &column.fault {
                Some(fault) => {
                    let words = format!("{} unknown: {}", column.label, words::fault(fault));
                    Line::Verdict(Verdict::Unknown, Text::new(words))
                }
                None => note(format!("{}: nothing to judge", column.label)),
            });
            continue;
        };
        let why = if cell.note.is_empty() { String::new() } else { format!(": {}", cell.note) };
        lines.push(Line::Verdict(cell.verdict, Text::new(format!("{} {}{why}", column.label, cell.verdict.word()))));
        lines.extend(value(setting, cell));
        lines.extend(since(setting, place).map(|since| note(format!("    {since}"))));
    }
    let rule = rule(comparison, resource, setting);
    let rule = rule.unwrap_or_else(|| "no rule about it: it must be the same everywhere".to_owned());
    lines.push(note(format!("manifest: {rule}")));
    if !setting.why.is_empty() {
        lines.push(note(format!("reason: {}", setting.why)));
    }
}

/// The whole value, a list item by item.
fn value(setting: &JudgedSetting, cell: &Cell) -> Vec<Line> {
    let line = |text: &str| Line::Json(Text::new(format!("    {text}")));
    match &cell.value {
        Value::Bool(true) if &*setting.key == EXISTS => vec![line("here")],
        Value::Bool(false) if &*setting.key == EXISTS => vec![line("not here")],
        Value::List(items) if !items.is_empty() => items.iter().map(|item| line(item)).collect(),
        value => vec![line(&view::words(value))],
    }
}

fn note(text: impl AsRef<str>) -> Line {
    Line::Note(Text::new(text))
}

fn at(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
