//! What brings a run back: the runbook's own words, and the inverse of several sends.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::support::{Hand, course, noon, plan};
use crate::config::runbook::{Template, UndoTemplate};
use crate::model::{Plan, Undo, Value, Values};
use crate::runbook::machine::Course;
use crate::runbook::machine::undo::undo;

fn values(pairs: &[(&str, Value)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn with_undo(action: &str, name: &str, template: &str) -> Course {
    let params = BTreeMap::from([(name.to_owned(), Template::parse(template).unwrap())]);
    Course { undo: Some(UndoTemplate { action: action.to_owned(), params }), ..course() }
}

/// A plan with this inverse, and `count` read.
fn planned(undo: &[(&str, Value)], count: i64) -> Plan {
    let mut plan = plan(noon());
    plan.undo = Some(Undo { action: "ecs.rollback".into(), params: values(undo) });
    plan.observed.insert("count".to_owned(), count.into());
    plan
}

#[test]
fn a_runbooks_own_undo_comes_before_the_actions() {
    let own = planned(&[("to", "shop:42".into())], 12);
    assert_eq!(undo(&Hand::new().run, &own), own.undo);
    let hand = Hand::of(with_undo("ecs.scale", "desired", "{{before.count}}"));
    let scale = Undo { action: "ecs.scale".into(), params: values(&[("desired", 12.into())]) };
    assert_eq!(undo(&hand.run, &own), Some(scale));
}

#[test]
fn before_is_before_the_run_also_for_a_later_send() {
    let mut hand = Hand::of(with_undo("ecs.scale", "desired", "{{before.count}}"));
    hand.sending();
    hand.run.sendings[0].plan = planned(&[], 12);
    hand.accepted();
    let later = undo(&hand.run, &planned(&[], 20)).unwrap();
    assert_eq!(later.params, values(&[("desired", 12.into())]));
}

#[test]
fn what_is_not_known_leaves_the_actions_own_inverse() {
    let own = planned(&[("to", "shop:42".into())], 12);
    for template in ["{{before.nothing}}", "{{nothing}}"] {
        let hand = Hand::of(with_undo("ecs.scale", "desired", template));
        assert_eq!(undo(&hand.run, &own), own.undo, "{template}");
    }
    let mut none = own.clone();
    none.observed.insert("count".to_owned(), Value::None);
    let hand = Hand::of(with_undo("ecs.scale", "desired", "{{before.count}}"));
    assert_eq!(undo(&hand.run, &none), none.undo);
}

#[test]
fn the_inverse_of_several_sends_goes_back_to_before_the_first() {
    let mut hand = Hand::new();
    hand.sending();
    hand.run.sendings[0].plan = planned(&[("to", "43".into()), ("beside", Value::None)], 1);
    hand.accepted();
    let second = planned(&[("to", "43".into()), ("beside", "42=0.1".into()), ("more", 1.into())], 1);
    let back = undo(&hand.run, &second).unwrap();
    assert_eq!(back.params, values(&[("to", "43".into()), ("beside", Value::None), ("more", 1.into())]));
    let given: Vec<&str> = back.given().map(|(name, _)| name).collect();
    assert_eq!(given, ["more", "to"], "what was not set is not shown");
    // A send that is known not to be applied changed nothing.
    Arc::make_mut(&mut hand.run.course).undo = None;
    hand.run.sendings[0].applied = Some(false);
    assert_eq!(undo(&hand.run, &second), second.undo);
}
