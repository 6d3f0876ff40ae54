//! Tests of the compare screen: what is asked when, and what becomes of the answers.
use std::sync::Arc;

use super::*;
use crate::app::drift::DRIFT;
use crate::app::screens::compare::{Ended, testing};
use crate::app::{Freshness, Screen};
use crate::inquiry::compare::{CompareAnswer, ComparePart, Comparison};
use crate::inquiry::{Answer, CompareQuestion, Question, Slot};

fn environments(app: &App) -> Vec<Environment> {
    let all = app.fleet.environments.iter().map(|state| state.environment.clone());
    all.filter(|environment| environment.system == *"payments").collect()
}

fn asked(effects: &[Effect]) -> Vec<CompareQuestion> {
    let question = |effect: &Effect| match effect {
        Effect::Ask(question) => match &**question {
            Question::Compare(question) => Some(question.clone()),
            _ => None,
        },
        _ => None,
    };
    effects.iter().filter_map(question).collect()
}

fn told(app: &mut App, number: u64, part: ComparePart) {
    let answer = Answer::Compare(Box::new(CompareAnswer { number, part }));
    update(app, Message::Answer(Box::new(answer)));
    app.settle();
}

fn done(app: &mut App, number: u64, comparison: &Arc<Comparison>) {
    told(app, number, ComparePart::Done(Arc::clone(comparison)));
}

fn drifted(app: &App) -> Arc<Comparison> {
    testing::drifted(&environments(app), at(0))
}

/// The keys of the lines shown; those of resources are their names.
fn lines(app: &App) -> Vec<String> {
    let view = &app.derived.compare;
    let word = |line: usize| match view.setting(line) {
        Some(setting) => format!("  {}", setting.key),
        None => view.resource(line).unwrap().name.to_string(),
    };
    (0..view.lines.len()).map(word).collect()
}

#[test]
fn it_reads_once_and_keeps_what_it_read() {
    let mut app = live();
    let question = CompareQuestion { number: 1, system: "payments".into() };
    assert_eq!(asked(&press(&mut app, &["="])), [question]);
    assert_eq!(app.screen(), Screen::Compare);
    assert!(asked(&press(&mut app, &["j", "k"])).is_empty(), "it is being read");
    told(&mut app, 1, ComparePart::Read { env: EnvId(1), done: 4 });
    told(&mut app, 1, ComparePart::Read { env: EnvId(1), done: 3 });
    let reading = app.compare.reading().unwrap().environments.clone();
    assert_eq!(reading, [(EnvId(0), 0), (EnvId(1), 4), (EnvId(2), 0)], "late words take nothing back");
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    assert!(app.compare.reading().is_none());
    assert!(asked(&press(&mut app, &["q", "="])).is_empty(), "cached");
    assert!(!lines(&app).is_empty());
    assert_eq!(asked(&press(&mut app, &["ctrl-r"])).len(), 1);
    assert!(!lines(&app).is_empty(), "what was read before stays meanwhile");
}

#[test]
fn the_worst_comes_first_and_only_differences_unless_asked() {
    let mut app = live();
    press(&mut app, &["="]);
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    let shown = lines(&app);
    assert_eq!(shown[..2], ["payment-processing", "  memory_mb"]);
    assert!(!shown.contains(&"  runtime".to_owned()));
    assert_eq!(app.compare.rows.selected(), 1, "the first setting, not its resource");
    press(&mut app, &["z"]);
    assert!(lines(&app).contains(&"  runtime".to_owned()));
    assert!(!app.attention, "the wall keeps what it shows");
    press(&mut app, &["z", "/", "m", "e", "m", "o", "enter"]);
    assert_eq!(lines(&app), ["payment-processing", "  memory_mb"]);
    press(&mut app, &["esc"]);
    assert_eq!(lines(&app), shown);
    assert_eq!(app.screen(), Screen::Compare, "the filter goes first");
}

#[test]
fn esc_stops_reading_and_late_answers_are_ignored() {
    let mut app = live();
    press(&mut app, &["="]);
    let effects = press(&mut app, &["esc"]);
    assert!(effects.contains(&Effect::Forget(Slot::Compare)));
    assert_eq!((app.screen(), app.compare.ended()), (Screen::Compare, Some(&Ended::Stopped)));
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    assert!(app.compare.comparison().is_none());
    assert!(app.fleet.signal_index(DRIFT).is_none());
    let question = CompareQuestion { number: 2, system: "payments".into() };
    assert_eq!(asked(&press(&mut app, &["ctrl-r"])), [question]);
    done(&mut app, 1, &comparison);
    assert!(app.compare.comparison().is_none(), "an answer to the question before");
    press(&mut app, &["esc", "esc"]);
    assert_eq!(app.screen(), Screen::Wall);
    assert_eq!(asked(&press(&mut app, &["="])).len(), 1, "opening it is asking for it");
}

#[test]
fn leaving_it_reads_on_and_says_what_came_of_it() {
    let mut app = live();
    press(&mut app, &["=", "q"]);
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    let notice = app.notice().unwrap().text.to_string();
    assert_eq!(notice, "payments compared: 4 settings differ unapproved");
}

#[test]
fn a_single_environment_is_not_asked() {
    let mut app = live();
    assert!(asked(&press(&mut app, &["2", "="])).is_empty());
    assert_eq!(app.compare.system, *"wallet");
    assert_eq!(asked(&press(&mut app, &["1"])).len(), 1, "it follows the system that is shown");
    assert_eq!(app.compare.system, *"payments");
}

#[test]
fn a_manifest_that_is_wrong_is_told_and_not_asked_again_and_again() {
    let mut app = live();
    press(&mut app, &["="]);
    told(&mut app, 1, ComparePart::Refused(vec!["line 3: unknown field".into()]));
    assert!(matches!(app.compare.ended(), Some(Ended::Refused(_))));
    assert!(asked(&press(&mut app, &["j"])).is_empty());
    assert_eq!(asked(&press(&mut app, &["ctrl-r"])).len(), 1);
}

#[test]
fn the_wall_counts_what_nothing_allows_as_soon_as_it_is_known() {
    let mut app = live();
    assert!(app.fleet.signal_index(DRIFT).is_none());
    press(&mut app, &["=", "q"]);
    assert!(app.fleet.signal_index(DRIFT).is_none(), "not before it has been compared");
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    let row = app.fleet.signal_index(DRIFT).unwrap();
    let told = |app: &App, env: usize| {
        let cell = app.fleet.cell(env, row).unwrap();
        (cell.severity(app.now), cell.datum.value().unwrap().headline.to_string())
    };
    assert_eq!(told(&app, 0), (Severity::Warning, "1 differ".to_owned()));
    assert_eq!(told(&app, 1), (Severity::Warning, "1 differ".to_owned()));
    assert_eq!(told(&app, 2), (Severity::Warning, "2 differ".to_owned()));
    assert_eq!(told(&app, 3).0, Severity::Absent, "another system");
    assert!(app.derived.wall.rows.contains(&row));
    let calm = testing::calm(&environments(&app), at(0));
    press(&mut app, &["=", "ctrl-r"]);
    done(&mut app, 2, &calm);
    assert_eq!(told(&app, 2), (Severity::Ok, "none".to_owned()));
    update(&mut app, Message::Tick(at(6 * 3600 + 1)));
    assert_eq!(app.fleet.cell(2, row).unwrap().freshness(app.now), Freshness::Overdue);
    assert_eq!(told(&app, 2).0, Severity::Unknown, "old good news are no news");
}

#[test]
fn an_environment_that_cannot_be_read_is_unknown_on_the_wall() {
    let mut app = live();
    press(&mut app, &["="]);
    let comparison = testing::failed(&environments(&app), at(0));
    done(&mut app, 1, &comparison);
    let row = app.fleet.signal_index(DRIFT).unwrap();
    let severity = |env: usize| app.fleet.cell(env, row).unwrap().severity(app.now);
    assert_eq!((severity(0), severity(2)), (Severity::Unknown, Severity::Ok));
}

#[test]
fn the_past_has_no_drift_row() {
    let mut app = live();
    press(&mut app, &["="]);
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    press(&mut app, &["q", "["]);
    assert!(app.past.is_some() && app.picture().signal_index(DRIFT).is_none());
}

#[test]
fn the_drift_cell_opens_the_comparison_at_its_environment() {
    let mut app = live();
    press(&mut app, &["="]);
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    press(&mut app, &["q", "G", "l", "l"]);
    assert_eq!(selected(&app), ("payments/prod".to_owned(), Some(DRIFT)));
    press(&mut app, &["enter"]);
    assert_eq!((app.screen(), app.compare.columns.selected()), (Screen::Compare, 2));
}

#[test]
fn enter_tells_values_rule_and_reason() {
    let mut app = live();
    press(&mut app, &["="]);
    let comparison = drifted(&app);
    done(&mut app, 1, &comparison);
    press(&mut app, &["enter"]);
    assert_eq!(app.screen(), Screen::Describe);
    let told: Vec<String> = app.describe.lines.iter().map(|line| line.text().into_owned()).collect();
    for wanted in [
        "prod DRIFT: approved is 2048",
        "    1536",
        "manifest: it may be dev 512, staging 1024, prod 2048",
        "reason: memory follows the load",
        "prod: payments-prod-payment-processing",
    ] {
        assert!(told.iter().any(|line| line == wanted), "{wanted} in {told:#?}");
    }
    press(&mut app, &["esc"]);
    assert_eq!(app.screen(), Screen::Compare);
}
