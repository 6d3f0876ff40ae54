//! Keeps the body of an answer as it came, beside what the SDK makes of it.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// A body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Captured {
    /// The header of that name; empty where there was none.
    pub content_type: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// An interceptor for one request, shared with whoever wants the body.
#[derive(Debug, Clone, Default)]
pub struct Capture(Arc<Mutex<Option<Captured>>>);

impl Capture {
    /// The body of the last attempt; `None` where no answer came.
    pub fn take(&self) -> Option<Captured> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[dyn_dispatch_hint]
impl Intercept for Capture {
    fn name(&self) -> &'static str {
        "Capture"
    }

    // Earlier the body may still be on its way.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let content_type = response.headers().get("content-type").unwrap_or_default().to_owned();
        let body = response.body().bytes().unwrap_or_default().to_vec();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Captured { content_type, body });
        Ok(())
    }
}
