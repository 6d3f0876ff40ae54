//! Runbooks: what may be done to a resource, step by step, within which bounds. One TOML file each, a closed schema;
//! `config/runbooks/ecs-rollback.toml` explains the fields.

pub mod file;
pub mod graph;
pub mod kind;
pub mod own;
pub mod param;
pub mod predicate;
mod read;
pub mod schema;
pub mod scope;
pub mod span;
pub mod template;
pub mod trust;
pub mod words;

pub use kind::Kind;
pub use param::{Param, ParamType};
pub use predicate::{Predicate, Truth};
pub use read::{Read, read};
pub use schema::{AppliesTo, Check, Do, Limits, NameGlob, OnFailure, Requirement, Runbook, Step, UndoTemplate};
pub use scope::Scope;
pub use template::Template;
pub use words::{ActionWords, FieldWords, ParamWords, RunbookWords};
