//! Tests of `update`: poll.

use rstest::rstest;

use super::*;
use crate::app::{CachedReading, Counts, Freshness};
use crate::model::Connection;

fn lambda_in_prod(app: &App) -> &crate::app::Cell {
    app.fleet.cell(2, 1).unwrap()
}

fn cached(severity: Severity) -> Message {
    let reading = simple(severity);
    Message::Cached(vec![CachedReading { env: EnvId(2), signal: LAMBDA, reading, at: at(-600), every_s: 60 }])
}

#[test]
fn a_failed_attempt_keeps_the_last_value_and_marks_it() {
    let mut app = live();
    update(&mut app, report(2, LAMBDA, Err(fault(FaultKind::Timeout)), 60));
    let cell = lambda_in_prod(&app);
    assert_eq!(cell.datum.value().unwrap().severity, Severity::Critical);
    assert_eq!((cell.freshness(at(60)), cell.severity(at(60))), (Freshness::Faulted, Severity::Critical));
    update(&mut app, report(2, ALARMS, Err(fault(FaultKind::Timeout)), 60));
    assert_eq!(app.fleet.cell(2, 0).unwrap().severity(at(60)), Severity::Unknown, "old good news is not good news");
}

#[test]
fn another_account_withdraws_everything_of_the_environment_only() {
    let mut app = live();
    update(&mut app, report(2, LAMBDA, Err(fault(FaultKind::WrongAccount)), 60));
    app.settle();
    for cell in &app.fleet.environments[2].cells {
        assert_eq!(cell.datum.value(), None);
        assert_eq!(cell.datum.fault().map(|fault| fault.kind), Some(FaultKind::WrongAccount));
    }
    assert!(app.fleet.environments[0].cells.iter().all(|cell| cell.datum.value().is_some()));
    update(&mut app, report(2, ALARMS, Ok(simple(Severity::Ok)), 59));
    assert_eq!(app.fleet.cell(2, 0).unwrap().datum.value(), None, "an answer from before does not bring it back");
    update(&mut app, cached(Severity::Ok));
    assert_eq!(lambda_in_prod(&app).datum.value(), None, "nor does the cache");
}

#[test]
fn another_account_is_also_told_by_the_connection() {
    let mut app = live();
    let connection = Connection { fault: Some(fault(FaultKind::WrongAccount)), ..Connection::default() };
    update(&mut app, polled(PollEvent::Connection { env: EnvId(2), connection: Box::new(connection) }));
    assert!(app.fleet.environments[2].cells.iter().all(|cell| cell.datum.value().is_none()));
}

#[rstest]
#[case::older_answer(Ok(simple(Severity::Ok)), -1, Severity::Critical)]
#[case::older_failure(Err(fault(FaultKind::Timeout)), -1, Severity::Critical)]
#[case::same_time(Ok(simple(Severity::Ok)), 0, Severity::Ok)]
#[case::newer(Ok(simple(Severity::Ok)), 1, Severity::Ok)]
fn an_old_report_never_replaces_a_newer_one(
    #[case] outcome: Result<Reading, Fault>,
    #[case] second: i64,
    #[case] severity: Severity,
) {
    let mut app = live();
    update(&mut app, report(2, LAMBDA, outcome, second));
    assert_eq!(lambda_in_prod(&app).severity(at(0)), severity);
}

#[rstest]
#[case::unknown_environment(3, LAMBDA)]
#[case::far_beyond(usize::MAX, LAMBDA)]
#[case::unknown_signal(0, SignalId("nothing"))]
fn a_report_about_nothing_is_ignored(#[case] env: usize, #[case] signal: SignalId) {
    let mut app = live();
    let before = app.fleet.clone();
    assert_eq!(update(&mut app, report(env, signal, Ok(simple(Severity::Critical)), 9)), []);
    assert_eq!(app.fleet, before);
}

#[rstest]
#[case::worse(Severity::Ok, Severity::Critical, true, true)]
#[case::better(Severity::Critical, Severity::Ok, true, false)]
#[case::unchanged(Severity::Warning, Severity::Warning, false, false)]
#[case::worse_again(Severity::Warning, Severity::Critical, true, true)]
#[case::gone_missing(Severity::Ok, Severity::Unknown, true, false)]
fn a_change_flashes_and_a_turn_for_the_worse_rings(
    #[case] before: Severity,
    #[case] after: Severity,
    #[case] flashes: bool,
    #[case] rings: bool,
) {
    let mut app = App::new(settings());
    assert_eq!(update(&mut app, report(2, LAMBDA, Ok(simple(before)), 0)), [], "the first report never rings");
    assert!(!lambda_in_prod(&app).flashes(at(0)));
    let effects = update(&mut app, report(2, LAMBDA, Ok(simple(after)), 1));
    assert_eq!(lambda_in_prod(&app).flashes(at(1)), flashes);
    assert!(!lambda_in_prod(&app).flashes(at(2)), "a flash is short");
    let told = format!("payments/prod: Lambda errors {after} 8.4 %");
    let expected = if rings { vec![Effect::Bell, Effect::Notify(told)] } else { Vec::new() };
    assert_eq!(effects, expected);
}

#[test]
fn the_bell_is_silent_unless_configured() {
    let mut app = App::new(Settings { bell: false, ..settings() });
    update(&mut app, report(2, LAMBDA, Ok(simple(Severity::Ok)), 0));
    assert_eq!(update(&mut app, report(2, LAMBDA, Ok(simple(Severity::Critical)), 1)), []);
    assert!(lambda_in_prod(&app).flashes(at(1)));
}

#[test]
fn a_passing_fault_does_not_ring_twice_for_one_trouble() {
    let mut app = live();
    update(&mut app, report(2, LAMBDA, Err(fault(FaultKind::Timeout)), 1));
    assert_eq!(update(&mut app, report(2, LAMBDA, Ok(simple(Severity::Critical)), 2)), []);
}

#[test]
fn the_cached_wall_is_marked_and_gives_way() {
    let mut app = App::new(settings());
    update(&mut app, cached(Severity::Ok));
    let cell = lambda_in_prod(&app);
    assert_eq!((cell.freshness(at(0)), cell.severity(at(0))), (Freshness::Cached, Severity::Unknown));
    assert_eq!(cell.age_s(at(0)), Some(600));
    assert_eq!(update(&mut app, report(2, LAMBDA, Ok(simple(Severity::Critical)), 1)), []);
    assert_eq!(lambda_in_prod(&app).freshness(at(1)), Freshness::Fresh);
    update(&mut app, cached(Severity::Ok));
    assert_eq!(lambda_in_prod(&app).severity(at(1)), Severity::Critical, "the cache replaces nothing that is live");
}

#[test]
fn the_cache_fills_in_for_what_failed_and_keeps_the_reason() {
    let mut app = App::new(settings());
    update(&mut app, report(2, LAMBDA, Err(fault(FaultKind::Expired)), 0));
    update(&mut app, cached(Severity::Critical));
    let cell = lambda_in_prod(&app);
    assert_eq!(cell.freshness(at(0)), Freshness::Faulted);
    assert_eq!((cell.severity(at(0)), cell.age_s(at(0))), (Severity::Critical, Some(600)));
}

#[test]
fn values_grow_old_without_any_report() {
    let mut app = live();
    let fresh = app.derived.counts;
    assert_eq!(fresh, Counts { critical: 1, warning: 1, ok: 4, worst: Severity::Critical, ..Counts::default() });
    update(&mut app, Message::Tick(at(120)));
    app.settle();
    assert_eq!(app.derived.counts, fresh, "twice the cadence is still in time");
    update(&mut app, Message::Tick(at(121)));
    app.settle();
    let old = Counts { critical: 1, warning: 1, unknown: 4, worst: Severity::Critical, ..Counts::default() };
    assert_eq!(app.derived.counts, old);
}

#[test]
fn before_anything_has_come_nothing_is_fine() {
    let app = App::new(settings());
    assert_eq!(app.derived.counts, Counts { waiting: 6, worst: Severity::Unknown, ..Counts::default() });
}

#[test]
fn the_cost_is_that_of_all_environments() {
    let mut app = live();
    for env in [0, 2] {
        let connection = Connection { usd_per_hour: 0.3, slowed: Some(2), ..Connection::default() };
        update(&mut app, polled(PollEvent::Connection { env: EnvId(env), connection: Box::new(connection) }));
    }
    assert!((app.usd_per_hour() - 0.6).abs() < 1e-9);
    assert_eq!(app.slowed(), Some(2));
}

#[test]
fn slower_by_choice_is_not_stale() {
    let mut app = live();
    let fresh = app.derived.counts;
    for env in 0..3 {
        let every_s = app.fleet.signals.iter().map(|info| (info.id, 240)).collect();
        update(&mut app, polled(PollEvent::Cadence { env: EnvId(env), every_s }));
    }
    update(&mut app, Message::Tick(at(400)));
    app.settle();
    assert_eq!(app.derived.counts, fresh);
    update(&mut app, Message::Tick(at(481)));
    app.settle();
    assert_ne!(app.derived.counts, fresh, "twice the slower cadence is stale all the same");
}

#[test]
fn only_a_change_asks_for_a_frame() {
    let mut app = live();
    app.redraw = false;
    update(&mut app, Message::Tick(at(0)));
    let idle = PollEvent::Refreshing { env: EnvId(0), running: false };
    update(&mut app, polled(idle));
    assert!(!app.redraw);
    update(&mut app, Message::Tick(at(1)));
    assert!(app.redraw, "ages are told in seconds");
}
