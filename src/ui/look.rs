//! How everything looks on this terminal: the theme's roles as terminal styles, and the glyphs.

use ratatui::style::{Color, Modifier, Style};

use crate::config::theme::{self, Role, Theme, Themes};
use crate::model::{Severity, Tier};
use crate::ui::glyphs::{ASCII, Glyphs, UNICODE};

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// 24 bits.
    #[default]
    TrueColor,
    /// xterm's 256.
    Indexed,
    /// The 16 ANSI colours.
    Sixteen,
    /// None (`NO_COLOR`): weight, underline and reverse only.
    Mono,
}

/// Styles by role, and glyphs.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The characters beyond letters.
    pub glyphs: Glyphs,
    /// By `Role as usize`.
    styles: Vec<Style>,
}

impl Look {
    /// The looks of `theme` in `depth` colours; with `ascii`, nothing but ASCII is drawn.
    pub fn new(theme: &Theme, depth: Depth, ascii: bool) -> Self {
        let styles = Role::ALL.iter().map(|role| terminal_style(theme.style(*role), depth)).collect();
        Self { glyphs: if ascii { ASCII } else { UNICODE }, styles }
    }

    /// The theme called `name`, or what stands for it where the terminal has too few colours: `sixteen` for a theme of
    /// finer colours on 16, `mono` without any. An unknown theme is the embedded `dark`.
    pub fn choose(themes: &Themes, name: &str, depth: Depth, ascii: bool) -> Self {
        let theme = |name: &str| themes.get(name).0;
        let wanted = theme(name).or_else(|| theme("dark")).unwrap_or_default();
        let theme = match depth {
            Depth::Mono => theme("mono").unwrap_or(wanted),
            Depth::Sixteen if needs_more_than_16(&wanted) => theme("sixteen").unwrap_or(wanted),
            _ => wanted,
        };
        Self::new(&theme, depth, ascii)
    }

    /// The style of a role. What it leaves open is what lies beneath; so is the ground of ordinary text, which may
    /// stand on an overlay.
    pub fn style(&self, role: Role) -> Style {
        let style = self.styles.get(role as usize).copied().unwrap_or_default();
        if role == Role::Text { Style { bg: None, ..style } } else { style }
    }

    /// The style of an empty screen.
    pub fn ground(&self) -> Style {
        self.styles.get(Role::Text as usize).copied().unwrap_or_default()
    }

    /// The style of a curve that shows a severity: its colour alone, since attributes would disfigure the curve.
    pub fn curve(&self, severity: Severity) -> Style {
        Style { fg: self.severity(severity).fg, ..Style::new() }
    }

    /// The style of a severity.
    pub fn severity(&self, severity: Severity) -> Style {
        self.style(match severity {
            Severity::Critical => Role::Critical,
            Severity::Warning => Role::Warning,
            Severity::Ok => Role::Ok,
            Severity::Unknown => Role::Unknown,
            Severity::Absent => Role::Absent,
        })
    }

    /// The style of an environment's name.
    pub fn tier(&self, tier: Tier) -> Style {
        self.style(match tier {
            Tier::Development => Role::Development,
            Tier::Staging => Role::Staging,
            Tier::Production => Role::Production,
        })
    }
}

fn needs_more_than_16(theme: &Theme) -> bool {
    let fine = |color: Option<theme::Color>| {
        matches!(color, Some(theme::Color::Rgb(..))) || matches!(color, Some(theme::Color::Indexed(16..)))
    };
    theme.roles.values().any(|style| fine(style.fg) || fine(style.bg))
}

fn terminal_style(style: theme::Style, depth: Depth) -> Style {
    let mut out = Style::new();
    if depth != Depth::Mono {
        out.fg = style.fg.map(|color| terminal_color(color, depth));
        out.bg = style.bg.map(|color| terminal_color(color, depth));
    }
    let modifiers = [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underline, Modifier::UNDERLINED),
        (style.reverse, Modifier::REVERSED),
    ];
    modifiers.into_iter().filter(|(on, _)| *on).fold(out, |out, (_, modifier)| out.add_modifier(modifier))
}

fn terminal_color(color: theme::Color, depth: Depth) -> Color {
    match (color, depth) {
        (theme::Color::Default, _) => Color::Reset,
        (theme::Color::Ansi(index), _) => ansi(index),
        (theme::Color::Indexed(index @ 0..=15), _) => ansi(index),
        (theme::Color::Indexed(index), _) => Color::Indexed(index),
        (theme::Color::Rgb(r, g, b), Depth::TrueColor) => Color::Rgb(r, g, b),
        (theme::Color::Rgb(r, g, b), _) => Color::Indexed(nearest_indexed([r, g, b])),
    }
}

fn ansi(index: u8) -> Color {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    NAMED.get(usize::from(index)).copied().unwrap_or(Color::Reset)
}

/// The nearest of xterm's colour cube (16–231) and grey ramp (232–255).
fn nearest_indexed(wanted: [u8; 3]) -> u8 {
    let distance =
        |found: [u8; 3]| -> u32 { wanted.iter().zip(found).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    (16u8..=255).min_by_key(|index| distance(indexed(*index))).unwrap_or(15)
}

fn indexed(index: u8) -> [u8; 3] {
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let cube = index.saturating_sub(16);
    [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_no_style_has_one_and_the_severities_still_differ() {
        let look = Look::choose(&Themes::embedded(), "dark", Depth::Mono, false);
        assert!(look.styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert_ne!(look.severity(Severity::Critical), look.severity(Severity::Ok));
        assert!(look.style(Role::Selected).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn sixteen_colours_are_named_ones() {
        let look = Look::choose(&Themes::embedded(), "dark", Depth::Sixteen, false);
        let fine = |color: Option<Color>| matches!(color, Some(Color::Rgb(..) | Color::Indexed(_)));
        assert!(!look.styles.iter().any(|style| fine(style.fg) || fine(style.bg)));
    }

    #[test]
    fn colours_are_brought_to_the_nearest_of_256() {
        assert_eq!(nearest_indexed([255, 0, 0]), 196);
        assert_eq!(nearest_indexed([0x80, 0x80, 0x80]), 244);
        let look = Look::choose(&Themes::embedded(), "dark", Depth::Indexed, false);
        assert!(look.styles.iter().all(|style| !matches!(style.fg, Some(Color::Rgb(..)))));
    }

    #[test]
    fn an_unknown_theme_is_the_default_one() {
        let themes = Themes::embedded();
        let dark = Look::choose(&themes, "dark", Depth::TrueColor, false);
        assert_eq!(Look::choose(&themes, "no-such", Depth::TrueColor, false), dark);
    }
}
