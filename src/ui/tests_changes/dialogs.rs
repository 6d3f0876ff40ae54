//! What keys can confirm, and what they cannot.

use std::sync::Arc;

use proptest::prelude::*;

use crate::app::keymap::parse_key;
use crate::app::{App, Effect, Message, Screen, Typing, update};
use crate::model::{EnvId, Risk};
use crate::runbook::desk::{Answer, Request};
use crate::runbook::machine::Event;
use crate::ui::testing::changes::{Hand, PROD, armed, console, course, offered, plan, ready, refused, told};
use crate::ui::testing::{dark, press, screen, text};

const PHRASE: &str = "prod payment-processing 42";

fn running(hand: &Hand) -> App {
    let mut app = console();
    armed(&mut app, PROD);
    hand.show(&mut app);
    screen(&mut app, &dark(), 120, 40);
    app
}

fn key(app: &mut App, key: &str) -> Vec<Effect> {
    update(app, Message::Key(parse_key(key).unwrap().into()))
}

fn typed(app: &mut App, phrase: &str) -> Vec<Effect> {
    let keys = phrase.chars().map(|c| if c == ' ' { "space".to_owned() } else { c.to_string() });
    keys.flat_map(|one| key(app, &one)).collect()
}

fn confirmed(effects: &[Effect]) -> Option<(String, String)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Change(request) => match &**request {
            Request::Tell { event, .. } => match &**event {
                Event::Confirmed { typed, reason } => Some((typed.clone(), reason.to_string())),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn asks(app: &App) -> bool {
    matches!(app.typing, Typing::Dialog(_))
}

#[test]
fn the_phrase_confirms_once_it_is_typed_exactly_into_a_dialog_that_stood_on_the_screen() {
    let mut app = running(&ready(Risk::High));
    key(&mut app, "enter");
    screen(&mut app, &dark(), 120, 40);
    assert_eq!(typed(&mut app, PHRASE), []);
    let effects = key(&mut app, "enter");
    assert_eq!(confirmed(&effects), Some((PHRASE.to_owned(), String::new())));
    assert!(!asks(&app));
}

#[test]
fn what_is_typed_ahead_is_thrown_away() {
    let mut app = running(&ready(Risk::High));
    let mut effects = key(&mut app, "enter");
    effects.extend(typed(&mut app, PHRASE));
    effects.extend(key(&mut app, "enter"));
    let _ = update(&mut app, Message::Paste(PHRASE.to_owned()));
    assert_eq!((effects, asks(&app)), (Vec::new(), true));
    let shown = text(&screen(&mut app, &dark(), 120, 40));
    assert!(shown.contains("Type exactly:"), "{shown}");
    assert_eq!(key(&mut app, "enter"), [], "Cancel is focused");
    assert!(!asks(&app));
    let mut low = running(&ready(Risk::Low));
    assert_eq!([key(&mut low, "enter"), key(&mut low, "y")].concat(), []);
    screen(&mut low, &dark(), 120, 40);
    assert_eq!(confirmed(&key(&mut low, "y")), Some(("y".to_owned(), String::new())));
}

#[test]
fn enter_cancels_where_the_dialog_has_just_opened() {
    for risk in [Risk::Low, Risk::High, Risk::Critical] {
        let mut app = running(&ready(risk));
        key(&mut app, "enter");
        screen(&mut app, &dark(), 120, 40);
        assert_eq!((key(&mut app, "enter"), asks(&app)), (Vec::new(), false));
    }
}

#[test]
fn a_wrong_phrase_does_nothing_and_says_so() {
    let mut app = running(&ready(Risk::High));
    key(&mut app, "enter");
    screen(&mut app, &dark(), 120, 40);
    for wrong in ["y", "prod payment-processing 43", "PROD payment-processing 42"] {
        assert_eq!([typed(&mut app, wrong), key(&mut app, "enter")].concat(), [], "{wrong}");
        assert!(asks(&app));
        assert!(text(&screen(&mut app, &dark(), 120, 40)).contains("that is not what is asked for"), "{wrong}");
        (0..wrong.len()).for_each(|_| drop(key(&mut app, "backspace")));
    }
    typed(&mut app, PHRASE);
    assert!(confirmed(&key(&mut app, "enter")).is_some());
}

#[test]
fn a_critical_change_needs_a_reason_too() {
    let mut app = running(&ready(Risk::Critical));
    key(&mut app, "enter");
    screen(&mut app, &dark(), 120, 40);
    typed(&mut app, PHRASE);
    assert_eq!(key(&mut app, "enter"), [], "on to the reason");
    assert_eq!(key(&mut app, "enter"), []);
    typed(&mut app, "sev 1");
    assert_eq!(confirmed(&key(&mut app, "enter")), Some((PHRASE.to_owned(), "sev 1".to_owned())));
}

#[test]
fn a_paste_counts_only_in_the_field_and_never_when_it_is_longer_than_the_phrase() {
    let mut app = running(&ready(Risk::High));
    key(&mut app, "enter");
    screen(&mut app, &dark(), 120, 40);
    let paste = |app: &mut App, text: &str| drop(update(app, Message::Paste(text.to_owned())));
    paste(&mut app, PHRASE);
    key(&mut app, "tab");
    paste(&mut app, &format!("{PHRASE} and more"));
    assert_eq!(key(&mut app, "enter"), []);
    paste(&mut app, PHRASE);
    assert!(confirmed(&key(&mut app, "enter")).is_some());
}

#[test]
fn a_dialog_that_does_not_fit_cannot_be_confirmed() {
    for (width, height) in [(79, 24), (80, 23), (40, 10)] {
        let mut app = running(&ready(Risk::Low));
        key(&mut app, "enter");
        let shown = text(&screen(&mut app, &dark(), width, height));
        assert!(shown.split_whitespace().collect::<Vec<_>>().join(" ").contains("80×24"), "{shown}");
        assert_eq!((key(&mut app, "y"), asks(&app)), (Vec::new(), true));
        assert_eq!((key(&mut app, "enter"), asks(&app)), (Vec::new(), false));
    }
    let mut app = running(&ready(Risk::Low));
    key(&mut app, "enter");
    screen(&mut app, &dark(), 120, 40);
    let _ = update(&mut app, Message::Resize(60, 20));
    assert_eq!(key(&mut app, "y"), [], "smaller meanwhile");
}

#[test]
fn a_refusal_cannot_be_confirmed() {
    let mut app = running(&refused());
    for _ in 0..60 {
        for pressed in ["enter", "y", "tab", "enter"] {
            screen(&mut app, &dark(), 120, 40);
            assert_eq!(confirmed(&key(&mut app, pressed)), None);
        }
        key(&mut app, "esc");
        if app.screen() != Screen::Run {
            crate::app::update::guarded::run::open(&mut app, &"r-1".into());
        }
        key(&mut app, "j");
    }
}

#[test]
fn a_dialog_closes_when_the_plan_is_another_one() {
    let mut app = running(&ready(Risk::High));
    key(&mut app, "enter");
    screen(&mut app, &dark(), 120, 40);
    typed(&mut app, PHRASE);
    let mut hand = Hand::new(course(Risk::High), "payment-processing");
    let mut other = plan("payment-processing");
    other.differences[0].before = 44.into();
    hand.planned(other).answered();
    told(&mut app, Answer::Run { env: PROD, run: Arc::new(hand.run) });
    assert!(!asks(&app));
    assert!(app.notice().unwrap().text.contains("nothing was confirmed"));
}

#[test]
fn titles_are_not_selected() {
    use crate::app::screens::RunRow;
    let mut app = running(&ready(Risk::High));
    for keys in [["k"; 40], ["j"; 40]] {
        for pressed in keys {
            key(&mut app, pressed);
            let rows = app.run_rows();
            assert!(!matches!(rows[app.run.rows.selected()], RunRow::Head(_)), "{}", app.run.rows.selected());
        }
    }
    assert_eq!(app.run.rows.selected(), app.run_rows().len() - 1);
    press(&mut app, &["g"]);
    assert!(app.run.rows.selected() < 8);
}

#[test]
fn production_looks_like_production() {
    let mut app = running(&ready(Risk::High));
    let production = dark().tier(crate::model::Tier::Production);
    let band = |app: &mut App, y: u16| {
        let buffer = screen(app, &dark(), 120, 40);
        let cells: Vec<_> = (1..118).map(|x| buffer[(x, y)].bg).collect();
        (cells.iter().all(|bg| Some(*bg) == production.bg), text(&buffer))
    };
    let (whole, shown) = band(&mut app, 1);
    assert!(whole && shown.contains("PRODUCTION"), "{shown}");
    key(&mut app, "enter");
    assert!(band(&mut app, 1).1.matches("PRODUCTION").count() >= 2, "in the dialog too");
}

#[test]
fn arming_is_asked_for_and_disarming_is_not() {
    let mut app = console();
    screen(&mut app, &dark(), 120, 40);
    assert_eq!(key(&mut app, "A"), []);
    assert_eq!(key(&mut app, "y"), [], "not on the screen yet");
    screen(&mut app, &dark(), 120, 40);
    assert_eq!(key(&mut app, "y"), [Effect::Change(Box::new(Request::Arm(PROD)))]);
    armed(&mut app, PROD);
    assert!(text(&screen(&mut app, &dark(), 120, 40)).contains("ARMED payments/PROD · anna · 14:32 left"));
    assert_eq!(key(&mut app, "A"), [Effect::Change(Box::new(Request::Disarm(PROD)))]);
    told(&mut app, Answer::Disarmed { env: PROD, why: "time is up".into() });
    app.notices.dismiss(app.now);
    assert!(text(&screen(&mut app, &dark(), 120, 40)).lines().next().unwrap().contains("read-only"));
}

#[test]
fn what_is_read_only_by_configuration_says_so() {
    let mut app = console();
    app.fleet.environments[2].environment.read_only = true;
    screen(&mut app, &dark(), 120, 40);
    assert_eq!((key(&mut app, "A"), asks(&app)), (Vec::new(), false));
    assert!(app.notice().unwrap().text.contains("read_only = true"));
}

#[test]
fn choices_are_taken_by_letters_and_what_is_unusable_says_why() {
    let mut app = console();
    screen(&mut app, &dark(), 120, 40);
    press(&mut app, &["j", "a"]);
    let number = app.runbooks.number;
    told(&mut app, Answer::Offered { number, outcome: Ok(Arc::new(offered())) });
    press(&mut app, &["enter", "4", "1", "enter"]);
    let Typing::Form(form) = &app.typing else { panic!("the form stays") };
    assert_eq!(form.fields[0].input.value(), "41", "what was typed is kept");
    assert!(form.fields[0].told.as_ref().unwrap().contains("AWS has deleted it"));
    press(&mut app, &["backspace", "backspace", "4", "2", "enter"]);
    let effects = [typed(&mut app, "5m"), key(&mut app, "enter")].concat();
    let [Effect::Change(request)] = &effects[..] else { panic!("{effects:?}") };
    let Request::Start { env, runbook, params, .. } = &**request else { panic!("{request:?}") };
    assert_eq!((*env, runbook.as_str()), (PROD, "lambda-alias-rollback"));
    assert_eq!(params.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>(), ["hold=5m", "to=42"]);
    assert_eq!(app.screen(), Screen::Run);
}

fn keys() -> impl Strategy<Value = Vec<&'static str>> {
    let some = [
        "enter", "esc", "tab", "y", "n", "v", "u", "r", "c", "o", "a", "A", "R", "j", "k", "l", "h", "q", "d", "z",
        "space", "ctrl-x", "ctrl-r", "pagedown", "G", "g", "p", "1", "4", "2", "/", ":", "?", "draw", "draw", "draw",
    ];
    prop::collection::vec(prop::sample::select(some.to_vec()), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn no_keys_confirm_what_was_not_typed_after_the_dialog_stood_there(keys in keys()) {
        let mut app = console();
        ready(Risk::High).show(&mut app);
        refused().show(&mut app);
        let mut hand = ready(Risk::High);
        hand.run.id = "r-2".into();
        told(&mut app, Answer::Run { env: EnvId(0), run: Arc::new(hand.run) });
        told(&mut app, Answer::Records(Arc::new(crate::ui::testing::changes::standings())));
        crate::app::update::guarded::run::open(&mut app, &"r-2".into());
        let mut since: Option<(u64, String)> = None;
        for pressed in keys {
            if pressed == "draw" {
                screen(&mut app, &dark(), 120, 40);
                continue;
            }
            let open = match &app.typing {
                Typing::Dialog(dialog) => Some(dialog.number),
                _ => None,
            };
            let stood = app.hits.dialog.map(|drawn| drawn.number);
            let effects = key(&mut app, pressed);
            match (open, &mut since) {
                (Some(number), Some((known, typed))) if number == *known && stood == open => typed.push_str(pressed),
                (Some(number), _) if stood == open => since = Some((number, pressed.to_owned())),
                _ => {}
            }
            if let Some((phrase, _)) = confirmed(&effects) {
                let typed = since.as_ref().map(|(_, typed)| typed.replace("space", " ")).unwrap_or_default();
                prop_assert!(typed.contains(&phrase), "{phrase} by {typed}");
            }
            prop_assert!(!effects.iter().any(|effect| matches!(effect, Effect::Quit)) || pressed == "q" || pressed == "enter");
        }
    }
}
