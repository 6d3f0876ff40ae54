//! The describe overlay: everything known of one resource, as JSON, as it was when the overlay was opened.

use crate::app::cursor::Cursor;
use crate::base::Text;
use crate::model::{Change, Resource};

/// What the overlay shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DescribeState {
    /// `environment · name`.
    pub title: Text,
    /// Its ARN; empty where AWS gives none.
    pub arn: Text,
    /// The JSON, line by line.
    pub lines: Vec<Text>,
    /// The line at the top is `scroll.offset`.
    pub scroll: Cursor,
}

impl DescribeState {
    /// Everything known of `resource` of the environment called `label`.
    pub fn new(label: &str, resource: &Resource) -> Self {
        let json = serde_json::to_string_pretty(resource).unwrap_or_else(|error| error.to_string());
        Self {
            title: Text::new(format!("{label} · {}", resource.name)),
            arn: resource.arn.clone(),
            lines: json.lines().map(Text::from).collect(),
            scroll: Cursor::default(),
        }
    }

    /// Everything known of a change.
    pub fn of_change(change: &Change) -> Self {
        let json = serde_json::to_string_pretty(change).unwrap_or_else(|error| error.to_string());
        Self {
            title: Text::new(format!("{} · {}", change.kind.word(), change.resource)),
            arn: change.arn.clone(),
            lines: json.lines().map(Text::from).collect(),
            scroll: Cursor::default(),
        }
    }
}
