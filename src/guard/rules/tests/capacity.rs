//! Bounds: never below the floor, the share right for all whole numbers, every reason said.

use proptest::prelude::*;

use super::{capacity, given, over, plan, policy, refusals, situation};
use crate::guard::rules::capacity::floor;
use crate::guard::{Given, Judged, Override, Policy};
use crate::model::Plan;
use crate::model::plan::Capacity;

fn scaling(capacity: Capacity) -> Plan {
    let mut plan = plan();
    plan.facts.capacity = vec![capacity];
    plan
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let policy = Policy { floor: 0, step: Some(4), ..policy() };
    let verdict = floor(&scaling(Capacity { least: Some(3), ..capacity(9, 0) }), &policy);
    let says = "9 → 0 leaves nothing; 9 → 0 leaves 0 % of healthy, runbook minimum 60 %; 9 → 0 is a step of 9 tasks, \
                runbook maximum 4; 9 → 0 is below the lower bound of 3 tasks";
    assert_eq!((verdict.says.as_str(), verdict.over), (says, Override::NamedWithReason));
    let verdict = floor(&scaling(Capacity { most: Some(20), ..capacity(9, 30) }), &policy);
    let says = "9 → 30 is a step of 21 tasks, runbook maximum 4; 9 → 30 is above the upper bound of 20 tasks";
    assert_eq!((verdict.says.as_str(), verdict.over), (says, Override::NamedWithReason));
}

#[test]
fn what_can_be_overridden_does_not_hide_what_cannot() {
    let policy = Policy { floor: 3, step: Some(1), ..policy() };
    let verdict = floor(&scaling(capacity(9, 2)), &policy);
    assert_eq!(verdict.over, Override::Never);
    assert!(verdict.says.starts_with("9 → 2 is below the absolute floor of 3 tasks; 9 → 2 leaves 22 % of healthy"));
}

#[test]
fn what_is_not_known_to_be_healthy_is_not_taken_away() {
    for (healthy, says) in [
        (None, "9 → 8: how much is healthy now is not known"),
        (Some(0), "9 → 8: nothing is healthy now, runbook minimum 60 % of healthy"),
    ] {
        let verdict = floor(&scaling(Capacity { healthy, ..capacity(9, 8) }), &policy());
        assert_eq!((verdict.says.as_str(), verdict.over), (says, Override::NamedWithReason));
        let verdict = floor(&scaling(Capacity { healthy, ..capacity(9, 10) }), &policy());
        assert_eq!(verdict.judged, Judged::Holds, "more is always better than that");
    }
}

fn some() -> impl Strategy<Value = i64> {
    prop_oneof![any::<i64>(), -3_i64..30, Just(i64::MAX), Just(i64::MIN)]
}

fn capacities() -> impl Strategy<Value = Capacity> {
    let bound = || proptest::option::of(some());
    (some(), some(), bound(), bound(), bound()).prop_map(|(before, after, healthy, least, most)| Capacity {
        before,
        after,
        healthy,
        unit: "tasks".into(),
        least,
        most,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_number_is_too_large_and_nothing_goes_below_the_floor(
        capacity in capacities(), lowest in some(), step in proptest::option::of(some()), percent in any::<Option<u8>>(),
    ) {
        let policy = Policy { floor: lowest, step, healthy_percent: percent, ..policy() };
        let (plan, situation) = (scaling(capacity.clone()), situation());
        let overridden = vec![over("floor/payment-api", "because")];
        let given = Given { overridden, ..given(&plan, &situation, &policy) };
        let refused = refusals(&plan, &plan, &policy, &situation, &given);
        let below = capacity.after < lowest || capacity.after < 0;
        prop_assert_eq!(!refused.is_empty(), below, "{:?}", refused);
    }

    #[test]
    fn the_floor_holds_exactly_where_every_bound_holds(
        capacity in capacities(), step in proptest::option::of(some()), percent in any::<Option<u8>>(),
    ) {
        let policy = Policy { step, healthy_percent: percent, ..policy() };
        let Capacity { before, after, healthy, least, most, .. } = capacity;
        let wide = i128::from;
        // Cross-multiplied: no division, so no rounding.
        let enough = after >= before || percent.is_none_or(|percent| {
            healthy.is_some_and(|healthy| healthy > 0 && wide(after) * 100 >= wide(healthy) * i128::from(percent))
        });
        let expected = after >= 1
            && enough
            && step.is_none_or(|step| (wide(after) - wide(before)).abs() <= wide(step))
            && least.is_none_or(|least| after >= least)
            && most.is_none_or(|most| after <= most);
        prop_assert_eq!(floor(&scaling(capacity), &policy).judged == Judged::Holds, expected);
    }
}
