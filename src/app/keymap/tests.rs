//! Tests of `keymap`.
use std::collections::{BTreeMap, BTreeSet};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rstest::rstest;

use super::*;
use crate::app::screen::ScreenKind;

fn overrides(lines: &[(&str, &str)]) -> BTreeMap<String, String> {
    lines.iter().map(|(name, key)| ((*name).to_owned(), (*key).to_owned())).collect()
}

fn press(notation: &str) -> KeyEvent {
    parse_key(notation).unwrap().into()
}

#[test]
fn every_action_has_a_name_a_key_and_help() {
    let names: BTreeSet<&str> = action_names().collect();
    assert_eq!(names.len(), ACTIONS.len(), "names are distinct");
    for info in ACTIONS {
        assert!(!info.help.is_empty() && !info.keys.is_empty(), "{}", info.name);
        assert!(info.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", info.name);
        for key in info.keys {
            assert_eq!(parse_key(key).expect(key).to_string(), *key, "shown as it is written");
        }
    }
}

#[test]
fn every_key_of_every_action_does_it_on_every_screen_where_it_works() {
    let keymap = Keymap::default();
    for info in ACTIONS {
        for screen in ScreenKind::ALL.iter().filter(|screen| info.works_on(**screen)) {
            for key in info.keys {
                assert_eq!(keymap.action(press(key), *screen), Some(info.action), "{key} on {screen:?}");
            }
        }
    }
}

#[test]
fn footer_and_help_offer_exactly_what_works() {
    let keymap = Keymap::default();
    for screen in ScreenKind::ALL {
        let help: Vec<HelpItem> = keymap.help(*screen).into_iter().flat_map(|section| section.items).collect();
        let offered: BTreeSet<String> = help.iter().map(|item| format!("{:?}", item.action)).collect();
        let working: BTreeSet<String> =
            ACTIONS.iter().filter(|info| info.works_on(*screen)).map(|info| format!("{:?}", info.action)).collect();
        assert_eq!(offered, working, "{screen:?}");
        let footers = [false, true].map(|past| keymap.footer(*screen, past));
        assert!(
            footers.iter().all(|footer| !footer.is_empty() && footer.is_sorted_by_key(|item| item.rank)),
            "{screen:?}"
        );
        for item in footers.into_iter().flatten() {
            let pressed = keymap.action(press(&item.key), *screen);
            assert_eq!(pressed, Some(item.action), "{} on {screen:?}", item.key);
            assert!(help.iter().any(|line| line.action == item.action && line.keys.contains(&item.key)));
        }
    }
}

#[rstest]
#[case::plain(KeyCode::Char('q'), KeyModifiers::NONE, "q")]
#[case::shift_reported(KeyCode::Char('G'), KeyModifiers::SHIFT, "G")]
#[case::shift_not_reported(KeyCode::Char('G'), KeyModifiers::NONE, "G")]
#[case::shift_with_lower_case(KeyCode::Char('g'), KeyModifiers::SHIFT, "G")]
#[case::mark_with_shift(KeyCode::Char('?'), KeyModifiers::SHIFT, "?")]
#[case::mark_without(KeyCode::Char('?'), KeyModifiers::NONE, "?")]
#[case::control(KeyCode::Char('r'), KeyModifiers::CONTROL, "ctrl-r")]
#[case::space(KeyCode::Char(' '), KeyModifiers::NONE, "space")]
#[case::function(KeyCode::F(5), KeyModifiers::NONE, "f5")]
#[case::page(KeyCode::PageDown, KeyModifiers::NONE, "pagedown")]
#[case::back_tab(KeyCode::BackTab, KeyModifiers::SHIFT, "backtab")]
#[case::letter_of_another_script(KeyCode::Char('ж'), KeyModifiers::NONE, "ж")]
fn what_terminals_send_is_what_is_written(
    #[case] code: KeyCode,
    #[case] modifiers: KeyModifiers,
    #[case] notation: &str,
) {
    let key = Key::from(KeyEvent::new(code, modifiers));
    assert_eq!(key, parse_key(notation).unwrap());
    assert_eq!(key.to_string(), notation);
}

#[test]
fn a_key_can_be_changed() {
    let (keymap, problems) = Keymap::new(&overrides(&[("refresh", "f5 ctrl-r"), ("describe", "D")]));
    assert_eq!(problems, []);
    assert_eq!(keymap.action(press("f5"), ScreenKind::Wall), Some(Action::Refresh));
    assert_eq!(keymap.action(press("D"), ScreenKind::Wall), Some(Action::Describe));
    assert_eq!(keymap.action(press("d"), ScreenKind::Wall), None);
    assert_eq!(keymap.keys_of(Action::Refresh), ["f5", "ctrl-r"]);
}

#[test]
fn two_keys_can_be_swapped() {
    let (keymap, problems) = Keymap::new(&overrides(&[("sort", "z"), ("attention", "s")]));
    assert_eq!(problems, []);
    assert_eq!(keymap.action(press("z"), ScreenKind::Alarms), Some(Action::Sort));
    assert_eq!(keymap.action(press("s"), ScreenKind::Alarms), Some(Action::Attention));
}

#[rstest]
#[case("sort", "q", "keys: `q` for `sort` already is the key of `leave`")]
#[case("sort", "ctrl-c", "keys: `ctrl-c` for `sort` already is the key of `quit`")]
#[case("quit", "x", "keys: `quit` always is `ctrl-c`")]
#[case("refesh", "x", "keys: there is no action `refesh`; did you mean `refresh`?")]
#[case("xyzzy", "x", "keys: there is no action `xyzzy`")]
#[case("sort", "control+x", "keys: `control+x` for `sort` is not a key; write for example `x`, `ctrl-r` or `f5`")]
#[case("sort", "a-b", "keys: `a-b` for `sort` is not a key; write for example `x`, `ctrl-r` or `f5`")]
#[case("sort", "", "keys: `` for `sort` is not a key; write for example `x`, `ctrl-r` or `f5`")]
fn a_wrong_line_is_told_and_the_default_stays(#[case] name: &str, #[case] key: &str, #[case] told: &str) {
    let (keymap, problems) = Keymap::new(&overrides(&[(name, key)]));
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [told]);
    assert_eq!(keymap, Keymap::default());
}

#[test]
fn two_lines_for_one_key_leave_one_key_for_one_action() {
    let (keymap, problems) = Keymap::new(&overrides(&[("describe", "x"), ("sort", "x")]));
    assert_eq!(problems.len(), 1);
    assert_eq!(keymap.action(press("x"), ScreenKind::Alarms), Some(Action::Describe));
    assert_eq!(keymap.action(press("s"), ScreenKind::Alarms), Some(Action::Sort));
}
