//! Stops every operation that is not known to read, unless a pass lets exactly that one through, once. A mistake in
//! the program cannot change AWS.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::operation::create_table::CreateTableInput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemInput;
use aws_sdk_dynamodb::operation::put_item::PutItemInput;
use aws_sdk_dynamodb::operation::update_continuous_backups::UpdateContinuousBackupsInput;
use aws_sdk_dynamodb::operation::update_time_to_live::UpdateTimeToLiveInput;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{BeforeSerializationInterceptorContextRef, Input};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::cloud::read_only::reads_only;

/// The gate of a session. All clients of the session share it.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<Mutex<Passes>>);

#[derive(Debug, Default)]
struct Passes {
    given: u64,
    unused: Vec<Opening>,
}

/// What a pass is good for.
#[derive(Debug)]
struct Opening {
    number: u64,
    operation: &'static str,
    /// The only DynamoDB table that may be named; any target, where there is none.
    table: Option<String>,
}

/// While it lives, one operation of one name may pass, once.
#[derive(Debug)]
pub struct Pass<'a> {
    gate: &'a Gate,
    number: u64,
}

impl Gate {
    /// Lets the next `operation` pass, until the pass is dropped. Only the operator's session has use for it.
    pub(in crate::cloud) fn open_for(&self, operation: &'static str) -> Pass<'_> {
        self.open(operation, None)
    }

    /// The same for one table only.
    pub(in crate::cloud) fn open_for_table(&self, operation: &'static str, table: &str) -> Pass<'_> {
        self.open(operation, Some(table.to_owned()))
    }

    fn open(&self, operation: &'static str, table: Option<String>) -> Pass<'_> {
        self.with(|passes| {
            passes.given += 1;
            let number = passes.given;
            passes.unused.push(Opening { number, operation, table });
            Pass { gate: self, number }
        })
    }

    /// Uses up a pass for `operation`, where there is one. `table` is the table that the request names.
    fn lets_through(&self, operation: &str, table: Option<&str>) -> bool {
        self.with(|passes| {
            let fits = |opening: &Opening| {
                opening.operation == operation && (opening.table.is_none() || opening.table.as_deref() == table)
            };
            let place = passes.unused.iter().position(fits);
            place.map(|place| passes.unused.remove(place)).is_some()
        })
    }

    fn with<R>(&self, f: impl FnOnce(&mut Passes) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.with(|passes| passes.unused.retain(|opening| opening.number != self.number));
    }
}

#[dyn_dispatch_hint]
impl Intercept for Gate {
    fn name(&self) -> &'static str {
        "Gate"
    }

    // Not `read_before_execution`: there the operation's own configuration, and with it the name, is not yet known.
    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match cfg.load::<Metadata>() {
            Some(metadata) if reads_only(metadata.name()) => Ok(()),
            Some(metadata) if self.lets_through(metadata.name(), table_of(context.input())) => Ok(()),
            Some(metadata) => Err(format!("{} is not a read: refused, nothing was sent", metadata.name()).into()),
            None => Err("an operation without a name: refused, nothing was sent".into()),
        }
    }
}

/// The DynamoDB table that a request names, for the operations that the team's table needs.
fn table_of(input: &Input) -> Option<&str> {
    fn named<'a, T: std::fmt::Debug + Send + Sync + 'static>(
        input: &'a Input,
        table: impl Fn(&'a T) -> Option<&'a str>,
    ) -> Option<&'a str> {
        input.downcast_ref::<T>().and_then(table)
    }
    named(input, PutItemInput::table_name)
        .or_else(|| named(input, DeleteItemInput::table_name))
        .or_else(|| named(input, CreateTableInput::table_name))
        .or_else(|| named(input, UpdateTimeToLiveInput::table_name))
        .or_else(|| named(input, UpdateContinuousBackupsInput::table_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_for_one_operation_once_and_ends_with_its_holder() {
        let gate = Gate::default();
        assert!(!gate.lets_through("UpdateService", None));
        let pass = gate.open_for("UpdateService");
        assert!(!gate.lets_through("UpdateAlias", None));
        assert!(gate.lets_through("UpdateService", None));
        assert!(!gate.lets_through("UpdateService", None), "once");
        drop(pass);
        let pass = gate.open_for("UpdateService");
        drop(pass);
        assert!(!gate.lets_through("UpdateService", None), "the holder is gone");
    }

    #[test]
    fn a_pass_for_a_table_is_for_no_other() {
        let gate = Gate::default();
        let pass = gate.open_for_table("PutItem", "watchfloor");
        assert!(!gate.lets_through("PutItem", Some("ledger")));
        assert!(!gate.lets_through("PutItem", None));
        assert!(!gate.lets_through("DeleteItem", Some("watchfloor")));
        assert!(gate.lets_through("PutItem", Some("watchfloor")));
        drop(pass);
        let input = PutItemInput::builder().table_name("ledger").build().map(Input::erase);
        assert_eq!(input.as_ref().ok().and_then(table_of), Some("ledger"));
    }
}
