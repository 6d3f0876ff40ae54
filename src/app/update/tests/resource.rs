//! Tests of `update`: opening resources and environments, and what is asked meanwhile.

use super::*;
use crate::app::screens::ResourcePane;
use crate::app::{Action, Screen};
use crate::changes::Told;
use crate::inquiry::charts::ChartsAnswer;
use crate::inquiry::logs::{LogLine, LogsAnswer, LogsAsked, LogsPart};
use crate::inquiry::{Answer, Question, Slot};
use crate::model::{Change, ChangeKind, Field, MetricSet, Series};

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
    let closed = press(&mut app, &["esc"]);
    assert_eq!(closed, [Effect::Forget(Slot::Resource), Effect::Forget(Slot::Changes)]);
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

/// A part of the answer to a question about a log.
fn part_of(number: u64, part: LogsPart) -> Message {
    Message::Answer(Box::new(Answer::Logs(Box::new(LogsAnswer { number, part }))))
}

#[test]
fn a_log_is_read_while_it_is_open_and_goes_on_where_it_was() {
    let mut app = live();
    let effects = press(&mut app, &["enter", "enter", "l"]);
    let questions = asked(&effects);
    let Some(Question::Logs(first)) = questions.last() else { panic!("{questions:?}") };
    assert_eq!((&*first.source.name, first.group.clone()), ("processing", None));
    let told = |part| part_of(first.number, part);
    let group = Text::new("/aws/lambda/processing");
    update(&mut app, told(LogsPart::Groups(vec![group.clone()])));
    let lines = (0..30).map(|second| LogLine { at: at(second), text: "hello".into(), ..LogLine::default() }).collect();
    update(&mut app, told(LogsPart::Lines { lines, skipped_s: 0 }));
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

/// The log of the failing function with one line, and the number of the question.
fn reading_a_log(app: &mut App) -> u64 {
    let number = log_question(&press(app, &["enter", "enter", "l"])).number;
    update(app, part_of(number, LogsPart::Groups(vec!["/aws/lambda/processing".into()])));
    let lines = vec![LogLine { at: at(1), id: "1".into(), text: "all lines".into(), ..LogLine::default() }];
    update(app, part_of(number, LogsPart::Began));
    update(app, part_of(number, LogsPart::Lines { lines, skipped_s: 0 }));
    app.settle();
    number
}

fn log_question(effects: &[Effect]) -> LogsAsked {
    let questions = asked(effects);
    let Some(Question::Logs(question)) = questions.last() else { panic!("{questions:?}") };
    (**question).clone()
}

#[test]
fn a_pattern_replaces_the_lines_when_it_is_accepted() {
    let mut app = live();
    let before = reading_a_log(&mut app);
    let asked = log_question(&press(&mut app, &["p", "E", "R", "R", "enter"]));
    assert_eq!((&*asked.pattern, asked.from), ("ERR", app.logs.from), "from the beginning");
    assert_eq!((app.logs.len(), &*app.logs.pattern), (1, ""), "the lines stay until it is accepted");
    update(&mut app, part_of(before, LogsPart::Lines { lines: vec![Default::default(); 3], skipped_s: 0 }));
    assert_eq!(app.logs.len(), 1, "what was on its way is not mistaken for an answer");
    assert_eq!(update(&mut app, part_of(asked.number, LogsPart::Began)), []);
    assert_eq!((app.logs.len(), &*app.logs.pattern), (0, "ERR"));
}

#[test]
fn a_refused_pattern_is_said_and_the_log_before_goes_on() {
    let mut app = live();
    reading_a_log(&mut app);
    let asked = log_question(&press(&mut app, &["p", "{", "enter"]));
    let refused = Fault::new(FaultKind::Invalid, "FilterLogEvents", "CloudWatch refuses the filter pattern {");
    let again = log_question(&update(&mut app, part_of(asked.number, LogsPart::Refused(refused))));
    assert_eq!((&*again.pattern, app.logs.len()), ("", 1));
    assert_eq!(again.known, [(at(1), "1".into())], "nothing comes twice");
    assert!(app.notice().is_some_and(|notice| notice.text.contains("refuses the filter pattern")));
    assert!(app.logs.fault.is_none() && app.logs.refused.is_some());
    log_question(&press(&mut app, &["p", "E", "enter"]));
    assert_eq!(app.logs.refused, None);
}

#[test]
fn a_frozen_picture_of_a_log_does_not_follow() {
    let mut app = live();
    let number = reading_a_log(&mut app);
    press(&mut app, &["space"]);
    update(&mut app, part_of(number, LogsPart::Lines { lines: vec![Default::default(); 50], skipped_s: 0 }));
    app.settle();
    assert_eq!((app.logs.len(), app.logs.cursor.selected), (51, 0), "lines keep coming");
    press(&mut app, &["space"]);
    app.settle();
    assert_eq!(app.logs.cursor.selected, 50);
}

#[test]
fn refreshing_a_log_that_was_given_up_asks_again() {
    let mut app = live();
    let number = reading_a_log(&mut app);
    let gone = Fault::new(FaultKind::Invalid, "FilterLogEvents", "log group /aws/lambda/processing does not exist");
    update(&mut app, part_of(number, LogsPart::Fault(gone)));
    assert!(app.logs.fault.is_some());
    let again = log_question(&press(&mut app, &["ctrl-r"]));
    assert!(again.number > number && app.logs.fault.is_none());
}

#[test]
fn several_groups_are_to_choose_from() {
    let mut app = live();
    let questions = asked(&press(&mut app, &["enter", "enter", "l"]));
    let Some(Question::Logs(question)) = questions.last() else { panic!("{questions:?}") };
    update(&mut app, part_of(question.number, LogsPart::Groups(vec!["/a".into(), "/b".into()])));
    app.settle();
    let effects = press(&mut app, &["j", "enter"]);
    let questions = asked(&effects);
    let Some(Question::Logs(question)) = questions.first() else { panic!("{questions:?}") };
    assert_eq!(question.group, Some("/b".into()));
}

/// The only question about changes among the effects.
fn changes_asked(effects: &[Effect]) -> Option<crate::inquiry::ChangesQuestion> {
    let changes = asked(effects).into_iter().filter_map(|question| match question {
        Question::Changes(question) => Some(question),
        _ => None,
    });
    let mut changes: Vec<_> = changes.collect();
    assert!(changes.len() <= 1, "{changes:?}");
    changes.pop()
}

/// What every source answers: the first one these changes.
fn tell(app: &mut App, question: &crate::inquiry::ChangesQuestion, changes: Vec<Change>) {
    use std::sync::Arc;
    for (env, (index, source)) in
        question.envs.iter().flat_map(|env| crate::changes::ALL.iter().enumerate().map(|s| (*env, s)))
    {
        let own = changes.iter().filter(|change| index == 0 && change.env == env).cloned().map(Arc::new).collect();
        let (asked, title) = (question.asked, source.title());
        let source = Some(source.id());
        let told = Told { asked, env, source, title, changes: own, faults: vec![], failed: false, cut_before: None };
        update(app, Message::Answer(Box::new(Answer::Changes(told))));
    }
    app.settle();
}

fn change(second: i64, kind: ChangeKind, resource: &str) -> Change {
    Change { summary: "something".into(), ..Change::new(at(second), EnvId(2), kind, resource) }
}

#[test]
fn the_changes_of_a_resource_are_asked_once_and_told_newest_first() {
    let mut app = live();
    let effects = press(&mut app, &["enter", "enter"]);
    update(&mut app, report(2, ALARMS, Ok(reading(vec![alarm("errors", "processing")])), 1));
    let question = changes_asked(&effects).expect("the changes are asked for");
    assert_eq!(question.envs, [EnvId(2)]);
    assert_eq!(question.span.to.duration_since(question.span.from).as_hours(), 24);
    app.settle();
    assert_eq!(app.derived.resource.as_ref().unwrap().told.reading, Some((0, crate::changes::ALL.len())));
    let changes = vec![
        change(-900, ChangeKind::Publish, "processing"),
        change(-600, ChangeKind::Alarm, "errors"),
        change(-700, ChangeKind::Publish, "validation"),
        change(-500, ChangeKind::Alarm, "errors-of-something-else"),
        Change {
            arn: "arn:aws:lambda:us-east-1:111122223333:function:processing:7".into(),
            ..change(-800, ChangeKind::Alias, "x")
        },
    ];
    tell(&mut app, &question, changes);
    let view = app.derived.resource.as_ref().unwrap();
    let told: Vec<(&str, &str)> = view.happenings.iter().map(|h| (h.kind, &*h.about)).collect();
    assert_eq!(told, [("alarm", "errors"), ("alias", ""), ("publish", "")]);
    assert!(view.happenings.iter().all(|happening| happening.is_mark()) && view.told.reading.is_none());
    let more = press(&mut app, &["tab", "tab", "enter"]);
    assert!(app.screen() == Screen::Describe && changes_asked(&more).is_none());
    press(&mut app, &["esc", "esc"]);
    assert!(changes_asked(&press(&mut app, &["j", "enter"])).is_none(), "another resource of the same environment");
    assert!(changes_asked(&press(&mut app, &["ctrl-r"])).is_some(), "asked again on demand");
}

#[test]
fn what_the_timeline_was_told_is_not_asked_again() {
    let mut app = live();
    let effects = press(&mut app, &["t", "+", "+"]);
    let question = asked(&effects).into_iter().filter_map(|question| match question {
        Question::Changes(question) => Some(question),
        _ => None,
    });
    let question = question.last().unwrap();
    tell(&mut app, &question, vec![change(-900, ChangeKind::Publish, "processing")]);
    press(&mut app, &["esc"]);
    app.settle();
    assert!(changes_asked(&press(&mut app, &["enter", "enter"])).is_none());
    app.settle();
    assert_eq!(app.derived.resource.as_ref().unwrap().happenings.len(), 1);
    let suspects = press(&mut app, &["w"]);
    assert!(app.screen() == Screen::Timeline && changes_asked(&suspects).is_none(), "nor for the suspects");
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

#[test]
fn an_alarm_of_a_metric_has_no_alarms_and_a_composite_one_those_of_its_rule() {
    let mut app = live();
    let rule = "ALARM(slow) OR (ALARM(\"errors\") AND NOT OK(elsewhere))";
    let composite = Resource { fields: vec![Field::new("rule", rule)], ..resource("all", Severity::Critical) };
    let slow = Resource { severity: Severity::Ok, ..alarm("slow", "other") };
    update(&mut app, report(2, ALARMS, Ok(reading(vec![composite, alarm("errors", "other"), slow])), 1));
    app.settle();
    press(&mut app, &["L", "enter"]);
    assert_eq!(app.resource.pane, ResourcePane::Alarms, "it has no curves");
    let view = app.derived.resource.as_ref().unwrap();
    let children: Vec<(&str, Severity)> =
        view.alarms.iter().map(|(alarm, severity)| (&*alarm.name, *severity)).collect();
    let expected = [("errors", Severity::Critical), ("elsewhere", Severity::Unknown), ("slow", Severity::Ok)];
    assert_eq!(children, expected, "one that was not read is unknown");
    press(&mut app, &["enter"]);
    let view = app.derived.resource.as_ref().unwrap();
    assert_eq!((&*view.resource.name, view.panes), ("errors", &ResourcePane::ALL[..3]));
    press(&mut app, &["tab", "tab", "tab"]);
    assert_eq!(app.resource.pane, ResourcePane::Charts);
}

#[test]
fn only_what_can_be_done_is_offered() {
    let mut app = live();
    assert!(app.offers(Action::CopyArn));
    let nameless = Resource { arn: Text::default(), ..resource("processing", Severity::Critical) };
    update(&mut app, report(2, LAMBDA, Ok(reading(vec![nameless])), 1));
    app.settle();
    assert!(!app.offers(Action::CopyArn));
    press(&mut app, &["t"]);
    assert!(app.offers(Action::Widen));
    press(&mut app, &["+", "+", "+"]);
    assert!(!app.offers(Action::Widen), "three days are the longest");
    press(&mut app, &["-", "esc", "w"]);
    assert!(app.screen() == Screen::Timeline && !app.offers(Action::Widen), "suspects are of the half hour before");
}

#[test]
fn what_has_no_suspects_tells_why() {
    let mut app = live();
    press(&mut app, &["h", "w"]);
    assert_eq!(app.screen(), Screen::Wall);
    assert!(app.notice().unwrap().text.contains("Lambda errors did not turn red"), "{:?}", app.notice());
    press(&mut app, &["t", "w"]);
    assert!(app.notice().unwrap().text.contains("select an alarm that went off"), "{:?}", app.notice());
}
