//! What this console may change, in the header: nothing, or which environment, as whom and for how long.

use crate::app::App;
use crate::config::theme::Role;
use crate::model::Tier;
use crate::ui::look::Look;
use crate::ui::widgets::squeeze::Piece;

/// `14:32`, or `1:04:32` from an hour on.
pub fn clock(seconds: u64) -> String {
    let (minutes, rest) = (seconds / 60, seconds % 60);
    if minutes >= 60 {
        format!("{}:{:02}:{rest:02}", minutes / 60, minutes % 60)
    } else {
        format!("{minutes:02}:{rest:02}")
    }
}

/// `read-only`, or what is armed: the first of several by name, production first.
pub fn pieces(app: &App, look: &Look) -> Vec<Piece> {
    let all = app.all_armed();
    let Some((environment, armed)) = all.first() else {
        let waits = app.guarded.arming.is_some();
        let forms = if waits { ["arming…", "arming"] } else { ["read-only", "ro"] };
        return vec![Piece::new(5, look.style(Role::Dim), forms)];
    };
    let style = match environment.tier {
        Tier::Production => look.tier(Tier::Production),
        _ => look.style(Role::Flash),
    };
    let production = environment.tier == Tier::Production;
    let name = if production { environment.name.to_uppercase() } else { environment.name.to_string() };
    let arn = &*armed.identity.arn;
    let who = arn.rsplit('/').next().unwrap_or(arn);
    let left = clock(app.armed_left_s(armed));
    let more = if all.len() > 1 { format!(" +{}", all.len() - 1) } else { String::new() };
    let forms = [
        format!(" ARMED {}/{name}{more} {dot} {who} {dot} {left} left ", environment.system, dot = look.glyphs.dot),
        format!(" ARMED {name}{more} {dot} {who} {dot} {left} ", dot = look.glyphs.dot),
        format!(" ARMED {name}{more} {left} "),
    ];
    vec![Piece::new(2, style, forms)]
}

/// What must not be forgotten: outcomes that nobody knows, what is owed, what runs.
pub fn standing(app: &App, look: &Look) -> Vec<Piece> {
    let guarded = &app.guarded;
    let mut pieces = Vec::new();
    let unresolved = guarded.unresolved();
    if unresolved > 0 {
        let glyph = look.glyphs.unknown;
        let forms = [format!("{glyph} {unresolved} outcome unknown"), format!("{glyph} {unresolved} unresolved")];
        pieces.push(Piece::new(3, look.style(Role::Unknown), forms));
    }
    let owed = guarded.owed();
    if owed > 0 {
        let forms = [format!("{owed} owed back"), format!("{owed} owed")];
        pieces.push(Piece::new(3, look.style(Role::Match), forms));
    }
    let going = guarded.going().count();
    if going > 0 {
        let word = if going == 1 { "run" } else { "runs" };
        let forms = [format!("{} {going} {word} open", look.glyphs.next), format!("{} {going}", look.glyphs.next)];
        pieces.push(Piece::new(4, look.style(Role::Accent), forms));
    }
    if guarded.records_fault.is_some() || guarded.standings.as_ref().is_some_and(|s| s.broken.is_some()) {
        pieces.push(Piece::new(3, look.style(Role::Warning), [format!("{} records", look.glyphs.warning)]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_in_minutes_and_seconds() {
        assert_eq!([clock(0), clock(59), clock(872), clock(3_872)], ["00:00", "00:59", "14:32", "1:04:32"]);
    }
}
