//! The lines of a run: each with a mark, a word and what it says.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::App;
use crate::app::screens::RunRow;
use crate::app::screens::guarded::Fact;
use crate::config::theme::Role;
use crate::guard::{Judged, Verdict};
use crate::model::record::Ending;
use crate::model::{Sent, Severity, Standing};
use crate::runbook::machine::{Check, Phase, Run};
use crate::ui::fit::{fit_name, width};
use crate::ui::look::Look;
use crate::ui::views::guarded::run_now::{does, read};
use crate::ui::when;
use crate::ui::widgets::{Parts, Pen};

/// How wide the columns of the lines are.
pub struct Widths {
    fields: u16,
    before: u16,
    rules: u16,
}

impl Widths {
    /// For what a run has.
    pub fn of(run: &Run, room: u16) -> Self {
        let differences = run.plan.as_ref().map_or(&[][..], |plan| &plan.differences);
        let longest = |widths: &mut dyn Iterator<Item = u16>| widths.max().unwrap_or(0);
        Self {
            fields: longest(&mut differences.iter().map(|one| width(&one.field))).min(room / 4),
            before: longest(&mut differences.iter().map(|one| width(&one.before.to_string()))).min(room / 3),
            rules: longest(&mut run.verdicts.iter().map(|verdict| width(&verdict.rule))).min(room / 3),
        }
    }
}

/// Draws a line.
pub fn draw(app: &App, pen: &mut Pen<'_>, at: Rect, run: &Run, row: RunRow, widths: &Widths) {
    if let RunRow::Head(part) = row {
        let x = pen.text(at.x, at.y, at.width, part.title(), pen.look.style(Role::Accent));
        pen.rule(x + 1, at.y, at.right().saturating_sub(x + 1), pen.look.style(Role::Border));
        return;
    }
    if let Some(parts) = parts(app, run, row, widths, pen.look) {
        pen.parts(at.x + 1, at.y, at.width.saturating_sub(1), &parts);
    }
}

fn marked(mark: &str, text: impl Into<String>, style: Style) -> Parts<'static> {
    let mut parts = Parts::new();
    parts.push(format!("{mark} {}", text.into()), style);
    parts
}

fn parts(app: &App, run: &Run, row: RunRow, widths: &Widths, look: &Look) -> Option<Parts<'static>> {
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let (ok, bad) = (look.severity(Severity::Ok), look.severity(Severity::Critical));
    let glyphs = &look.glyphs;
    Some(match row {
        RunRow::Head(_) => return None,
        RunRow::Change(index) => change(run, index, widths, look)?,
        RunRow::NoPlan => marked(glyphs.critical, format!("no plan: {}", run.no_plan.as_ref()?), bad),
        RunRow::Unmet(index) => {
            let (says, offer) = run.unmet.get(index)?;
            let mut parts = marked(glyphs.critical, "REQUIRED", bad);
            if let Some(offer) = offer {
                parts.after(2, format!("enter: {offer} instead"), look.style(Role::Key));
            }
            parts.after(2, says.to_string(), text);
            parts
        }
        RunRow::Guard(index) => guard(run.verdicts.get(index)?, widths, look),
        RunRow::Question(index) => {
            let (id, question) = run.questions().nth(index)?;
            let answered = run.answered.contains(id);
            let mut parts = if answered {
                marked(glyphs.holds, "answered yes", ok)
            } else {
                marked(glyphs.unknown, "QUESTION", look.severity(Severity::Warning))
            };
            parts.after(2, question.to_string(), text);
            parts
        }
        RunRow::Ready => {
            let mut parts = marked(glyphs.holds, "every guard holds or was overridden", ok);
            parts.after(2, "enter asks for the confirmation", look.style(Role::Key));
            parts
        }
        RunRow::Touch(index) => {
            let plan = run.plan.as_ref()?;
            match (plan.touches.get(index), &plan.owed) {
                (Some(touch), _) => marked(glyphs.dot, touch.to_string(), text),
                (None, Some(owed)) => {
                    let ends = owed.ends.map(|ends| format!(", AWS ends it {}", when::moment(ends, app.now)));
                    let words = format!("leaves to be brought back: {}{}", owed.says, ends.unwrap_or_default());
                    marked(glyphs.warning, words, look.severity(Severity::Warning))
                }
                (None, None) => return None,
            }
        }
        RunRow::Fact(fact) => self::fact(app, run, fact, look)?,
        RunRow::Step(index) => step(run, index, look)?,
        RunRow::Sent(index) => {
            let sending = run.sendings.get(index)?;
            let (mark, words, style) = match (&sending.sent, sending.applied) {
                (None, _) => (glyphs.next, "on its way".to_owned(), look.style(Role::Accent)),
                (Some(Sent::Accepted { .. }), _) => (glyphs.holds, "accepted by AWS".to_owned(), ok),
                (Some(Sent::Rejected { fault }), _) => (glyphs.critical, format!("rejected: {fault}"), bad),
                (Some(Sent::Unknown { .. }), Some(true)) => {
                    (glyphs.holds, "was applied, though no reply came".to_owned(), ok)
                }
                (Some(Sent::Unknown { .. }), Some(false)) => (glyphs.dot, "was not applied".to_owned(), text),
                (Some(Sent::Unknown { fault }), None) => {
                    (glyphs.unknown, format!("UNKNOWN: {fault}"), look.severity(Severity::Unknown))
                }
            };
            let mut parts = Parts::new();
            parts.push(when::clock(sending.at), dim).after(2, format!("{mark} sent {}", sending.plan.operation), style);
            parts.after(2, words, style);
            parts
        }
        RunRow::Seen(index) => {
            let seen = run.seen.get(index)?;
            let (mark, style) = match seen.standing {
                Standing::Done => (glyphs.holds, ok),
                Standing::Failed | Standing::Overtaken => (glyphs.critical, bad),
                Standing::Underway => (glyphs.waiting, look.style(Role::Accent)),
                Standing::NotApplied => (glyphs.dot, text),
                Standing::Unclear => (glyphs.unknown, look.severity(Severity::Unknown)),
            };
            let mut parts = Parts::new();
            parts.push(when::clock(seen.at), dim).after(2, format!("{mark} {}", seen.standing.word()), style);
            parts.after(2, seen.says.to_string(), text);
            parts
        }
        RunRow::Check(index) => {
            let checked = run.checks.get(index)?;
            let (mark, word, style) = match (checked.holds, checked.unknown) {
                (true, _) => (glyphs.holds, "holds", ok),
                (false, true) => (glyphs.unknown, "unknown", look.severity(Severity::Unknown)),
                (false, false) => (glyphs.waiting, "not yet", look.style(Role::Accent)),
            };
            let mut parts = marked(mark, word, style);
            parts.after(2, check_words(run.course.verify.get(index)?), text);
            parts.after(2, checked.says.to_string(), dim);
            if let Some(at) = checked.at {
                parts.after(2, format!("({})", read(at, app.now)), dim);
            }
            parts
        }
        RunRow::Unwritten => {
            let words = format!("the records cannot be written: {}", run.unwritten.as_ref()?);
            marked(glyphs.critical, words, bad)
        }
    })
}

/// What a check asks for.
pub fn check_words(check: &Check) -> String {
    match check {
        Check::That(that) => that.to_string(),
        Check::Signal { signal, is, within_s } => format!("{signal} {is} within {}", when::age(*within_s)),
    }
}

fn change(run: &Run, index: usize, widths: &Widths, look: &Look) -> Option<Parts<'static>> {
    let one = run.plan.as_ref()?.differences.get(index)?;
    let pad = |text: &str, columns: u16| {
        let shown = fit_name(text, columns, look.glyphs.cut);
        let blank = usize::from(columns.saturating_sub(width(&shown)));
        (shown.into_owned(), " ".repeat(blank))
    };
    let mut parts = Parts::new();
    let (field, blank) = pad(&one.field, widths.fields);
    parts.push(field, look.style(Role::Text)).push(blank, Style::new()).push("  ", Style::new());
    let (before, blank) = pad(&one.before.to_string(), widths.before);
    // The values stand one below another, numbers at the right.
    let number = one.before.number().is_some();
    if number {
        parts.push(blank.clone(), Style::new());
    }
    parts.push(before, look.style(Role::Dim));
    if !number {
        parts.push(blank, Style::new());
    }
    parts.push(format!("  {}  ", look.glyphs.next), look.style(Role::Accent));
    parts.name(one.after.to_string(), look.style(Role::Match));
    parts.after(1, one.unit.to_string(), look.style(Role::Dim));
    Some(parts)
}

fn guard(verdict: &Verdict, widths: &Widths, look: &Look) -> Parts<'static> {
    let glyphs = &look.glyphs;
    let (mark, word, style) = match &verdict.judged {
        Judged::Holds => (glyphs.holds, "holds", look.severity(Severity::Ok)),
        Judged::Refused => (glyphs.critical, "REFUSED", look.severity(Severity::Critical)),
        Judged::Overridden { .. } => ("!", "overridden", look.severity(Severity::Warning)),
        Judged::Later => (glyphs.waiting, "later", look.style(Role::Dim)),
    };
    let mut parts = marked(mark, format!("{word:<10}"), style);
    let rule = fit_name(&verdict.rule, widths.rules, glyphs.cut).into_owned();
    let blank = " ".repeat(usize::from(widths.rules.saturating_sub(width(&rule))));
    let plain = if verdict.refuses() { look.style(Role::Title) } else { look.style(Role::Dim) };
    parts.push(format!(" {rule}{blank}"), plain);
    parts.after(2, verdict.says.to_string(), look.style(Role::Text));
    parts
}

fn step(run: &Run, index: usize, look: &Look) -> Option<Parts<'static>> {
    let step = run.course.steps.get(index)?;
    let over = run.ending.is_some();
    let verified = matches!(run.ending, Some((Ending::Verified | Ending::Unverified, _)));
    let done = index < run.at || verified || run.phase == Phase::Verifying;
    let (mark, style) = match (done, index == run.at && !over) {
        (true, _) => (look.glyphs.holds, look.severity(Severity::Ok)),
        (false, true) => (look.glyphs.next, look.style(Role::Accent)),
        (false, false) => (look.glyphs.dot, look.style(Role::Dim)),
    };
    let mut parts = marked(mark, format!("step {}", step.id), style);
    parts.after(2, does(step), look.style(Role::Dim));
    Some(parts)
}

fn fact(app: &App, run: &Run, fact: Fact, look: &Look) -> Option<Parts<'static>> {
    let (name, value, style) = fact_words(app, run, fact, look)?;
    let mut parts = Parts::new();
    parts.push(format!("{name:<10}"), look.style(Role::Dim));
    match fact {
        // What stands first tells the most.
        Fact::Request | Fact::Undo => parts.push(value, style),
        _ => parts.name(value, style),
    };
    Some(parts)
}

/// The name and the content of a fact.
pub fn fact_words(app: &App, run: &Run, fact: Fact, look: &Look) -> Option<(&'static str, String, Style)> {
    let (text, target, plan) = (look.style(Role::Text), &run.target, run.plan.as_ref());
    let dot = look.glyphs.dot;
    Some(match fact {
        Fact::Name => ("name", format!("{}  {}", target.name, target.kind), text),
        Fact::Arn => ("ARN", target.arn.to_string(), text),
        Fact::Place => {
            let words = format!("{} {dot} account {} {dot} {}", target.environment, target.account, target.region);
            ("where", words, text)
        }
        Fact::Principal => match run.situation.as_ref().map(|situation| &situation.identity) {
            Some(Ok(identity)) => ("sent by", identity.arn.to_string(), text),
            Some(Err(fault)) => ("sent by", format!("not known: {fault}"), look.severity(Severity::Unknown)),
            None => ("sent by", "not asked yet".to_owned(), look.style(Role::Dim)),
        },
        Fact::Request if !run.course.sends() => ("request", "none: it only reads".to_owned(), text),
        Fact::Undo if !run.course.sends() => ("undo", "nothing to bring back".to_owned(), text),
        Fact::Request => {
            let plan = plan?;
            let fields: Vec<String> = plan.request.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            ("request", format!("{}  {}", plan.operation, fields.join(", ")), text)
        }
        Fact::Read => ("read", read(plan?.read_at, app.now), text),
        Fact::Undo => match &plan?.undo {
            Some(undo) => {
                let each: Vec<String> = undo.given().map(|(name, value)| format!("{name} = {value}")).collect();
                ("undo", format!("{}  {}", undo.action, each.join(", ")), text)
            }
            None => ("undo", "nothing brings this back".to_owned(), look.severity(Severity::Warning)),
        },
    })
}
