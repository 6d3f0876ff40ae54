//! All that is known of the selected line of a run.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::screens::RunRow;
use crate::app::{Action, App};
use crate::config::theme::Role;
use crate::guard::{Guard, Judged, Override};
use crate::model::Severity;
use crate::runbook::machine::Run;
use crate::ui::fit::wrap;
use crate::ui::look::Look;
use crate::ui::views::guarded::run_now::{does, read};
use crate::ui::views::guarded::run_rows::{check_words, fact_words};
use crate::ui::views::key;
use crate::ui::widgets::Pen;

/// Writes it into `at`.
pub fn draw(app: &App, pen: &mut Pen<'_>, at: Rect, run: &Run, row: RunRow) {
    let room = at.width.saturating_sub(2);
    let look = pen.look;
    let mut y = at.y;
    for (words, style) in told(app, run, row, look) {
        let left = usize::from(at.bottom().saturating_sub(y));
        for line in wrap(&words, room, left, look.glyphs.cut) {
            pen.text(at.x + 1, y, room, &line, style);
            y += 1;
        }
    }
}

fn told(app: &App, run: &Run, row: RunRow, look: &Look) -> Vec<(String, Style)> {
    let (text, dim) = (look.style(Role::Text), look.style(Role::Dim));
    let plain = |words: String| vec![(words, text)];
    match row {
        RunRow::Guard(index) => guard(app, run, index, look),
        RunRow::Unmet(index) => run.unmet.get(index).map_or_else(Vec::new, |(says, offer)| {
            let mut out = vec![(format!("The runbook requires: {says}"), text)];
            if let Some(offer) = offer {
                out.push((format!("{offer} fits instead: enter opens it for the same resource."), dim));
            }
            out
        }),
        RunRow::Question(index) => {
            run.questions().nth(index).map_or_else(Vec::new, |(_, question)| plain(question.to_string()))
        }
        RunRow::Change(index) => {
            let one = run.plan.as_ref().and_then(|plan| plan.differences.get(index));
            one.map_or_else(Vec::new, |one| {
                let unit = if one.unit.is_empty() { String::new() } else { format!(" {}", one.unit) };
                plain(format!("{}: {} {} {}{unit}", one.field, one.before, look.glyphs.next, one.after))
            })
        }
        RunRow::Fact(fact) => {
            let words = fact_words(app, run, fact, look);
            words.map_or_else(Vec::new, |(name, value, style)| vec![(format!("{name}: {value}"), style)])
        }
        RunRow::Step(index) => run.course.steps.get(index).map_or_else(Vec::new, |step| {
            let limit = step.timeout_s.map(|s| format!(", at most {}", crate::ui::when::age(s))).unwrap_or_default();
            plain(format!("step {}: {}{limit}", step.id, does(step)))
        }),
        RunRow::Seen(index) => run.seen.get(index).map_or_else(Vec::new, |seen| {
            vec![(seen.says.to_string(), text), (format!("read {}", read(seen.at, app.now)), dim)]
        }),
        RunRow::Check(index) => match (run.course.verify.get(index), run.checks.get(index)) {
            (Some(check), Some(checked)) => {
                let age =
                    checked.at.map_or("not read since the send".to_owned(), |at| format!("read {}", read(at, app.now)));
                vec![(format!("{}: {}", check_words(check), checked.says), text), (age, dim)]
            }
            _ => Vec::new(),
        },
        RunRow::Touch(index) => {
            let plan = run.plan.as_ref();
            let touch = plan.and_then(|plan| plan.touches.get(index)).map(ToString::to_string);
            let owed = plan.and_then(|plan| plan.owed.as_ref()).map(|owed| owed.says.to_string());
            touch.or(owed).map_or_else(Vec::new, plain)
        }
        RunRow::NoPlan => run.no_plan.as_ref().map_or_else(Vec::new, |fault| plain(fault.to_string())),
        RunRow::Unwritten => {
            vec![("It is tried again until it can be written; nothing more is sent meanwhile.".to_owned(), dim)]
        }
        RunRow::Sent(index) => run.sendings.get(index).map_or_else(Vec::new, |sending| {
            let receipt = sending.receipt().into_iter().flatten();
            let receipt: Vec<String> = receipt.map(|(name, value)| format!("{name} = {value}")).collect();
            let sent = format!("{} on {}", sending.plan.operation, sending.plan.target.arn);
            vec![(sent, text), (receipt.join(", "), dim)]
        }),
        RunRow::Head(_) | RunRow::Ready => Vec::new(),
    }
}

fn guard(app: &App, run: &Run, index: usize, look: &Look) -> Vec<(String, Style)> {
    let Some(verdict) = run.verdicts.get(index) else { return Vec::new() };
    let style = match &verdict.judged {
        Judged::Refused => look.severity(Severity::Critical),
        Judged::Overridden { .. } => look.severity(Severity::Warning),
        Judged::Holds | Judged::Later => look.style(Role::Text),
    };
    let mut out = vec![(verdict.line(app.now, run.sent_so_far()), style)];
    let dim = look.style(Role::Dim);
    match (&verdict.judged, verdict.over) {
        (Judged::Overridden { reason }, _) if !reason.is_empty() => out.push((format!("because: {reason}"), dim)),
        (Judged::Refused, Override::Named | Override::NamedWithReason) => {
            out.push(("enter asks for the rule's name".to_owned(), dim));
        }
        (Judged::Refused, Override::Never) if verdict.guard == Guard::ReadOnly => {
            out.push((arming(app), dim));
        }
        (Judged::Refused, Override::Never) => out.push(("This cannot be overridden.".to_owned(), dim)),
        _ => {}
    }
    out
}

/// How a plan comes to be allowed that was refused because its environment is read-only.
fn arming(app: &App) -> String {
    let env = app.shown_run().map(|own| own.env);
    let (arm, again) = (key(app, Action::Arm), key(app, Action::PlanAgain));
    match env.and_then(|env| Some((app.environment_of(env)?, app.armed(env)))) {
        Some((environment, _)) if environment.read_only => "This cannot be overridden.".to_owned(),
        Some((_, Some(_))) => format!("It has been armed since: {again} plans again."),
        _ => format!("{arm} arms the environment, then {again} plans again."),
    }
}
