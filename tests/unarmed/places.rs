//! Where keys can be pressed: every screen, everything that is typed into, every kind of dialog.

use std::collections::BTreeSet;

use watchfloor::app::dialog::{About, Demand, Dialog, Said};
use watchfloor::app::{App, ScreenKind, Typing};
use watchfloor::model::Risk;
use watchfloor::runbook::machine::{Phase, Run};

use crate::console::Console;

/// A state of the console.
pub struct Spot {
    pub name: String,
    pub app: App,
}

/// The keys that lead to a screen from the wall. A screen that is not named here does not compile: give it its keys,
/// and see that it is in `ScreenKind::ALL`.
pub fn way(kind: ScreenKind) -> &'static str {
    match kind {
        ScreenKind::Wall => "gjll",
        ScreenKind::Signal => "gjll\r",
        ScreenKind::Alarms => "L",
        ScreenKind::Connections => "C",
        ScreenKind::Environment => "gjlle",
        ScreenKind::Resource => "gjll\r\r",
        ScreenKind::Timeline => "t",
        ScreenKind::Logs => "gjll\r\rl",
        ScreenKind::Compare => "=",
        ScreenKind::Runbooks => "gjlla",
        ScreenKind::Run => "gjlla",
        ScreenKind::Records => "R",
        ScreenKind::Help => "?",
        ScreenKind::Describe => "gjlld",
        ScreenKind::Messages => "M",
    }
}

/// How many kinds of screens [`way`] knows.
const SCREENS: usize = 15;

fn typing(typing: &Typing) -> &'static str {
    match typing {
        Typing::Off => "off",
        Typing::Filter(_) => "filter",
        Typing::Line(_) => "line",
        Typing::Palette(_) => "palette",
        Typing::Form(_) => "form",
        Typing::Dialog(_) => "dialog",
    }
}

fn about(about: &About) -> &'static str {
    match about {
        About::Arm(_) => "arm",
        About::Confirm { .. } => "confirm",
        About::Answer { .. } => "answer",
        About::Override { .. } => "override",
        About::Resolve { .. } => "resolve",
        About::Unverified { .. } => "unverified",
        About::ResolveOpen { .. } => "resolve-open",
        About::Settle { .. } => "settle",
    }
}

/// All of what [`typing`] and [`about`] tell apart.
const TYPINGS: [&str; 6] = ["dialog", "filter", "form", "line", "off", "palette"];
const ABOUTS: [&str; 8] = ["answer", "arm", "confirm", "override", "resolve", "resolve-open", "settle", "unverified"];

/// The run that is open, when it waits for the operator.
pub fn waiting(app: &App) -> Option<&Run> {
    app.shown_run().map(|own| &*own.run).filter(|run| run.phase == Phase::Ready && run.situation.is_some())
}

/// Goes from the wall to the form of the runbook that asks a question and wants a phrase.
pub async fn fill_in(console: &mut Console) {
    console.types(way(ScreenKind::Runbooks));
    console.until("the runbooks", |app| matches!(app.runbooks.offered, Some(Ok(_)))).await;
    let is_wanted = |app: &App| app.runbooks.chosen().is_some_and(|offer| &*offer.runbook == "payments-alias-rollback");
    for _ in 0..console.app.runbooks.len() {
        if !is_wanted(&console.app) {
            console.types("j");
        }
    }
    assert!(is_wanted(&console.app));
    console.types("\r");
    assert_eq!(typing(&console.app.typing), "form");
}

/// Goes from the wall to a run that waits for the operator.
pub async fn begin_run(console: &mut Console) {
    fill_in(console).await;
    console.types("\r\r");
    console.until("a plan", |app| waiting(app).is_some()).await;
}

/// Every place, with the data that it shows.
pub async fn all(console: &mut Console) -> Vec<Spot> {
    let wall = console.app.clone();
    let mut spots: Vec<Spot> = Vec::new();
    let mut keep = |name: &str, console: &Console| {
        spots.push(Spot { name: name.to_owned(), app: console.app.clone() });
    };
    for kind in ScreenKind::ALL {
        console.app = back_at(&wall, console);
        match kind {
            ScreenKind::Run => begin_run(console).await,
            _ => console.types(way(*kind)),
        }
        let there = |app: &App| {
            let loaded = match kind {
                ScreenKind::Runbooks => matches!(app.runbooks.offered, Some(Ok(_))),
                ScreenKind::Records => app.guarded.standings.is_some(),
                _ => true,
            };
            app.screen().kind() == *kind && loaded
        };
        console.until(kind.title(), there).await;
        keep(kind.title(), console);
        let opens = match kind {
            ScreenKind::Wall => &[("filter", "/"), ("palette", ":"), ("past", "["), ("pause", " ")][..],
            ScreenKind::Logs => &[("search", "S"), ("pattern", "p")],
            ScreenKind::Signal | ScreenKind::Run => &[("palette", ":")],
            _ => &[],
        };
        let before = console.app.clone();
        for (name, keys) in opens {
            console.app = before.clone();
            console.types(keys);
            console.until(name, |app| *name != "past" || app.past.is_some()).await;
            keep(&format!("{} {name}", kind.title()), console);
        }
    }
    console.app = back_at(&wall, console);
    fill_in(console).await;
    keep("form", console);
    console.types("\r");
    keep("form, second field", console);
    console.app = back_at(&wall, console);
    begin_run(console).await;
    let app = console.app.clone();
    for (name, dialog) in dialogs(console) {
        console.app = app.clone();
        console.app.typing = Typing::Dialog(Box::new(dialog));
        // Drawn whole: before that no key would count.
        console.until(name, |app| app.hits.dialog.is_some_and(|drawn| drawn.whole)).await;
        keep(&format!("dialog {name}"), console);
    }
    assert_complete(&spots);
    spots
}

/// The wall with what was learnt since.
fn back_at(wall: &App, console: &Console) -> App {
    let mut app = wall.clone();
    app.guarded.clone_from(&console.app.guarded);
    app.now = console.app.now;
    app
}

/// A dialog of every kind about the run that waits: also those which this run would not open, and the confirmation
/// which an environment that is not armed does not come to.
fn dialogs(console: &Console) -> Vec<(&'static str, Dialog)> {
    let env = console.prod();
    let waits = waiting(&console.app).unwrap().clone();
    let (plan, situation) = (waits.plan.clone().unwrap(), waits.situation.clone().unwrap());
    let run = waits.id.clone();
    let (step, _) = waits.questions().next().unwrap();
    let step = step.clone();
    let phrase = watchfloor::guard::confirm::phrase_for(&plan, &situation, Risk::High);
    let rule = waits.refusals().next().expect("it is not armed").rule.clone();
    let abouts = [
        (Demand::Yes, About::Arm(env)),
        (Demand::Phrase(phrase), About::Confirm { run: run.clone(), plan: Box::new(plan) }),
        (Demand::Yes, About::Answer { run: run.clone(), step: step.clone() }),
        (Demand::Phrase(rule.to_string()), About::Override { run: run.clone(), rule }),
        (Demand::Reason, About::Resolve { run: run.clone(), applied: true }),
        (Demand::Reason, About::Unverified { run: run.clone() }),
        (Demand::Reason, About::ResolveOpen { run: run.clone(), step, applied: false }),
        (Demand::Reason, About::Settle { run }),
    ];
    let numbered = abouts.into_iter().zip(1_000_000..);
    let said = || vec![Said::Words("what a run of this kind would say".to_owned())];
    let dialog = |((demand, one), number): ((Demand, About), u64)| {
        (about(&one), Dialog::new(number, about(&one).to_owned(), demand, one).with_reason(false).of(env, said()))
    };
    numbered.map(dialog).collect()
}

/// Every kind of screen, of typing and of dialog is among the places.
fn assert_complete(spots: &[Spot]) {
    assert_eq!(ScreenKind::ALL.len(), SCREENS, "a screen is missing in ALL, or here");
    for kind in ScreenKind::ALL {
        assert!(spots.iter().any(|spot| spot.app.screen().kind() == *kind), "{} was not reached", kind.title());
    }
    let typings: BTreeSet<&str> = spots.iter().map(|spot| typing(&spot.app.typing)).collect();
    assert_eq!(typings.into_iter().collect::<Vec<_>>(), TYPINGS);
    let asked = spots.iter().filter_map(|spot| match &spot.app.typing {
        Typing::Dialog(dialog) => Some(about(&dialog.about)),
        _ => None,
    });
    assert_eq!(asked.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(), ABOUTS);
    assert!(spots.iter().any(|spot| spot.app.past.is_some()), "the past was not reached");
    assert!(spots.iter().any(|spot| spot.app.paused.is_some()), "no picture was frozen");
}
