//! What runbooks may speak of and only higher layers know: the actions with their parameters and fields, the signals.
//! They hand it in as this plain data.

use crate::config::runbook::kind::Kind;
use crate::config::runbook::param::ParamType;
use crate::model::TargetKind;

/// Everything that runbooks may speak of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunbookWords {
    /// The actions.
    pub actions: Vec<ActionWords>,
    /// Ids of the signals, e.g. `alarms`.
    pub signals: Vec<String>,
}

/// What runbooks may say of one action.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionWords {
    /// Its id, e.g. `ecs.rollback`.
    pub id: String,
    /// What it is applied to.
    pub kind: TargetKind,
    /// Its parameters.
    pub params: Vec<ParamWords>,
    /// What its plans and observations hold.
    pub fields: Vec<FieldWords>,
    /// What a `send` step may name besides parameters: the word, and the parameter that it sets, where it sets one.
    pub sends: Vec<(String, Option<String>)>,
}

/// One parameter of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamWords {
    /// Its name, e.g. `to`.
    pub name: String,
    /// The types that a runbook may give it.
    pub accepts: Vec<ParamType>,
    /// True where nothing can be planned without it.
    pub required: bool,
}

/// One field of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldWords {
    /// Its name, e.g. `to.status`.
    pub name: String,
    /// Its kind, where that is known.
    pub kind: Option<Kind>,
}

impl RunbookWords {
    /// The action of this id.
    pub fn action(&self, id: &str) -> Option<&ActionWords> {
        self.actions.iter().find(|action| action.id == id)
    }
}

impl ActionWords {
    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&ParamWords> {
        self.params.iter().find(|param| param.name == name)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&FieldWords> {
        self.fields.iter().find(|field| field.name == name)
    }
}
