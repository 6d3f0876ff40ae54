//! A runbook as plain data: checked, and ready to be run.

use std::collections::BTreeMap;
use std::time::Duration;

use globset::GlobMatcher;
use serde::{Deserialize, Serialize, Serializer};

use crate::base::Text;
use crate::config::runbook::param::Param;
use crate::config::runbook::predicate::Predicate;
use crate::config::runbook::span;
use crate::config::runbook::template::Template;
use crate::model::{Risk, Severity, TargetKind, Tier, Value, Values};

/// One runbook.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Runbook {
    /// Unique, kebab case.
    pub id: String,
    /// One line.
    pub title: Text,
    /// Id of the action, e.g. `ecs.rollback`. Without a `send` step it is only what reads the target.
    pub action: String,
    /// How it is confirmed.
    pub risk: Risk,
    /// The whole run ends after this long.
    #[serde(serialize_with = "span::serialize")]
    pub deadline: Duration,
    /// What it can be used on.
    pub applies_to: AppliesTo,
    /// The parameters, in the order of the file.
    pub params: Vec<Param>,
    /// Bounds for the guards.
    pub limits: Limits,
    /// How many persons it takes, the operator among them; 0 where nobody else is asked.
    pub approvals: u8,
    /// What must hold before anything is sent, asked again before each send.
    pub require: Vec<Requirement>,
    /// What is done, in order. At least one.
    pub steps: Vec<Step>,
    /// What must hold at the end.
    pub verify: Vec<Check>,
    /// What brings it back, where the action's own inverse is not meant.
    pub undo: Option<UndoTemplate>,
    /// What happens when a step fails.
    pub on_failure: OnFailure,
}

/// What a runbook can be used on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AppliesTo {
    /// The kind of resource.
    pub kind: TargetKind,
    /// Globs of which AWS's name must match one; any name where there are none.
    pub names: Vec<NameGlob>,
    /// Tiers of environments; any where there are none.
    pub tiers: Vec<Tier>,
}

/// A glob over names.
#[derive(Debug, Clone)]
pub struct NameGlob {
    /// As it is written.
    pub text: Text,
    /// Ready to match.
    pub glob: GlobMatcher,
}

impl PartialEq for NameGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Serialize for NameGlob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl AppliesTo {
    /// Why it cannot be used on a resource, in half a sentence; `None` where it can.
    pub fn why_not(&self, kind: TargetKind, name: &str, tier: Tier) -> Option<Text> {
        if kind != self.kind {
            return Some(format!("is for {}, this is {}", article(self.kind.word()), article(kind.word())).into());
        }
        if !self.names.is_empty() && !self.names.iter().any(|names| names.glob.is_match(name)) {
            let names: Vec<&str> = self.names.iter().map(|names| names.text.as_str()).collect();
            return Some(format!("is for names like {}, not {name}", names.join(", ")).into());
        }
        if !self.tiers.is_empty() && !self.tiers.contains(&tier) {
            let tiers: Vec<&str> = self.tiers.iter().map(|tier| tier.word()).collect();
            return Some(format!("is for {}, this is {}", tiers.join(" and "), tier.word()).into());
        }
        None
    }
}

fn article(word: &str) -> String {
    let an = word.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {word}", if an { "an" } else { "a" })
}

/// Bounds for the guards; what is not given has the guards' own default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Limits {
    /// Never below this many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<i64>,
    /// Never below this share of what is healthy (percent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthy_percent: Option<u8>,
    /// Never more than this at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<i64>,
    /// Targets that one run may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<usize>,
}

/// What must hold before anything is sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requirement {
    /// The condition.
    pub that: Predicate,
    /// What it means, where the condition does not say it by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<Template>,
    /// Id of the runbook that fits where it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub else_offer: Option<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Unique in its runbook, kebab case.
    pub id: String,
    /// What is done.
    #[serde(flatten)]
    pub does: Do,
    /// It fails after this long; with the run's deadline where there is none.
    #[serde(serialize_with = "span::serialize_some", skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Do {
    /// Asks the operator, who must say yes: with the plan, or, after a `send`, when the run gets there.
    Confirm(Template),
    /// Reads until the condition holds.
    Until(Predicate),
    /// Waits, and looks on meanwhile.
    Hold(#[serde(serialize_with = "span::serialize")] Duration),
    /// Plans the action anew and sends its one request.
    #[serde(untagged)]
    Send {
        /// What is sent, in a word: a parameter of the action, or a field of its request.
        send: String,
        /// The parameter of the action that `value` is given to; `None` where the action is sent as the run's
        /// parameters say.
        #[serde(skip_serializing_if = "Option::is_none")]
        sets: Option<String>,
        /// The parameter's value in this step.
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Template>,
    },
}

/// What must hold at the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Check {
    /// A condition over what is read.
    That {
        /// The condition.
        that: Predicate,
    },
    /// A signal of the environment, on data that is newer than the change.
    Signal {
        /// Its id, e.g. `alarms`.
        signal: String,
        /// It is at most this bad. Unknown is worse than ok.
        is: Severity,
        /// At the latest after this long.
        #[serde(serialize_with = "span::serialize")]
        within: Duration,
    },
}

/// What brings it back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UndoTemplate {
    /// Id of the action.
    pub action: String,
    /// Its parameters.
    #[serde(flatten)]
    pub params: BTreeMap<String, Template>,
}

/// What happens when a step fails after something was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// Nothing more is done.
    #[default]
    Stop,
    /// What was sent is brought back, with the same guards and a confirmation of its own.
    Undo,
}

impl Runbook {
    /// False where it only reads.
    pub fn mutates(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.does, Do::Send { .. }))
    }

    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }

    /// The parameters with what was given for them, checked, and the defaults of the rest.
    ///
    /// # Errors
    /// Each one that is refused, unknown or missing, in half a sentence.
    pub fn values(&self, given: &Values) -> Result<Values, Vec<Text>> {
        let mut wrong = Vec::new();
        let mut values = Values::new();
        for name in given.keys().filter(|name| self.param(name).is_none()) {
            wrong.push(format!("{} has no parameter `{name}`", self.id).into());
        }
        for param in &self.params {
            match given.get(&param.name).filter(|value| **value != Value::None).or(param.default.as_ref()) {
                Some(value) => match param.check(value) {
                    Ok(()) => drop(values.insert(param.name.clone(), value.clone())),
                    Err(what) => wrong.push(what),
                },
                None if param.required => wrong.push(format!("{} must be given", param.name).into()),
                None => {}
            }
        }
        if wrong.is_empty() { Ok(values) } else { Err(wrong) }
    }
}
