//! Stops every operation that is not known to read, unless a pass lets exactly that one through, once. A mistake in
//! the program cannot change AWS.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
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
    unused: Vec<(u64, &'static str)>,
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
        self.with(|passes| {
            passes.given += 1;
            passes.unused.push((passes.given, operation));
            Pass { gate: self, number: passes.given }
        })
    }

    /// Uses up a pass for `operation`, where there is one.
    fn lets_through(&self, operation: &str) -> bool {
        self.with(|passes| {
            let place = passes.unused.iter().position(|(_, name)| *name == operation);
            place.map(|place| passes.unused.remove(place)).is_some()
        })
    }

    fn with<R>(&self, f: impl FnOnce(&mut Passes) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.with(|passes| passes.unused.retain(|(number, _)| *number != self.number));
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
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match cfg.load::<Metadata>() {
            Some(metadata) if reads_only(metadata.name()) || self.lets_through(metadata.name()) => Ok(()),
            Some(metadata) => Err(format!("{} is not a read: refused, nothing was sent", metadata.name()).into()),
            None => Err("an operation without a name: refused, nothing was sent".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_for_one_operation_once_and_ends_with_its_holder() {
        let gate = Gate::default();
        assert!(!gate.lets_through("UpdateService"));
        let pass = gate.open_for("UpdateService");
        assert!(!gate.lets_through("UpdateAlias"));
        assert!(gate.lets_through("UpdateService"));
        assert!(!gate.lets_through("UpdateService"), "once");
        drop(pass);
        let pass = gate.open_for("UpdateService");
        drop(pass);
        assert!(!gate.lets_through("UpdateService"), "the holder is gone");
    }
}
