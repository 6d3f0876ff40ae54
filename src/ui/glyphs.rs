//! The characters beyond letters: one set for Unicode terminals, one for those that know only ASCII.

use crate::model::Severity;

/// A set of characters, each one column wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Critical.
    pub critical: &'static str,
    /// Warning.
    pub warning: &'static str,
    /// Ok.
    pub ok: &'static str,
    /// Unknown.
    pub unknown: &'static str,
    /// No such resource.
    pub absent: &'static str,
    /// The same everywhere.
    pub same: &'static str,
    /// Different, as it may be.
    pub approved: &'static str,
    /// It holds.
    pub holds: &'static str,
    /// Waiting for the first answer.
    pub waiting: &'static str,
    /// Something was left out here.
    pub cut: &'static str,
    /// Between two parts of a line.
    pub dot: &'static str,
    /// Refreshed.
    pub refresh: &'static str,
    /// More to the left, right, above and below.
    pub more: [&'static str; 4],
    /// Leads to what to do next.
    pub next: &'static str,
    /// Levels of a sparkline, lowest first.
    pub spark: &'static [&'static str],
    /// Box drawing: horizontal and vertical.
    pub line: [&'static str; 2],
    /// Corners: top left, top right, bottom left, bottom right.
    pub corner: [&'static str; 4],
    /// Joints: open to the right, to the left, downwards, upwards, to all sides.
    pub joint: [&'static str; 5],
    /// True when nothing but ASCII may be drawn.
    pub ascii: bool,
}

/// For terminals with a Unicode font.
pub const UNICODE: Glyphs = Glyphs {
    critical: "✖",
    warning: "▲",
    ok: "●",
    unknown: "?",
    absent: "–",
    same: "=",
    approved: "≈",
    holds: "✔",
    waiting: "…",
    cut: "…",
    dot: "·",
    refresh: "⟳",
    more: ["‹", "›", "↑", "↓"],
    next: "→",
    spark: &["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    line: ["─", "│"],
    corner: ["┌", "┐", "└", "┘"],
    joint: ["├", "┤", "┬", "┴", "┼"],
    ascii: false,
};

/// For terminals and logs that know only ASCII.
pub const ASCII: Glyphs = Glyphs {
    critical: "x",
    warning: "!",
    ok: "o",
    unknown: "?",
    absent: "-",
    same: "=",
    approved: "+",
    holds: "v",
    waiting: "~",
    cut: "~",
    dot: "-",
    refresh: "@",
    more: ["<", ">", "^", "v"],
    next: ">",
    spark: &["_", ".", "-", "=", "+", "*", "%", "#"],
    line: ["-", "|"],
    corner: ["+", "+", "+", "+"],
    joint: ["+", "+", "+", "+", "+"],
    ascii: true,
};

impl Glyphs {
    /// The glyph of a severity.
    pub fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Critical => self.critical,
            Severity::Warning => self.warning,
            Severity::Ok => self.ok,
            Severity::Unknown => self.unknown,
            Severity::Absent => self.absent,
        }
    }
}

/// The nearest ASCII character for one that may not be drawn.
pub fn nearest(symbol: &str) -> &'static str {
    match symbol {
        "–" | "—" | "‑" | "·" | "−" | "─" => "-",
        "…" => "~",
        "→" | "›" | "»" => ">",
        "←" | "‹" | "«" => "<",
        "↑" => "^",
        "✔" => "v",
        "↓" => "v",
        "×" | "✖" => "x",
        "•" | "●" => "o",
        "≥" => ">",
        "≤" => "<",
        "µ" | "μ" => "u",
        "≈" => "+",
        "’" | "‘" | "′" => "'",
        "“" | "”" | "″" => "\"",
        "\u{a0}" | "\u{202f}" | "\u{2009}" => " ",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fit::width;

    #[test]
    fn every_glyph_is_one_column_wide_and_the_ascii_set_is_ascii() {
        for set in [UNICODE, ASCII] {
            let all = [set.critical, set.warning, set.ok, set.unknown, set.absent, set.waiting, set.cut, set.dot]
                .into_iter()
                .chain([set.refresh, set.next, set.same, set.approved, set.holds])
                .chain(set.more)
                .chain(set.line)
                .chain(set.corner)
                .chain(set.joint)
                .chain(set.spark.iter().copied());
            for glyph in all {
                assert_eq!(width(glyph), 1, "{glyph}");
                assert!(!set.ascii || glyph.is_ascii(), "{glyph}");
            }
        }
    }

    #[test]
    fn no_two_severities_share_a_glyph() {
        let severities = [Severity::Absent, Severity::Ok, Severity::Unknown, Severity::Warning, Severity::Critical];
        for set in [UNICODE, ASCII] {
            let glyphs: std::collections::BTreeSet<_> = severities.iter().map(|s| set.severity(*s)).collect();
            assert_eq!(glyphs.len(), severities.len());
        }
    }
}
