//! The clipboard of the operator's own terminal, through SSH and tmux: OSC 52.

use std::io::{self, Write};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

/// Puts `text` on the clipboard. Terminals that do not understand OSC 52 ignore it.
pub fn copy(out: &mut impl Write, text: &str) -> io::Result<()> {
    execute!(out, CopyToClipboard::to_clipboard_from(text))
}
