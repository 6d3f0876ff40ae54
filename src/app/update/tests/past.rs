//! Stepping through past minutes.

use super::*;
use crate::inquiry::{Answer, PastQuestion, Question, Slot};
use crate::poll::past::PastTold;

fn asked(effects: &[Effect]) -> Option<Timestamp> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask(question) => match &**question {
            Question::Past(PastQuestion { at }) => Some(*at),
            _ => None,
        },
        _ => None,
    })
}

fn tell(app: &mut App, second: i64, env: usize, severity: Severity) {
    let cells = [ALARMS, LAMBDA].map(|id| (id, Ok(simple(severity)))).to_vec();
    let told = PastTold { at: at(second), env: EnvId(env), cells };
    update(app, Message::Answer(Box::new(Answer::Past(Box::new(told)))));
    app.settle();
}

#[test]
fn a_minute_back_shows_that_minute_and_the_live_wall_goes_on_behind_it() {
    let mut app = live();
    assert_eq!(asked(&press(&mut app, &["["])), Some(at(-60)));
    app.settle();
    assert_eq!(app.picture_time(), at(-60));
    assert!(app.derived.counts.waiting > 0, "nothing is known of it yet");
    for env in [0, 1, 2, 4] {
        tell(&mut app, -60, env, Severity::Ok);
    }
    assert_eq!((app.worst(), app.derived.counts.waiting), (Severity::Ok, 0));
    tell(&mut app, -120, 0, Severity::Critical);
    assert_eq!(app.worst(), Severity::Ok, "another minute's answer does not count");
    let rings = update(&mut app, report(0, LAMBDA, Ok(simple(Severity::Critical)), 30));
    app.settle();
    assert!(!rings.is_empty() && app.worst() == Severity::Ok, "the bell is of the live wall");
    assert_eq!(press(&mut app, &["]", "]"]), back_to_the_present());
}

fn back_to_the_present() -> Vec<Effect> {
    let present = Question::Past(PastQuestion { at: at(0) });
    vec![Effect::Ask(Box::new(present)), Effect::Forget(Slot::Past)]
}

#[test]
fn what_was_rebuilt_is_not_asked_for_again_and_esc_comes_back() {
    let mut app = live();
    press(&mut app, &["{"]);
    for env in [0, 1, 2, 4] {
        tell(&mut app, -600, env, Severity::Warning);
    }
    assert_eq!(asked(&press(&mut app, &["["])), Some(at(-660)));
    assert_eq!(press(&mut app, &["]"]), [Effect::Forget(Slot::Past)]);
    app.settle();
    assert_eq!(app.worst(), Severity::Warning);
    assert_eq!(press(&mut app, &["esc"]), [Effect::Forget(Slot::Past)]);
    app.settle();
    assert_eq!(app.worst(), Severity::Critical, "live again");
}
