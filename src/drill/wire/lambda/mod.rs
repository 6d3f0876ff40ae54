//! Lambda: functions, versions, aliases and the account's limits.

mod aliases;
mod concurrency;

use jiff::Timestamp;
use winterbaume_lambda::model::{
    AccountLimit, AccountUsage, Concurrency, EnvironmentResponse, EphemeralStorage, FunctionCodeLocation,
    FunctionConfiguration, GetAccountSettingsResponse, GetFunctionResponse, ListFunctionsResponse, ListTagsResponse,
    ListVersionsByFunctionResponse, TracingConfigResponse,
};

use super::{ApiError, Ask, Edit, Reply, reply};

use crate::drill::world::hash;
use crate::drill::world::lambda::{Function, FunctionVersion};

/// Most items of a page, whatever `MaxItems` says.
const PAGE: usize = 50;
/// Concurrent executions of an account by default.
const ACCOUNT_CONCURRENCY: u32 = 1000;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "ListFunctions" => list_functions(ask),
        "GetFunction" => get_function(ask),
        "GetFunctionConfiguration" => reply(&qualified(ask)?),
        "GetFunctionConcurrency" => concurrency::get(ask),
        "ListAliases" => aliases::list(ask),
        "GetAlias" => aliases::get(ask),
        "ListVersionsByFunction" => list_versions(ask),
        "ListTags" => list_tags(ask),
        "GetAccountSettings" => get_account_settings(ask),
        _ => Err(ask.unknown()),
    }
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "UpdateAlias" => aliases::update(edit),
        "PutFunctionConcurrency" => concurrency::put(edit),
        "DeleteFunctionConcurrency" => concurrency::delete(edit),
        _ => Err(edit.unknown()),
    }
}

fn missing(what: &str, arn: &str) -> ApiError {
    ApiError::new(404, "ResourceNotFoundException", format!("Cannot find {what}: {arn}"))
}

fn bad_marker<T>(_: T) -> ApiError {
    ApiError::bad("InvalidParameterValueException", "The marker is not valid.")
}

/// The function that `FunctionName` names (name, ARN or `account:function:name`, each also with a qualifier), and the
/// qualifier.
fn function<'a>(ask: &Ask<'a>) -> Result<(&'a Function, Option<&'a str>), ApiError> {
    let asked = ask.input.text("FunctionName").unwrap_or_default();
    let tail = asked.rsplit_once("function:").map_or(asked, |(_, tail)| tail);
    let (name, suffix) = match tail.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (tail, None),
    };
    let world = ask.world;
    let function = world.functions.get(name).ok_or_else(|| {
        let (region, account) = (&world.region, &world.account);
        let message = format!("Function not found: arn:aws:lambda:{region}:{account}:function:{name}");
        ApiError::new(404, "ResourceNotFoundException", message)
    })?;
    Ok((function, ask.input.text("Qualifier").or(suffix)))
}

/// The configuration that the request's qualifier chooses.
fn qualified(ask: &Ask<'_>) -> Result<FunctionConfiguration, ApiError> {
    let (function, qualifier) = function(ask)?;
    let Some(qualifier) = qualifier.filter(|qualifier| *qualifier != "$LATEST") else {
        return Ok(configuration(function, None, qualifier));
    };
    let alias = function.aliases.get(qualifier);
    let number = alias.map_or_else(|| qualifier.parse().ok(), |alias| Some(alias.version));
    let version = number
        .and_then(|number| function.version(number))
        .ok_or_else(|| missing("version", &format!("{}:{qualifier}", function.arn)))?;
    Ok(configuration(function, Some(version), Some(qualifier)))
}

fn configuration(
    function: &Function,
    version: Option<&FunctionVersion>,
    qualifier: Option<&str>,
) -> FunctionConfiguration {
    let newest = version.or(function.versions.last());
    let number = version.map_or_else(|| "$LATEST".to_owned(), |version| version.number.to_string());
    let description = version.map_or(&function.description, |version| &version.description);
    let modified = version.map_or(function.last_modified, |version| version.published);
    let revision = match version {
        Some(version) => hash::uuid(&(function.arn.as_str(), version.number)),
        None => function.revision_id.clone(),
    };
    FunctionConfiguration {
        architectures: Some(vec![function.architecture.clone()]),
        code_sha256: newest.map(|version| version.code_sha256.clone()),
        code_size: i64::try_from(function.code_size).ok(),
        description: Some(description.clone()),
        environment: (!function.variables.is_empty()).then(|| EnvironmentResponse {
            error: None,
            variables: Some(function.variables.clone().into_iter().collect()),
        }),
        ephemeral_storage: Some(EphemeralStorage { size: 512 }),
        function_arn: Some(match qualifier {
            Some(qualifier) => format!("{}:{qualifier}", function.arn),
            None => function.arn.clone(),
        }),
        function_name: Some(function.name.clone()),
        handler: Some(function.handler.clone()),
        last_modified: Some(modified_text(modified)),
        last_update_status: Some("Successful".to_owned()),
        memory_size: i32::try_from(function.memory_mb).ok(),
        package_type: Some("Zip".to_owned()),
        revision_id: Some(revision),
        role: Some(function.role.clone()),
        runtime: Some(function.runtime.clone()),
        state: Some("Active".to_owned()),
        timeout: i32::try_from(function.timeout_s).ok(),
        tracing_config: Some(TracingConfigResponse { mode: Some("PassThrough".to_owned()) }),
        version: Some(number),
        ..FunctionConfiguration::default()
    }
}

/// Lambda's own form of ISO 8601, e.g. `2026-11-21T03:04:05.000+0000`.
fn modified_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
}

fn list_functions(ask: &Ask<'_>) -> Reply {
    let all = ask.input.text("FunctionVersion") == Some("ALL");
    let mut configurations = Vec::new();
    for function in ask.world.functions.values() {
        let latest = all.then_some("$LATEST");
        configurations.push(configuration(function, None, latest));
        if all {
            configurations.extend(versions(function));
        }
    }
    let size = ask.size("MaxItems", PAGE, PAGE);
    let page = ask.page(configurations, size, ask.input.text("Marker"), if all { "ALL" } else { "" });
    let page = page.map_err(bad_marker)?;
    reply(&ListFunctionsResponse { functions: Some(page.items), next_marker: page.next })
}

fn versions(function: &Function) -> impl Iterator<Item = FunctionConfiguration> {
    function.versions.iter().map(|version| {
        let number = version.number.to_string();
        configuration(function, Some(version), Some(&number))
    })
}

fn list_versions(ask: &Ask<'_>) -> Reply {
    let (function, _) = function(ask)?;
    let mut all = vec![configuration(function, None, Some("$LATEST"))];
    all.extend(versions(function));
    let size = ask.size("MaxItems", PAGE, PAGE);
    let page = ask.page(all, size, ask.input.text("Marker"), &function.name).map_err(bad_marker)?;
    reply(&ListVersionsByFunctionResponse { next_marker: page.next, versions: Some(page.items) })
}

fn get_function(ask: &Ask<'_>) -> Reply {
    let configuration = qualified(ask)?;
    let (function, _) = function(ask)?;
    let reserved = function.reserved_concurrency.and_then(|reserved| i32::try_from(reserved).ok());
    reply(&GetFunctionResponse {
        code: Some(FunctionCodeLocation { repository_type: Some("S3".to_owned()), ..FunctionCodeLocation::default() }),
        concurrency: reserved.map(|reserved| Concurrency { reserved_concurrent_executions: Some(reserved) }),
        configuration: Some(configuration),
        tags: Some(function.tags.clone().into_iter().collect()),
        tags_error: None,
    })
}

fn list_tags(ask: &Ask<'_>) -> Reply {
    let arn = ask.input.text("Resource").unwrap_or_default();
    let function = ask.world.functions.values().find(|function| function.arn == arn);
    let function = function.ok_or_else(|| missing("function", arn))?;
    reply(&ListTagsResponse { tags: Some(function.tags.clone().into_iter().collect()) })
}

fn get_account_settings(ask: &Ask<'_>) -> Reply {
    let functions = &ask.world.functions;
    let reserved: u32 = functions.values().filter_map(|function| function.reserved_concurrency).sum();
    let code: u64 = functions.values().map(|function| function.code_size).sum();
    reply(&GetAccountSettingsResponse {
        account_limit: Some(AccountLimit {
            code_size_unzipped: Some(262_144_000),
            code_size_zipped: Some(52_428_800),
            concurrent_executions: i32::try_from(ACCOUNT_CONCURRENCY).ok(),
            total_code_size: Some(80_530_636_800),
            unreserved_concurrent_executions: i32::try_from(ACCOUNT_CONCURRENCY.saturating_sub(reserved)).ok(),
        }),
        account_usage: Some(AccountUsage {
            function_count: i64::try_from(functions.len()).ok(),
            total_code_size: i64::try_from(code).ok(),
        }),
    })
}
