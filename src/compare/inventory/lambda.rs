//! Lambda: functions, and the code behind their aliases. Of environment variables only the names.

use std::collections::BTreeMap;

use aws_sdk_lambda::types::{AliasConfiguration, FunctionConfiguration};
use futures_util::future::{BoxFuture, join};

use super::source::{Found, Inventory, ask_each, value};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Value};
use crate::model::{Fault, FaultKind};
use crate::signals::paging::{all_pages, all_pages_unless_gone, unless_gone};

/// The inventory.
#[derive(Debug)]
pub struct LambdaFunctions;

const FUNCTION: &str = "lambda function";
const ALIAS: &str = "lambda alias";

impl Inventory for LambdaFunctions {
    fn id(&self) -> &'static str {
        "lambda"
    }
    fn title(&self) -> &'static str {
        "Lambda"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[FUNCTION, ALIAS]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[
            "lambda:GetFunctionConcurrency",
            "lambda:GetFunctionConfiguration",
            "lambda:ListAliases",
            "lambda:ListFunctions",
        ]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match functions(session).await {
                Ok(functions) => {
                    let found = ask_each(functions, |function| described(session, function)).await;
                    found.into_iter().fold(Found::default(), Found::and)
                }
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

async fn functions(session: &Session) -> Result<Vec<FunctionConfiguration>, Fault> {
    let selection = session.selection().await?;
    let pages = session.lambda().list_functions().into_paginator().page_size(limits::LAMBDA_PAGE).send();
    let mut functions = all_pages(
        session,
        "ListFunctions",
        pages,
        |page| page.next_marker(),
        |page| page.functions.unwrap_or_default(),
    )
    .await?;
    let name = |function: &FunctionConfiguration| function.function_name().unwrap_or_default().to_owned();
    functions.retain(|function| selection.admits(&name(function), function.function_arn().unwrap_or_default()));
    Ok(functions)
}

async fn described(session: &Session, function: FunctionConfiguration) -> Option<Found> {
    let name = function.function_name().unwrap_or_default();
    let (reserved, aliases) = join(reserved(session, name), aliases(session, name)).await;
    let reserved = reserved.transpose()?;
    let aliases = aliases.transpose()?;
    let mut settings = settings(&function, value(&reserved, |reserved| Value::number(*reserved)));
    // What an alias points to is what runs; without one it is what was last uploaded.
    if aliases.as_ref().is_ok_and(Vec::is_empty) {
        settings.push(Setting::new("code_sha256", Value::text(function.code_sha256())));
    }
    let arn = function.function_arn().unwrap_or_default();
    let mut resources = vec![Configured::new(FUNCTION, name, arn, settings)];
    let mut unlisted = Vec::new();
    match aliases {
        Ok(aliases) => {
            let mut code = BTreeMap::new();
            for alias in &aliases {
                let version = alias.function_version().unwrap_or_default();
                if !code.contains_key(version) {
                    code.insert(version, code_of(session, &function, version).await);
                }
            }
            resources.extend(aliases.iter().map(|alias| alias_of(name, alias, &code)));
        }
        Err(fault) => unlisted.extend(Found::unlisted(&[ALIAS], &fault).unlisted),
    }
    Some(Found { resources, unlisted, ..Found::default() })
}

fn settings(function: &FunctionConfiguration, reserved: Value) -> Vec<Setting> {
    let runtime = function.runtime().map(|runtime| runtime.as_str());
    let package = function.package_type().map(|package| package.as_str());
    let variables = match function.environment() {
        Some(environment) => match environment.error() {
            Some(error) => Value::Unknown(Fault::new(
                FaultKind::Denied,
                "ListFunctions",
                error.message().unwrap_or("the environment variables could not be decrypted"),
            )),
            None => Value::list(environment.variables().into_iter().flat_map(|all| all.keys())),
        },
        None => Value::List(Vec::new()),
    };
    let vpc = function.vpc_config().is_some_and(|vpc| !vpc.subnet_ids().is_empty());
    vec![
        Setting::new("memory_mb", Value::number(function.memory_size())),
        Setting::new("timeout_s", Value::number(function.timeout())),
        Setting::new("runtime", Value::text(runtime)),
        Setting::new("handler", Value::text(function.handler())),
        Setting::new("package", Value::text(package)),
        Setting::new("architecture", Value::list(function.architectures().iter().map(|one| one.as_str()))),
        Setting::new("variable_names", variables),
        Setting::new("reserved_concurrency", reserved),
        Setting::names("layers", Value::list(function.layers().iter().filter_map(|layer| layer.arn()))),
        Setting::new("ephemeral_storage_mb", Value::number(function.ephemeral_storage().map(|storage| storage.size()))),
        Setting::new(
            "tracing",
            Value::text(function.tracing_config().and_then(|tracing| tracing.mode()).map(|mode| mode.as_str())),
        ),
        Setting::new("in_vpc", Value::Bool(vpc)),
        Setting::names("role", Value::text(function.role())),
        Setting::names(
            "dead_letter_queue",
            Value::text(function.dead_letter_config().and_then(|queue| queue.target_arn())),
        ),
        Setting::names("kms_key", Value::text(function.kms_key_arn())),
    ]
}

async fn reserved(session: &Session, name: &str) -> Result<Option<Option<i32>>, Fault> {
    let answer = session.lambda().get_function_concurrency().function_name(name).send().await;
    let answer = unless_gone(session, "GetFunctionConcurrency", answer)?;
    Ok(answer.map(|answer| answer.reserved_concurrent_executions()))
}

async fn aliases(session: &Session, name: &str) -> Result<Option<Vec<AliasConfiguration>>, Fault> {
    let pages =
        session.lambda().list_aliases().function_name(name).into_paginator().page_size(limits::LAMBDA_PAGE).send();
    all_pages_unless_gone(
        session,
        "ListAliases",
        pages,
        |page| page.next_marker(),
        |page| page.aliases.unwrap_or_default(),
    )
    .await
}

/// The code of a version; of `$LATEST` it is in the list already.
async fn code_of(session: &Session, function: &FunctionConfiguration, version: &str) -> Value {
    if version == "$LATEST" {
        return Value::text(function.code_sha256());
    }
    let name = function.function_name().unwrap_or_default();
    let request = session.lambda().get_function_configuration().function_name(name).qualifier(version);
    match request.send().await {
        Ok(answer) => Value::text(answer.code_sha256()),
        Err(error) => Value::Unknown(session.fault("GetFunctionConfiguration", &error)),
    }
}

fn alias_of(function: &str, alias: &AliasConfiguration, code: &BTreeMap<&str, Value>) -> Configured {
    let version = alias.function_version().unwrap_or_default();
    let weights = alias.routing_config().and_then(|routing| routing.additional_version_weights());
    let shifted: f64 = weights.map_or(0.0, |weights| weights.values().sum());
    Configured::part(
        ALIAS,
        format!("{function}/{}", alias.name().unwrap_or_default()),
        vec![
            Setting::new("code_sha256", code.get(version).cloned().unwrap_or(Value::Absent)),
            Setting::new("shifted_share", Value::Number(shifted)),
        ],
    )
}
