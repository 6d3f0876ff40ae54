//! Where a run is, in a word, and what to do now, in a sentence or two.

use jiff::Timestamp;
use ratatui::style::Style;

use crate::app::{Action, App};
use crate::config::theme::Role;
use crate::model::record::Ending;
use crate::model::{Sent, Severity};
use crate::runbook::machine::{Does, Phase, Run};
use crate::ui::look::Look;
use crate::ui::views::key;
use crate::ui::when;
use crate::ui::widgets::armed::clock;

/// Seconds after which a plan is refused as too old.
const OLD_S: u64 = 120;

/// Where the run is: a mark, a word, its style.
pub fn word(run: &Run, look: &Look) -> (String, Style) {
    let glyphs = &look.glyphs;
    let (mark, text, style) = match run.phase {
        _ if run.paused.is_some() => (glyphs.warning, "PAUSED", look.severity(Severity::Warning)),
        Phase::Planning => (glyphs.waiting, "planning", look.style(Role::Dim)),
        Phase::Ready if run.is_confirmable() => (glyphs.next, "ready", look.style(Role::Accent)),
        Phase::Ready => (glyphs.critical, "blocked", look.severity(Severity::Critical)),
        Phase::Locking => (glyphs.waiting, "taking the lock", look.style(Role::Accent)),
        Phase::Recording => (glyphs.waiting, "recording the intent", look.style(Role::Accent)),
        Phase::Rereading => (glyphs.waiting, "reading again", look.style(Role::Accent)),
        Phase::Sending => (glyphs.next, "SENDING", look.style(Role::Flash)),
        Phase::Resolving => (glyphs.unknown, "UNKNOWN", look.severity(Severity::Unknown)),
        Phase::BackingOff { .. } => (glyphs.waiting, "backing off", look.severity(Severity::Warning)),
        Phase::Waiting => (glyphs.waiting, "waiting", look.style(Role::Accent)),
        Phase::Holding { .. } => (glyphs.waiting, "holding", look.style(Role::Accent)),
        Phase::Asking => (glyphs.next, "ASKS", look.severity(Severity::Warning)),
        Phase::Verifying => (glyphs.waiting, "verifying", look.style(Role::Accent)),
        Phase::Closed => {
            let ending = run.ending.as_ref().map(|(ending, _)| *ending);
            let (mark, severity) = match ending {
                Some(Ending::Verified) => (glyphs.holds, Severity::Ok),
                Some(Ending::Failed) => (glyphs.critical, Severity::Critical),
                Some(Ending::NotSent | Ending::Rejected) => (glyphs.dot, Severity::Unknown),
                Some(Ending::Unverified | Ending::Stopped) => (glyphs.warning, Severity::Warning),
                None => (glyphs.unknown, Severity::Unknown),
            };
            (mark, ending.map_or("over", Ending::word), look.severity(severity))
        }
    };
    (format!("{mark} {text}"), style)
}

/// What to do now.
pub fn now(app: &App, run: &Run, look: &Look) -> (String, Style) {
    let (dim, accent) = (look.style(Role::Dim), look.style(Role::Accent));
    let (warning, critical) = (look.severity(Severity::Warning), look.severity(Severity::Critical));
    let stop = format!("{} takes no further step.", key(app, Action::Stop));
    if let Some(fault) = &run.paused {
        let remedy = fault.remedy.as_ref().map(|remedy| format!(" {remedy}.")).unwrap_or_default();
        let text = format!(
            "PAUSED  {fault}.{remedy} It goes on by itself once that works, as the same principal and after reading \
             again. {stop}"
        );
        return (text, warning);
    }
    let since = clock(crate::base::clock::seconds_between(run.step_began, app.now));
    let step = run.step().map(|step| step.id.to_string()).unwrap_or_default();
    match run.phase {
        Phase::Planning => ("The target is being read; nothing is sent.".to_owned(), dim),
        Phase::Ready => ready(app, run, look),
        Phase::Locking => ("Taking the target's lock.".to_owned(), accent),
        Phase::Recording => ("Writing down what will be sent, before it is.".to_owned(), accent),
        Phase::Rereading => ("Reading the target again, just before the send.".to_owned(), accent),
        Phase::Sending => (format!("One request is on its way. It is never sent twice. {stop}"), accent),
        Phase::Resolving => (unknown(app, run), look.severity(Severity::Unknown)),
        Phase::BackingOff { until } => {
            let at = when::clock(until);
            (
                format!("AWS asked to slow down; nothing was changed. Next attempt {at}, after reading again. {stop}"),
                warning,
            )
        }
        Phase::Waiting => {
            let limit = run.step().and_then(|step| step.timeout_s).map(|s| format!(" of {}", clock(s)));
            let until = run.step().map(does).unwrap_or_default();
            let limit = limit.unwrap_or_default();
            (format!("Step {step}: {until}, for {since}{limit}. {stop}"), accent)
        }
        Phase::Holding { until } => (format!("Step {step}: holding until {}. {stop}", when::clock(until)), accent),
        Phase::Asking => {
            let (enter, asks) = (key(app, Action::Proceed), run.asking().map(|(_, text)| text).unwrap_or_default());
            let sent = run.sendings.len();
            let so_far = if sent == 1 { "1 request was sent".to_owned() } else { format!("{sent} requests were sent") };
            (format!("Step {step} asks: {asks} {enter} answers. {so_far} so far, nothing more is. {stop}"), warning)
        }
        Phase::Verifying => {
            let open = run.checks.iter().filter(|check| !check.holds).count();
            let close = key(app, Action::CloseUnverified);
            let what = match open {
                0 => "our own change".to_owned(),
                1 => "our own change, 1 check open".to_owned(),
                open => format!("our own change, {open} checks open"),
            };
            (format!("Verifying on fresh data: {what}, for {since}. {close} closes it as unverified. {stop}"), accent)
        }
        Phase::Closed => closed(app, run, look, critical),
    }
}

/// What a step waits for.
pub fn does(step: &crate::runbook::machine::Step) -> String {
    match &step.does {
        Does::Confirm(text) => format!("asks: {text}"),
        Does::Send(values) if values.is_empty() => "sends the change".to_owned(),
        Does::Send(values) => {
            let each: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            format!("sends {}", each.join(", "))
        }
        Does::Until(that) => format!("until {that}"),
        Does::Hold(seconds) => format!("holds for {}", when::age(*seconds)),
    }
}

fn ready(app: &App, run: &Run, look: &Look) -> (String, Style) {
    let enter = key(app, Action::Proceed);
    let again = key(app, Action::PlanAgain);
    let sent = run.sent_so_far();
    if let Some(fault) = &run.no_plan {
        let remedy = fault.remedy.as_ref().map(|remedy| format!(" {remedy}.")).unwrap_or_default();
        return (
            format!("There is no plan: {fault}.{remedy} {sent} {again} plans again."),
            look.severity(Severity::Critical),
        );
    }
    let refused = run.refusals().count();
    if refused + run.unmet.len() > 0 {
        let mut what = Vec::new();
        if refused > 0 {
            what.push(if refused == 1 { "1 guard refuses".to_owned() } else { format!("{refused} guards refuse") });
        }
        match run.unmet.len() {
            0 => {}
            1 => what.push("1 requirement does not hold".to_owned()),
            count => what.push(format!("{count} requirements do not hold")),
        }
        let text = format!("{}. {sent} {enter} on a line goes on from it, {again} plans again.", what.join(", "));
        return (text, look.severity(Severity::Critical));
    }
    if run.open_questions() > 0 {
        return (format!("A question comes first: {enter} answers it. {sent}"), look.severity(Severity::Warning));
    }
    let age = run.plan.as_ref().map_or(0, |plan| crate::base::clock::seconds_between(plan.read_at, app.now));
    if age as f64 > OLD_S as f64 * app.notices.speed.max(1.0) {
        let text = format!("The plan is {} old and will be refused: {again} plans again. {sent}", when::age(age));
        return (text, look.severity(Severity::Warning));
    }
    (format!("Nothing stands in the way. {enter} asks for the confirmation. {sent}"), look.style(Role::Accent))
}

/// In the form of all unknown outcomes: when it was sent, what came back, what AWS shows now, what can be done.
fn unknown(app: &App, run: &Run) -> String {
    let (at, came) = match run.last_sending() {
        None => ("at an unknown time".to_owned(), "no reply".to_owned()),
        Some(sending) => {
            let came = match &sending.sent {
                Some(Sent::Unknown { fault } | Sent::Rejected { fault }) => fault.to_string(),
                Some(Sent::Accepted { .. }) => "accepted".to_owned(),
                None => "no reply".to_owned(),
            };
            (when::clock(sending.at), came)
        }
    };
    let shows = match run.seen.last() {
        Some(seen) => format!("AWS now shows {} ({} ago).", seen.says, when::ago(seen.at, app.now)),
        None => "AWS has not been read since.".to_owned(),
    };
    format!(
        "UNKNOWN  sent {at}, {came}. {shows} Nothing will be sent again.  [{}] treat as applied  [{}] treat as not \
         applied  [{}] keep watching",
        key(app, Action::Applied),
        key(app, Action::NotApplied),
        key(app, Action::PlanAgain),
    )
}

fn closed(app: &App, run: &Run, look: &Look, critical: Style) -> (String, Style) {
    let Some((ending, says)) = &run.ending else { return ("This run is over.".to_owned(), look.style(Role::Dim)) };
    let has =
        |sending: &crate::runbook::machine::Sending| sending.plan.undo.is_some() && sending.applied != Some(false);
    let undo = if run.sendings.iter().any(has) {
        format!(" {} plans what brings it back.", key(app, Action::Undo))
    } else {
        String::new()
    };
    let style = match ending {
        Ending::Verified => look.severity(Severity::Ok),
        Ending::Failed => critical,
        Ending::NotSent | Ending::Rejected => look.style(Role::Text),
        Ending::Unverified | Ending::Stopped => look.severity(Severity::Warning),
    };
    let word = ending.word();
    let word = format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    let dot = if says.ends_with('.') { "" } else { "." };
    let text = if says.is_empty() { format!("{word}.{undo}") } else { format!("{word}: {says}{dot}{undo}") };
    (text, style)
}

/// How old something is, in words, and when that was.
pub fn read(at: Timestamp, now: Timestamp) -> String {
    format!("{} ago, {}", when::ago(at, now), when::clock(at))
}
