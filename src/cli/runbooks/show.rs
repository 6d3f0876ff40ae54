//! `watchfloor runbooks show`: one runbook to be read by people.

use std::io::Write;

use color_eyre::eyre::Result;

use super::{list, trust_word};
use crate::cli::exit::Exit;
use crate::config::runbook::{Check, Do, OnFailure, Param, Runbook, span};
use crate::runbook::books::Book;
use crate::runbook::course::policy;

/// Prints one runbook.
pub(super) fn run(book: &Book, json: bool, out: &mut dyn Write) -> Result<Exit> {
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&list::of(book)?)?)?;
        return Ok(Exit::Ok);
    }
    let runbook = &book.runbook;
    writeln!(out, "{}  {}", runbook.id, runbook.title)?;
    writeln!(out, "  file      {} ({})", book.file, trust_word(&book.trust))?;
    let only = if runbook.mutates() { "" } else { ", only to read: nothing is sent" };
    writeln!(out, "  action    {}{only}", runbook.action)?;
    writeln!(out, "  applies   {}", applies(runbook))?;
    if runbook.mutates() {
        writeln!(out, "  risk      {}{}", runbook.risk.word(), approvals(runbook))?;
        writeln!(out, "  limits    {}", limits(runbook))?;
    }
    writeln!(out, "  deadline  {}", span::text(runbook.deadline))?;
    if !runbook.params.is_empty() {
        writeln!(out, "parameters")?;
    }
    for param in &runbook.params {
        writeln!(out, "  {}", of_param(param))?;
    }
    if !runbook.require.is_empty() {
        writeln!(out, "requires")?;
    }
    for requirement in &runbook.require {
        let offer = requirement.else_offer.as_ref().map(|id| format!("  else {id}")).unwrap_or_default();
        writeln!(out, "  {}{offer}", requirement.that)?;
    }
    writeln!(out, "steps")?;
    for (number, step) in runbook.steps.iter().enumerate() {
        let timeout = step.timeout.map(|timeout| format!("  within {}", span::text(timeout))).unwrap_or_default();
        writeln!(out, "  {}. {}  {}{timeout}", number + 1, step.id, of_step(&step.does))?;
    }
    if !runbook.verify.is_empty() {
        writeln!(out, "verifies")?;
    }
    for check in &runbook.verify {
        match check {
            Check::That { that } => writeln!(out, "  {that}")?,
            Check::Signal { signal, is, within } => {
                writeln!(out, "  signal {signal} is {is} within {}", span::text(*within))?;
            }
        }
    }
    if let Some(undo) = &runbook.undo {
        let params: Vec<String> = undo.params.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        writeln!(out, "undo\n  {} {}", undo.action, params.join(", "))?;
    }
    if runbook.on_failure == OnFailure::Undo {
        writeln!(out, "on failure\n  what was sent is brought back")?;
    }
    Ok(Exit::Ok)
}

fn applies(runbook: &Runbook) -> String {
    let applies = &runbook.applies_to;
    let names: Vec<&str> = applies.names.iter().map(|name| name.text.as_str()).collect();
    let tiers: Vec<&str> = applies.tiers.iter().map(|tier| tier.word()).collect();
    let names = if names.is_empty() { String::new() } else { format!(" named {}", names.join(", ")) };
    let tiers = if tiers.is_empty() { String::new() } else { format!(" in {}", tiers.join(", ")) };
    format!("{}{names}{tiers}", applies.kind)
}

fn approvals(runbook: &Runbook) -> String {
    match runbook.approvals {
        0 | 1 => String::new(),
        2 => ", approved by a second person".to_owned(),
        many => format!(", approved by {} others", many - 1),
    }
}

fn limits(runbook: &Runbook) -> String {
    let policy = policy(runbook);
    let healthy =
        policy.healthy_percent.map(|percent| format!(", at least {percent} % of healthy")).unwrap_or_default();
    let step = policy.step.map(|step| format!(", at most {step} at once")).unwrap_or_default();
    let targets = if policy.targets == 1 { String::new() } else { format!(", {} targets", policy.targets) };
    format!("floor {}{healthy}{step}{targets}", policy.floor)
}

fn of_param(param: &Param) -> String {
    let mut line = format!("{}  {}", param.name, param.kind.word());
    match (param.min, param.max) {
        (Some(min), Some(max)) => line.push_str(&format!(" {} to {}", param.bound(min), param.bound(max))),
        (Some(min), None) => line.push_str(&format!(" from {}", param.bound(min))),
        (None, Some(max)) => line.push_str(&format!(" to {}", param.bound(max))),
        (None, None) => {}
    }
    if !param.choices.is_empty() {
        let choices: Vec<String> = param.choices.iter().map(ToString::to_string).collect();
        line.push_str(&format!(", one of {}", choices.join(", ")));
    }
    if let Some(default) = &param.default {
        line.push_str(&format!(", {default} unless given"));
    } else if param.required {
        line.push_str(", must be given");
    }
    if param.help.is_empty() { line } else { format!("{line}: {}", param.help) }
}

fn of_step(does: &Do) -> String {
    match does {
        Do::Confirm(text) => format!("asks: {text}"),
        Do::Until(condition) => format!("reads until {condition}"),
        Do::Hold(time) => format!("holds for {}", span::text(*time)),
        Do::Send { send, value, .. } => {
            let value = value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
            format!("sends {send}{value}")
        }
    }
}
