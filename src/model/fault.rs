//! Why something could not be read. Every failure of an AWS call becomes one of these.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::Text;

/// The kinds that an operator acts on differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// AWS asked to slow down.
    Throttled,
    /// The credentials or the SSO session have run out.
    Expired,
    /// No credentials could be found or loaded.
    NoCredentials,
    /// The credentials may not make this call.
    Denied,
    /// No answer within the time allowed.
    Timeout,
    /// No connection: name not found, refused, cut, TLS.
    Unreachable,
    /// The endpoint does not know the operation (emulators, a wrong endpoint, a region without the service).
    Unsupported,
    /// AWS keeps no record of what was asked for, or none that is so old.
    NotKept,
    /// The credentials belong to another account than the configuration says.
    WrongAccount,
    /// The request or the configuration is wrong.
    Invalid,
    /// The service failed (5xx) or answered something unreadable.
    Service,
}

impl FaultKind {
    /// One word or two for a narrow cell.
    pub fn word(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Expired => "expired",
            Self::NoCredentials => "no credentials",
            Self::Denied => "denied",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Unsupported => "unsupported",
            Self::NotKept => "not kept",
            Self::WrongAccount => "WRONG ACCOUNT",
            Self::Invalid => "invalid",
            Self::Service => "service error",
        }
    }

    /// True when the credentials must be renewed or set right first.
    pub fn is_about_credentials(self) -> bool {
        matches!(self, Self::Expired | Self::NoCredentials | Self::WrongAccount)
    }

    /// True when trying again with unchanged credentials and configuration may help.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Throttled | Self::Timeout | Self::Unreachable | Self::Service)
    }
}

/// A failure: what, where, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Fault {
    /// What kind.
    pub kind: FaultKind,
    /// The AWS operation or local step that failed, e.g. `DescribeAlarms`.
    pub operation: Text,
    /// What was answered; cleaned and redacted.
    pub message: Text,
    /// What the operator can do next.
    pub remedy: Option<Text>,
}

impl Fault {
    /// A fault without a remedy.
    pub fn new(kind: FaultKind, operation: impl Into<Text>, message: impl AsRef<str>) -> Self {
        Self {
            kind,
            operation: operation.into(),
            message: Text::new(crate::base::redact::redact(message.as_ref())),
            remedy: None,
        }
    }

    /// The same with what to do next.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<Text>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.operation, self.kind.word(), self.message)?;
        match &self.remedy {
            Some(remedy) => write!(f, " — {remedy}"),
            None => Ok(()),
        }
    }
}
