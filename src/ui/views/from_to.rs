//! From what to what something changed, in words.

use crate::model::Change;
use crate::ui::look::Look;

/// From what to what, where the summary does not say it already.
pub fn from_to(change: &Change, look: &Look) -> Option<String> {
    let said = change.summary.contains(&*change.before) && change.summary.contains(&*change.after);
    match (change.before.is_empty(), change.after.is_empty()) {
        _ if said => None,
        (true, _) => Some(change.after.to_string()),
        (false, true) => Some(format!("was {}", change.before)),
        (false, false) => Some(format!("{} {} {}", change.before, look.glyphs.next, change.after)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::{ChangeKind, EnvId};

    #[rstest]
    #[case("OK → ALARM", "OK", "ALARM", None)]
    #[case("v43 published", "v42", "v43", Some("v42 > v43"))]
    #[case("scaled", "", "", None)]
    #[case("scaled", "3 tasks", "", Some("was 3 tasks"))]
    #[case("scaled", "", "4 tasks", Some("4 tasks"))]
    fn what_the_summary_says_is_not_said_again(
        #[case] summary: &str,
        #[case] before: &str,
        #[case] after: &str,
        #[case] expected: Option<&str>,
    ) {
        let look = crate::ui::testing::look("dark", crate::ui::Depth::Mono, true);
        let change = Change::new(jiff::Timestamp::UNIX_EPOCH, EnvId(0), ChangeKind::Publish, "x");
        let change = Change { summary: summary.into(), before: before.into(), after: after.into(), ..change };
        assert_eq!(from_to(&change, &look).as_deref(), expected);
    }
}
