//! In this process: the console's own state, frames and desks, every key at every place.

use std::mem::Discriminant;

use watchfloor::app::dialog::{Demand, Focus};
use watchfloor::app::{App, Effect, Screen, Typing};
use watchfloor::runbook::desk::Request;
use watchfloor::runbook::machine::Event;

use crate::console::{Console, Frames};
use crate::keys::{Press, all, confirming};
use crate::places::{self, Spot, begin_run, waiting};

/// Of the keys that lead to the same place, so many are followed by everything that could confirm.
const FOLLOWED: usize = 3;

/// Presses one thing after another; the effects, and whether the console still runs.
fn press_all(frames: &mut Frames, app: &mut App, presses: &[Press], effects: &mut Vec<Effect>) -> bool {
    for press in presses {
        let new = frames.press(app, press);
        if new.contains(&Effect::Quit) {
            return false;
        }
        effects.extend(new);
    }
    true
}

/// Where the next key goes.
fn place(app: &App) -> (Screen, Discriminant<Typing>, Option<Focus>) {
    let focus = match &app.typing {
        Typing::Dialog(dialog) => Some(dialog.focus),
        _ => None,
    };
    (app.screen(), std::mem::discriminant(&app.typing), focus)
}

/// Whatever every key at a place asks for, alone and with everything behind it that could confirm.
fn swept(frames: &mut Frames, spot: &Spot) -> Vec<Effect> {
    let mut found = Vec::new();
    let mut keep = |effects: Vec<Effect>| {
        for effect in effects {
            if !found.contains(&effect) {
                found.push(effect);
            }
        }
    };
    let (keys, mut followed) = (all(), Vec::new());
    let nothing = std::iter::once(&[][..]);
    for first in nothing.chain(keys.chunks(1)) {
        let mut app = spot.app.clone();
        let mut effects = Vec::new();
        let runs = press_all(frames, &mut app, first, &mut effects);
        keep(effects);
        // What follows depends on where the keys go then: a few keys of each kind will do.
        let here = place(&app);
        followed.push(here);
        if !runs || followed.iter().filter(|place| **place == here).count() > FOLLOWED {
            continue;
        }
        for presses in confirming(&app) {
            let (mut app, mut effects) = (app.clone(), Vec::new());
            press_all(frames, &mut app, &presses, &mut effects);
            keep(effects);
        }
    }
    found
}

/// In which order a run is told: what clears the way first, then what confirms, last what ends it.
fn rank(effect: &Effect) -> u8 {
    match effect {
        Effect::Change(request) => match &**request {
            Request::Arm(_) => 0,
            Request::Tell { event, .. } => match **event {
                Event::Answered(_) => 1,
                Event::Overrode(_) => 2,
                Event::Confirmed { .. } => 3,
                Event::Resolve { .. } => 4,
                Event::PlanAgain => 5,
                _ => 7,
            },
            _ => 6,
        },
        _ => 8,
    }
}

/// Every key at every place, and everything done that comes of it but what is `withheld`; what was asked for.
async fn sweep(console: &mut Console, withheld: impl Fn(&Request) -> bool) -> Vec<Request> {
    let mut asked: Vec<Request> = Vec::new();
    for spot in places::all(console).await {
        let mut effects = swept(&mut console.frames, &spot);
        effects.sort_by_key(rank);
        let told = effects.iter().any(|effect| matches!(effect, Effect::Change(_)));
        for effect in effects {
            if let Effect::Change(request) = &effect {
                if !asked.contains(request) {
                    asked.push((**request).clone());
                }
                if withheld(request) {
                    continue;
                }
            }
            console.perform(effect);
        }
        if told {
            console.quiet().await;
        }
        assert_eq!(console.app.all_armed(), [], "armed at {}", spot.name);
        assert!(console.endpoint.log().changes().is_empty(), "sent at {}", spot.name);
    }
    asked
}

/// Keys did lead to everything that a run can be told: the sweep is no formality.
fn assert_confirmed(asked: &[Request]) {
    let told = |wanted: fn(&Event) -> bool| {
        asked.iter().any(|request| matches!(request, Request::Tell { event, .. } if wanted(event)))
    };
    assert!(told(|event| matches!(event, Event::Confirmed { typed, .. } if typed.starts_with("prod payments"))));
    assert!(told(|event| matches!(event, Event::Answered(_))));
    assert!(told(|event| matches!(event, Event::Overrode(_))));
    assert!(told(|event| matches!(event, Event::Resolve { applied: true, .. })));
    assert!(asked.iter().any(|request| matches!(request, Request::Start { .. })));
    assert!(asked.iter().any(|request| matches!(request, Request::Resolve { .. })));
    assert!(asked.iter().any(|request| matches!(request, Request::Arm(_))));
}

/// With `read_only = true` nothing is left out: not even what arms.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_on_every_screen_of_read_only_environments_changes_nothing() {
    let mut console = Console::open(true).await;
    let asked = sweep(&mut console, |_| false).await;
    assert_confirmed(&asked);
    assert_eq!(console.close().await, Vec::<String>::new());
}

/// Environments that could be armed: here `y` in the dialog that asks whether to arm does nothing. Whoever presses it
/// arms, and is asked again before anything is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_on_every_screen_of_an_unarmed_console_changes_nothing() {
    let mut console = Console::open(false).await;
    let asked = sweep(&mut console, |request| matches!(request, Request::Arm(_))).await;
    assert_confirmed(&asked);
    assert_eq!(console.close().await, Vec::<String>::new());
}

/// Arms, plans, answers; the confirmation stands on the screen.
async fn about_to_confirm() -> (Console, String) {
    let mut console = Console::open(false).await;
    let prod = console.prod();
    console.types("gjllA");
    console.types("y");
    console.until("armed", |app| app.armed(prod).is_some()).await;
    begin_run(&mut console).await;
    console.types("\r");
    console.types("y");
    console.until("a plan that can be confirmed", |app| waiting(app).is_some_and(|run| run.is_confirmable())).await;
    console.types("\r");
    let phrase = match &console.app.typing {
        Typing::Dialog(dialog) => match &dialog.demand {
            Demand::Phrase(phrase) => phrase.clone(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert!(console.endpoint.log().changes().is_empty());
    (console, phrase)
}

/// The sweep could find something: the same keys of an armed console do send.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_keys_of_an_armed_console_send_one_request() {
    let (mut console, phrase) = about_to_confirm().await;
    console.types(&format!("{phrase}\r"));
    console.until("sent", |app| app.guarded.runs.iter().any(|own| !own.run.sendings.is_empty())).await;
    assert_eq!(console.close().await, ["UpdateAlias"]);
}

/// The confirmation still stands on the screen, but the environment is armed no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_that_outlives_the_arming_sends_nothing() {
    let (mut console, phrase) = about_to_confirm().await;
    let prod = console.prod();
    console.disarm_beneath(prod).await;
    console.types(&format!("{phrase}\r"));
    console.quiet().await;
    assert_eq!(console.close().await, Vec::<String>::new());
}
