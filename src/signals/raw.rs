//! What AWS itself says of one resource: its answers as they came, as JSON, without secrets.

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::cloud::{Capture, document};
use crate::model::{Fault, FaultKind};

/// The answer to one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// The operation, e.g. `DescribeServices`.
    pub operation: &'static str,
    /// What was said, or why nothing was.
    pub said: Result<Value, Fault>,
}

/// The answers about a resource, the one that says most of it first.
pub type Asked<'a> = BoxFuture<'a, Vec<Raw>>;

impl Raw {
    /// The answer that was captured, unless sending failed.
    pub fn new(operation: &'static str, capture: &Capture, sent: Result<(), Fault>) -> Self {
        let read = || {
            let captured = capture.take().ok_or_else(|| "no body".to_owned())?;
            document::of(&captured)
        };
        let unreadable = |why: String| Fault::new(FaultKind::Service, operation, format!("unreadable answer: {why}"));
        Self { operation, said: sent.and_then(|()| read().map_err(unreadable)) }
    }

    /// What could not be asked.
    pub fn unasked(operation: &'static str, why: &str) -> Self {
        Self { operation, said: Err(Fault::new(FaultKind::Invalid, operation, why)) }
    }
}

/// Sends a request of a session's client and gives the [`Raw`] answer: `raw!(session, "DescribeTable", request)`.
macro_rules! raw {
    ($session:expr, $operation:literal, $request:expr) => {
        async {
            let capture = $crate::cloud::Capture::default();
            let sent = $request.customize().interceptor(capture.clone()).send().await;
            let sent = sent.map(drop).map_err(|error| $session.fault($operation, &error));
            $crate::signals::raw::Raw::new($operation, &capture, sent)
        }
    };
}

pub(crate) use raw;
