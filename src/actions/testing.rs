//! For the actions' tests: sessions of both kinds over a stand-in for AWS that answers in this process and counts.

use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use serde_json::{Value as Json, json};
use winterbaume_cloudwatch::wire::{cbor_to_json, json_to_cbor};

use crate::actions::{Action, Ask};
use crate::cloud::{Operator, Session, Transport};
use crate::config::EnvironmentConfig;
use crate::guard::testing::leave;
use crate::model::{EnvId, Fault, Plan, Sent, Target, TargetKind, Value, Values};

/// The account of every test.
pub(crate) const ACCOUNT: &str = "111122223333";

/// 2026-11-21 03:04:05 UTC.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T03:04:05Z".parse().unwrap()
}

/// What the stand-in does with a request.
pub(crate) enum Answer {
    /// 200 with this body.
    Ok(Json),
    /// A status and an error code.
    Error(u16, &'static str),
    /// The connection breaks after the request was sent.
    Cut,
}

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// `UpdateTable`, or for REST the method and path: `PUT /2015-03-31/functions/f/aliases/live`.
    pub(crate) operation: String,
    /// Its body.
    pub(crate) body: Json,
    /// It does not only read.
    pub(crate) mutates: bool,
}

type Answering = dyn Fn(&Call) -> Answer + Send + Sync;

/// The stand-in.
#[derive(Clone)]
pub(crate) struct Aws {
    answering: Arc<Answering>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Aws")
    }
}

impl Aws {
    pub(crate) fn new(answering: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Self {
        Self { answering: Arc::new(answering), calls: Arc::default() }
    }

    fn config() -> EnvironmentConfig {
        EnvironmentConfig {
            system: "payments".into(),
            name: "prod".into(),
            region: Some("us-east-1".into()),
            account: Some(ACCOUNT.into()),
            ..EnvironmentConfig::default()
        }
    }

    fn transport(&self) -> Transport {
        let credentials = |_: &EnvironmentConfig| Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        Transport { http: SharedHttpClient::new(self.clone()), credentials: Some(Arc::new(credentials)) }
    }

    pub(crate) async fn session(&self) -> Session {
        let config = Self::config();
        Session::open(&config, config.environment(EnvId(0)), &self.transport()).await.unwrap()
    }

    /// Armed.
    pub(crate) async fn operator(&self) -> Operator {
        let operator = Operator::open(&Self::config(), EnvId(0), &self.transport()).await.unwrap();
        operator.arm(true);
        operator
    }

    /// Everything that does not only read.
    pub(crate) fn mutations(&self) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| call.mutates).cloned().collect()
    }

    /// How many requests had an operation that begins so.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.calls.lock().unwrap().iter().filter(|call| call.operation.starts_with(operation)).count()
    }

    /// The action's plan.
    pub(crate) async fn plan(
        &self,
        action: &dyn Action,
        target: &Target,
        params: &[(&str, Value)],
    ) -> Result<Plan, Fault> {
        let session = self.session().await;
        let params: Values = params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let ask = Ask { session: &session, target, params: &params, now: now(), token: "token" };
        let plan = action.plan(&ask).await?;
        check(action, &plan);
        Ok(plan)
    }

    /// Sends a plan with leave of the guards.
    pub(crate) async fn send(&self, action: &dyn Action, plan: &Plan) -> Sent {
        action.send(&self.operator().await, leave(plan)).await
    }
}

/// What holds for every plan.
fn check(action: &dyn Action, plan: &Plan) {
    assert_eq!(plan.action, action.id());
    assert!(!plan.differences.is_empty());
    let same = plan.differences.iter().all(|difference| difference.before == difference.after);
    assert!(!same || plan.facts.impossible.is_some(), "nothing would change: {:?}", plan.differences);
    let fields: Vec<&str> = action.fields().iter().map(|(name, _)| *name).collect();
    for name in plan.observed.keys() {
        assert!(fields.contains(&name.as_str()), "{name} is no field of {}", plan.action);
    }
    for name in &plan.decisive {
        assert!(plan.observed.contains_key(name), "{name} decides and was not read");
    }
    let operation = plan.operation.rsplit(':').next().unwrap();
    assert!(!crate::cloud::read_only::reads_only(operation));
}

/// A target in payments/prod.
pub(crate) fn target(kind: TargetKind, name: &str, arn: &str) -> Target {
    Target {
        environment: "payments/prod".into(),
        account: ACCOUNT.into(),
        region: "us-east-1".into(),
        kind,
        name: name.into(),
        arn: arn.into(),
    }
}

/// Accepted, with its receipt.
pub(crate) fn accepted(sent: Sent) -> Values {
    match sent {
        Sent::Accepted { receipt } => receipt,
        other => panic!("not accepted: {other:?}"),
    }
}

impl HttpConnector for Aws {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (call, cbor) = read(&request);
        self.calls.lock().unwrap().push(call.clone());
        let (status, body, code) = match (self.answering)(&call) {
            Answer::Cut => return HttpConnectorFuture::ready(Err(ConnectorError::io("connection reset".into()))),
            Answer::Ok(body) => (200, body, None),
            Answer::Error(status, code) => {
                (status, json!({"__type": code, "message": "as the test wants"}), Some(code))
            }
        };
        let bytes = match cbor {
            true => {
                let mut bytes = Vec::new();
                ciborium::into_writer(&json_to_cbor(&body), &mut bytes).unwrap();
                bytes
            }
            false => serde_json::to_vec(&body).unwrap(),
        };
        let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(bytes));
        let kind = if cbor { "application/cbor" } else { "application/json" };
        response.headers_mut().insert("content-type", kind);
        if cbor {
            response.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
        }
        if let Some(code) = code {
            response.headers_mut().insert("x-amzn-errortype", code);
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

impl HttpClient for Aws {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn read(request: &HttpRequest) -> (Call, bool) {
    let bytes = request.body().bytes().unwrap_or_default();
    let cbor = request.headers().get("smithy-protocol").is_some();
    let body = match cbor {
        true => ciborium::from_reader(bytes).map_or(json!({}), cbor_to_json),
        false => serde_json::from_slice(bytes).unwrap_or(Json::Null),
    };
    let uri: http::Uri = request.uri().parse().unwrap();
    let (operation, mutates) = match request.headers().get("x-amz-target") {
        Some(target) => named(target.rsplit('.').next().unwrap()),
        None if cbor => named(uri.path().rsplit('/').next().unwrap()),
        None => (format!("{} {}", request.method(), uri.path()), request.method() != "GET"),
    };
    (Call { operation, body, mutates }, cbor)
}

fn named(operation: &str) -> (String, bool) {
    (operation.to_owned(), !crate::cloud::read_only::reads_only(operation))
}

/// Sends a plan while its one request fails in every way, and with an operator who is not armed: what is unknown is
/// unknown, and nothing is ever sent twice.
pub(crate) async fn check_failed_sends(action: &dyn Action, plan: &Plan) {
    for (answer, known) in [
        ((|| Answer::Cut) as fn() -> Answer, false),
        (|| Answer::Error(500, "InternalFailure"), false),
        (|| Answer::Error(503, "ServiceUnavailable"), false),
        (|| Answer::Error(400, "ValidationException"), true),
        (|| Answer::Error(400, "ThrottlingException"), true),
        (|| Answer::Error(412, "PreconditionFailedException"), true),
    ] {
        let aws = Aws::new(move |call| if call.mutates { answer() } else { panic!("reads to send: {call:?}") });
        let sent = aws.send(action, plan).await;
        assert_eq!(matches!(sent, Sent::Rejected { .. }), known, "{sent:?}");
        assert_eq!(matches!(sent, Sent::Unknown { .. }), !known, "{sent:?}");
        assert_eq!(aws.mutations().len(), 1, "sent once");
    }
    let aws = Aws::new(|call| panic!("not armed: {call:?}"));
    let operator = aws.operator().await;
    operator.arm(false);
    assert!(matches!(action.send(&operator, leave(plan)).await, Sent::Rejected { .. }));
    assert!(aws.calls.lock().unwrap().is_empty());
}

/// The observation of a plan.
pub(crate) async fn observe(
    aws: &Aws,
    action: &dyn Action,
    plan: &Plan,
    receipt: Option<&Values>,
) -> crate::model::Observation {
    let observation = action.observe(&aws.session().await, plan, receipt, now()).await.unwrap();
    let names = |values: &Values| values.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&observation.values), names(&plan.observed), "predicates find the same names");
    assert!(aws.mutations().is_empty(), "observing only reads");
    observation
}
