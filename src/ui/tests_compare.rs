//! The compare screen: what differs, that nothing does, how far it is read, and what could not be.
use std::sync::Arc;

use super::testing::estate::{console, environment, now, payments};
use super::testing::{dark, look, press, screen, styled, text};
use super::*;
use crate::app::screens::compare::testing;
use crate::app::{Message, update_all};
use crate::inquiry::Answer;
use crate::inquiry::compare::{CompareAnswer, ComparePart, Comparison};
use crate::model::{EnvId, Environment, Tier};

fn sizes(name: &str, mut app: App) {
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), styled(&screen(&mut app, &dark(), width, height)));
    }
}

fn told(app: &mut App, part: ComparePart) {
    let answer = Answer::Compare(Box::new(CompareAnswer { number: 1, part }));
    let _ = update_all(app, [Message::Answer(Box::new(answer))]);
}

/// The screen just opened: it is being read.
fn opened() -> App {
    let mut app = payments();
    screen(&mut app, &dark(), 80, 24);
    press(&mut app, &["="]);
    app
}

fn read(comparison: impl Fn(&[Environment], jiff::Timestamp) -> Arc<Comparison>) -> App {
    let mut app = opened();
    let environments: Vec<_> = app.fleet.environments.iter().map(|state| state.environment.clone()).collect();
    let at = now().checked_sub(jiff::SignedDuration::from_secs(180)).unwrap();
    told(&mut app, ComparePart::Done(comparison(&environments, at)));
    app
}

#[test]
fn what_differs() {
    sizes("drift", read(testing::drifted));
}

#[test]
fn all_as_it_may_be() {
    sizes("clean", read(testing::calm));
}

#[test]
fn while_it_is_read() {
    let mut app = opened();
    told(&mut app, ComparePart::Read { env: EnvId(0), done: 9 });
    told(&mut app, ComparePart::Read { env: EnvId(2), done: 3 });
    sizes("reading", app);
}

#[test]
fn an_environment_that_cannot_be_read() {
    sizes("failed", read(testing::failed));
}

#[test]
fn in_ascii_without_colour() {
    let mut app = read(testing::drifted);
    insta::assert_snapshot!("mono_ascii", styled(&screen(&mut app, &look("dark", Depth::Mono, true), 120, 40)));
}

#[test]
fn everything_known_of_a_setting() {
    let mut app = read(testing::drifted);
    press(&mut app, &["enter"]);
    sizes("details", app);
}

#[test]
fn the_walls_row() {
    let mut app = read(testing::drifted);
    press(&mut app, &["q", "G", "l", "l"]);
    insta::assert_snapshot!("wall", styled(&screen(&mut app, &dark(), 120, 40)));
}

#[test]
fn a_resource_and_everything() {
    let mut app = read(testing::drifted);
    press(&mut app, &["z", "k"]);
    insta::assert_snapshot!("everything", text(&screen(&mut app, &dark(), 120, 40)));
}

#[test]
fn an_empty_screen_says_why() {
    let mut shown = String::new();
    let mut show = |mut app: App| shown.push_str(&text(&screen(&mut app, &dark(), 80, 12)));
    let mut stopped = opened();
    press(&mut stopped, &["esc"]);
    stopped.notices.dismiss(stopped.now);
    show(stopped);
    let mut refused = opened();
    told(&mut refused, ComparePart::Refused(vec!["payments.manifest.toml:3:1: error: unknown field `vry`".into()]));
    show(refused);
    let mut alone = console(vec![environment(0, "payments", "dev", Tier::Development, "eu-west-1")]);
    press(&mut alone, &["="]);
    show(alone);
    show(read(|environments, at| testing::compared(environments, at, |snapshot| snapshot.resources.clear())));
    let mut filtered = read(testing::drifted);
    press(&mut filtered, &["/", "q", "q", "enter"]);
    show(filtered);
    insta::assert_snapshot!("empty", shown);
}

#[test]
fn it_draws_at_any_size() {
    let mut app = read(testing::drifted);
    press(&mut app, &["z"]);
    for (width, height) in [(40, 10), (47, 11), (61, 13), (300, 12)] {
        for key in ["j", "l", "l", "G", "h", "k"] {
            press(&mut app, &[key]);
            let shown = text(&screen(&mut app, &dark(), width, height));
            assert!(shown.lines().any(|line| line.contains('›')), "{key} at {width}×{height}:\n{shown}");
        }
    }
}
