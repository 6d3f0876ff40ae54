//! Filling in a runbook's parameters on one of several targets: what can be chosen is what that target has.

use super::*;
use crate::actions::Choice;
use crate::app::screens::guarded::Form;
use crate::app::state::Typing;
use crate::model::{Risk, Target, TargetKind, Value};
use crate::runbook::desk::{Answer, Offer, OfferParam, Request};

fn choice(label: &str) -> Choice {
    Choice {
        value: label.into(),
        label: label.into(),
        says: Text::default(),
        at: None,
        current: false,
        last_completed: false,
        unusable: Text::default(),
    }
}

fn target(cluster: &str) -> Target {
    Target {
        environment: "payments/prod".into(),
        account: "111122223333".into(),
        region: "us-east-1".into(),
        kind: TargetKind::EcsService,
        name: "api".into(),
        arn: format!("arn:aws:ecs:us-east-1:111122223333:service/{cluster}/api").into(),
    }
}

fn opened() -> App {
    let param = OfferParam {
        name: "to".into(),
        help: Text::default(),
        kind: "text".into(),
        required: true,
        default: Value::None,
        min: Value::None,
        max: Value::None,
        choices: vec![choice("api:7"), choice("api:6")],
    };
    let offer = Offer {
        runbook: "ecs-rollback".into(),
        title: "Roll back".into(),
        action: "ecs.rollback".into(),
        risk: Risk::High,
        targets: vec![target("blue"), target("green")],
        params: vec![param],
        why_not: None,
        reads_only: false,
        untrusted: false,
    };
    let mut app = live();
    app.typing = Typing::Form(Box::new(Form::new(EnvId(2), offer)));
    app
}

fn form(app: &App) -> &Form {
    match &app.typing {
        Typing::Form(form) => form,
        other => panic!("{other:?}"),
    }
}

fn labels(app: &App) -> Vec<String> {
    let form = form(app);
    form.choices(&form.fields[1]).iter().map(|choice| choice.label().to_owned()).collect()
}

fn asked(effects: &[Effect]) -> Option<(u64, Target)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Change(request) => match &**request {
            Request::Choices { number, target, .. } => Some((*number, (**target).clone())),
            _ => None,
        },
        _ => None,
    })
}

#[test]
fn the_choices_are_those_of_the_target_that_was_picked() {
    let mut app = opened();
    assert_eq!(labels(&app), ["api:7", "api:6"], "of the first, which the offer speaks of");
    press(&mut app, &["down"]);
    let (number, wanted) = asked(&press(&mut app, &["enter"])).expect("the other one is asked about");
    assert_eq!(wanted, target("green"));
    assert!(labels(&app).is_empty() && form(&app).is_asking(), "never those of another");
    let answer = |number| Message::Changed(Box::new(Answer::Choices { number, choices: vec![vec![choice("api:3")]] }));
    update(&mut app, answer(number + 100));
    assert!(labels(&app).is_empty(), "an answer to another question");
    update(&mut app, answer(number));
    assert_eq!((labels(&app), form(&app).is_asking()), (vec!["api:3".to_owned()], false));
    let effects = press(&mut app, &["enter"]);
    let started = effects.iter().find_map(|effect| match effect {
        Effect::Change(request) => match &**request {
            Request::Start { target, params, .. } => Some(((**target).clone(), params.get("to").cloned())),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(started, Some((target("green"), Some("api:3".into()))));
}

#[test]
fn going_back_to_the_first_target_takes_its_own_choices_again() {
    let mut app = opened();
    press(&mut app, &["enter"]);
    assert_eq!(labels(&app), ["api:7", "api:6"]);
    press(&mut app, &["backtab"]);
    press(&mut app, &["down"]);
    let (number, _) = asked(&press(&mut app, &["tab"])).unwrap();
    update(&mut app, Message::Changed(Box::new(Answer::Choices { number, choices: vec![vec![choice("api:3")]] })));
    assert_eq!(labels(&app), ["api:3"]);
    press(&mut app, &["backtab"]);
    press(&mut app, &["up"]);
    assert!(asked(&press(&mut app, &["tab"])).is_none());
    assert_eq!(labels(&app), ["api:7", "api:6"]);
}
