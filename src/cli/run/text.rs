//! Plans and states of runs as text.

use std::io::{self, Write};

use jiff::Timestamp;
use serde_json::json;

use crate::base::Text;
use crate::cli::run::{json as as_json, unknown};
use crate::guard::{Guard, Judged, Verdict, confirm, digest};
use crate::model::{Difference, Risk, Undo};
use crate::runbook::machine::{Phase, Run};
use crate::runbook::reconcile::Found;
use crate::runbook::station::Station;

/// True where the plan may be confirmed: arming is part of applying.
pub fn is_allowed(run: &Run) -> bool {
    run.plan.is_some() && run.unmet.is_empty() && run.refusals().all(is_only_unarmed)
}

/// True for the refusal that applying itself removes.
fn is_only_unarmed(verdict: &Verdict) -> bool {
    verdict.guard == Guard::ReadOnly && verdict.says.ends_with("is not armed")
}

fn undo_words(undo: &Undo) -> String {
    let params: Vec<String> = undo.given().map(|(name, value)| format!(" {name}={value}")).collect();
    format!("{}{}", undo.action, params.concat())
}

/// The plan, and what every guard says.
pub fn plan(out: &mut dyn Write, run: &Run, station: &Station, allowed: bool) -> io::Result<()> {
    let now = station.clock.now();
    let target = &run.target;
    writeln!(out, "{} · {}", run.course.runbook, run.course.title)?;
    writeln!(out, "target   {} {}  {}", target.environment, target.region, target.arn)?;
    if let Some(fault) = &run.no_plan {
        return writeln!(out, "NO PLAN  {fault}. Nothing was sent.");
    }
    let Some(plan) = &run.plan else { return Ok(()) };
    match plan.operation.is_empty() {
        true => writeln!(out, "request  none")?,
        false => writeln!(out, "request  {} once", plan.operation)?,
    }
    let widest = plan.differences.iter().map(|difference| difference.field.chars().count()).max().unwrap_or(0);
    for Difference { field, before, after, unit } in &plan.differences {
        writeln!(out, "change   {field:<widest$}  {before} → {after} {unit}")?;
    }
    for touches in &plan.touches {
        writeln!(out, "touches  {touches}")?;
    }
    if let Some(owed) = &plan.owed {
        writeln!(out, "owed     {}", owed.says)?;
    }
    if run.course.sends() {
        writeln!(
            out,
            "undo     {}",
            plan.undo.as_ref().map_or_else(|| "nothing brings it back".to_owned(), undo_words)
        )?;
    }
    for (_, asks) in run.questions() {
        writeln!(out, "asks     {asks}")?;
    }
    for (says, offer) in &run.unmet {
        let offer = offer.as_ref().map(|offer| format!("  Use {offer} instead.")).unwrap_or_default();
        writeln!(out, "REQUIRED {says}. Nothing was sent.{offer}")?;
    }
    if run.course.policy.others > 0 {
        let digest = digest::digest(plan);
        // Only what is about to be applied is put before the team.
        let armed = run.situation.as_ref().is_some_and(|situation| situation.armed_until.is_some());
        let first = if armed { "" } else { "--confirm puts the plan where others see it; then " };
        writeln!(out, "approve  {first}somebody else runs: watchfloor approve {digest} --reason \"…\"")?;
    }
    writeln!(out, "guards")?;
    for verdict in &run.verdicts {
        writeln!(out, "  {}", line(verdict, now))?;
    }
    let Some(situation) = &run.situation else { return Ok(()) };
    let risk = run.course.policy.risk;
    let phrase = confirm::phrase_for(plan, situation, risk);
    let reason = if risk == Risk::Critical { " --reason \"…\"" } else { "" };
    match allowed {
        true => writeln!(out, "allowed  Nothing was sent. To apply: --confirm \"{phrase}\"{reason}"),
        false => writeln!(out, "refused  Nothing was sent."),
    }
}

/// Why it goes no further, in half a sentence.
pub fn why_refused(run: &Run) -> Text {
    let rules: Vec<&str> = run.refusals().map(|verdict| verdict.rule.as_str()).collect();
    match (&run.no_plan, run.unmet.first()) {
        (Some(fault), _) => Text::new(format!("there is no plan: {fault}")),
        (None, _) if !rules.is_empty() => Text::new(format!("refused by {}", rules.join(", "))),
        (None, Some((says, _))) => Text::new(format!("required: {says}")),
        (None, None) => run.unconfirmed().map_or_else(|| "not confirmed".into(), |verdict| verdict.says),
    }
}

/// The refusal of what was typed, where nothing else refuses, with what to type.
fn mistyped(run: &Run) -> Option<String> {
    if run.confirmed || run.no_plan.is_some() || !run.unmet.is_empty() || run.refusals().next().is_some() {
        return None;
    }
    let verdict = run.unconfirmed()?;
    let phrase = confirm::phrase_for(run.plan.as_ref()?, run.situation.as_ref()?, run.course.policy.risk);
    let reason = if run.course.policy.risk == Risk::Critical { " --reason \"…\"" } else { "" };
    let (rule, says, sent) = (&verdict.rule, &verdict.says, run.sent_so_far());
    Some(format!("REFUSED {rule}  {says}. {sent}  Use --confirm \"{phrase}\"{reason}"))
}

fn line(verdict: &Verdict, now: Timestamp) -> String {
    if verdict.refuses() && is_only_unarmed(verdict) {
        return format!("· {}  {}: applying arms it, recorded, and disarms it at the end", verdict.rule, verdict.says);
    }
    let glyph = match verdict.judged {
        Judged::Holds => "✔",
        Judged::Refused => "✖",
        Judged::Overridden { .. } => "!",
        Judged::Later => "·",
    };
    match verdict.refuses() {
        true => format!("{glyph} {}", verdict.line(now, "Nothing was sent.")),
        false => format!("{glyph} {}  {}", verdict.rule, verdict.says),
    }
}

/// What became of an earlier intent.
pub fn found(out: &mut dyn Write, found: &Found, as_json: bool) -> io::Result<()> {
    let Found { open, says, resolved } = found;
    if as_json {
        let line = json!({"earlier": open.run, "step": open.step, "resolved": resolved, "says": says});
        return writeln!(out, "{line}");
    }
    let state = if *resolved { "resolved by reading" } else { "UNRESOLVED" };
    writeln!(out, "{state}  {} {} of {}: {says}", open.run, open.plan.action, open.plan.target.name)?;
    if *resolved { Ok(()) } else { writeln!(out, "{}", unknown::of_open(open, says)) }
}

/// What was printed of a run.
#[derive(Default)]
pub struct Shown {
    phase: Option<Phase>,
    seen: usize,
    said: Text,
    paused: bool,
    unwritten: bool,
}

impl Shown {
    /// Prints what is new.
    pub fn show(&mut self, out: &mut dyn Write, run: &Run, station: &Station, json: bool) -> io::Result<()> {
        let said: Text = run.seen.last().map(|seen| seen.says.clone()).unwrap_or_default();
        let same = self.phase == Some(run.phase) && self.seen == run.seen.len() && self.said == said;
        let same = same && self.paused == run.paused.is_some();
        if run.phase == Phase::Closed
            && let Some(why) = run.unwritten.as_ref().filter(|_| !self.unwritten)
        {
            self.unwritten = true;
            match json {
                true => writeln!(out, "{}", as_json::state(run))?,
                false => writeln!(out, "over, but not on record yet: {why}; it is tried until a signal or for 5 min")?,
            }
            out.flush()?;
        }
        // How it ended is told once, when everything about it is written down.
        if same || run.phase == Phase::Closed {
            return Ok(());
        }
        let first_ready = run.phase == Phase::Ready && self.phase != Some(Phase::Ready);
        self.phase = Some(run.phase);
        self.seen = run.seen.len();
        self.said = said.clone();
        self.paused = run.paused.is_some();
        let now = station.clock.now();
        if json {
            writeln!(out, "{}", as_json::state(run))?;
        } else if first_ready && run.sendings.is_empty() {
            plan(out, run, station, is_allowed(run))?;
        } else if let Some((step, asks)) = run.asking() {
            writeln!(out, "{}  asking    {step}: {asks}  {said}", now.strftime("%H:%M:%SZ"))?;
        } else if let Some(line) = unknown::of_run(run) {
            let paused = run.paused.as_ref().map(|fault| format!("  Reading fails: {fault}")).unwrap_or_default();
            writeln!(out, "{line}{paused}")?;
        } else {
            let paused = run.paused.as_ref().map(|fault| format!("  paused: {fault}")).unwrap_or_default();
            writeln!(out, "{}  {:<9} {said}{paused}", now.strftime("%H:%M:%SZ"), as_json::phase(run.phase))?;
        }
        out.flush()
    }

    /// Prints how it ended.
    pub fn end(&mut self, out: &mut dyn Write, run: &Run, refused: bool, json: bool) -> io::Result<()> {
        if json {
            return writeln!(out, "{}", as_json::state(run));
        }
        if refused {
            let (now, sent) = (run.situation.as_ref().map_or(run.began, |situation| situation.now), run.sent_so_far());
            for verdict in run.refusals() {
                writeln!(out, "{}", verdict.line(now, sent))?;
            }
            if let Some(line) = mistyped(run) {
                writeln!(out, "{line}")?;
            }
        }
        if let Some(line) = unknown::of_run(run) {
            writeln!(out, "{line}")?;
        }
        if let Some((ending, says)) = &run.ending {
            writeln!(out, "{}  {says}", ending.word())?;
        }
        if let Some(why) = &run.unwritten {
            writeln!(out, "the records are not complete: {why}")?;
        }
        Ok(())
    }
}
