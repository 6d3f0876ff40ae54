//! Nothing is sent on the ground of what is no longer so.

use jiff::ToSpan;
use proptest::prelude::*;

use super::{capacity, given, later, over, plan, policy, refusals, rules, situation, then};
use crate::guard::{Given, Override, Situation};
use crate::model::plan::Obstacle;
use crate::model::{Fault, FaultKind, Plan, Value};

#[test]
fn a_plan_is_good_for_exactly_two_minutes_of_the_operator() {
    let plan = plan();
    for (pace, milliseconds, is_good) in [
        (1.0, 120_000, true),
        (1.0, 120_001, false),
        (0.0, 120_000, true),
        (0.5, 120_001, false),
        (10.0, 1_200_000, true),
        (10.0, 1_200_010, false),
        (1.0, -999, true),
        (1.0, -1_000, false),
    ] {
        let now = then() + milliseconds.milliseconds();
        let situation = Situation { now, pace, armed_until: Some(now + 1.minute()), ..situation() };
        let verdict = crate::guard::rules::time::fresh(&plan, &situation);
        assert_eq!(!verdict.refuses(), is_good, "{milliseconds} ms at {pace}: {}", verdict.says);
    }
}

#[test]
fn what_is_read_again_must_be_of_now() {
    let (plan, policy) = (plan(), policy());
    for (read, now, is_good) in [(0, 30, true), (0, 31, false), (60, 60, true), (90, 60, false), (-1, 0, false)] {
        let situation = Situation { now: later(now), ..situation() };
        let again = Plan { read_at: later(read), ..plan.clone() };
        let refused = refusals(&plan, &again, &policy, &situation, &given(&plan, &situation, &policy));
        assert_eq!(refused.is_empty(), is_good, "{read} {now}: {refused:?}");
    }
}

#[test]
fn what_cannot_be_read_again_is_not_sent() {
    let (plan, policy, situation) = (plan(), policy(), situation());
    let fault = Fault::new(FaultKind::Timeout, "DescribeServices", "no answer in time");
    let given = given(&plan, &situation, &policy);
    let leave = crate::guard::authorise(&plan, &Err(fault), &policy, &situation, &given, Some(then()));
    let refused = leave.unwrap_err();
    assert_eq!(rules(&refused), ["staleness/payment-api"]);
    assert_eq!(refused[0].says, "it could not be read again: DescribeServices: timeout: no answer in time");
}

#[test]
fn every_part_of_the_decision_counts_and_what_does_not_decide_does_not() {
    let (plan, policy, situation) = (plan(), policy(), situation());
    type Changing = fn(&mut Plan);
    let changes: &[(&str, Changing)] = &[
        ("desired was 9 at 03:04:10Z, is none now", |again| {
            again.observed.remove("desired");
        }),
        ("desired count was 9 at 03:04:10Z, is 10 now", |again| again.differences[0].before = 10_i64.into()),
        ("the plan of 03:04:10Z would be another one now", |again| again.differences.clear()),
        ("the plan of 03:04:10Z would be another one now", |again| again.decisive.push("running".to_owned())),
        ("the plan of 03:04:10Z would be another one now", |again| again.operation = "ecs:DeleteService".into()),
        ("the plan of 03:04:10Z would be another one now", |again| {
            again.request.insert("forceNewDeployment".to_owned(), true.into());
        }),
        ("the plan of 03:04:10Z would be another one now", |again| {
            again.target.arn = "arn:aws:ecs:us-east-1:111122223333:service/payments/other".into();
        }),
    ];
    for (says, change) in changes {
        let mut again = plan.clone();
        change(&mut again);
        let given =
            Given { overridden: vec![over("staleness/payment-api", "because")], ..given(&plan, &situation, &policy) };
        let refused = refusals(&plan, &again, &policy, &situation, &given);
        assert_eq!(refused.iter().map(|refusal| refusal.says.as_str()).collect::<Vec<_>>(), [*says]);
        assert_eq!(refused[0].over, Override::PlanAgain);
    }
    let mut again = plan.clone();
    again.observed.insert("running".to_owned(), 7_i64.into());
    assert_eq!(refusals(&plan, &again, &policy, &situation, &given(&plan, &situation, &policy)), []);
}

#[test]
fn what_refuses_only_now_cannot_have_been_overridden() {
    let (plan, policy, situation) = (plan(), policy(), situation());
    let overridden = vec![over("in-flight/payment-api", "because"), over("floor/payment-api", "because")];
    let given = Given { overridden, ..given(&plan, &situation, &policy) };
    let mut again = plan.clone();
    again.facts.obstacle = Some(Obstacle { says: "deployment 7 is in progress".into(), offer: None });
    again.facts.capacity[0].healthy = Some(20);
    let refused = refusals(&plan, &again, &policy, &situation, &given);
    assert_eq!(rules(&refused), ["floor/payment-api", "in-flight/payment-api"]);
    assert!(refused.iter().all(|refusal| refusal.next() == "[r] plan again"), "{refused:?}");

    // What was refused before, and overridden, does not refuse again unless it is worse.
    let mut planned = plan.clone();
    planned.facts.capacity = vec![capacity(9, 2)];
    let again = planned.clone();
    assert_eq!(refusals(&planned, &again, &policy, &situation, &given), []);
    let mut worse = again;
    worse.facts.capacity[0].healthy = Some(18);
    let refused = refusals(&planned, &worse, &policy, &situation, &given);
    assert_eq!(refused[0].says, "9 → 2 leaves 11 % of healthy, runbook minimum 60 %");
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(Value::Count),
        any::<f64>().prop_map(Value::from),
        "[a-z:0-9]{0,6}".prop_map(Value::from),
        proptest::collection::vec(any::<i64>().prop_map(Value::Count), 0..3).prop_map(Value::List),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_change_of_one_decisive_field_refuses_with_both_values(
        mut all in proptest::collection::btree_map("[a-z_]{1,8}", values(), 1..5),
        place in any::<proptest::sample::Index>(),
        value in values(),
    ) {
        let (mut plan, policy, situation) = (plan(), policy(), situation());
        plan.decisive = all.keys().cloned().collect();
        plan.observed.clone_from(&all);
        let field = plan.decisive[place.index(plan.decisive.len())].clone();
        let was = all.insert(field.clone(), value.clone()).unwrap();
        let again = Plan { observed: all, ..plan.clone() };
        let refused = refusals(&plan, &again, &policy, &situation, &given(&plan, &situation, &policy));
        if was == value {
            prop_assert!(refused.is_empty(), "{refused:?}");
        } else {
            prop_assert_eq!(refused.len(), 1);
            let says = crate::base::Text::new(format!("{field} was {was} at 03:04:10Z, is {value} now"));
            prop_assert_eq!(&refused[0].says, &says);
        }
    }
}
