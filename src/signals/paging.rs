//! Complete lists: every page, every single description, and a stop for endpoints that never end.

use std::collections::HashSet;
use std::future::Future;

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::StreamExt;

use crate::cloud::{Session, limits};
use crate::model::{Fault, FaultKind};

/// All pages of an SDK paginator as one list. `token` is what a page says to continue with, `items` what it holds.
pub async fn all_pages<P, E: SdkFailure, T>(
    session: &Session,
    operation: &'static str,
    pages: Pages<P, E>,
    token: impl Fn(&P) -> Option<&str>,
    items: impl Fn(P) -> Vec<T>,
) -> Result<Vec<T>, Fault> {
    let page = |page: Result<P, SdkError<E, HttpResponse>>| page.map(Some).map_err(|e| session.fault(operation, &e));
    Ok(collect(operation, pages, page, token, items).await?.unwrap_or_default())
}

/// The same for a list of the parts of something; `None` when that is not there (any more).
pub async fn all_pages_unless_gone<P, E: SdkFailure, T>(
    session: &Session,
    operation: &'static str,
    pages: Pages<P, E>,
    token: impl Fn(&P) -> Option<&str>,
    items: impl Fn(P) -> Vec<T>,
) -> Result<Option<Vec<T>>, Fault> {
    collect(operation, pages, |page| unless_gone(session, operation, page), token, items).await
}

/// What an SDK paginator's `send` gives.
pub type Pages<P, E> = PaginationStream<Result<P, SdkError<E, HttpResponse>>>;

/// What every SDK operation's error is.
pub trait SdkFailure: ProvideErrorMetadata + std::error::Error + 'static {}

impl<E: ProvideErrorMetadata + std::error::Error + 'static> SdkFailure for E {}

async fn collect<P, E, T>(
    operation: &'static str,
    mut pages: Pages<P, E>,
    read: impl Fn(Result<P, SdkError<E, HttpResponse>>) -> Result<Option<P>, Fault>,
    token: impl Fn(&P) -> Option<&str>,
    items: impl Fn(P) -> Vec<T>,
) -> Result<Option<Vec<T>>, Fault> {
    let mut tokens = Tokens::new(operation);
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        let Some(page) = read(page)? else { return Ok(None) };
        tokens.next(token(&page))?;
        all.extend(items(page));
    }
    Ok(Some(all))
}

/// All pages of an operation for which the SDK has no paginator: `page` is called with no token first.
pub async fn all_by_token<T, F: Future<Output = Result<(Vec<T>, Option<String>), Fault>>>(
    operation: &'static str,
    page: impl Fn(Option<String>) -> F,
) -> Result<Vec<T>, Fault> {
    let mut tokens = Tokens::new(operation);
    let mut all = Vec::new();
    let mut token = None;
    loop {
        let (items, next) = page(token).await?;
        all.extend(items);
        if !tokens.next(next.as_deref())? {
            return Ok(all);
        }
        token = next;
    }
}

/// Page tokens seen. The SDK's paginators end silently at a token that repeats the last one and follow a longer
/// circle for ever; a list that ends so is not complete, so both are a fault.
struct Tokens {
    operation: &'static str,
    seen: HashSet<String>,
}

impl Tokens {
    fn new(operation: &'static str) -> Self {
        Self { operation, seen: HashSet::new() }
    }

    /// True when there is another page.
    fn next(&mut self, token: Option<&str>) -> Result<bool, Fault> {
        match token {
            None | Some("") => Ok(false),
            Some(token) if self.seen.insert(token.to_owned()) => Ok(true),
            Some(_) => Err(Fault::new(
                FaultKind::Service,
                self.operation,
                "the endpoint repeats a page token, so the list would never end",
            )),
        }
    }
}

/// What many single calls gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered<T> {
    /// The answers, in the order of the questions.
    pub found: Vec<T>,
    /// The first failure.
    pub fault: Option<Fault>,
}

/// One call for every item, a few at once. `ask` answers `Ok(None)` for something deleted meanwhile. A failure leaves
/// `instead` of the item in its place. Gives up where more calls would fail the same way: without valid credentials at
/// once, after a full round of transient failures otherwise.
pub async fn each<I, T, F: Future<Output = Result<Option<T>, Fault>>>(
    items: Vec<I>,
    ask: impl Fn(I) -> F,
    instead: impl Fn(&I, &Fault) -> Option<T>,
) -> Result<Gathered<T>, Fault>
where
    I: Clone,
{
    let mut answers = futures_util::stream::iter(items.into_iter().map(|item| (item.clone(), ask(item))))
        .map(|(item, answer)| async move { (item, answer.await) })
        .buffered(limits::PARALLEL_DESCRIBES);
    let mut gathered = Gathered { found: Vec::new(), fault: None };
    let mut transient = 0;
    while let Some((item, answer)) = answers.next().await {
        match answer {
            Ok(found) => gathered.found.extend(found),
            Err(fault) => {
                transient += usize::from(fault.kind.is_transient());
                if matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials)
                    || transient >= limits::PARALLEL_DESCRIBES
                {
                    return Err(fault);
                }
                gathered.found.extend(instead(&item, &fault));
                gathered.fault.get_or_insert(fault);
            }
        }
    }
    Ok(gathered)
}

/// Two answers, of which one may be missing, and why it is.
pub type Both<A, B> = (Option<A>, Option<B>, Option<Fault>);

/// Two lists of one inventory, and the first failure. One that fails leaves the other; two that fail, or credentials
/// that are not valid, are a failure.
pub fn either<A, B>(first: Result<A, Fault>, second: Result<B, Fault>) -> Result<Both<A, B>, Fault> {
    let ends = |fault: &Fault| matches!(fault.kind, FaultKind::Expired | FaultKind::NoCredentials);
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((Some(first), Some(second), None)),
        (Ok(first), Err(fault)) if !ends(&fault) => Ok((Some(first), None, Some(fault))),
        (Err(fault), Ok(second)) if !ends(&fault) => Ok((None, Some(second), Some(fault))),
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
    }
}

/// `Ok(None)` for an answer that says the resource is not there (any more), a fault for every other failure.
pub fn unless_gone<T, E: SdkFailure>(
    session: &Session,
    operation: &'static str,
    answer: Result<T, SdkError<E, HttpResponse>>,
) -> Result<Option<T>, Fault> {
    const GONE: &[&str] = &[
        "ResourceNotFoundException",
        "NotFoundException",
        "ClusterNotFoundException",
        "ServiceNotFoundException",
        "TargetGroupNotFound",
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
    ];
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code().is_some_and(|code| GONE.contains(&code)) => Ok(None),
        Err(error) => Err(session.fault(operation, &error)),
    }
}
