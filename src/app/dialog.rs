//! A question that must be answered before anything goes on: Cancel is focused when it opens, and what was typed before
//! it stood on the screen does not count.

use tui_input::Input;

use crate::base::Text;
use crate::model::record::Overridden;
use crate::model::{EnvId, Plan};
use crate::runbook::desk::Request;
use crate::runbook::machine::Event;

/// Where the keys go within the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Focus {
    /// To Cancel.
    #[default]
    Cancel,
    /// Into what must be typed.
    Phrase,
    /// Into the reason.
    Reason,
}

/// What is demanded besides a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// The key `y`.
    Yes,
    /// Exactly this, typed.
    Phrase(String),
    /// Nothing but the reason.
    Reason,
}

/// What the dialog is about, and so what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// Arming an environment.
    Arm(EnvId),
    /// Confirming the plan of a run.
    Confirm {
        /// Which run.
        run: Text,
        /// What was on the screen when the dialog opened.
        plan: Box<Plan>,
    },
    /// A question of a step.
    Answer {
        /// Which run.
        run: Text,
        /// Which step.
        step: Text,
    },
    /// Overriding a guard.
    Override {
        /// Which run.
        run: Text,
        /// The rule.
        rule: Text,
    },
    /// What became of a request, told by a person.
    Resolve {
        /// Which run.
        run: Text,
        /// Treated as applied.
        applied: bool,
    },
    /// Closing a run that is not verified.
    Unverified {
        /// Which run.
        run: Text,
    },
    /// What became of an intent of an earlier console.
    ResolveOpen {
        /// Which run.
        run: Text,
        /// Which step.
        step: Text,
        /// Treated as applied.
        applied: bool,
    },
    /// Something owed was brought back otherwise.
    Settle {
        /// The run that left it.
        run: Text,
    },
}

/// What a line of the dialog says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A name and a value.
    Fact(&'static str, String),
    /// Words.
    Words(String),
}

/// An open dialog.
#[derive(Debug, Clone)]
pub struct Dialog {
    /// Tells it from others: the frame reports the number that it drew.
    pub number: u64,
    /// What it asks.
    pub title: String,
    /// Whose environment; production looks like production.
    pub env: Option<EnvId>,
    /// What it is about.
    pub said: Vec<Said>,
    /// What is demanded.
    pub demand: Demand,
    /// What is typed as the phrase.
    pub typed: Input,
    /// The reason, where one is asked for.
    pub reason: Option<Input>,
    /// Where the keys go.
    pub focus: Focus,
    /// Why the last attempt did nothing.
    pub told: Option<&'static str>,
    /// What comes of it.
    pub about: About,
}

impl Dialog {
    /// A dialog with Cancel focused in which nothing was typed.
    pub fn new(number: u64, title: String, demand: Demand, about: About) -> Self {
        Self {
            number,
            title,
            env: None,
            said: Vec::new(),
            reason: (demand == Demand::Reason).then(Input::default),
            demand,
            typed: Input::default(),
            focus: Focus::Cancel,
            told: None,
            about,
        }
    }

    /// The same with a reason that must be given.
    #[must_use]
    pub fn with_reason(mut self, wanted: bool) -> Self {
        if wanted {
            self.reason = Some(Input::default());
        }
        self
    }

    /// The same about an environment.
    #[must_use]
    pub fn of(mut self, env: EnvId, said: Vec<Said>) -> Self {
        self.env = Some(env);
        self.said = said;
        self
    }

    /// The run that it is about.
    pub fn run(&self) -> Option<&Text> {
        match &self.about {
            About::Confirm { run, .. }
            | About::Answer { run, .. }
            | About::Override { run, .. }
            | About::Resolve { run, .. }
            | About::Unverified { run } => Some(run),
            About::Arm(_) | About::ResolveOpen { .. } | About::Settle { .. } => None,
        }
    }

    /// The places that the keys can go to, in order.
    pub fn places(&self) -> Vec<Focus> {
        let mut places = vec![Focus::Cancel];
        if matches!(self.demand, Demand::Phrase(_)) {
            places.push(Focus::Phrase);
        }
        if self.reason.is_some() {
            places.push(Focus::Reason);
        }
        places
    }

    /// Why it cannot be accepted as it stands.
    pub fn lacks(&self) -> Option<&'static str> {
        if let Demand::Phrase(phrase) = &self.demand
            && self.typed.value() != phrase
        {
            return Some("that is not what is asked for: nothing was done");
        }
        let reason = self.reason.as_ref().map(|reason| reason.value().trim());
        (reason == Some("")).then_some("a reason is needed: nothing was done")
    }

    /// What comes of it when it is accepted.
    pub fn request(&self) -> Request {
        let reason = Text::new(self.reason.as_ref().map_or("", |reason| reason.value().trim()));
        let tell = |run: &Text, event: Event| Request::Tell { run: run.clone(), event: Box::new(event) };
        match &self.about {
            About::Arm(env) => Request::Arm(*env),
            About::Confirm { run, .. } => {
                let typed = if self.demand == Demand::Yes { "y".to_owned() } else { self.typed.value().to_owned() };
                tell(run, Event::Confirmed { typed, reason })
            }
            About::Answer { run, step } => tell(run, Event::Answered(step.clone())),
            About::Override { run, rule } => tell(run, Event::Overrode(Overridden { rule: rule.clone(), reason })),
            About::Resolve { run, applied } => tell(run, Event::Resolve { applied: *applied, reason }),
            About::Unverified { run } => tell(run, Event::CloseUnverified(reason)),
            About::ResolveOpen { run, step, applied } => {
                Request::Resolve { run: run.clone(), step: step.clone(), applied: *applied, reason }
            }
            About::Settle { run } => Request::Settle { run: run.clone(), reason },
        }
    }
}
