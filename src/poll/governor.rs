//! The budget: when what metrics cost would exceed it, they are asked for less often. It never stops them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::EnvId;

/// However small the budget, metrics are asked for at least this often, in seconds.
pub const LONGEST_S: u64 = 600;

/// How many times slower metrics have to be for `usd_per_hour`, their cost at full pace, to keep within the budget:
/// 1 is full pace. Bounded so that metrics which are due every `every_s` come at least every [`LONGEST_S`].
pub fn slowdown(usd_per_hour: f64, budget: Option<f64>, every_s: u64) -> u32 {
    let bound = u32::try_from(LONGEST_S / every_s.max(1)).unwrap_or(u32::MAX).max(1);
    match budget {
        Some(budget) if usd_per_hour > budget && usd_per_hour.is_finite() => {
            // A cast from a float saturates; a budget of nothing gives the bound.
            let needed = (usd_per_hour / budget.max(0.0)).ceil();
            if needed >= f64::from(bound) { bound } else { needed as u32 }
        }
        _ => 1,
    }
}

/// What all environments together would spend. Cheap to copy; all copies are one ledger.
#[derive(Debug, Clone, Default)]
pub struct Governor {
    budget: Option<f64>,
    every_s: u64,
    projected: Arc<Mutex<HashMap<EnvId, f64>>>,
}

impl Governor {
    /// Keeps to `budget` USD an hour, where there is one; metrics are due every `every_s` seconds.
    pub fn new(budget: Option<f64>, every_s: u64) -> Self {
        Self { budget, every_s, projected: Arc::default() }
    }

    /// What an environment would spend on metrics an hour without the governor.
    pub fn project(&self, env: EnvId, usd_per_hour: f64) {
        self.projected.lock().unwrap_or_else(PoisonError::into_inner).insert(env, usd_per_hour);
    }

    /// How many times slower metrics are now.
    pub fn slowdown(&self) -> u32 {
        if self.budget.is_none() {
            return 1;
        }
        let all = self.projected.lock().unwrap_or_else(PoisonError::into_inner).values().sum();
        slowdown(all, self.budget, self.every_s)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_slow_as_needed_and_no_slower() {
        assert_eq!(slowdown(0.5, Some(0.5), 60), 1);
        assert_eq!(slowdown(0.51, Some(0.5), 60), 2);
        assert_eq!(slowdown(1.5, Some(0.5), 60), 3);
        assert_eq!(slowdown(500.0, Some(0.5), 60), 10, "ten minutes at most");
        assert_eq!(slowdown(500.0, None, 60), 1);
        assert_eq!(slowdown(1.0, Some(0.0), 60), 10);
        assert_eq!(slowdown(1.0, Some(0.1), 3600), 1, "already slower than the bound");
    }

    #[test]
    fn environments_share_one_budget() {
        let governor = Governor::new(Some(1.0), 60);
        let other = governor.clone();
        governor.project(EnvId(0), 0.9);
        assert_eq!(governor.slowdown(), 1);
        other.project(EnvId(1), 0.9);
        assert_eq!(governor.slowdown(), 2);
        other.project(EnvId(1), 0.0);
        assert_eq!(governor.slowdown(), 1);
    }

    proptest! {
        #[test]
        fn it_keeps_the_budget_or_reaches_the_bound(
            spend in 0.0f64..1e6, budget in 0.0f64..1e3, every_s in 1u64..4000,
        ) {
            let factor = slowdown(spend, Some(budget), every_s);
            let bound = (LONGEST_S / every_s).max(1);
            prop_assert!(factor >= 1 && u64::from(factor) <= bound);
            prop_assert!(u64::from(factor) == bound || spend / f64::from(factor) <= budget * (1.0 + 1e-9));
            prop_assert!(factor == 1 || spend / f64::from(factor - 1) > budget * (1.0 - 1e-9), "not slower than needed");
        }

        #[test]
        fn more_spending_is_never_faster(spend in 0.0f64..1e4, more in 0.0f64..1e4, budget in 0.0f64..100.0) {
            prop_assert!(slowdown(spend, Some(budget), 60) <= slowdown(spend + more, Some(budget), 60));
            prop_assert!(slowdown(spend, Some(budget + more), 60) <= slowdown(spend, Some(budget), 60));
        }
    }
}
