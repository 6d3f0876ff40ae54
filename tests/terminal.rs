//! The whole program in a pseudo-terminal: it starts, obeys, and always gives the terminal back.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/tty.rs"]
mod tty;

use rstest::rstest;
use tty::Tty;

const INCIDENT: &[&str] = &["drill", "payments", "--elapsed", "12m", "--speed", "1"];

#[test]
fn start_move_filter_resize_quit() {
    let mut tty = Tty::watchfloor(INCIDENT, 120, 40);
    tty.shows("PROD");
    tty.shows("critical");
    tty.send("jll");
    tty.shows("payment-processing");
    tty.send("\r");
    tty.shows("payment-validation");
    tty.send("/notification\r");
    tty.until("the filtered list", |screen| {
        !screen.contents().contains("payment-validation") && screen.contents().contains("payment-notification")
    });
    tty.resize(80, 24);
    tty.until("80 columns", |screen| {
        let mut lines = screen.rows(0, 80);
        lines.nth(23).is_some_and(|last| last.contains("help")) && screen.contents().contains("payment-notification")
    });
    // Once the filter is gone: an escape that is followed at once by a letter is alt and that letter.
    tty.send("\x1b");
    tty.shows("payment-validation");
    tty.send("L");
    tty.shows("payments-prod-api-5xx");
    tty.send("q");
    tty.shows("payment-validation");
    tty.send("q");
    tty.shows("DynamoDB");
    tty.send("q");
    let status = tty.end();
    assert_eq!(status.exit_code(), 0);
    tty.assert_restored();
}

#[test]
fn configuration_is_compared_and_the_wall_counts_what_differs() {
    let mut tty = Tty::watchfloor(&["drill", "payments", "--scenario", "drift", "--speed", "1"], 120, 40);
    tty.shows("PROD");
    tty.send("=");
    tty.shows("4 drift, 1 missing, 1 untagged");
    tty.shows("1536");
    tty.send("\r");
    tty.shows("prod DRIFT: approved is 2048");
    tty.send("qq");
    tty.shows("3 differ");
    tty.send("q");
    assert_eq!(tty.end().exit_code(), 0);
    tty.assert_restored();
}

#[rstest]
#[case("TERM", 143)]
#[case("HUP", 129)]
#[case("INT", 130)]
fn a_signal_ends_it_in_order(#[case] signal: &str, #[case] code: u32) {
    let mut tty = Tty::watchfloor(INCIDENT, 80, 24);
    tty.shows("PROD");
    tty.signal(signal);
    let status = tty.end();
    assert_eq!(status.exit_code(), code);
    tty.assert_restored();
}

#[test]
fn ctrl_c_leaves_at_once_even_while_typing() {
    let mut tty = Tty::watchfloor(INCIDENT, 80, 24);
    tty.shows("PROD");
    tty.send("/abc\x03");
    assert_eq!(tty.end().exit_code(), 0);
    tty.assert_restored();
}

#[test]
fn a_screen_that_was_written_over_is_drawn_again() {
    let mut tty = Tty::watchfloor(INCIDENT, 80, 24);
    tty.shows("PROD");
    tty.scribble("\x1b[5;1Hsomebody wrote this\x1b[20;3Hand that");
    tty.send("\x0c");
    tty.until("the whole screen", |screen| {
        let text = screen.contents();
        text.contains("Lambda errors") && !text.contains("somebody wrote this") && !text.contains("and that")
    });
    tty.send("q");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn the_line_discipline_is_restored_too() {
    let script = format!("{} drill; stty -a", env!("CARGO_BIN_EXE_watchfloor"));
    let mut tty = Tty::start("/bin/sh", &["-c", &script], 80, 24, &[]);
    tty.shows("PROD");
    tty.send("q");
    tty.end();
    let text = tty.text();
    for setting in ["icanon", "echo", "isig"] {
        assert!(text.split_whitespace().any(|word| word == setting), "{setting} is off:\n{text}");
    }
}

#[test]
fn a_small_terminal_says_so_and_still_obeys() {
    let mut tty = Tty::watchfloor(INCIDENT, 20, 5);
    tty.shows("too small");
    tty.resize(80, 24);
    tty.shows("PROD");
    tty.send("q");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn without_colour_nothing_is_coloured() {
    let program = env!("CARGO_BIN_EXE_watchfloor");
    let mut tty = Tty::start(program, INCIDENT, 100, 30, &[("NO_COLOR", "1")]);
    tty.shows("critical");
    let screen = tty.screen();
    for row in 0..30 {
        for column in 0..100 {
            let cell = screen.cell(row, column).unwrap();
            assert_eq!((cell.fgcolor(), cell.bgcolor()), (vt100::Color::Default, vt100::Color::Default));
        }
    }
}

#[test]
fn ascii_only_draws_ascii_only() {
    let args: Vec<&str> = INCIDENT.iter().copied().chain(["--ascii"]).collect();
    let mut tty = Tty::watchfloor(&args, 120, 40);
    tty.shows("critical");
    let text = tty.text();
    let other: String = text.chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(other, "", "in:\n{text}");
}

/// Not a test of its own: the program that [`a_panic_gives_the_terminal_back`] runs in a pseudo-terminal.
#[test]
fn panicking_program() {
    if std::env::var_os("WATCHFLOOR_TEST_PANIC").is_some() {
        watchfloor::cli::console::restore_on_panic().unwrap();
        let _guard = watchfloor::shell::terminal::TerminalGuard::enter(true).unwrap();
        panic!("on purpose");
    }
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let this = std::env::current_exe().unwrap();
    let args = ["--exact", "panicking_program", "--nocapture"];
    let mut tty = Tty::start(this.to_str().unwrap(), &args, 100, 30, &[("WATCHFLOOR_TEST_PANIC", "1")]);
    tty.end();
    assert!(tty.text().contains("on purpose"), "{}", tty.text());
    tty.assert_restored();
}
