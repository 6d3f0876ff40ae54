//! The run screen: going on, planning again, resolving, stopping, bringing back.

use crate::app::armed::has_inverse;
use crate::app::dialog::{About, Demand, Dialog, Said};
use crate::app::effect::Effect;
use crate::app::guarded::OwnRun;
use crate::app::notice::NoticeLevel;
use crate::app::screen::Screen;
use crate::app::screens::RunRow;
use crate::app::screens::guarded::rows::urgent;
use crate::app::state::{App, Typing};
use crate::app::update::guarded::{ask, runbooks};
use crate::app::update::stack;
use crate::base::Text;
use crate::guard::{Override, confirm};
use crate::model::{EnvId, Risk};
use crate::runbook::desk::Request;
use crate::runbook::machine::{Event, Phase, Run};

/// Shows a run of this console.
pub fn open(app: &mut App, id: &Text) {
    if app.run.open.as_ref() != Some(id) {
        app.run.open = Some(id.clone());
        app.run.rows = Default::default();
    }
    app.run.starting = None;
    app.run.not_started = None;
    stack::go(app, Screen::Run);
}

/// Shows the next run of this console.
pub fn next(app: &mut App) {
    let runs = &app.guarded.runs;
    let at = runs.iter().position(|own| Some(&own.run.id) == app.run.open.as_ref());
    let next = at.map_or(0, |at| (at + 1) % runs.len().max(1));
    if let Some(id) = runs.get(next).map(|own| own.run.id.clone()) {
        open(app, &id);
    }
}

fn shown(app: &App) -> Option<OwnRun> {
    app.shown_run().cloned()
}

fn tell(run: &Run, event: Event) -> Vec<Effect> {
    ask(Request::Tell { run: run.id.clone(), event: Box::new(event) })
}

fn say(app: &mut App, text: impl Into<Text>) -> Vec<Effect> {
    app.notices.add(NoticeLevel::Info, text, app.now);
    Vec::new()
}

/// Does what the selected line asks for; else goes to what stands in the way; else asks for the confirmation.
pub fn proceed(app: &mut App) -> Vec<Effect> {
    let Some(OwnRun { env, run }) = shown(app) else { return Vec::new() };
    if run.phase != Phase::Ready {
        return match run.phase {
            Phase::Closed => say(app, "this run is over"),
            Phase::Planning => say(app, "the target is being read"),
            Phase::Asking => {
                if let Some((step, text)) = run.asking() {
                    question(app, env, &run, step.clone(), &text);
                }
                Vec::new()
            }
            _ => say(app, "this run is under way"),
        };
    }
    let rows = app.run_rows();
    match rows.get(app.run.rows.selected()) {
        Some(RunRow::Guard(index)) if run.verdicts.get(*index).is_some_and(|verdict| verdict.refuses()) => {
            return guard(app, env, &run, *index);
        }
        Some(RunRow::Unmet(index)) => {
            return match run.unmet.get(*index) {
                Some((_, Some(offer))) => runbooks::instead(app, &offer.clone()),
                _ => say(app, "what the runbook requires does not hold: plan again when it does"),
            };
        }
        Some(RunRow::Question(index)) => {
            if let Some((step, text)) = run.questions().nth(*index)
                && !run.answered.contains(step)
            {
                question(app, env, &run, step.clone(), &text);
                return Vec::new();
            }
        }
        _ => {}
    }
    if run.is_confirmable() {
        confirm(app, env, &run);
        return Vec::new();
    }
    let first = urgent(&run, &rows);
    app.run.rows.choose(first, rows.len(), |line| rows.get(line).copied());
    let stands = run.refusals().count() + run.unmet.len() + run.open_questions() + usize::from(run.plan.is_none());
    say(app, format!("{stands} in the way of sending; this is the first"))
}

fn guard(app: &mut App, env: EnvId, run: &Run, index: usize) -> Vec<Effect> {
    let Some(verdict) = run.verdicts.get(index) else { return Vec::new() };
    let reason = match verdict.over {
        Override::Named => false,
        Override::NamedWithReason => true,
        Override::PlanAgain => return say(app, "this cannot be overridden; a new plan may be allowed"),
        Override::Person => return say(app, "resolve the earlier outcome in the records first"),
        Override::Never => return say(app, "this cannot be overridden"),
    };
    if let Some(action) = &verdict.offer
        && app.runbooks.offers().iter().any(|offer| offer.why_not.is_none() && offer.action == *action)
    {
        say(app, format!("{action} fits instead: it is among the actions of the resource"));
    }
    let said = vec![
        Said::Words(format!("{} refuses: {}", verdict.rule, verdict.says)),
        Said::Words("What you override is written down with your name.".to_owned()),
    ];
    let about = About::Override { run: run.id.clone(), rule: verdict.rule.clone() };
    let number = app.guarded.next();
    let dialog = Dialog::new(number, "override a guard".to_owned(), Demand::Phrase(verdict.rule.to_string()), about);
    app.typing = Typing::Dialog(Box::new(dialog.with_reason(reason).of(env, said)));
    Vec::new()
}

fn question(app: &mut App, env: EnvId, run: &Run, step: Text, text: &str) {
    let said = vec![Said::Words(text.to_owned())];
    let number = app.guarded.next();
    let about = About::Answer { run: run.id.clone(), step };
    let title =
        if run.phase == Phase::Asking { "a question before it goes on" } else { "a question before it is sent" };
    let dialog = Dialog::new(number, title.to_owned(), Demand::Yes, about);
    app.typing = Typing::Dialog(Box::new(dialog.of(env, said)));
}

fn confirm(app: &mut App, env: EnvId, run: &Run) {
    let (Some(plan), Some(situation)) = (&run.plan, &run.situation) else { return };
    let risk = run.course.policy.risk;
    let demand = match risk {
        Risk::Low => Demand::Yes,
        Risk::High | Risk::Critical => Demand::Phrase(confirm::phrase_for(plan, situation, risk)),
    };
    let mut said =
        vec![Said::Fact("target", plan.target.name.to_string()), Said::Fact("", plan.target.arn.to_string())];
    for one in &plan.differences {
        let unit = if one.unit.is_empty() { String::new() } else { format!(" {}", one.unit) };
        said.push(Said::Fact("change", format!("{}: {} → {}{unit}", one.field, one.before, one.after)));
    }
    if let Ok(identity) = &situation.identity {
        said.push(Said::Fact("sent by", identity.arn.to_string()));
    }
    let overridden = run.given.overridden.len();
    if overridden > 0 {
        let rules: Vec<&str> = run.given.overridden.iter().map(|one| &*one.rule).collect();
        said.push(Said::Fact("overridden", rules.join(", ")));
    }
    let number = app.guarded.next();
    let about = About::Confirm { run: run.id.clone(), plan: Box::new(plan.clone()) };
    let title = format!("confirm: {}", run.course.title);
    let dialog = Dialog::new(number, title, demand, about).with_reason(risk == Risk::Critical).of(env, said);
    app.typing = Typing::Dialog(Box::new(dialog));
}

/// A new plan; while an outcome is unknown, it goes on being watched.
pub fn again(app: &mut App) -> Vec<Effect> {
    let Some(OwnRun { run, .. }) = shown(app) else { return Vec::new() };
    match run.phase {
        Phase::Ready => {
            app.run.rows = Default::default();
            tell(&run, Event::PlanAgain)
        }
        Phase::Resolving => say(app, "it is being watched; nothing will be sent again"),
        Phase::Closed => say(app, "this run is over: begin a new one from the resource"),
        _ => say(app, "this run is under way"),
    }
}

/// A person says what became of a request.
pub fn resolve(app: &mut App, applied: bool) -> Vec<Effect> {
    let Some(OwnRun { env, run }) = shown(app) else { return Vec::new() };
    if !run.is_unknown() {
        return say(app, "no outcome of this run is unknown");
    }
    let now = run.seen.last().map_or("nothing was read of the target yet".to_owned(), |seen| seen.says.to_string());
    let treated = if applied { "applied" } else { "not applied" };
    let said = vec![
        Said::Fact("target", run.target.name.to_string()),
        Said::Fact("read", now),
        Said::Words("Nothing will be sent again, whatever you answer. Why do you think so?".to_owned()),
    ];
    let number = app.guarded.next();
    let about = About::Resolve { run: run.id.clone(), applied };
    let dialog = Dialog::new(number, format!("treat the change as {treated}"), Demand::Reason, about).of(env, said);
    app.typing = Typing::Dialog(Box::new(dialog));
    Vec::new()
}

/// No further step.
pub fn stop(app: &mut App) -> Vec<Effect> {
    let Some(OwnRun { run, .. }) = shown(app) else { return Vec::new() };
    if run.phase == Phase::Closed {
        return say(app, "this run is over");
    }
    say(app, "no further step will be taken");
    tell(&run, Event::Cancel)
}

/// Closes the run although not everything is verified.
pub fn close_unverified(app: &mut App) -> Vec<Effect> {
    let Some(OwnRun { env, run }) = shown(app) else { return Vec::new() };
    if !matches!(run.phase, Phase::Verifying | Phase::Waiting | Phase::Holding { .. } | Phase::Asking) {
        return say(app, "only a run that is being verified can be closed as unverified");
    }
    let open: Vec<&str> = run.checks.iter().filter(|check| !check.holds).map(|check| &*check.says).collect();
    let said = vec![
        Said::Fact("open", if open.is_empty() { "our own change".to_owned() } else { open.join("; ") }),
        Said::Words("It will be recorded as UNVERIFIED, with your reason.".to_owned()),
    ];
    let number = app.guarded.next();
    let about = About::Unverified { run: run.id.clone() };
    let dialog = Dialog::new(number, "close as unverified".to_owned(), Demand::Reason, about).of(env, said);
    app.typing = Typing::Dialog(Box::new(dialog));
    Vec::new()
}

/// Plans what brings the target back: a run of its own.
pub fn undo(app: &mut App) -> Vec<Effect> {
    let Some(OwnRun { run, .. }) = shown(app) else { return Vec::new() };
    if run.phase != Phase::Closed {
        return say(app, "this run is not over: stop it first");
    }
    if !has_inverse(&run) {
        return say(app, "nothing brings this back: nothing was applied, or it has no inverse");
    }
    begin_undo(app, &run.id.clone(), &run.course.title)
}

/// Asks for the inverse of a run, and shows it when it is there.
pub fn begin_undo(app: &mut App, run: &Text, title: &str) -> Vec<Effect> {
    app.run.open = None;
    app.run.not_started = None;
    let title = format!("the inverse of {title}");
    app.run.starting = Some(crate::app::screens::guarded::Starting { title, since: app.now });
    app.run.rows = Default::default();
    stack::go(app, Screen::Run);
    ask(Request::Undo { run: run.clone() })
}
