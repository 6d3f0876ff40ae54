//! How far this machine's clock is from AWS's, by the Date header of the answers.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use jiff::Timestamp;

use crate::base::Clock;

/// Shared by all clients of a session.
#[derive(Debug, Clone)]
pub struct Skew {
    clock: Clock,
    seconds: Arc<Mutex<Option<i64>>>,
}

impl Skew {
    /// Nothing is known yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, seconds: Arc::default() }
    }

    /// Seconds that this clock is ahead of AWS's, by the last answer that said; `None` before one did.
    pub fn seconds(&self) -> Option<i64> {
        *self.seconds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The header has whole seconds; a part of one counts as one, so that a minute and a half second is more than one.
    fn note(&self, date: Timestamp) {
        let ahead = self.clock.now().duration_since(date);
        let ahead = ahead.as_secs() + i64::from(ahead.subsec_nanos().signum());
        *self.seconds.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
    }
}

#[dyn_dispatch_hint]
impl Intercept for Skew {
    fn name(&self) -> &'static str {
        "Skew"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date");
        let read = date.and_then(|text| aws_smithy_types::DateTime::from_str(text, Format::HttpDate).ok());
        if let Some(date) = read.and_then(|date| Timestamp::from_second(date.secs()).ok()) {
            self.note(date);
        }
        Ok(())
    }
}
