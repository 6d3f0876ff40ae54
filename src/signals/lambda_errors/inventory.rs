//! ListFunctions, all pages.

use aws_sdk_lambda::types::{FunctionConfiguration, PackageType};

use super::Function;
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::paging::all_pages;

/// Reads the functions that belong to the environment, by name.
pub async fn read(session: &Session) -> Result<Vec<Function>, Fault> {
    let selection = session.selection().await?;
    let pages = session.lambda().list_functions().into_paginator().page_size(limits::LAMBDA_PAGE).send();
    let mut functions = all_pages(
        session,
        "ListFunctions",
        pages,
        |page| page.next_marker(),
        |page| page.functions().iter().map(function).collect(),
    )
    .await?;
    functions.retain(|function| selection.admits(&function.name, &function.arn));
    functions.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(functions)
}

fn function(listed: &FunctionConfiguration) -> Function {
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    let runtime = match (listed.runtime(), listed.package_type()) {
        (Some(runtime), _) => runtime.as_str(),
        (None, Some(PackageType::Image)) => "container",
        (None, _) => "",
    };
    Function {
        name: text(listed.function_name()),
        arn: text(listed.function_arn()),
        runtime: runtime.into(),
        memory_mb: listed.memory_size(),
        timeout_s: listed.timeout(),
        version: text(listed.version()),
        last_modified: text(listed.last_modified()),
        code_sha256: text(listed.code_sha256()),
        state: text(listed.state().map(|state| state.as_str())),
    }
}
