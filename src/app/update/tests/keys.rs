//! Tests of `update`: keys.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use rstest::rstest;

use super::*;
use crate::app::keymap::Action;
use crate::app::{Pane, Scope, Screen, Typing};

#[rstest]
#[case::leave_the_wall(&["q"], &[Effect::Quit])]
#[case::leave_a_screen(&["L", "q"], &[])]
#[case::escape_never_quits(&["esc", "esc", "esc"], &[])]
#[case::quit_while_filtering(&["/", "a", "ctrl-c"], &[Effect::Quit])]
#[case::quit_in_the_palette(&[":", "ctrl-c"], &[Effect::Quit])]
#[case::quit_in_help(&["?", "ctrl-c"], &[Effect::Quit])]
#[case::refresh_the_scope(
    &["ctrl-r"],
    &[Effect::Refresh(Some(EnvId(0))), Effect::Refresh(Some(EnvId(1))), Effect::Refresh(Some(EnvId(2)))]
)]
#[case::refresh_all(&["0", "ctrl-r"], &[Effect::Refresh(None)])]
#[case::refresh_on_a_list(&["L", "ctrl-r"], &[Effect::Refresh(None)])]
#[case::repaint(&["ctrl-l"], &[Effect::Repaint])]
#[case::copy(
    &["y"],
    &[Effect::Copy("arn:aws:lambda:us-east-1:111122223333:function:processing".into())]
)]
#[case::palette_by_letters(&[":", "r", "e", "f", "r", "enter"], &[
    Effect::Refresh(Some(EnvId(0))), Effect::Refresh(Some(EnvId(1))), Effect::Refresh(Some(EnvId(2)))
])]
#[case::q_is_a_letter_in_a_filter(&["/", "q", "q"], &[])]
fn keys_have_effects(#[case] keys: &[&str], #[case] effects: &[Effect]) {
    assert_eq!(press(&mut live(), keys), effects);
}

#[rstest]
#[case(&["L"], &[Screen::Wall, Screen::Alarms])]
#[case(&["L", "C"], &[Screen::Wall, Screen::Alarms, Screen::Connections])]
#[case(&["L", "C", "L"], &[Screen::Wall, Screen::Alarms])]
#[case(&["enter"], &[Screen::Wall, Screen::Signal(LAMBDA)])]
#[case(&["enter", "enter"], &[Screen::Wall, Screen::Signal(LAMBDA), Screen::Resource])]
#[case(&["enter", "d", "?"], &[Screen::Wall, Screen::Signal(LAMBDA), Screen::Describe, Screen::Help])]
#[case(&["enter", "enter", "?", "esc", "q", "esc"], &[Screen::Wall])]
#[case(&["e"], &[Screen::Wall, Screen::Environment(EnvId(2))])]
#[case(&["e", "enter"], &[Screen::Wall, Screen::Environment(EnvId(2)), Screen::Resource])]
#[case(&["L", "enter"], &[Screen::Wall, Screen::Alarms, Screen::Resource])]
#[case(&["?", "?"], &[Screen::Wall])]
#[case(&["tab", "enter"], &[Screen::Wall, Screen::Resource])]
#[case(&["M"], &[Screen::Wall, Screen::Messages])]
#[case(&["L", "2"], &[Screen::Wall])]
#[case(&["enter", "2"], &[Screen::Wall, Screen::Signal(LAMBDA)])]
#[case(&[":", "s", "i", "g", "space", "a", "l", "a", "r", "enter"], &[Screen::Wall, Screen::Signal(ALARMS)])]
fn keys_lead_to_screens(#[case] keys: &[&str], #[case] stack: &[Screen]) {
    let mut app = live();
    press(&mut app, keys);
    assert_eq!(app.stack(), stack);
}

#[test]
fn the_wall_begins_on_the_worst_cell_until_the_operator_moves() {
    let mut app = live();
    assert_eq!(selected(&app), ("payments/prod".into(), Some(LAMBDA)));
    press(&mut app, &["k"]);
    assert_eq!(selected(&app), ("payments/prod".into(), Some(ALARMS)));
    update(&mut app, report(0, LAMBDA, Ok(simple(Severity::Critical)), 1));
    app.settle();
    assert_eq!(selected(&app), ("payments/prod".into(), Some(ALARMS)), "the chosen cell stays selected");
}

#[test]
fn hidden_columns_keep_the_chosen_environment() {
    let mut app = live();
    press(&mut app, &["k", "h"]);
    assert_eq!(selected(&app), ("payments/staging".into(), Some(ALARMS)));
    press(&mut app, &["z"]);
    assert_eq!(selected(&app), ("payments/staging".into(), Some(ALARMS)));
    assert_eq!(app.derived.wall.columns, [1, 2], "dev is fine and hidden");
}

#[test]
fn the_signal_screen_begins_in_the_selected_column() {
    let mut app = live();
    press(&mut app, &["h", "enter"]);
    assert_eq!(selected(&app).0, "payments/staging");
}

#[test]
fn systems_are_switched_by_number() {
    let mut app = live();
    assert_eq!((app.scope, app.derived.scope.as_slice()), (Scope::System(0), [0, 1, 2].as_slice()));
    assert_eq!((app.derived.counts.critical, app.derived.elsewhere.ok), (1, 2));
    press(&mut app, &["2"]);
    assert_eq!(app.derived.scope, [3]);
    assert_eq!((app.derived.counts.ok, app.derived.elsewhere.critical), (2, 1), "nothing is out of the count");
    press(&mut app, &["0"]);
    assert_eq!(app.derived.scope.len(), 4);
    press(&mut app, &["7"]);
    assert_eq!(app.scope, Scope::All);
    assert_eq!(app.notice().unwrap().text, "there are 2 systems");
}

#[test]
fn a_filter_works_while_it_is_typed_and_escape_restores_the_one_before() {
    let mut app = live();
    press(&mut app, &["/", "l", "a", "m", "enter"]);
    assert_eq!(app.derived.wall.rows, [1]);
    press(&mut app, &["/", "x", "x"]);
    assert!(app.derived.wall.rows.is_empty() && app.selected().is_none());
    press(&mut app, &["esc"]);
    assert_eq!(app.derived.wall.rows, [1]);
    press(&mut app, &["esc"]);
    assert_eq!(app.derived.wall.rows, [0, 1], "escape clears a filter in force");
}

#[test]
fn each_screen_has_its_own_filter() {
    let mut app = live();
    press(&mut app, &["/", "l", "a", "m", "enter", "L"]);
    assert!(app.filter().is_empty());
    press(&mut app, &["/", "!", "s", "t", "a", "g", "enter"]);
    assert_eq!(app.derived.alarms.len(), 6);
    press(&mut app, &["q"]);
    assert_eq!(app.filter().text(), "lam");
}

#[test]
fn pasted_text_is_cleaned_bounded_and_ignored_outside_of_a_line() {
    let mut app = live();
    update(&mut app, Message::Paste("qqq".into()));
    assert_eq!(app.stack(), [Screen::Wall]);
    press(&mut app, &["/"]);
    update(&mut app, Message::Paste(format!("\u{1b}]52;c;\u{7}\u{202e}{}", "y".repeat(9999))));
    assert!(app.filter().text().starts_with("]52;c;yyy"));
    assert_eq!(app.filter().text().chars().count(), 200);
}

#[test]
fn a_bidirectional_control_cannot_be_typed() {
    let mut app = live();
    press(&mut app, &[":"]);
    update(&mut app, Message::Key(KeyEvent::new(KeyCode::Char('\u{202e}'), KeyModifiers::NONE)));
    let Typing::Palette(palette) = &app.typing else { panic!("the palette is open") };
    assert_eq!(palette.input.value(), "");
}

#[test]
fn a_released_key_does_nothing() {
    let mut app = live();
    let released = KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(update(&mut app, Message::Key(released)), []);
}

#[test]
fn pausing_freezes_what_is_shown_while_data_keep_coming() {
    let mut app = live();
    press(&mut app, &["space"]);
    let before = app.derived.counts;
    update(&mut app, Message::Tick(at(600)));
    update(&mut app, report(0, LAMBDA, Ok(simple(Severity::Critical)), 600));
    app.settle();
    assert_eq!((app.derived.counts, app.picture_time()), (before, at(0)));
    assert_eq!(app.paused.as_ref().map(|paused| paused.at), Some(at(0)));
    press(&mut app, &["space"]);
    assert_eq!(app.derived.counts.critical, 2);
    assert_eq!(app.derived.counts.ok, 0, "what was fine ten minutes ago is unknown");
}

#[test]
fn the_palette_offers_every_action_that_works_here_and_every_place() {
    let mut app = live();
    press(&mut app, &[":"]);
    let Typing::Palette(palette) = &app.typing else { panic!("the palette is open") };
    let labels: Vec<&str> = palette.entries.iter().map(|entry| entry.label.as_str()).collect();
    for label in [
        "wall",
        "alarms",
        "connections",
        "messages",
        "signal Lambda errors",
        "refresh",
        "quit",
        "attention",
        "system wallet",
        "environment payments/prod",
        "theme light",
    ] {
        assert!(labels.contains(&label), "{label} in {labels:?}");
    }
    assert!(!labels.contains(&"sort"), "the wall has no order");
}

#[test]
fn an_environment_is_found_by_the_palette_in_another_system() {
    let mut app = live();
    press(&mut app, &["L", ":", "w", "a", "l", "l", "e", "t", "/", "p", "enter"]);
    assert_eq!(app.stack(), [Screen::Wall]);
    assert_eq!(selected(&app).0, "wallet/prod");
}

#[test]
fn the_theme_goes_round() {
    let mut app = live();
    press(&mut app, &["T"]);
    assert_eq!(app.theme, "light");
    press(&mut app, &["T"]);
    assert_eq!(app.theme, "dark");
}

#[test]
fn the_detail_pane_moves_among_the_resources_of_the_cell() {
    let mut app = live();
    press(&mut app, &["tab", "j", "j", "j"]);
    assert_eq!((app.pane, app.detail.selected), (Pane::Detail, 1));
    assert_eq!(app.selected().unwrap().resource.unwrap().name, "validation");
    press(&mut app, &["esc", "k"]);
    assert_eq!((app.pane, app.detail.selected), (Pane::Main, 0));
}

#[test]
fn describe_shows_the_resource_as_json_and_copies_what_it_shows() {
    let mut app = live();
    press(&mut app, &["d"]);
    assert_eq!(app.describe.title, "payments/prod · processing");
    assert!(app.describe.lines.iter().any(|line| line.text().contains("\"severity\": \"critical\"")));
    let copied = press(&mut app, &["o"]);
    assert!(
        matches!(&copied[..], [Effect::Copy(link)] if link.contains("console.aws.amazon.com/lambda")),
        "{copied:?}"
    );
}

#[test]
fn aws_is_asked_about_what_is_described_once_and_again_on_demand() {
    use crate::inquiry::{Question, Slot};
    let mut app = live();
    let asked = |effects: &[Effect]| -> Vec<String> {
        let name = |effect: &Effect| match effect {
            Effect::Ask(question) => match &**question {
                Question::Raw(asked) => Some(format!("{} {}", asked.signal, asked.resource.name)),
                _ => None,
            },
            _ => None,
        };
        effects.iter().filter_map(name).collect()
    };
    let opened = press(&mut app, &["d"]);
    assert_eq!(asked(&opened), ["lambda-errors processing"]);
    assert_eq!(press(&mut app, &["j", "?", "esc"]), [], "not again while it is open");
    assert_eq!(asked(&press(&mut app, &["ctrl-r"])), ["lambda-errors processing"]);
    assert_eq!(press(&mut app, &["esc"]), [Effect::Forget(Slot::Raw)]);
    assert_eq!(asked(&press(&mut app, &["d"])), ["lambda-errors processing"]);
}

#[test]
fn the_description_is_searched_and_the_filter_below_stays() {
    let mut app = live();
    press(&mut app, &["/", "l", "a", "enter"]);
    let below = app.filter().clone();
    press(&mut app, &["d", "/", "a", "r", "n"]);
    assert!(app.describe.hit.is_some() && app.describe.search.text() == "arn");
    press(&mut app, &["enter", "n", "N", "esc"]);
    assert!(app.describe.search.is_empty() && app.screen() == Screen::Describe, "esc ends the search first");
    press(&mut app, &["/", "x", "esc"]);
    assert!(app.describe.search.is_empty(), "what was typed is dropped");
    press(&mut app, &["esc"]);
    assert_eq!((app.screen(), app.filter()), (Screen::Wall, &below));
}

#[test]
fn what_was_told_stays_in_the_list() {
    let mut app = live();
    press(&mut app, &["T"]);
    update(&mut app, Message::Tick(at(100)));
    assert!(app.notice().is_none());
    assert_eq!(app.notices.list.len(), 1);
}

#[test]
fn a_changed_key_works_and_the_old_one_does_not() {
    let overrides = [("refresh".to_owned(), "f5".to_owned())].into();
    let mut app = App::new(Settings { keymap: Keymap::new(&overrides).0, ..settings() });
    assert_eq!(press(&mut app, &["ctrl-r"]), []);
    assert!(!press(&mut app, &["f5"]).is_empty());
    assert_eq!(app.keymap.keys_of(Action::Refresh), ["f5"]);
}

#[test]
fn problems_of_the_configuration_are_told_at_the_start() {
    let app = App::new(Settings { config_problems: 2, ..settings() });
    assert_eq!(app.notice().unwrap().text, "config: 2 problems, run watchfloor config check");
}
