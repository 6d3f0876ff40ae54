//! A drawn screen as an SVG picture: the same buffer gives the same bytes. Lines, blocks and severity glyphs become
//! shapes, so that the picture does not depend on the viewer's fonts.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Width of a terminal column in pixels.
const COLUMN: f64 = 8.4;
/// Height of a terminal row in pixels.
const ROW: f64 = 18.0;
/// Distance from the top of a row to the base line.
const BASE: f64 = 13.5;
/// Space around the screen.
const MARGIN: f64 = 12.0;
const FONT: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

/// Red, green and blue.
type Rgb = (u8, u8, u8);

/// The terminal's own colours, used where a cell leaves its colour open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// Text.
    pub ink: (u8, u8, u8),
    /// Background.
    pub paper: (u8, u8, u8),
}

impl Paper {
    /// A dark terminal.
    pub const DARK: Self = Self { ink: (0xd8, 0xde, 0xe9), paper: (0x11, 0x15, 0x1c) };
    /// A light terminal.
    pub const LIGHT: Self = Self { ink: (0x24, 0x29, 0x2f), paper: (0xff, 0xff, 0xff) };
}

/// How one cell is painted.
#[derive(Clone, Copy, PartialEq)]
struct Paint {
    ink: Rgb,
    paper: Rgb,
    mods: Modifier,
}

/// The picture of `buffer`. `title` is its accessible name.
pub fn render(buffer: &Buffer, title: &str, paper: Paper) -> String {
    let area = buffer.area;
    let width = f64::from(area.width) * COLUMN + 2.0 * MARGIN;
    let height = f64::from(area.height) * ROW + 2.0 * MARGIN;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" font-family=\"{FONT}\" font-size=\"14\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{}\"/>\n",
        escape(title),
        hex(paper.paper)
    );
    for y in area.top()..area.bottom() {
        let row: Vec<&Cell> = (area.left()..area.right()).filter_map(|x| buffer.cell((x, y))).collect();
        let top = f64::from(y - area.top()) * ROW + MARGIN;
        backgrounds(&mut out, &row, top, paper);
        glyphs(&mut out, &row, top, paper);
    }
    out.push_str("</svg>\n");
    out
}

fn backgrounds(out: &mut String, row: &[&Cell], top: f64, paper: Paper) {
    let mut from = 0;
    while from < row.len() {
        let fill = paint(row[from], paper).paper;
        let run = row[from..].iter().take_while(|cell| paint(cell, paper).paper == fill).count();
        if fill != paper.paper {
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{ROW:.1}\" fill=\"{}\"/>",
                left(from),
                run as f64 * COLUMN,
                hex(fill)
            );
        }
        from += run;
    }
}

fn glyphs(out: &mut String, row: &[&Cell], top: f64, paper: Paper) {
    let mut from = 0;
    while from < row.len() {
        let style = paint(row[from], paper);
        let symbol = row[from].symbol();
        if let Some(shape) = shape(symbol, left(from), top) {
            let _ = writeln!(out, "<path d=\"{shape}\" {}/>", shape_style(symbol, style));
            from += 1;
            continue;
        }
        if !symbol.is_ascii() {
            text(out, from, 1, symbol, top, style);
            from += 1;
            continue;
        }
        let run = row[from..]
            .iter()
            .take_while(|cell| cell.symbol().is_ascii() && paint(cell, paper) == style)
            .count()
            .max(1);
        let words: String = row[from..from + run].iter().map(|cell| cell.symbol()).collect();
        let shown = words.trim_start();
        let skipped = words.len() - shown.len();
        let shown = if style.mods.contains(Modifier::UNDERLINED) { shown } else { shown.trim_end() };
        if !shown.is_empty() {
            text(out, from + skipped, shown.len(), shown, top, style);
        }
        from += run;
    }
}

fn text(out: &mut String, column: usize, columns: usize, words: &str, top: f64, style: Paint) {
    let _ = write!(
        out,
        "<text xml:space=\"preserve\" x=\"{:.1}\" y=\"{:.1}\" fill=\"{}\"",
        left(column),
        top + BASE,
        hex(style.ink)
    );
    if columns > 1 {
        let _ = write!(out, " textLength=\"{:.1}\"", columns as f64 * COLUMN);
    }
    let attributes = [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
    ];
    for (modifier, attribute) in attributes {
        if style.mods.contains(modifier) {
            out.push_str(attribute);
        }
    }
    let _ = writeln!(out, ">{}</text>", escape(words));
}

/// The path of a symbol that is drawn rather than written.
fn shape(symbol: &str, x: f64, y: f64) -> Option<String> {
    let (middle, half) = (x + COLUMN / 2.0, y + ROW / 2.0);
    let (right, bottom) = (x + COLUMN, y + ROW);
    let lines = |left: bool, to_right: bool, up: bool, down: bool| {
        let mut path = String::new();
        for (drawn, to_x, to_y) in [(left, x, half), (to_right, right, half), (up, middle, y), (down, middle, bottom)] {
            if drawn {
                let _ = write!(path, "M{middle:.1} {half:.1}L{to_x:.1} {to_y:.1}");
            }
        }
        path
    };
    Some(match symbol {
        "─" => lines(true, true, false, false),
        "│" => lines(false, false, true, true),
        "┌" => lines(false, true, false, true),
        "┐" => lines(true, false, false, true),
        "└" => lines(false, true, true, false),
        "┘" => lines(true, false, true, false),
        "├" => lines(false, true, true, true),
        "┤" => lines(true, false, true, true),
        "┬" => lines(true, true, false, true),
        "┴" => lines(true, true, true, false),
        "┼" => lines(true, true, true, true),
        "●" => format!("M{:.1} {half:.1}a3.4 3.4 0 1 0 6.8 0a3.4 3.4 0 1 0 -6.8 0Z", middle - 3.4),
        "▲" => format!("M{middle:.1} {:.1}l4 7.6h-8Z", half - 4.2),
        "✖" => format!("M{:.1} {:.1}l6 6m0 -6l-6 6", middle - 3.0, half - 3.0),
        block => {
            let eighths = "▁▂▃▄▅▆▇█".chars().position(|c| block.chars().eq([c]))? as f64 + 1.0;
            let tall = ROW * eighths / 8.0;
            format!("M{x:.1} {bottom:.1}v-{tall:.2}h{COLUMN:.1}v{tall:.2}Z")
        }
    })
}

fn shape_style(symbol: &str, style: Paint) -> String {
    let ink = hex(style.ink);
    match symbol {
        "✖" => format!("stroke=\"{ink}\" stroke-width=\"2.2\" stroke-linecap=\"round\""),
        "●" | "▲" | "▁" | "▂" | "▃" | "▄" | "▅" | "▆" | "▇" | "█" => {
            format!(
                "fill=\"{ink}\" shape-rendering=\"{}\"",
                if matches!(symbol, "●" | "▲") { "auto" } else { "crispEdges" }
            )
        }
        _ => format!("stroke=\"{ink}\" stroke-width=\"1\""),
    }
}

fn left(column: usize) -> f64 {
    column as f64 * COLUMN + MARGIN
}

fn paint(cell: &Cell, paper: Paper) -> Paint {
    let mut ink = rgb(cell.fg).unwrap_or(paper.ink);
    let mut back = rgb(cell.bg).unwrap_or(paper.paper);
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut back);
    }
    if cell.modifier.contains(Modifier::DIM) {
        ink = (mix(ink.0, back.0), mix(ink.1, back.1), mix(ink.2, back.2));
    }
    let shown = Modifier::BOLD | Modifier::ITALIC | Modifier::UNDERLINED | Modifier::CROSSED_OUT;
    Paint { ink, paper: back, mods: cell.modifier & shown }
}

/// Three parts of `a` and two of `b`: the share a terminal's faint text keeps.
fn mix(a: u8, b: u8) -> u8 {
    u8::try_from((u16::from(a) * 3 + u16::from(b) * 2) / 5).unwrap_or(u8::MAX)
}

/// The colour in numbers; `None` for the terminal's own.
fn rgb(color: Color) -> Option<Rgb> {
    const SIXTEEN: [Rgb; 16] = [
        (0x1c, 0x1f, 0x26),
        (0xcd, 0x3b, 0x3b),
        (0x3f, 0xa3, 0x4d),
        (0xc9, 0x9a, 0x1e),
        (0x3d, 0x7b, 0xd9),
        (0xa6, 0x52, 0xc4),
        (0x2a, 0x9d, 0xa8),
        (0xc8, 0xcc, 0xd4),
        (0x76, 0x7c, 0x88),
        (0xff, 0x6b, 0x68),
        (0x6c, 0xd0, 0x77),
        (0xf0, 0xc6, 0x4d),
        (0x74, 0xa8, 0xff),
        (0xd0, 0x8a, 0xf0),
        (0x5f, 0xd3, 0xde),
        (0xff, 0xff, 0xff),
    ];
    let index = match color {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some((r, g, b)),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    Some(match index {
        0..=15 => SIXTEEN[usize::from(index)],
        // The colour cube and the grey ramp of xterm's 256 colours.
        16..=231 => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let cube = index - 16;
            (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
        }
        232.. => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
    })
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn drawn() -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        buffer.set_string(0, 0, "a<&>\"", Style::new().bold().fg(Color::Rgb(1, 2, 3)));
        buffer.set_string(6, 0, "✖▅─", Style::new().red());
        buffer.set_string(0, 1, "on", Style::new().reversed());
        buffer
    }

    #[test]
    fn the_same_buffer_gives_the_same_picture() {
        assert_eq!(render(&drawn(), "wall", Paper::DARK), render(&drawn(), "wall", Paper::DARK));
    }

    #[test]
    fn text_is_escaped_and_styled_and_glyphs_are_shapes() {
        let svg = render(&drawn(), "a & b", Paper::DARK);
        assert!(svg.contains("<title>a &amp; b</title>"));
        assert!(svg.contains("fill=\"#010203\" textLength=\"42.0\" font-weight=\"bold\">a&lt;&amp;&gt;&quot;</text>"));
        assert_eq!(svg.matches("<path").count(), 3);
        assert!(svg.contains("<rect x=\"12.0\" y=\"30.0\" width=\"16.8\""), "the reversed run has a background: {svg}");
    }

    #[test]
    fn control_characters_cannot_reach_the_picture() {
        assert_eq!(escape("a\u{1b}[31mb\u{7}"), "a[31mb");
    }
}
