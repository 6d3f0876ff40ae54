//! A function as it was: its metrics tell how it did; what was changed since is not known any more.

use jiff::Timestamp;
use jiff::fmt::strtime;

use super::Function;

/// Lambda writes `2026-11-20T03:04:05.000+0000` (Lambda API Reference, FunctionConfiguration).
const WRITTEN: &str = "%Y-%m-%dT%H:%M:%S%.f%z";

/// The function at `at`.
pub fn function(live: &Function, at: Timestamp) -> Function {
    let changed = strtime::parse(WRITTEN, &*live.last_modified).and_then(|parsed| parsed.to_timestamp()).ok();
    if changed.is_some_and(|changed| changed <= at) {
        return live.clone();
    }
    Function { name: live.name.clone(), arn: live.arn.clone(), ..Function::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_later_is_not_known() {
        let live = Function {
            name: "f".into(),
            memory_mb: Some(512),
            last_modified: "2026-11-20T03:04:05.123+0000".into(),
            ..Function::default()
        };
        assert_eq!(function(&live, "2026-11-20T03:05:00Z".parse().unwrap()), live);
        assert_eq!(function(&live, "2026-11-20T03:04:00Z".parse().unwrap()).memory_mb, None);
        let unclear = Function { last_modified: "yesterday".into(), ..live };
        assert_eq!(function(&unclear, "2026-11-20T03:05:00Z".parse().unwrap()).memory_mb, None);
    }
}
