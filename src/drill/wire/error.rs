//! Errors as AWS's services answer them.

use std::borrow::Cow;

use serde_json::Value;

use super::Protocol;

/// An error answer: HTTP status, code and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// The code that clients tell errors apart by, e.g. `ResourceNotFoundException`.
    pub code: Cow<'static, str>,
    /// For people.
    pub message: String,
    /// Other members of the error's structure, where it has some.
    pub more: Option<Box<Value>>,
}

impl ApiError {
    /// Any error.
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code: Cow::Borrowed(code), message: message.into(), more: None }
    }

    /// 400, the status of nearly all errors of the JSON protocols.
    pub fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }
}

/// Errors that every service has, under names that differ by protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Common {
    /// No signature.
    NoSignature,
    /// The access key is not known.
    UnknownKey,
    /// The session is over.
    Expired,
    /// Not permitted.
    Denied,
    /// Too many requests.
    Throttled,
    /// No such operation.
    UnknownOperation,
    /// The body cannot be read.
    Unreadable,
    /// A failure after the work was done.
    Internal,
    /// A failure before any work.
    Unavailable,
}

impl Common {
    /// The error under the names of `protocol`, from AWS's lists of common errors for the query, JSON and REST APIs.
    pub fn error(self, protocol: Protocol, message: impl Into<String>) -> ApiError {
        if protocol == Protocol::RestXml {
            return self.of_s3(message.into());
        }
        let (query, other) = match self {
            Self::NoSignature => ("MissingAuthenticationToken", "MissingAuthenticationTokenException"),
            Self::UnknownKey => ("InvalidClientTokenId", "UnrecognizedClientException"),
            Self::Expired => ("ExpiredToken", "ExpiredTokenException"),
            Self::Denied => ("AccessDenied", "AccessDeniedException"),
            Self::Throttled if protocol == Protocol::Rest => ("Throttling", "TooManyRequestsException"),
            Self::Throttled => ("Throttling", "ThrottlingException"),
            Self::UnknownOperation => ("InvalidAction", "UnknownOperationException"),
            Self::Unreadable => ("MalformedQueryString", "SerializationException"),
            Self::Internal => ("InternalFailure", "InternalFailure"),
            Self::Unavailable => ("ServiceUnavailable", "ServiceUnavailable"),
        };
        let code = if protocol == Protocol::Query { query } else { other };
        ApiError::new(self.status(protocol), code, message)
    }

    /// S3's own names (S3 API Reference, "Error responses").
    fn of_s3(self, message: String) -> ApiError {
        let (status, code) = match self {
            Self::NoSignature | Self::Denied => (403, "AccessDenied"),
            Self::UnknownKey => (403, "InvalidAccessKeyId"),
            Self::Expired => (400, "ExpiredToken"),
            Self::Throttled => (503, "SlowDown"),
            Self::UnknownOperation => (501, "NotImplemented"),
            Self::Unreadable => (400, "MalformedXML"),
            Self::Internal => (500, "InternalError"),
            Self::Unavailable => (503, "ServiceUnavailable"),
        };
        ApiError::new(status, code, message)
    }

    fn status(self, protocol: Protocol) -> u16 {
        match (self, protocol) {
            (Self::Internal, _) => 500,
            (Self::Unavailable, _) => 503,
            (Self::Throttled, Protocol::Rest) => 429,
            (Self::UnknownOperation, Protocol::Rest | Protocol::Cbor) => 404,
            (Self::NoSignature | Self::UnknownKey | Self::Expired | Self::Denied, Protocol::Query | Protocol::Rest) => {
                403
            }
            _ => 400,
        }
    }
}
