//! The state of a run.

use std::sync::Arc;

use jiff::Timestamp;

use crate::base::Text;
use crate::base::clock::seconds_between;
use crate::config::runbook::Scope;
use crate::guard::{Given, Situation, Verdict, confirmation};
use crate::model::record::Ending;
use crate::model::{Entry, Fault, Observation, Plan, Sent, Target, Value, Values};
use crate::runbook::machine::course::{Course, Does, Step};

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The target is being read.
    Planning,
    /// The plan and the guards' verdicts are there; the operator decides.
    Ready,
    /// The lock is being taken.
    Locking,
    /// The intent is being written.
    Recording,
    /// The target is being read again.
    Rereading,
    /// The request is on its way.
    Sending,
    /// What became of it is being found out by reading.
    Resolving,
    /// AWS asked to slow down; nothing was changed. The next attempt begins then, from the intent on.
    BackingOff {
        /// When.
        until: Timestamp,
    },
    /// A step waits for something to be true of the target.
    Waiting,
    /// A step waits for time to pass.
    Holding {
        /// Until then.
        until: Timestamp,
    },
    /// A step after a send asks the operator something. Nothing more is done until it is answered.
    Asking,
    /// Our own change, and then the signals.
    Verifying,
    /// Over.
    Closed,
}

/// One request and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sending {
    /// Id of the step.
    pub step: Text,
    /// What was sent.
    pub plan: Plan,
    /// When it was handed to the network.
    pub at: Timestamp,
    /// What AWS answered; `None` while it is under way.
    pub sent: Option<Sent>,
    /// Known to be applied: AWS said so, or a reading or a person did.
    pub applied: Option<bool>,
}

impl Sending {
    /// What identifies our own change, where AWS answered.
    pub fn receipt(&self) -> Option<&Values> {
        match &self.sent {
            Some(Sent::Accepted { receipt }) => Some(receipt),
            _ => None,
        }
    }
}

/// How far a check of the course is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// It holds.
    pub holds: bool,
    /// It cannot be judged.
    pub unknown: bool,
    /// What was seen last, in words.
    pub says: Text,
    /// On what data.
    pub at: Option<Timestamp>,
    /// When it was asked for last.
    pub asked: Option<Timestamp>,
}

/// A run.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Unique over all consoles.
    pub id: Text,
    /// What it will do.
    pub course: Arc<Course>,
    /// What it is applied to.
    pub target: Target,
    /// The parameters as given.
    pub params: Values,
    /// Index of the step that it is at.
    pub at: usize,
    /// Where it is.
    pub phase: Phase,
    /// The plan of the next send, or of the last.
    pub plan: Option<Plan>,
    /// Why there is no plan.
    pub no_plan: Option<Fault>,
    /// What the guards looked at.
    pub situation: Option<Situation>,
    /// What they said.
    pub verdicts: Vec<Verdict>,
    /// Requirements of the runbook that do not hold, in words, each with the runbook that fits instead.
    pub unmet: Vec<(Text, Option<Text>)>,
    /// What the operator gave.
    pub given: Given,
    /// How often a confirmation was typed, right or wrong.
    pub attempts: u32,
    /// The operator has confirmed this run.
    pub confirmed: bool,
    /// When the operator last confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// Ids of the questions that were answered with yes.
    pub answered: Vec<Text>,
    /// Every request so far.
    pub sendings: Vec<Sending>,
    /// What was observed, whenever it was different; the newest last.
    pub seen: Vec<Observation>,
    /// One for each check of the course.
    pub checks: Vec<Checked>,
    /// Reading fails for now, and why. The run waits.
    pub paused: Option<Fault>,
    /// An entry could not be written yet, and why.
    pub unwritten: Option<Text>,
    /// Attempts that AWS asked to slow down.
    pub throttled: u32,
    /// Readings that said `not applied`, while an outcome is unknown.
    pub not_applied: u32,
    /// When the run began.
    pub began: Timestamp,
    /// When the present step began.
    pub step_began: Timestamp,
    /// When the intent of the next send was synced.
    pub intent_at: Option<Timestamp>,
    /// No further step is wanted.
    pub cancelled: bool,
    /// The console ends, and why, while the answer to a request is waited for.
    pub hangup: Option<Text>,
    /// How it ended, in words too.
    pub ending: Option<(Ending, Text)>,
}

/// Steps that come before the first send are asked in the dialog.
impl Run {
    /// A run that has not read anything yet.
    pub fn new(id: Text, course: Arc<Course>, target: Target, params: Values, now: Timestamp) -> Self {
        let checks = vec![Checked::default(); course.verify.len()];
        Self {
            id,
            course,
            target,
            params,
            at: 0,
            phase: Phase::Planning,
            plan: None,
            no_plan: None,
            situation: None,
            verdicts: Vec::new(),
            unmet: Vec::new(),
            given: Given::default(),
            attempts: 0,
            confirmed: false,
            confirmed_at: None,
            answered: Vec::new(),
            sendings: Vec::new(),
            seen: Vec::new(),
            checks,
            paused: None,
            unwritten: None,
            throttled: 0,
            not_applied: 0,
            began: now,
            step_began: now,
            intent_at: None,
            cancelled: false,
            hangup: None,
            ending: None,
        }
    }

    /// The step that it is at.
    pub fn step(&self) -> Option<&Step> {
        self.course.steps.get(self.at)
    }

    /// The questions that must be answered with yes before the first send: id and text.
    pub fn questions(&self) -> impl Iterator<Item = (&Text, Text)> {
        let nothing = Values::new();
        let plan = self.plan.as_ref();
        let known = self.known(plan, plan.map_or(&nothing, |plan| &plan.observed));
        let first = self.first_send().unwrap_or(self.course.steps.len());
        self.course.steps.iter().take(first).filter_map(move |step| match &step.does {
            Does::Confirm(text) => Some((&step.id, text.words(&known))),
            _ => None,
        })
    }

    /// The question that the run waits at, after something was sent: id and text, with what was read last.
    pub fn asking(&self) -> Option<(&Text, Text)> {
        let nothing = Values::new();
        let step = self.step().filter(|_| self.phase == Phase::Asking)?;
        let now = self.seen.last().map(|seen| &seen.values);
        let now = now.or(self.plan.as_ref().map(|plan| &plan.observed)).unwrap_or(&nothing);
        match &step.does {
            Does::Confirm(text) => Some((&step.id, text.words(&self.known(self.plan.as_ref(), now)))),
            _ => None,
        }
    }

    /// True for a question that is asked with the plan.
    pub fn is_asked_first(&self, at: usize) -> bool {
        self.first_send().is_none_or(|first| at < first)
    }

    /// Questions that are still open.
    pub fn open_questions(&self) -> usize {
        self.questions().filter(|(id, _)| !self.answered.contains(id)).count()
    }

    /// The verdicts that refuse.
    pub fn refusals(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(|verdict| verdict.refuses())
    }

    /// True where the plan may be confirmed.
    pub fn is_confirmable(&self) -> bool {
        self.phase == Phase::Ready
            && self.plan.is_some()
            && self.unmet.is_empty()
            && self.open_questions() == 0
            && self.refusals().next().is_none()
    }

    /// Why what was typed last does not confirm the plan; `None` where it does, and where there is no plan.
    pub fn unconfirmed(&self) -> Option<Verdict> {
        let (plan, situation) = (self.plan.as_ref()?, self.situation.as_ref()?);
        Some(confirmation(plan, &self.course.policy, situation, &self.given)).filter(Verdict::refuses)
    }

    /// The request that was sent last.
    pub fn last_sending(&self) -> Option<&Sending> {
        self.sendings.last()
    }

    /// True where something was applied, or may have been.
    pub fn has_touched(&self) -> bool {
        self.sendings.iter().any(|sending| sending.applied != Some(false))
    }

    /// True while the outcome of a request is not known.
    pub fn is_unknown(&self) -> bool {
        self.phase == Phase::Resolving
    }

    /// The parameters of the step that it is at. What was symbolic, `previous` or `last_completed`, was resolved by the
    /// plan that was confirmed, and stays what it was then.
    pub fn params_now(&self) -> Values {
        let nothing = Values::new();
        let own = |at: Option<usize>| match at.and_then(|at| self.course.steps.get(at)).map(|step| &step.does) {
            Some(Does::Send(own)) => own,
            _ => &nothing,
        };
        let (first, now) = (own(self.first_send()), own(Some(self.at)));
        let as_given = |own: &Values, name: &String| own.get(name).is_none_or(|own| self.params.get(name) == Some(own));
        let mut params = self.params.clone();
        params.extend(now.iter().map(|(name, value)| (name.clone(), value.clone())));
        if let Some(confirmed) = self.sendings.first() {
            let resolved = confirmed.plan.params.iter();
            let resolved = resolved.filter(|(name, _)| as_given(first, name) && as_given(now, name));
            params.extend(resolved.map(|(name, value)| (name.clone(), value.clone())));
        }
        params
    }

    /// What is another value now than after the last send, among those that the plan was decided by: somebody else has
    /// been there.
    pub(super) fn changed_since_the_last_send(&self, plan: &Plan) -> Vec<String> {
        let Some(seen) = self.seen.last() else { return vec!["nothing was read since the last send".to_owned()] };
        let decision = plan.decision().filter_map(|(field, now)| Some((field, seen.values.get(field)?, now)));
        let differ = decision.filter(|(_, then, now)| then != now);
        differ.map(|(field, then, now)| format!("{field} was {then} after the last send, is {now} now")).collect()
    }

    /// What the names in the runbook's conditions stand for, with what was read last.
    pub(super) fn known(&self, plan: Option<&Plan>, now: &Values) -> Values {
        let nothing = Values::new();
        let first = self.sendings.first().map(|sending| &sending.plan).or(plan);
        let scope = Scope {
            target: &self.target,
            params: plan.map_or(&self.params, |plan| &plan.params),
            before: first.map_or(&nothing, |plan| &plan.observed),
            now,
        };
        scope.values()
    }

    /// What has been sent so far, in words.
    pub fn sent_so_far(&self) -> &'static str {
        if self.sendings.is_empty() { "Nothing was sent." } else { "Nothing more was sent." }
    }

    /// Seconds of the deadline that are used up. It counts from the confirmation: to read a plan costs nothing of it.
    pub fn lasts_s(&self, now: Timestamp) -> u64 {
        self.confirmed_at.map_or(0, |at| seconds_between(at, now))
    }

    /// Index of the first step that sends.
    pub(super) fn first_send(&self) -> Option<usize> {
        self.course.steps.iter().position(|step| matches!(step.does, Does::Send(_)))
    }

    /// The parameters that the first send has.
    pub(super) fn params_of_first_send(&self) -> Values {
        let mut params = self.params.clone();
        if let Some(at) = self.first_send()
            && let Does::Send(own) = &self.course.steps[at].does
        {
            params.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        params.retain(|_, value| *value != Value::None);
        params
    }

    /// The present step's id.
    pub(super) fn step_name(&self) -> String {
        self.step().map_or_else(|| "the last".to_owned(), |step| step.id.to_string())
    }

    /// An entry that says what refused.
    pub(super) fn refused_entry(&self, says: Vec<Text>) -> Entry {
        Entry::Refused {
            run: self.id.clone(),
            runbook: self.course.runbook.clone(),
            plan: self.plan.clone().map(Box::new),
            says,
        }
    }
}
