//! The wall of a past minute on the screen, and what the header says of a budget.
use super::testing::estate::{now, payments};
use super::testing::{dark, look, press, screen, styled, text};
use super::*;
use crate::app::{App, Message, update_all};
use crate::inquiry::Answer;
use crate::model::{Connection, EnvId, Fault, FaultKind};
use crate::poll::PollEvent;
use crate::poll::past::PastTold;

/// What dev's wall shows in every environment, but that nothing is known of prod's containers.
fn tell(app: &mut App, envs: &[usize]) {
    let at = app.past.as_ref().expect("a past minute is shown").at;
    let fault = Fault::new(FaultKind::NotKept, "past", "AWS keeps no history of its state");
    for env in envs {
        let calm = app.fleet.signals.iter().zip(&app.fleet.environments[0].cells);
        let cells = calm.map(|(signal, cell)| match (env, signal.id.0) {
            (2, "ecs-capacity") => (signal.id, Err(fault.clone())),
            _ => (signal.id, Ok(cell.datum.value().unwrap().as_ref().clone())),
        });
        let told = PastTold { at, env: EnvId(*env), cells: cells.collect() };
        let _ = update_all(app, [Message::Answer(Box::new(Answer::Past(Box::new(told))))]);
    }
}

fn past(envs: &[usize]) -> App {
    let mut app = payments();
    screen(&mut app, &dark(), 80, 24);
    press(&mut app, &["{", "["]);
    tell(&mut app, envs);
    app
}

fn sizes(name: &str, mut app: App) {
    for (width, height) in [(80, 24), (120, 40)] {
        let buffer = screen(&mut app, &dark(), width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), styled(&buffer));
    }
}

#[test]
fn the_wall_of_a_past_minute() {
    sizes("wall", past(&[0, 1, 2]));
    sizes("reading", past(&[0]));
    let buffer = screen(&mut past(&[0, 1, 2]), &look("dark", Depth::Mono, true), 80, 24);
    insta::assert_snapshot!("wall_mono_ascii", styled(&buffer));
}

#[test]
fn whichever_size_it_says_that_it_is_the_past_of_which_minute_and_how_to_come_back() {
    for (width, height) in [(60, 15), (80, 24), (120, 40), (200, 50)] {
        let shown = text(&screen(&mut past(&[0, 1, 2]), &dark(), width, height));
        for word in ["PAST 03:01Z", "esc now"] {
            assert!(shown.contains(word), "{width}x{height} {word}:\n{shown}");
        }
    }
    let mut app = past(&[0, 1, 2]);
    press(&mut app, &["esc"]);
    let shown = text(&screen(&mut app, &dark(), 80, 24));
    assert!(!shown.contains("PAST") && !shown.contains("esc now"), "{shown}");
}

#[test]
fn another_days_minute_has_its_date() {
    let mut app = payments();
    screen(&mut app, &dark(), 120, 40);
    let _ = crate::app::update::past::go(&mut app, "2026-11-20T23:50:00Z".parse().unwrap());
    assert!(now() > app.past.as_ref().unwrap().at);
    assert!(text(&screen(&mut app, &dark(), 120, 40)).contains("PAST 11-20 23:50Z reconstructed"));
}

#[test]
fn a_budget_that_slows_the_polling() {
    let mut app = payments();
    for (env, slowed) in [(0, None), (1, Some(2)), (2, Some(4))] {
        let connection = Connection { usd_per_hour: 0.103_2, slowed, ..app.fleet.environments[env].connection.clone() };
        let told = PollEvent::Connection { env: EnvId(env), connection: Box::new(connection) };
        let _ = update_all(&mut app, [Message::Poll(told)]);
    }
    for (width, height) in [(80, 24), (120, 40)] {
        let shown = styled(&screen(&mut app, &dark(), width, height));
        insta::assert_snapshot!(format!("budget_{width}x{height}"), shown);
    }
}
