//! The terminal guard: whatever happens, the terminal is given back as it was.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::CrosstermBackend;

/// True between [`TerminalGuard::enter`] and the first [`restore`].
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Bytes that one frame may gather before it is written.
const FRAME_BUFFER: usize = 64 * 1024;

/// What frames are drawn on.
pub type Screen = ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// Holds the terminal in raw mode on its alternate screen until it is dropped.
pub struct TerminalGuard {
    /// The screen to draw on.
    pub screen: Screen,
}

/// True when both ends are a terminal.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

impl TerminalGuard {
    /// Takes the terminal over.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        let guard = Self {
            screen: ratatui::Terminal::new(CrosstermBackend::new(BufWriter::with_capacity(
                FRAME_BUFFER,
                io::stdout(),
            )))?,
        };
        let mut out = io::stdout();
        queue!(out, EnterAlternateScreen, DisableLineWrap, EnableBracketedPaste, SetTitle("watchfloor"))?;
        if mouse {
            queue!(out, EnableMouseCapture)?;
        }
        out.flush()?;
        Ok(guard)
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back. Does nothing the second time, so that the panic hook and the guard may both call it.
pub fn restore() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done about a terminal that is gone.
    let _ =
        execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste, EnableLineWrap, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}
