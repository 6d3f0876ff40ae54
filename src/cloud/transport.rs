//! How requests travel: over the network, or to something that answers in this process.

use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use crate::config::EnvironmentConfig;

/// Credentials for an environment that do not come from the machine.
pub type CredentialsFor = Arc<dyn Fn(&EnvironmentConfig) -> Credentials + Send + Sync>;

/// The HTTP client that all sessions share, and where credentials come from.
#[derive(Clone)]
pub struct Transport {
    /// One client: one connection pool, one set of root certificates.
    pub http: SharedHttpClient,
    /// `None` for the machine's own credentials and profiles. When given, neither the machine's AWS files nor its
    /// environment variables are read.
    pub credentials: Option<CredentialsFor>,
}

impl Transport {
    /// HTTPS to AWS with the machine's profiles.
    pub fn network() -> Self {
        let http =
            Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc)).build_https();
        Self { http, credentials: None }
    }
}
