//! The form of refusals: rule, observed against required, age, what was sent, the next safe key.

use super::{NOTHING, capacity, given, later, plan, policy, refusals, situation, then};
use crate::guard::{Guard, Override, Verdict};
use crate::model::Plan;
use crate::model::plan::Obstacle;

#[test]
fn a_changed_target_reads_as_specified() {
    let (mut planned, policy, mut situation) = (plan(), policy(), situation());
    planned.observed.insert("desired".to_owned(), 12_i64.into());
    situation.now = later(20);
    let mut again = Plan { read_at: later(20), ..planned.clone() };
    again.observed.insert("desired".to_owned(), 20_i64.into());
    let refused = refusals(&planned, &again, &policy, &situation, &given(&planned, &situation, &policy));
    let lines: Vec<String> = refused.iter().map(|refusal| refusal.line(situation.now, NOTHING)).collect();
    assert_eq!(lines, ["STALE  desired was 12 at 03:04:10Z, is 20 now. Nothing was sent.  [r] plan again"]);
}

#[test]
fn a_floor_reads_as_specified() {
    let (mut plan, policy, situation) = (plan(), policy(), situation());
    plan.facts.capacity = vec![capacity(9, 2)];
    let refused = refusals(&plan, &plan, &policy, &situation, &given(&plan, &situation, &policy));
    let line = "REFUSED floor/payment-api  9 → 2 leaves 22 % of healthy, runbook minimum 60 %. Nothing was sent.  \
                Override: type floor/payment-api and a reason";
    assert_eq!(refused[0].line(situation.now, NOTHING), line);
}

#[test]
fn what_is_not_of_this_second_has_its_age_and_what_fits_instead_is_named() {
    let mut plan = plan();
    let offer = Some("ecs.stop_deployment".into());
    plan.facts.obstacle = Some(Obstacle { says: "deployment 7 is in progress.".into(), offer });
    let refused = crate::guard::rules::judge(&plan, &policy(), &situation(), &[]);
    let refused = refused.iter().find(|verdict| verdict.refuses()).unwrap();
    let line = "REFUSED in-flight/payment-api  deployment 7 is in progress (12 s old). Step 1 was sent at 03:02:00Z.  \
                Use ecs.stop_deployment instead.  Override: type in-flight/payment-api";
    assert_eq!(refused.line(later(12), "Step 1 was sent at 03:02:00Z."), line);
}

#[test]
fn what_holds_or_is_asked_later_offers_nothing() {
    let holds = Verdict::holds(Guard::Floor, "api", "9 → 8 tasks");
    assert_eq!(holds.line(then(), NOTHING), "ok floor/api  9 → 8 tasks");
    assert_eq!(
        Verdict::later(Guard::Intent, "", "before the send").line(then(), NOTHING),
        "later intent  before the send"
    );
    assert_eq!(Verdict { over: Override::Named, ..holds }.next(), "");
}

#[test]
fn verdicts_come_in_the_order_of_the_guards_with_every_guard_once() {
    let mut plan = plan();
    let guards: Vec<Guard> =
        crate::guard::judge(&plan, &policy(), &situation(), &[]).iter().map(|verdict| verdict.guard).collect();
    assert_eq!(guards, Guard::ALL);
    plan.facts.impossible = Some("the account's limit".into());
    let verdicts = crate::guard::judge(&plan, &policy(), &situation(), &[]);
    assert!(verdicts.is_sorted_by_key(|verdict| verdict.guard));
    assert_eq!(verdicts.iter().filter(|verdict| verdict.guard == Guard::Target).count(), 2);
}
