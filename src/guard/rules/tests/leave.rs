//! Leave to send is given only where every rule holds or is validly overridden, and the confirmation is exact.

use proptest::prelude::*;

use super::{capacity, given, over, plan, policy, refusals, rules, situation, then};
use crate::guard::{Freeze, Given, Judged, LockState, Policy, Trust, authorise, judge};
use crate::model::plan::Obstacle;
use crate::model::{Risk, Tier};

#[test]
fn what_is_typed_must_be_exactly_that() {
    let (plan, situation) = (plan(), situation());
    for (risk, phrase) in [(Risk::Low, "y"), (Risk::High, "prod payment-api 8"), (Risk::Critical, "prod payment-api 8")]
    {
        let policy = Policy { risk, ..policy() };
        let wrong =
            ["", "Y", "yes", "prod payment-api", "prod payment-api 80", "prod  payment-api 8", "PROD payment-api 8"];
        let spaced = [format!("{phrase} "), format!(" {phrase}"), format!("{phrase}\n"), format!("{phrase}\u{200b}")];
        for typed in wrong.iter().copied().chain(spaced.iter().map(String::as_str)) {
            let given = Given { typed: typed.to_owned(), reason: "a reason".into(), ..Given::default() };
            assert_eq!(rules(&refusals(&plan, &plan, &policy, &situation, &given)), ["confirmation"], "{typed:?}");
        }
        let given = Given { typed: phrase.to_owned(), reason: "a reason".into(), ..Given::default() };
        assert_eq!(refusals(&plan, &plan, &policy, &situation, &given), []);
    }
}

#[test]
fn a_critical_change_needs_a_reason() {
    let (plan, situation) = (plan(), situation());
    let policy = Policy { risk: Risk::Critical, ..policy() };
    for reason in ["", "  ", "\u{200b}"] {
        let given = Given { reason: reason.into(), ..given(&plan, &situation, &policy) };
        assert_eq!(rules(&refusals(&plan, &plan, &policy, &situation, &given)), ["confirmation/reason"]);
    }
}

#[test]
fn an_override_is_kept_with_its_reason() {
    let (mut plan, policy, situation) = (plan(), policy(), situation());
    plan.facts.capacity = vec![capacity(9, 2)];
    let verdicts = judge(&plan, &policy, &situation, &[over("floor/payment-api", "the region is empty")]);
    let floor = verdicts.iter().find(|verdict| verdict.rule == "floor/payment-api").unwrap();
    assert_eq!(floor.judged, Judged::Overridden { reason: "the region is empty".into() });
    assert!(floor.line(then(), "").starts_with("OVERRIDDEN floor/payment-api  9 → 2 leaves 22 % of healthy"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn leave_is_given_only_where_every_rule_holds_or_is_validly_overridden(
        broken in proptest::collection::vec(any::<bool>(), 14),
        named in proptest::collection::vec(any::<bool>(), 14),
        reasons in proptest::collection::vec(any::<bool>(), 14),
        tier in prop_oneof![Just(Tier::Production), Just(Tier::Staging)],
        on_disk in any::<bool>(),
    ) {
        // What can be broken, the rule that says so, and how it is overridden: not, by name, by name with a reason.
        let rules: [(&str, u8); 14] = [
            ("identity/principal", 0), ("target/count", 0), ("staleness/payment-api", 0),
            ("unknown-outcome/payment-api", 0), ("floor/payment-api", 2), ("in-flight/payment-api", 1),
            ("confirmation", 0), ("read-only/prod", 0), ("lock/payment-api", 2), ("approval/payment-api", 2),
            ("freeze/prod", 2), ("pace/payment-api", if tier == Tier::Production { 0 } else { 2 }),
            ("tamper/records", 0), ("trust/ecs-scale", 1),
        ];
        let (mut plan, mut policy, mut situation) = (plan(), policy(), situation());
        situation.environment.tier = tier;
        policy.risk = Risk::Critical;
        let is = |rule: &str| broken[rules.iter().position(|(known, _)| *known == rule).unwrap()];
        if is("identity/principal") { situation.planned_as = Some(super::identity("op", "you")); }
        if is("target/count") { situation.targets = 2; }
        if is("staleness/payment-api") { situation.used = true; }
        if is("unknown-outcome/payment-api") { situation.unresolved = vec!["r-1".into()]; }
        if is("floor/payment-api") { plan.facts.capacity = vec![capacity(9, 2)]; }
        if is("in-flight/payment-api") {
            plan.facts.obstacle = Some(Obstacle { says: "deploying".into(), offer: None });
        }
        if is("read-only/prod") { situation.armed_until = None; }
        if is("lock/payment-api") { situation.lock = LockState::Unreadable("denied".into()); }
        if is("approval/payment-api") { policy.others = 1; }
        if is("freeze/prod") { situation.freeze = Freeze::Unreadable("line 3".into()); }
        if is("pace/payment-api") { situation.busy = Some("r-9".into()); }
        if is("tamper/records") { situation.broken_records = Some("line 7".into()); }
        if is("trust/ecs-scale") { situation.trust = Trust::New; }
        let overridden = rules.iter().zip(named.iter().zip(&reasons)).filter(|(_, (named, _))| **named);
        let overridden = overridden.map(|((rule, _), (_, reason))| over(rule, if *reason { "because" } else { "" }));
        let mut given = Given { reason: "r".into(), overridden: overridden.collect(), ..given(&plan, &situation, &policy) };
        if is("confirmation") { given.typed.clear(); }
        let intent = on_disk.then(then);
        let leave = authorise(&plan, &Ok(plan.clone()), &policy, &situation, &given, intent);
        let mut expected: Vec<&str> = Vec::new();
        for (index, (rule, way)) in rules.iter().enumerate() {
            let validly = named[index] && (*way == 1 || *way == 2 && reasons[index]);
            if broken[index] && !validly { expected.push(rule); }
        }
        if !on_disk { expected.push("intent"); }
        expected.sort_unstable();
        let mut refused: Vec<String> = match &leave {
            Ok(_) => Vec::new(),
            Err(refusals) => refusals.iter().map(|refusal| refusal.rule.to_string()).collect(),
        };
        refused.sort_unstable();
        prop_assert_eq!(refused, expected);
        if let Ok(leave) = leave {
            prop_assert_eq!(leave.what(), &plan);
        }
    }
}
