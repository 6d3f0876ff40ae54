//! Tests of `update`: opening resources and environments, and what is asked meanwhile.

use super::*;
use crate::app::Screen;
use crate::app::screens::ResourcePane;
use crate::inquiry::charts::ChartsAnswer;
use crate::inquiry::{Answer, Question, Slot};
use crate::model::{Field, MetricSet, Series};

fn asked(effects: &[Effect]) -> Vec<Question> {
    let question = |effect: &Effect| match effect {
        Effect::Ask(question) => Some((**question).clone()),
        _ => None,
    };
    effects.iter().filter_map(question).collect()
}

fn alarm(name: &str, function: &str) -> Resource {
    let fields = vec![
        Field::new("namespace", "AWS/Lambda"),
        Field::new("metric", "Errors"),
        Field::new("statistic", "Sum"),
        Field::new("dimensions", vec![Text::new(format!("FunctionName={function}"))]),
        Field::new("threshold", 5.0),
    ];
    Resource { fields, arn: "arn:aws:cloudwatch:us-east-1:1:alarm:x".into(), ..resource(name, Severity::Critical) }
}

fn metrics(app: &App, points: Vec<Option<f64>>) -> Message {
    let subject = app.resource.subject.clone().unwrap();
    let charts = app.derived.resource.as_ref().unwrap().charts.charts.clone();
    let query = charts[0].lines[0].query.clone();
    let series = Series { start: at(0), period_s: 60, points };
    let metrics = MetricSet { series: [(query, series.into())].into(), fault: None, at: Some(at(1)) };
    let answer = ChartsAnswer { env: subject.env, about: subject.key(), metrics };
    Message::Answer(Box::new(Answer::Charts(Box::new(answer))))
}

#[test]
fn metrics_are_asked_for_while_a_resource_is_open() {
    let mut app = live();
    let effects = press(&mut app, &["enter", "enter"]);
    let questions = asked(&effects);
    let Some(Question::Charts(question)) = questions.first() else { panic!("{questions:?}") };
    assert_eq!(question.env, EnvId(2));
    assert!(question.queries.iter().all(|query| query.namespace == "AWS/Lambda"));
    assert_eq!(press(&mut app, &["tab", "?", "esc"]), [], "not again while it stays open");
    assert_eq!(press(&mut app, &["esc"]), [Effect::Forget(Slot::Resource)]);
    assert_eq!(press(&mut app, &["esc", "enter"]), [], "nothing more is asked on other screens");
}

#[test]
fn an_answer_about_something_else_is_ignored() {
    let mut app = live();
    press(&mut app, &["enter", "enter"]);
    let late = metrics(&app, vec![Some(1.0)]);
    update(&mut app, late.clone());
    assert!(app.resource.metrics.is_some());
    press(&mut app, &["esc", "j", "enter"]);
    update(&mut app, late);
    assert!(app.resource.metrics.is_none());
}

#[test]
fn an_alarm_opens_what_it_is_about_and_the_way_back_is_kept() {
    let mut app = live();
    update(&mut app, report(2, ALARMS, Ok(reading(vec![alarm("errors", "processing")])), 1));
    app.settle();
    press(&mut app, &["L", "enter"]);
    let opened = |app: &App| app.resource.subject.as_ref().map(|s| (s.signal, s.resource.name.to_string()));
    assert_eq!(opened(&app), Some((LAMBDA, "processing".into())));
    let view = app.derived.resource.as_ref().unwrap();
    assert_eq!((view.alarms.len(), view.charts.charts[0].limits[0].value), (1, 5.0), "with its threshold");
    let effects = press(&mut app, &["tab", "tab", "tab", "enter"]);
    assert_eq!(opened(&app), Some((ALARMS, "errors".into())));
    assert_eq!(asked(&effects).len(), 1, "the alarm's own metric");
    press(&mut app, &["esc"]);
    assert_eq!((opened(&app), app.resource.pane), (Some((LAMBDA, "processing".into())), ResourcePane::Charts));
    press(&mut app, &["esc"]);
    assert_eq!(app.screen(), Screen::Alarms);
}

#[test]
fn a_log_is_read_while_it_is_open_and_goes_on_where_it_was() {
    use crate::inquiry::logs::{LogLine, LogsAnswer};
    let mut app = live();
    let effects = press(&mut app, &["enter", "enter", "l"]);
    let questions = asked(&effects);
    let Some(Question::Logs(first)) = questions.last() else { panic!("{questions:?}") };
    assert_eq!((&*first.source.name, first.group.clone()), ("processing", None));
    let told = |answer| Message::Answer(Box::new(Answer::Logs(Box::new(answer))));
    let group = Text::new("/aws/lambda/processing");
    update(&mut app, told(LogsAnswer::Groups(vec![group.clone()])));
    let lines = (0..30).map(|second| LogLine { at: at(second), text: "hello".into() }).collect();
    update(&mut app, told(LogsAnswer::Lines { group: group.clone(), lines, skipped_s: 0 }));
    app.settle();
    assert_eq!((app.logs.len(), app.logs.cursor.selected), (30, 29), "the newest is followed");
    assert_eq!(press(&mut app, &["k"]), [], "the only group is not asked for again");
    assert!(!app.logs.follow, "a look at older lines stays there");
    let closed = press(&mut app, &["esc"]);
    assert!(closed.contains(&Effect::Forget(Slot::Logs)));
    let again = asked(&press(&mut app, &["l"]));
    let Some(Question::Logs(again)) = again.last() else { panic!("{again:?}") };
    assert!(again.group == Some(group) && again.from > at(29));
}

#[test]
fn several_groups_are_to_choose_from() {
    use crate::inquiry::logs::LogsAnswer;
    let mut app = live();
    press(&mut app, &["enter", "enter", "l"]);
    let groups = vec!["/a".into(), "/b".into()];
    update(&mut app, Message::Answer(Box::new(Answer::Logs(Box::new(LogsAnswer::Groups(groups))))));
    app.settle();
    let effects = press(&mut app, &["j", "enter"]);
    let questions = asked(&effects);
    let Some(Question::Logs(question)) = questions.first() else { panic!("{questions:?}") };
    assert_eq!(question.group, Some("/b".into()));
}

#[test]
fn a_resource_that_has_gone_is_unknown_not_fine() {
    let mut app = live();
    press(&mut app, &["enter", "enter"]);
    update(&mut app, report(2, LAMBDA, Ok(reading(vec![])), 1));
    app.settle();
    let view = app.derived.resource.as_ref().unwrap();
    assert!(view.gone && view.severity == Severity::Unknown && &*view.resource.name == "processing");
}

#[test]
fn the_environment_screen_follows_what_is_selected() {
    let mut app = live();
    press(&mut app, &["e", "j", "j"]);
    let before = app.selected().unwrap().resource.unwrap().name.clone();
    let signal = app.selected().unwrap().signal;
    update(&mut app, report(2, LAMBDA, Ok(reading(vec![resource("new", Severity::Critical)])), 1));
    app.settle();
    let after = app.selected().unwrap();
    assert!(after.resource.is_some_and(|resource| resource.name == before) && after.signal == signal);
}
