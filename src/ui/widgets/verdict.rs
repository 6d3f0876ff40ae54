//! How a verdict looks: its mark and its style, beside its word.

use ratatui::style::Style;

use crate::app::drift::severity;
use crate::compare::Verdict;
use crate::config::theme::Role;
use crate::ui::look::Look;

/// The mark of a verdict.
pub fn mark(verdict: Verdict, look: &Look) -> &'static str {
    match verdict {
        Verdict::Same => look.glyphs.same,
        Verdict::Approved => look.glyphs.approved,
        other => look.glyphs.severity(severity(other)),
    }
}

/// The style of a verdict: what is the same everywhere stays in the background.
pub fn style(verdict: Verdict, look: &Look) -> Style {
    match verdict {
        Verdict::Same => look.style(Role::Dim),
        Verdict::Approved => look.style(Role::Accent),
        other => look.severity(severity(other)),
    }
}
