//! `[team]`: the table that consoles share.

use toml::de::{DeTable, DeValue};

use super::account::account;
use super::endpoint::endpoint;
use super::profile::profile;
use super::region::region;
use crate::config::document::Document;
use crate::config::fields::overlay;
use crate::config::{Team, Vocabulary};

/// Nobody gathers more for one change.
const MOST_PERSONS: u8 = 6;

pub(in crate::config) fn team(
    document: &mut Document<'_>,
    table: &DeTable<'_>,
    base: &Team,
    vocabulary: &Vocabulary,
) -> Team {
    let before = document.errors();
    let team = overlay(document, "team.", table, base, &[], |document, name, value| match name {
        "table" => {
            let DeValue::String(text) = value.get_ref() else { return };
            if !is_table_name(text) {
                let what = format!("`team.table`: `{text}` is not the name of a DynamoDB table");
                let suggestion = "3 to 255 letters, digits, `_`, `-` and `.`, e.g. `watchfloor`".to_owned();
                document.error(&value.span(), what, Some(suggestion));
            }
        }
        "profile" => profile(document, "team", name, value, vocabulary),
        "region" => region(document, "team", value),
        "account" => account(document, "team", value),
        "endpoint_url" => endpoint(document, "team", value),
        "approvals" => {
            let DeValue::Integer(number) = value.get_ref() else { return };
            if !number.as_str().parse().is_ok_and(|number: u8| (2..=MOST_PERSONS).contains(&number)) {
                let what = format!("`team.approvals` is a whole number from 2 to {MOST_PERSONS}");
                let suggestion = "it counts the operator too: 2 asks for one other person".to_owned();
                document.error(&value.span(), what, Some(suggestion));
            }
        }
        _ => {}
    });
    if document.errors() > before {
        // Locks and approvals in another table than the one that was meant would protect nothing.
        // A second person is asked for all the same, and cannot approve: that is said.
        let approvals = table.contains_key("approvals").then(|| team.approvals.unwrap_or(2));
        return Team { approvals, ..Team::default() };
    }
    if team.table.is_none() {
        let place = table.values().next().map_or(0..0, toml::Spanned::span);
        document.error(&place, "`[team]` has no `table`", Some("add `table = \"watchfloor\"`".to_owned()));
    }
    team
}

/// Names of tables (DynamoDB Developer Guide, Naming rules).
fn is_table_name(text: &str) -> bool {
    (3..=255).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}
