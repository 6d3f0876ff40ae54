//! Whatever comes, nothing panics, every selection is in range and `ctrl-c` quits.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use ratatui::layout::Rect;

use super::*;
use crate::app::keymap::ACTIONS;
use crate::app::{HitMap, Screen, Target, update_all};
use crate::model::Connection;

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let bound: Vec<KeyEvent> = ACTIONS
        .iter()
        .flat_map(|info| info.keys)
        .filter(|key| **key != "ctrl-c")
        .map(|key| parse_key(key).unwrap().into())
        .collect();
    let typed = any::<char>().prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    prop_oneof![6 => proptest::sample::select(bound), 1 => typed]
}

fn any_severity() -> impl Strategy<Value = Severity> {
    proptest::sample::select(vec![
        Severity::Absent,
        Severity::Ok,
        Severity::Unknown,
        Severity::Warning,
        Severity::Critical,
    ])
}

fn any_outcome() -> impl Strategy<Value = Result<Reading, Fault>> {
    let resources = proptest::collection::vec(("[a-d]{1,2}", any_severity()), 0..6);
    let good =
        resources.prop_map(|all| Ok(reading(all.iter().map(|(name, severity)| resource(name, *severity)).collect())));
    let kinds = vec![FaultKind::Timeout, FaultKind::WrongAccount, FaultKind::Denied];
    prop_oneof![4 => good, 1 => proptest::sample::select(kinds).prop_map(|kind| Err(fault(kind)))]
}

fn any_message() -> impl Strategy<Value = Message> {
    let reported = (0usize..6, any::<bool>(), any_outcome(), 0i64..500)
        .prop_map(|(env, alarms, outcome, second)| report(env, if alarms { ALARMS } else { LAMBDA }, outcome, second));
    let connected = (0usize..6, any::<bool>()).prop_map(|(env, wrong)| {
        let fault = wrong.then(|| fault(FaultKind::WrongAccount));
        let connection = Box::new(Connection { fault, ..Connection::default() });
        polled(PollEvent::Connection { env: EnvId(env), connection })
    });
    let kinds = vec![MouseEventKind::Down(MouseButton::Left), MouseEventKind::ScrollDown, MouseEventKind::ScrollUp];
    let mouse = (proptest::sample::select(kinds), 0u16..40, 0u16..4, 0u64..1000).prop_map(|(kind, column, row, ms)| {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        Message::Mouse { event, at: Duration::from_millis(ms) }
    });
    prop_oneof![
        8 => any_key().prop_map(Message::Key),
        3 => reported,
        1 => connected,
        2 => mouse,
        1 => (0u16..300, 0u16..100).prop_map(|(width, height)| Message::Resize(width, height)),
        1 => (0i64..500).prop_map(|second| Message::Tick(at(second))),
        1 => any::<String>().prop_map(Message::Paste),
    ]
}

fn hits() -> HitMap {
    let cells = (0..4u16).map(|i| {
        let cell = Target::Cell { row: usize::from(i) * 7, column: usize::from(i) };
        (Rect::new(i * 5, 0, 5, 1), cell)
    });
    let rows = (0..4u16).map(|i| (Rect::new(i * 5, 1, 5, 1), Target::Row(usize::from(i) * 9)));
    let lines = (0..4u16).map(|i| (Rect::new(i * 5, 2, 5, 1), Target::Detail(usize::from(i))));
    let found = (0..4u16).map(|i| (Rect::new(i * 5, 3, 5, 1), Target::Palette(usize::from(i) * 30)));
    HitMap {
        areas: cells.chain(rows).chain(lines).chain(found).collect(),
        rows: 3,
        columns: 2,
        detail: 1,
        overlay: 4,
        dialog: None,
    }
}

fn in_range(selected: usize, len: usize) -> bool {
    selected < len.max(1)
}

proptest! {
    #[test]
    fn whatever_comes_the_selection_is_in_range(messages in proptest::collection::vec(any_message(), 1..60)) {
        let mut app = live();
        for message in messages {
            app.hits = hits();
            update_all(&mut app, [message]);
            let derived = &app.derived;
            match app.base() {
                Screen::Signal(_) => {
                    prop_assert!(in_range(app.signal.rows.selected(), derived.matrix.rows.len()));
                    prop_assert!(in_range(app.signal.columns.selected(), derived.matrix.columns.len()));
                }
                Screen::Alarms => prop_assert!(in_range(app.alarms.rows.selected(), derived.alarms.len())),
                Screen::Connections => prop_assert!(in_range(app.connections.rows.selected(), derived.connections.len())),
                Screen::Compare => prop_assert!(in_range(app.compare.rows.selected(), derived.compare.lines.len())),
                Screen::Runbooks => prop_assert!(in_range(app.runbooks.rows.selected(), app.runbooks.len())),
                Screen::Run => prop_assert!(in_range(app.run.rows.selected(), app.run_rows().len())),
                Screen::Records => prop_assert!(in_range(app.records.rows.selected(), derived.records.len())),
                Screen::Environment(_) | Screen::Resource | Screen::Timeline | Screen::Logs => {}
                _ => {
                    prop_assert!(in_range(app.wall.rows.selected(), derived.wall.rows.len()));
                    prop_assert!(in_range(app.wall.columns.selected(), derived.wall.columns.len()));
                }
            }
            prop_assert!(in_range(app.detail.selected, app.detail_len()));
            prop_assert_eq!(app.stack().first(), Some(&Screen::Wall));
            prop_assert!(app.stack().len() <= 12, "{:?}", app.stack());
            if let Some(selected) = app.selected() && app.detail_len() > 0 {
                prop_assert!(selected.resource.is_some());
            }
            let quit = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
            prop_assert_eq!(update(&mut app.clone(), Message::Key(quit)), vec![Effect::Quit]);
        }
    }
}
