//! Which signals are watched, in the order of the wall's rows: as the configuration says.

use crate::config::Display;
use crate::signals::AnySignal;

/// The signals of `all` that are watched: those in `display.rows` first and in its order, then the others; none of
/// `display.hide`.
pub fn watched(all: &[&'static dyn AnySignal], display: &Display) -> Vec<&'static dyn AnySignal> {
    let mut rows: Vec<&'static dyn AnySignal> =
        all.iter().copied().filter(|signal| !display.hide.iter().any(|id| id == signal.id().0)).collect();
    // The sort is stable: what is not named keeps its order.
    rows.sort_by_key(|signal| display.rows.iter().position(|id| id == signal.id().0).unwrap_or(usize::MAX));
    rows
}

/// True when the configuration asks for a signal's row, so that it stands even where there is nothing.
pub fn is_asked_for(signal: &dyn AnySignal, display: &Display) -> bool {
    display.rows.iter().any(|id| id == signal.id().0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::ALL;

    fn ids(rows: &[&str], hide: &[&str]) -> Vec<&'static str> {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let display = Display { rows: owned(rows), hide: owned(hide), ..Display::default() };
        watched(ALL, &display).iter().map(|signal| signal.id().0).collect()
    }

    #[test]
    fn named_rows_come_first_and_hidden_ones_not_at_all() {
        let all: Vec<&str> = ALL.iter().map(|signal| signal.id().0).collect();
        assert_eq!(ids(&[], &[]), all);
        let chosen = ids(&["api-gateway", "alarms"], &["lambda-errors"]);
        assert_eq!(chosen[..3], ["api-gateway", "alarms", "dynamodb-throttles"]);
        assert_eq!(chosen.len(), all.len() - 1);
        assert_eq!(ids(&["alarms"], &["alarms"]).len(), all.len() - 1, "what a later file hides is hidden");
    }
}
