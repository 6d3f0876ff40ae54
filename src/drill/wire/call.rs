//! A request as the services see it: who, where, which operation, with what.

use serde_json::{Map, Value, json};
use winterbaume_core::{MockRequest, extract_path, extract_query_string};

use super::{ApiError, Common, query, rest, s3};
use crate::cloud::read_only::reads_only;
use crate::drill::accounts::{Accounts, Caller};

/// How a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// `rpcv2Cbor`.
    Cbor,
    /// `awsJson1.0` or `1.1`.
    Json,
    /// `awsQuery`: a form, answered in XML.
    Query,
    /// `restJson1`.
    Rest,
    /// `restXml`: S3.
    RestXml,
}

impl Protocol {
    /// The protocol that a request's headers and path speak.
    pub fn of(request: &MockRequest) -> Self {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let scope = header("authorization").and_then(Scope::read);
        if scope.is_some_and(|scope| scope.service == "s3") {
            Self::RestXml
        } else if header("smithy-protocol") == Some("rpc-v2-cbor") {
            Self::Cbor
        } else if header("x-amz-target").is_some() {
            Self::Json
        } else if extract_path(&request.uri) == "/" {
            Self::Query
        } else {
            Self::Rest
        }
    }
}

/// The services of the drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// API Gateway, REST APIs.
    ApiGateway,
    /// API Gateway, HTTP APIs.
    ApiGatewayV2,
    /// Application Auto Scaling.
    ApplicationAutoScaling,
    /// CloudWatch.
    CloudWatch,
    /// DynamoDB.
    DynamoDb,
    /// ECS.
    Ecs,
    /// EKS.
    Eks,
    /// ElastiCache.
    ElastiCache,
    /// Elastic Load Balancing v2.
    ElasticLoadBalancing,
    /// MSK.
    Kafka,
    /// KMS.
    Kms,
    /// Lambda.
    Lambda,
    /// CloudWatch Logs.
    Logs,
    /// RDS.
    Rds,
    /// S3.
    S3,
    /// SQS.
    Sqs,
    /// STS.
    Sts,
    /// Resource Groups Tagging.
    Tagging,
    /// One that the drill does not have.
    Other,
}

impl Service {
    /// By the name in the signature's scope; both API Gateways sign as `apigateway`.
    fn of(scope: &str, path: &str) -> Self {
        match scope {
            "apigateway" if path.starts_with("/v2/") => Self::ApiGatewayV2,
            "apigateway" => Self::ApiGateway,
            "application-autoscaling" => Self::ApplicationAutoScaling,
            "monitoring" => Self::CloudWatch,
            "dynamodb" => Self::DynamoDb,
            "ecs" => Self::Ecs,
            "eks" => Self::Eks,
            "elasticache" => Self::ElastiCache,
            "elasticloadbalancing" => Self::ElasticLoadBalancing,
            "kafka" => Self::Kafka,
            "kms" => Self::Kms,
            "lambda" => Self::Lambda,
            "logs" => Self::Logs,
            "rds" => Self::Rds,
            "s3" => Self::S3,
            "sqs" => Self::Sqs,
            "sts" => Self::Sts,
            "tagging" => Self::Tagging,
            _ => Self::Other,
        }
    }

    /// The name in fault rules and in the request log.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiGateway => "apigateway",
            Self::ApiGatewayV2 => "apigatewayv2",
            Self::ApplicationAutoScaling => "application-autoscaling",
            Self::CloudWatch => "cloudwatch",
            Self::DynamoDb => "dynamodb",
            Self::Ecs => "ecs",
            Self::Eks => "eks",
            Self::ElastiCache => "elasticache",
            Self::ElasticLoadBalancing => "elasticloadbalancing",
            Self::Kafka => "kafka",
            Self::Kms => "kms",
            Self::Lambda => "lambda",
            Self::Logs => "logs",
            Self::Rds => "rds",
            Self::S3 => "s3",
            Self::Sqs => "sqs",
            Self::Sts => "sts",
            Self::Tagging => "tagging",
            Self::Other => "other",
        }
    }
}

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Whose credentials signed it.
    pub caller: Caller,
    /// The caller's account.
    pub account: String,
    /// Region of the signature.
    pub region: String,
    /// Service of the signature.
    pub service: Service,
    /// e.g. `DescribeAlarms`.
    pub operation: String,
    /// How it is written, and so how it is answered.
    pub protocol: Protocol,
    /// Its parameters.
    pub input: Value,
    /// The request's content type, which the JSON protocols answer with.
    pub content_type: String,
}

impl Call {
    /// Reads a request.
    pub fn read(request: &MockRequest, protocol: Protocol, accounts: &Accounts) -> Result<Self, ApiError> {
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some(scope) = Scope::read(header("authorization")) else {
            return Err(Common::NoSignature.error(protocol, "Missing Authentication Token"));
        };
        let Some(caller) = accounts.caller(scope.key) else {
            let message = "The security token included in the request is invalid.";
            return Err(Common::UnknownKey.error(protocol, message));
        };
        let path = extract_path(&request.uri);
        let service = Service::of(scope.service, &path);
        let unreadable = |message: String| Common::Unreadable.error(protocol, message);
        let (operation, input) = match protocol {
            Protocol::Cbor => {
                let operation = path.rsplit('/').next().unwrap_or_default().to_owned();
                (operation, read_cbor(&request.body).map_err(unreadable)?)
            }
            Protocol::Json => {
                let target = header("x-amz-target");
                let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
                (operation, read_json(&request.body).map_err(unreadable)?)
            }
            Protocol::RestXml => s3::operation(request),
            Protocol::Query => {
                let form = std::str::from_utf8(&request.body).map_err(|error| unreadable(error.to_string()))?;
                let form = if form.is_empty() { extract_query_string(&request.uri) } else { form };
                let input = query::read(form);
                let operation = input.get("Action").and_then(Value::as_str).unwrap_or_default().to_owned();
                (operation, input)
            }
            Protocol::Rest => {
                let body = read_json(&request.body).map_err(unreadable)?;
                // What has no operation keeps its method and path: reading is unknown, changing is denied.
                let (operation, labels) = match rest::route(service, &request.method, &path) {
                    Some((operation, labels)) => (operation.to_owned(), labels),
                    None if matches!(request.method.as_str(), "GET" | "HEAD") => {
                        let message =
                            format!("The drill does not offer {} {path} of {}.", request.method, scope.service);
                        return Err(Common::UnknownOperation.error(protocol, message));
                    }
                    None => (format!("{} {path}", request.method), Map::new()),
                };
                (operation, rest::input(body, labels, extract_query_string(&request.uri)))
            }
        };
        Ok(Self {
            account: caller.account.clone(),
            caller,
            region: scope.region.to_owned(),
            service,
            operation,
            protocol,
            input,
            content_type: header("content-type").to_owned(),
        })
    }

    /// True for an operation that is not known to read only.
    pub fn changes(&self) -> bool {
        let query = self.service == Service::DynamoDb && self.operation == "Query";
        !query && !reads_only(&self.operation)
    }

    /// The refusal of an operation that the drill does not have. One that would change something is denied.
    pub fn unknown_operation(&self) -> ApiError {
        if self.operation.is_empty() || !self.changes() || self.service == Service::Other {
            let message = format!("The drill does not offer the operation {}.", self.operation);
            return Common::UnknownOperation.error(self.protocol, message);
        }
        Common::Denied.error(self.protocol, self.denied("the drill does not offer it"))
    }

    /// The refusal of a change where nothing can be changed.
    pub fn read_only(&self) -> ApiError {
        Common::Denied.error(self.protocol, self.denied("the drill is read-only here"))
    }

    /// AWS's sentence for a missing permission.
    pub fn denied(&self, why: &str) -> String {
        let (user, service, operation) = (&self.caller.arn, self.service.name(), &self.operation);
        format!("User: {user} is not authorized to perform: {service}:{operation} because {why}")
    }
}

fn read_json(body: &[u8]) -> Result<Value, String> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn read_cbor(body: &[u8]) -> Result<Value, String> {
    if body.is_empty() {
        return Ok(json!({}));
    }
    ciborium::from_reader(body).map(winterbaume_cloudwatch::wire::cbor_to_json).map_err(|error| error.to_string())
}

/// `Credential=<key>/<date>/<region>/<service>/aws4_request` of a SigV4 `Authorization` header.
struct Scope<'a> {
    key: &'a str,
    region: &'a str,
    service: &'a str,
}

impl<'a> Scope<'a> {
    fn read(authorization: &'a str) -> Option<Self> {
        let (_, credential) = authorization.split_once("Credential=")?;
        let credential = credential.split([',', ' ']).next()?;
        let mut parts = credential.rsplitn(5, '/');
        if parts.next()? != "aws4_request" {
            return None;
        }
        let (service, region, _date, key) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self { key, region, service })
    }
}
