//! Lambda: versions that were published, aliases that point to them, functions that were changed.

mod history;
#[cfg(test)]
mod tests;
mod versions;

use futures_util::future::BoxFuture;

use crate::changes::found::{Found, MOST};
use crate::changes::memory::Memory;
use crate::changes::source::ChangeSource;
use crate::changes::span::Span;
use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::paging::{all_pages, each};

/// Functions whose versions and aliases one reading asks for; those changed last come first. Lambda allows 15 control
/// calls a second in an account and a region (Lambda Developer Guide, Lambda quotas).
const FUNCTIONS: usize = 200;

/// The source.
#[derive(Debug)]
pub struct LambdaVersions;

impl ChangeSource for LambdaVersions {
    fn id(&self) -> &'static str {
        "lambda"
    }

    fn title(&self) -> &'static str {
        "Lambda versions and aliases"
    }

    fn permissions(&self) -> &'static [&'static str] {
        &["lambda:ListAliases", "lambda:ListFunctions", "lambda:ListVersionsByFunction"]
    }

    fn read<'a>(&'a self, session: &'a Session, span: Span, _: &'a Memory) -> BoxFuture<'a, Result<Found, Fault>> {
        Box::pin(read(session, span))
    }
}

async fn read(session: &Session, span: Span) -> Result<Found, Fault> {
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
    functions.retain(|function| {
        let (name, arn) = (function.function_name().unwrap_or_default(), function.function_arn().unwrap_or_default());
        !name.is_empty() && selection.admits(name, arn)
    });
    // ISO 8601 in UTC: the order of the text is that of the time.
    functions.sort_by(|a, b| (b.last_modified(), a.function_name()).cmp(&(a.last_modified(), b.function_name())));
    let mut found = Found::default();
    if functions.len() > FUNCTIONS {
        let message = format!("only the {FUNCTIONS} functions changed last are read, of {}", functions.len());
        found.faults.push(Fault::new(FaultKind::Throttled, "ListVersionsByFunction", message));
    }
    let names = functions.iter().take(FUNCTIONS).filter_map(|function| function.function_name().map(str::to_owned));
    let read = each(names.collect(), |name| versions::read(session, name), |_, _| None).await;
    let (functions_read, fault) = match read {
        Ok(gathered) => (gathered.found, gathered.fault),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    found.faults.extend(fault);
    for one in &functions_read {
        found.faults.extend(one.faults.iter().cloned());
        found.changes.extend(history::changes(one, span, session.environment.id));
    }
    for function in &functions {
        let known = functions_read.iter().find(|one| Some(&*one.name) == function.function_name());
        found.changes.extend(history::update(function, known, span, session.environment.id));
    }
    let mut faults: Vec<Fault> = Vec::new();
    for fault in found.faults {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    found.faults = faults;
    Ok(found.newest(MOST))
}
