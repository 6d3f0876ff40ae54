//! What the screens say about what can be done next, and where that has no room.

use std::sync::Arc;

use crate::app::App;
use crate::app::cursor::Followed;
use crate::app::screens::RunRow;
use crate::guard::Guard;
use crate::runbook::desk::Answer;
use crate::ui::testing::changes::{PROD, armed, console, offered, refused, told};
use crate::ui::testing::{dark, press, screen, text};

/// A plan that was made while prod was read-only; that line is selected.
fn refused_for_being_read_only(app: &mut App) -> String {
    let hand = refused();
    let guard = hand.run.verdicts.iter().position(|one| one.guard == Guard::ReadOnly).unwrap();
    hand.show(app);
    let rows = app.run_rows();
    let line = rows.iter().position(|row| *row == RunRow::Guard(guard)).unwrap();
    app.run.rows = Followed::default();
    app.run.rows.choose(line, rows.len(), |line| rows.get(line).copied());
    text(&screen(app, &dark(), 120, 40))
}

#[test]
fn what_is_read_only_says_how_it_comes_to_be_allowed() {
    let shown = refused_for_being_read_only(&mut console());
    assert!(shown.contains("A arms the environment, then r plans again."), "{shown}");
    let mut since = console();
    armed(&mut since, PROD);
    let shown = refused_for_being_read_only(&mut since);
    assert!(shown.contains("It has been armed since: r plans again."), "{shown}");
    let mut never = console();
    never.fleet.environments[2].environment.read_only = true;
    let shown = refused_for_being_read_only(&mut never);
    assert!(shown.contains("This cannot be overridden.") && !shown.contains("A arms"), "{shown}");
}

#[test]
fn what_is_told_of_a_runbook_stays_above_the_border() {
    let mut app = console();
    screen(&mut app, &dark(), 120, 40);
    press(&mut app, &["j", "a"]);
    let number = app.runbooks.number;
    told(&mut app, Answer::Offered { number, outcome: Ok(Arc::new(offered())) });
    press(&mut app, &["enter"]);
    for height in 10..24 {
        let shown = text(&screen(&mut app, &dark(), 60, height));
        let last = shown.lines().last().unwrap();
        assert!(last.chars().all(|c| "└─┘".contains(c)), "{height} rows: {last}");
    }
}
