//! Tests of `update`: mouse.

use std::time::Duration;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;
use rstest::rstest;

use super::*;
use crate::app::keymap::Action;
use crate::app::{HitMap, Pane, Screen, Target};

fn app() -> App {
    let mut app = live();
    app.hits = HitMap {
        areas: vec![
            (Rect::new(0, 0, 80, 10), Target::Pane(Pane::Main)),
            (Rect::new(0, 0, 10, 1), Target::Cell { row: 0, column: 0 }),
            (Rect::new(10, 0, 10, 1), Target::Cell { row: 1, column: 1 }),
            (Rect::new(0, 10, 80, 2), Target::Detail(1)),
            (Rect::new(0, 20, 5, 1), Target::Action(Action::Alarms)),
            (Rect::new(0, 30, 5, 1), Target::Palette(0)),
        ],
        rows: 10,
        columns: 3,
        detail: 2,
        overlay: 10,
        dialog: None,
    };
    app
}

fn send(app: &mut App, kind: MouseEventKind, column: u16, row: u16, ms: u64) -> Vec<Effect> {
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    update(app, Message::Mouse { event, at: Duration::from_millis(ms) })
}

fn click(app: &mut App, column: u16, row: u16, ms: u64) -> Vec<Effect> {
    send(app, MouseEventKind::Down(MouseButton::Left), column, row, ms)
}

#[test]
fn a_click_selects() {
    let mut app = app();
    click(&mut app, 12, 0, 0);
    assert_eq!(selected(&app), ("payments/staging".into(), Some(LAMBDA)));
    click(&mut app, 3, 11, 1000);
    assert_eq!((app.pane, app.detail.selected), (Pane::Detail, 1));
}

#[rstest]
#[case::quick((0, 0), 399, true)]
#[case::slow((0, 0), 401, false)]
#[case::elsewhere((12, 0), 100, false)]
fn a_double_click_opens(#[case] second: (u16, u16), #[case] ms: u64, #[case] opens: bool) {
    let mut app = app();
    click(&mut app, 0, 0, 1000);
    click(&mut app, second.0, second.1, 1000 + ms);
    assert_eq!(matches!(app.screen(), Screen::Signal(_)), opens);
}

#[test]
fn the_footer_can_be_clicked_and_what_is_covered_cannot() {
    let mut app = app();
    click(&mut app, 1, 20, 0);
    assert_eq!(app.screen(), Screen::Alarms);
    press(&mut app, &["q", "?"]);
    let before = selected(&app);
    click(&mut app, 12, 0, 10);
    assert_eq!(selected(&app), before);
    press(&mut app, &["?", ":"]);
    click(&mut app, 12, 0, 20);
    assert_eq!(selected(&app), before);
}

#[test]
fn the_wheel_scrolls_what_it_is_over() {
    let mut app = app();
    press(&mut app, &["k"]);
    send(&mut app, MouseEventKind::ScrollDown, 3, 11, 0);
    assert_eq!((app.detail.selected, app.pane), (1, Pane::Main));
    send(&mut app, MouseEventKind::ScrollDown, 3, 3, 0);
    assert_eq!(selected(&app).1, Some(LAMBDA));
    press(&mut app, &["?"]);
    send(&mut app, MouseEventKind::ScrollDown, 3, 3, 0);
    assert_eq!(app.help.offset, 3);
}

#[test]
fn a_double_click_in_the_palette_does_it() {
    let mut app = app();
    press(&mut app, &[":", "a", "l", "a", "r"]);
    click(&mut app, 1, 30, 0);
    assert_eq!(app.screen(), Screen::Wall);
    click(&mut app, 1, 30, 100);
    assert_eq!(app.screen(), Screen::Alarms);
}
