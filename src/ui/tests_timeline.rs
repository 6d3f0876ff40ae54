//! The timeline on the screen: what changed, what is suspected, what could not be read, and how far it has been read.
use std::sync::Arc;

use super::testing::estate::{now, payments};
use super::testing::{dark, look, press, screen, styled, text};
use super::*;
use crate::app::{Effect, Message, update_all};
use crate::changes::{self, Told};
use crate::inquiry::{Answer, ChangesQuestion, Question};
use crate::model::{Change, ChangeKind, EnvId, Fault, FaultKind, Severity};

fn change(env: usize, kind: ChangeKind, resource: &str, time: &str, severity: Severity) -> Change {
    let at = format!("2026-11-21T{time}Z").parse().unwrap();
    Change { severity, ..Change::new(at, EnvId(env), kind, resource) }
}

fn prod() -> Vec<Change> {
    let name = "payments-prod-payment-processing";
    vec![
        Change {
            summary: "OK → ALARM".into(),
            before: "OK".into(),
            after: "ALARM".into(),
            reason: "Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (5.0).".into(),
            ..change(2, ChangeKind::Alarm, "payments-prod-lambda-errors-processing", "03:05:00", Severity::Critical)
        },
        Change {
            summary: "v43 published, serves live".into(),
            before: "v42, memory MB 1024".into(),
            after: "v43, memory MB 2048".into(),
            reason: "release 43".into(),
            arn: "arn:aws:lambda:us-east-1:111122223332:function:payments-prod-payment-processing:43".into(),
            ..change(2, ChangeKind::Publish, name, "03:03:20", Severity::Ok)
        },
        Change {
            estimated: true,
            summary: "alias live → v43".into(),
            ..change(2, ChangeKind::Alias, name, "03:03:20", Severity::Ok)
        },
        Change {
            summary: "Setting desired count to 3".into(),
            touches: vec!["payments".into()],
            ..change(1, ChangeKind::Scaling, "worker", "02:31:00", Severity::Ok)
        },
    ]
}

/// What the sources answer to the question among the effects.
fn answers(effects: &[Effect]) -> Vec<Message> {
    let Some(Effect::Ask(question)) = effects.iter().find(|effect| matches!(effect, Effect::Ask(_))) else {
        panic!("nothing is asked: {effects:?}")
    };
    let Question::Changes(question) = &**question else { panic!("something else is asked") };
    told(question)
}

fn told(question: &ChangesQuestion) -> Vec<Message> {
    let mut messages = Vec::new();
    for env in &question.envs {
        for source in changes::ALL {
            let first = source.id() == "alarm-history";
            let own = prod().into_iter().filter(|change| first && change.env == *env);
            let denied = (env.0 == 2 && source.id() == "rds-events")
                .then(|| Fault::new(FaultKind::Denied, "DescribeEvents", "rds:DescribeEvents is not allowed"));
            messages.push(Message::Answer(Box::new(Answer::Changes(Told {
                asked: question.asked,
                env: *env,
                source: Some(source.id()),
                title: source.title(),
                changes: own.map(Arc::new).collect(),
                failed: denied.is_some(),
                faults: denied.into_iter().collect(),
                cut_before: None,
            }))));
        }
    }
    messages
}

fn asked(app: &mut App, key: &str) -> Vec<Effect> {
    use crate::app::keymap::parse_key;
    screen(app, &dark(), 80, 24);
    let mut effects = update_all(app, [Message::Key(parse_key(key).unwrap().into())]);
    effects.extend(update_all(app, [Message::Tick(now())]));
    effects
}

fn answered(key: &str) -> App {
    let mut app = payments();
    let effects = asked(&mut app, key);
    let _ = update_all(&mut app, answers(&effects));
    app
}

#[test]
fn everything_that_changed() {
    let mut app = answered("t");
    press(&mut app, &["j", "j"]);
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        let picture = styled(&screen(&mut app, &dark(), width, height));
        insta::assert_snapshot!(format!("timeline_{width}x{height}"), picture);
    }
    let ascii = screen(&mut app, &look("dark", Depth::Mono, true), 120, 40);
    insta::assert_snapshot!("timeline_ascii_mono", text(&ascii));
}

#[test]
fn the_suspects_of_a_red_cell() {
    let mut app = payments();
    screen(&mut app, &dark(), 80, 24);
    press(&mut app, &["g", "j", "l", "l"]);
    let effects = asked(&mut app, "w");
    let _ = update_all(&mut app, answers(&effects));
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        let picture = styled(&screen(&mut app, &dark(), width, height));
        insta::assert_snapshot!(format!("suspects_{width}x{height}"), picture);
    }
}

#[test]
fn while_it_is_read_and_when_it_is_closed() {
    let mut app = payments();
    let effects = asked(&mut app, "t");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Ask(_))));
    insta::assert_snapshot!("timeline_reading", text(&screen(&mut app, &dark(), 80, 24)));
    let effects = asked(&mut app, "esc");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Forget(_))), "{effects:?}");
    assert!(update_all(&mut app, [Message::Tick(now())]).is_empty(), "nothing is asked when it is closed");
}

#[test]
fn a_flood_is_cut_and_told() {
    let mut app = payments();
    let effects = asked(&mut app, "t");
    let mut messages = answers(&effects);
    for message in &mut messages {
        if let Message::Answer(answer) = message
            && let Answer::Changes(told) = &mut **answer
            && told.source == Some("alarm-history")
            && told.env == EnvId(0)
        {
            let alarm = |i: i64| {
                let at = now().checked_sub(jiff::SignedDuration::from_secs(i)).unwrap();
                Arc::new(Change::new(at, EnvId(0), ChangeKind::Alarm, format!("alarm-{i}")))
            };
            told.changes = (0..10_000).map(alarm).collect();
        }
    }
    let _ = update_all(&mut app, messages);
    let shown = text(&screen(&mut app, &dark(), 120, 40));
    assert!(shown.contains("alarm history from "), "{shown}");
    assert_eq!(app.derived.timeline.rows.len(), 5_000 + 1, "with what is denied");
}

#[test]
fn what_changed_of_a_resource_is_marked_on_its_charts_and_listed() {
    let mut app = super::tests::opened();
    let span = app.changes.span.expect("the changes are asked for");
    let question = ChangesQuestion { asked: app.changes.asked, envs: vec![EnvId(2)], span };
    let mut messages = told(&question);
    for message in &mut messages {
        let Message::Answer(answer) = message else { continue };
        let Answer::Changes(told) = &mut **answer else { continue };
        let own = |change: &Arc<Change>| {
            let more = (change.kind != ChangeKind::Alarm).then(|| "payment-processing".into());
            let resource = more.unwrap_or_else(|| change.resource.clone());
            Arc::new(Change { resource, touches: vec!["payment-processing".into()], ..(**change).clone() })
        };
        told.changes = told.changes.iter().map(own).collect();
    }
    let _ = update_all(&mut app, messages);
    insta::assert_snapshot!("resource_marked_80x24", text(&screen(&mut app, &dark(), 80, 24)));
    insta::assert_snapshot!("resource_marked_120x40", text(&screen(&mut app, &dark(), 120, 40)));
    insta::assert_snapshot!("resource_marked_ascii", text(&screen(&mut app, &look("dark", Depth::Mono, true), 80, 24)));
    press(&mut app, &["tab", "tab"]);
    insta::assert_snapshot!("resource_changed_80x24", text(&screen(&mut app, &dark(), 80, 24)));
}
