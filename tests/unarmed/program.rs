//! The program itself, in a pseudo-terminal, against an endpoint that counts: keys as a terminal sends them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use watchfloor::app::keymap::{ACTIONS, Action, Group};
use watchfloor::app::{Keymap, ScreenKind};
use watchfloor::model::Entry;

use crate::places::way;
use crate::stage::{PHRASE, Stage};
use crate::tty::Tty;

const WIDE: u16 = 120;
const HIGH: u16 = 40;
/// Escape, told apart from the beginning of a sequence.
const ESC: &str = "\x1b[27u";

/// What can be read on a screen and on no other.
fn mark(kind: ScreenKind) -> &'static str {
    match kind {
        ScreenKind::Wall => "┌ signal ─",
        ScreenKind::Signal => "┌ Lambda errors ─",
        ScreenKind::Alarms => " alarm ─",
        ScreenKind::Connections => "┌ environment ",
        ScreenKind::Environment => "  us-east-1  333333333333",
        ScreenKind::Resource => "prod  Lambda errors  payments-prod",
        ScreenKind::Timeline => "┌ time",
        ScreenKind::Logs => "  from ",
        ScreenKind::Compare => "┌ setting",
        ScreenKind::Runbooks => "✔ yes  payments-alias-rollback",
        ScreenKind::Run => "high risk",
        ScreenKind::Records => "┌ when",
        ScreenKind::Help => "keys on the wall screen",
        ScreenKind::Describe => "┌ payments/prod · ",
        ScreenKind::Messages => "messages, newest first",
    }
}

/// A key: how it is reported, and how a terminal sends it.
fn keys() -> Vec<(KeyEvent, String)> {
    let key = |code, modifiers| KeyEvent::new(code, modifiers);
    let mut all = Vec::new();
    for c in ' '..='~' {
        let shift = if c.is_ascii_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        all.push((key(KeyCode::Char(c), shift), c.to_string()));
    }
    // Those of ctrl-h, ctrl-i, ctrl-j and ctrl-m are other keys to a terminal; ctrl-c is the last key of all.
    for (c, byte) in ('a'..='z').zip(1u8..).filter(|(c, _)| !"chijm".contains(*c)) {
        all.push((key(KeyCode::Char(c), KeyModifiers::CONTROL), char::from(byte).to_string()));
    }
    for c in 'a'..='z' {
        all.push((key(KeyCode::Char(c), KeyModifiers::ALT), format!("\x1b{c}")));
    }
    let named = [
        (KeyCode::Enter, "\r"),
        (KeyCode::Tab, "\t"),
        (KeyCode::Backspace, "\x7f"),
        (KeyCode::Esc, ESC),
        (KeyCode::BackTab, "\x1b[Z"),
        (KeyCode::Up, "\x1b[A"),
        (KeyCode::Down, "\x1b[B"),
        (KeyCode::Right, "\x1b[C"),
        (KeyCode::Left, "\x1b[D"),
        (KeyCode::Home, "\x1b[H"),
        (KeyCode::End, "\x1b[F"),
        (KeyCode::Insert, "\x1b[2~"),
        (KeyCode::Delete, "\x1b[3~"),
        (KeyCode::PageUp, "\x1b[5~"),
        (KeyCode::PageDown, "\x1b[6~"),
        (KeyCode::F(1), "\x1bOP"),
        (KeyCode::F(5), "\x1b[15~"),
        (KeyCode::F(12), "\x1b[24~"),
    ];
    all.extend(named.map(|(code, bytes)| (key(code, KeyModifiers::NONE), bytes.to_owned())));
    all
}

/// The program on a served estate.
struct Console {
    tty: Tty,
    stage: Stage,
    /// Screens on which it was seen.
    seen: Vec<ScreenKind>,
}

impl Console {
    fn open(read_only: bool) -> Self {
        let stage = Stage::new(0);
        if read_only {
            stage.reconfigure("[[environment]]", "[[environment]]\nread_only = true");
        }
        let folder = |name: &str| stage.folder.path().join(name).to_str().unwrap().to_owned();
        let (home, config, state) = (folder("home"), folder("config"), folder("state"));
        let variables = [
            ("HOME", &*home),
            ("XDG_CONFIG_HOME", &config),
            ("XDG_STATE_HOME", &state),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("USER", "kim"),
        ];
        let mut tty = Tty::start(env!("CARGO_BIN_EXE_watchfloor"), &[], WIDE, HIGH, &variables);
        tty.until("the wall, read", |screen| {
            screen.contents().contains("● 5xx") && screen.contents().contains("● 14 ok")
        });
        Self { tty, stage, seen: Vec::new() }
    }

    /// From wherever it is, through the wall.
    fn reaches(&mut self, kind: ScreenKind) {
        self.tty.send(&ESC.repeat(4));
        self.tty.send(":wall\r");
        self.tty.until("the wall", |screen| screen.contents().contains(mark(ScreenKind::Wall)));
        self.tty.send(way(kind));
        if kind == ScreenKind::Run {
            self.tty.shows(mark(ScreenKind::Runbooks));
            self.tty.send("gjjj\r");
            self.tty.shows("enter takes it, goes on");
            self.tty.send("\r\r");
            self.tty.shows("blocked");
        }
        self.tty.shows(mark(kind));
        if !self.seen.contains(&kind) {
            self.seen.push(kind);
        }
    }

    /// Every key on a screen: first what does nothing there or moves; then one by one what could change something, with
    /// everything behind it that could confirm; last what leads elsewhere, one after another wherever that leads.
    fn presses_all(&mut self, kind: ScreenKind) {
        let keymap = Keymap::default();
        let (mut idle, mut changing, mut leading) = (String::new(), Vec::new(), String::new());
        for (event, bytes) in keys() {
            let Some(action) = keymap.action(event, kind) else {
                idle += &bytes;
                continue;
            };
            match ACTIONS.iter().find(|info| info.action == action).unwrap().group {
                Group::Move => idle += &bytes,
                Group::Change => changing.push(bytes),
                // On the wall this one ends the program; there it is pressed last of all.
                Group::Go if action == Action::Leave => {}
                Group::Go if matches!(action, Action::Open | Action::Choose) => changing.push(bytes),
                // Switched, and back.
                _ if matches!(action, Action::Attention | Action::Pause) => idle += &bytes.repeat(2),
                // What is typed into comes last: it takes all that follows.
                _ if "/:pS".contains(&bytes) => leading.push_str(&bytes),
                Group::Go | Group::View | Group::Selection | Group::Program => leading.insert_str(0, &bytes),
            }
        }
        self.reaches(kind);
        self.tty.send(&idle);
        self.tty.send_and_see("\x1b[200~y\ryes\r\x1b[201~");
        // The same screen, and not under a question.
        self.tty.shows(mark(kind));
        for bytes in changing {
            self.tty.send_and_see(&bytes);
            for confirms in ["y", "\r", "y\r", PHRASE, "\r", "\tbecause\r"] {
                self.tty.send_and_see(confirms);
            }
            self.reaches(kind);
        }
        self.tty.send_and_see(&leading);
        self.tty.send(&ESC.repeat(4));
        self.tty.send(":wall\r1");
    }

    /// Leaves with the one key that always leaves; nothing was sent, and nothing was recorded as sent.
    fn assert_untouched(mut self) {
        for kind in ScreenKind::ALL {
            assert!(self.seen.contains(kind), "{} was not reached", kind.title());
        }
        self.tty.send("\x03");
        assert_eq!(self.tty.end().exit_code(), 0);
        assert_eq!(self.stage.mutations(), Vec::<String>::new());
        let records = self.stage.records();
        let harmless = |entry: &Entry| !matches!(entry, Entry::Armed { .. } | Entry::Intent { .. });
        assert!(records.iter().all(|record| harmless(&record.entry)), "{records:?}");
    }
}

/// Every key: with `read_only = true` not even `A` can arm.
#[test]
fn every_key_on_every_screen_of_the_program_changes_nothing() {
    let mut console = Console::open(true);
    for kind in ScreenKind::ALL {
        console.presses_all(*kind);
    }
    console.assert_untouched();
}

/// The dialog that arms, and every key but `y` in it: that one arms, which is what it is for.
#[test]
fn every_other_key_in_the_dialog_that_arms_leaves_the_console_unarmed() {
    let mut console = Console::open(false);
    let asks = |console: &mut Console| {
        console.tty.send("A");
        console.tty.shows("Press y for yes.");
    };
    asks(&mut console);
    let (plain, named): (Vec<_>, Vec<_>) = keys().into_iter().partition(|(event, _)| match event.code {
        KeyCode::Char(c) => event.modifiers.contains(KeyModifiers::ALT) || !"nNyY".contains(c),
        _ => false,
    });
    plain.iter().for_each(|(_, bytes)| console.tty.send(bytes));
    console.tty.send_and_see("\x1b[200~y\ryes\r\x1b[201~");
    console.tty.send_and_see(ESC);
    console.tty.until("the end of the dialog", |screen| !screen.contents().contains("Press y for yes."));
    for (_, bytes) in named.into_iter().filter(|(_, bytes)| !bytes.eq_ignore_ascii_case("y")) {
        asks(&mut console);
        console.tty.send_and_see(&bytes);
        console.tty.send(ESC);
        console.tty.until("the end of the dialog", |screen| !screen.contents().contains("Press y for yes."));
        assert!(console.tty.text().contains("read-only"), "{bytes:?} armed:\n{}", console.tty.text());
    }
    console.seen = ScreenKind::ALL.to_vec();
    console.assert_untouched();
}
