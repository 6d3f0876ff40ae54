//! Sessions for watching refuse every operation that is not known to read. A mistake in the program cannot change AWS.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Operations that only read although their names do not begin with a reading verb: getting credentials.
const READS: &[&str] = &["AssumeRole", "AssumeRoleWithWebIdentity", "FilterLogEvents"];

/// True for operations that change nothing.
pub fn reads_only(operation: &str) -> bool {
    ["Describe", "List", "Get"].iter().any(|verb| operation.starts_with(verb)) || READS.contains(&operation)
}

/// Stops an operation before anything is built or sent unless it reads.
#[derive(Debug)]
pub struct RefuseMutations;

#[dyn_dispatch_hint]
impl Intercept for RefuseMutations {
    fn name(&self) -> &'static str {
        "RefuseMutations"
    }

    // Not `read_before_execution`: there the operation's own configuration, and with it the name, is not yet known.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match cfg.load::<Metadata>() {
            Some(metadata) if reads_only(metadata.name()) => Ok(()),
            Some(metadata) => Err(format!("{} is not a read: refused, nothing was sent", metadata.name()).into()),
            None => Err("an operation without a name: refused, nothing was sent".into()),
        }
    }
}
