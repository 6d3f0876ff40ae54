//! ListVersionsByFunction and ListAliases of one function.

use aws_sdk_lambda::types::{AliasConfiguration, FunctionConfiguration};

use crate::changes::pages;
use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};
use crate::signals::paging::{all_pages_unless_gone, unless_gone};

/// Pages of versions of one function: the list begins with the oldest, so that a longer one misses the newest.
const PAGES: usize = 40;

/// What is published of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Name of the function.
    pub name: String,
    /// Its published versions, oldest first, without `$LATEST`.
    pub versions: Vec<FunctionConfiguration>,
    /// Its aliases.
    pub aliases: Vec<AliasConfiguration>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// Reads both. One of them failing leaves the other.
pub async fn read(session: &Session, name: String) -> Result<Option<Published>, Fault> {
    let aliases = async {
        let pages = session.lambda().list_aliases().function_name(&name).into_paginator().send();
        let aliases =
            |page: aws_sdk_lambda::operation::list_aliases::ListAliasesOutput| page.aliases.unwrap_or_default();
        all_pages_unless_gone(session, "ListAliases", pages, |page| page.next_marker(), aliases).await
    };
    let (versions, aliases) = futures_util::future::join(versions(session, &name), aliases).await;
    let mut faults = Vec::new();
    let (versions, aliases) = match (versions, aliases) {
        (Err(fault), Err(_)) => return Err(fault),
        (Ok(versions), Ok(aliases)) => (versions, aliases.unwrap_or_default()),
        (Ok(versions), Err(fault)) => {
            faults.push(fault);
            (versions, Vec::new())
        }
        (Err(fault), Ok(aliases)) => {
            faults.push(fault);
            (pages::Listed { items: Vec::new(), cut: false, fault: None }, aliases.unwrap_or_default())
        }
    };
    if versions.cut {
        let message = format!("{name} has more than {} versions; the newest are not read", versions.items.len());
        faults.push(Fault::new(FaultKind::Throttled, "ListVersionsByFunction", message));
    }
    faults.extend(versions.fault);
    let mut versions = versions.items;
    versions.retain(|version| number(version).is_some());
    versions.sort_by_key(number);
    Ok(Some(Published { name, versions, aliases, faults }))
}

async fn versions(session: &Session, name: &str) -> Result<pages::Listed<FunctionConfiguration>, Fault> {
    let page = |marker: Option<String>| async move {
        let request = session.lambda().list_versions_by_function().function_name(name);
        let answer = request.max_items(limits::LAMBDA_VERSIONS_PAGE).set_marker(marker).send().await;
        let page = unless_gone(session, "ListVersionsByFunction", answer)?;
        Ok(page.map_or_else(Default::default, |page| (page.versions.unwrap_or_default(), page.next_marker)))
    };
    pages::until("ListVersionsByFunction", PAGES, page, |_| false).await
}

/// Number of a published version; `None` for `$LATEST`.
pub fn number(version: &FunctionConfiguration) -> Option<u64> {
    version.version().and_then(|version| version.parse().ok())
}
