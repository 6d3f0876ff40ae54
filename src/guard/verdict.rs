//! What a guard says of a plan.

use jiff::Timestamp;
use serde::Serialize;

use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::guard::id::{Guard, Override};

/// The judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "judged", rename_all = "kebab-case")]
pub enum Judged {
    /// The plan may go on.
    Holds,
    /// It may not.
    Refused,
    /// It would have been refused; somebody overrode it.
    Overridden {
        /// Why, where a reason was given.
        reason: Text,
    },
    /// It is asked later: at the confirmation, just before the send, after it.
    Later,
}

/// One guard's verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which guard.
    pub guard: Guard,
    /// Which rule of it, with what it concerns: `floor/payment-api`. What is typed to override.
    pub rule: Text,
    /// The judgement.
    #[serde(flatten)]
    pub judged: Judged,
    /// Observed against required, in words.
    pub says: Text,
    /// When AWS, the disk or the clock was asked; `None` where that does not matter.
    pub read_at: Option<Timestamp>,
    /// How it can be overridden.
    pub over: Override,
    /// Id of an action that fits instead.
    pub offer: Option<Text>,
}

impl Verdict {
    /// The plan may go on.
    pub fn holds(guard: Guard, on: &str, says: impl Into<Text>) -> Self {
        Self::new(guard, on, Judged::Holds, says, Override::Never)
    }

    /// The plan may not go on.
    pub fn refused(guard: Guard, on: &str, says: impl Into<Text>, over: Override) -> Self {
        Self::new(guard, on, Judged::Refused, says, over)
    }

    /// Asked later.
    pub fn later(guard: Guard, on: &str, says: impl Into<Text>) -> Self {
        Self::new(guard, on, Judged::Later, says, Override::Never)
    }

    fn new(guard: Guard, on: &str, judged: Judged, says: impl Into<Text>, over: Override) -> Self {
        let rule = if on.is_empty() { guard.word().into() } else { Text::new(format!("{}/{on}", guard.word())) };
        Self { guard, rule, judged, says: says.into(), read_at: None, over, offer: None }
    }

    /// The same with the age of what it judged.
    #[must_use]
    pub fn read_at(mut self, at: Timestamp) -> Self {
        self.read_at = Some(at);
        self
    }

    /// The same with an action that fits instead.
    #[must_use]
    pub fn offering(mut self, action: Option<Text>) -> Self {
        self.offer = action;
        self
    }

    /// True where the plan may not go on because of it.
    pub fn refuses(&self) -> bool {
        self.judged == Judged::Refused
    }

    /// The next safe step in words; empty where there is nothing to do.
    pub fn next(&self) -> String {
        if !self.refuses() {
            return String::new();
        }
        let offer = self.offer.as_ref().map(|action| format!("Use {action} instead.  ")).unwrap_or_default();
        let over = match self.over {
            Override::Never => without_override(self.guard).to_owned(),
            Override::PlanAgain => PLAN_AGAIN.to_owned(),
            Override::Named => format!("Override: type {}", self.rule),
            Override::NamedWithReason => format!("Override: type {} and a reason", self.rule),
            Override::Person => "Resolve it in the records, with a reason".to_owned(),
        };
        format!("{offer}{over}")
    }

    /// The refusal in one line: rule, observed against required, age, what was sent, what to do next. `sent` is a
    /// sentence, e.g. `Nothing was sent.`
    pub fn line(&self, now: Timestamp, sent: &str) -> String {
        let head = match (&self.judged, self.guard) {
            (Judged::Refused, Guard::Staleness) => "STALE".to_owned(),
            (Judged::Refused, _) => format!("REFUSED {}", self.rule),
            (Judged::Overridden { .. }, _) => format!("OVERRIDDEN {}", self.rule),
            (Judged::Holds, _) => format!("ok {}", self.rule),
            (Judged::Later, _) => format!("later {}", self.rule),
        };
        // What was read this very second needs no age.
        let age = self.read_at.map_or(0, |at| seconds_between(at, now));
        let age = if age == 0 { String::new() } else { format!(" ({age} s old)") };
        let says = self.says.trim_end().trim_end_matches('.');
        let end = if self.refuses() { format!(". {sent}  {}", self.next()) } else { String::new() };
        format!("{head}  {says}{age}{end}").trim_end().to_owned()
    }
}

const PLAN_AGAIN: &str = "[r] plan again";

/// What to do about a refusal that cannot be overridden.
fn without_override(guard: Guard) -> &'static str {
    match guard {
        Guard::Identity => "Use the right credentials, then [r] plan again",
        Guard::Intent => "Make the records writable, then [r] plan again",
        Guard::Floor | Guard::Rollback | Guard::Mute => "[esc] choose another value",
        Guard::Target => "[esc] choose another target or value",
        Guard::Confirmation => "Type it exactly, or [esc] cancel",
        Guard::ReadOnly => "Arm the environment where that is allowed, then [r] plan again",
        Guard::Pace => "Wait until it is over, then [r] plan again",
        Guard::Trust => "Correct the file, then [r] plan again",
        Guard::Tamper => {
            "`watchfloor audit verify` says where; correct that, or begin anew with `watchfloor audit set-aside`, then \
             [r] plan again"
        }
        _ => PLAN_AGAIN,
    }
}
