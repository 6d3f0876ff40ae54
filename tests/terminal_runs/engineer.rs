//! Somebody at the keys who looks before every key: nothing is typed before what it answers stands on the screen.

use std::process::Command;

use crate::tty::Tty;

const WIDE: u16 = 140;
const HIGH: u16 = 45;
/// Simulated time at which every drill is opened.
pub const STARTED: &str = "2026-11-21T03:12:00Z";

pub struct Engineer {
    tty: Tty,
}

fn rows(screen: &vt100::Screen) -> Vec<String> {
    screen.rows(0, WIDE).collect()
}

impl Engineer {
    /// The console on a drill.
    pub fn at(estate: &str, scenario: &str, elapsed: &str, speed: &str) -> Self {
        let args = ["drill", estate, "--scenario", scenario, "--elapsed", elapsed, "--speed", speed];
        let args = [&args[..], &["--started", STARTED]].concat();
        let program = env!("CARGO_BIN_EXE_watchfloor");
        Self { tty: Tty::start(program, &args, WIDE, HIGH, &[("USER", "kim")]) }
    }

    pub fn sees(&mut self, text: &str) {
        self.tty.shows(text);
    }

    pub fn sees_no(&mut self, text: &str) {
        self.tty.until(&format!("the end of {text}"), |screen| !screen.contents().contains(text));
    }

    /// Waits for a row with all of this.
    pub fn sees_row(&mut self, texts: &[&str]) {
        let found = |screen: &vt100::Screen| rows(screen).iter().any(|row| texts.iter().all(|text| row.contains(text)));
        self.tty.until(&format!("a row with {texts:?}"), found);
    }

    pub fn presses(&mut self, keys: &str) {
        self.tty.send(keys);
    }

    /// Moves the cursor of a list to the row with all of this. Rows may move meanwhile: every step looks anew.
    pub fn chooses(&mut self, texts: &[&str]) {
        self.sees_row(texts);
        let there = |row: &str| texts.iter().all(|text| row.contains(text));
        let cursor = |row: &str| row.starts_with("│›");
        loop {
            let all = rows(self.tty.screen());
            let from = all.iter().position(|row| cursor(row)).expect("a cursor");
            if there(&all[from]) {
                return;
            }
            let to = all.iter().position(|row| there(row)).expect("it was seen");
            self.presses(if to > from { "j" } else { "k" });
            let before = all[from].clone();
            self.tty.until("another row under the cursor", |screen| {
                rows(screen).iter().any(|row| cursor(row) && *row != before)
            });
        }
    }

    /// Types a filter of the screen's list.
    pub fn filters(&mut self, word: &str) {
        self.presses("/");
        self.sees("enter keep");
        self.presses(word);
        self.sees_row(&[&format!("/ {word}")]);
        self.presses("\r");
    }

    /// Takes what the fields of the open form propose.
    pub fn takes_defaults(&mut self, fields: &[&str]) {
        for field in fields {
            // The row of the field that the keys go to has the text cursor.
            self.tty.until(&format!("the field {field}"), |screen| {
                let (row, _) = screen.cursor_position();
                !screen.hide_cursor() && rows(screen)[usize::from(row)].contains(field)
            });
            self.presses("\r");
        }
    }

    /// Types into the field that the keys go to, and takes it.
    pub fn fills_in(&mut self, field: &str, value: &str) {
        self.presses(value);
        self.sees_row(&[field, value]);
        self.presses("\r");
    }

    /// Arms the environment that the screen is about.
    pub fn arms(&mut self, label: &str) {
        self.presses("A");
        self.sees(&format!("arm {label}"));
        self.sees("Press y for yes.");
        self.presses("y");
        self.sees("ARMED");
        self.sees_no("Press y for yes.");
    }

    /// Answers the question that stands before the confirmation.
    pub fn answers_yes(&mut self) {
        self.presses("\r");
        self.sees("a question before it is sent");
        self.presses("y");
        self.sees("answered yes");
    }

    /// Reads what must be typed, types it and gives a reason where one is asked for.
    pub fn confirms(&mut self, phrase: &str, reason: Option<&str>) {
        self.sees("asks for the confirmation");
        self.presses("\r");
        self.sees("Type exactly:");
        self.sees("› Cancel ‹");
        let all = rows(self.tty.screen());
        let below = all.iter().position(|row| row.contains("Type exactly:")).unwrap() + 1;
        // Within the border of the dialog, which stands within that of the screen.
        assert_eq!(all[below].split('│').nth(2).map(str::trim), Some(phrase), "in:\n{}", self.tty.text());
        self.presses(phrase);
        self.sees_row(&[&format!("›{phrase}")]);
        if let Some(reason) = reason {
            self.presses("\t");
            self.presses(reason);
            self.sees_row(&[&format!("›{reason}")]);
        }
        self.presses("\r");
        self.sees_no("Type exactly:");
    }

    /// Ends the console in order and leaves its home to look into.
    pub fn leaves(&mut self) {
        self.presses("\x03");
        assert_eq!(self.tty.end().exit_code(), 0);
        self.tty.assert_restored();
    }

    /// Somebody ends the console with a signal: the exit code, and the terminal as it was before.
    pub fn is_ended_by(&mut self, signal: &str) -> u32 {
        self.tty.signal(signal);
        let status = self.tty.end();
        self.tty.assert_restored();
        status.exit_code()
    }

    /// What another command says in the same home: exit code and standard output.
    pub fn runs(&self, args: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_watchfloor"));
        command.args(args).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = command.env("HOME", self.tty.home()).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &error)
    }

    /// The records of the drill are whole.
    pub fn verifies_records(&self) {
        let (code, said) = self.runs(&["audit", "verify", "--drill"]);
        assert_eq!(code, Some(0), "{said}");
    }
}
