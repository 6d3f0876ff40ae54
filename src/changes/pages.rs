//! Lists that are read only as far back as is asked for, and never without end.

use std::collections::HashSet;
use std::future::Future;

use crate::model::{Fault, FaultKind};

/// A list that was read as far as wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// What was read.
    pub items: Vec<T>,
    /// True when there is more that was not read: more pages than allowed, or a page failed.
    pub cut: bool,
    /// Why a page after the first could not be read.
    pub fault: Option<Fault>,
}

/// Pages by token until there are no more, until `enough` says so of a page, or until `most` pages were read. `page`
/// is called with no token first.
pub async fn until<T, F: Future<Output = Result<(Vec<T>, Option<String>), Fault>>>(
    operation: &'static str,
    most: usize,
    page: impl Fn(Option<String>) -> F,
    enough: impl Fn(&[T]) -> bool,
) -> Result<Listed<T>, Fault> {
    let mut seen = HashSet::new();
    let mut items = Vec::new();
    let mut token = None;
    for _ in 0..most {
        let (found, next) = match page(token).await {
            Ok(page) => page,
            Err(fault) if items.is_empty() => return Err(fault),
            Err(fault) => return Ok(Listed { items, cut: true, fault: Some(fault) }),
        };
        let done = !found.is_empty() && enough(&found);
        items.extend(found);
        let Some(next) = next.filter(|next| !next.is_empty() && !done) else {
            return Ok(Listed { items, cut: false, fault: None });
        };
        if !seen.insert(next.clone()) {
            let what = "the endpoint repeats a page token, so the list would never end";
            return Err(Fault::new(FaultKind::Service, operation, what));
        }
        token = Some(next);
    }
    Ok(Listed { items, cut: true, fault: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn number(token: Option<String>, last: usize) -> Result<(Vec<usize>, Option<String>), Fault> {
        let at: usize = token.map_or(0, |token| token.parse().unwrap());
        Ok((vec![at], (at < last).then(|| (at + 1).to_string())))
    }

    #[tokio::test]
    async fn reads_to_the_end_to_what_is_enough_and_to_the_most() {
        let all = until("List", 10, |token| number(token, 4), |_| false).await.unwrap();
        assert_eq!(all, Listed { items: vec![0, 1, 2, 3, 4], cut: false, fault: None });
        let some = until("List", 10, |token| number(token, 4), |page| page[0] == 2).await.unwrap();
        assert_eq!(some, Listed { items: vec![0, 1, 2], cut: false, fault: None });
        let few = until("List", 3, |token| number(token, 4), |_| false).await.unwrap();
        assert_eq!(few, Listed { items: vec![0, 1, 2], cut: true, fault: None });
    }

    #[tokio::test]
    async fn a_page_that_fails_leaves_those_before() {
        let page = |token: Option<String>| async move {
            if token.is_some() { Err(Fault::new(FaultKind::Throttled, "List", "slow")) } else { number(token, 4).await }
        };
        let part = until("List", 10, page, |_| false).await.unwrap();
        assert_eq!((part.items, part.cut, part.fault.unwrap().kind), (vec![0], true, FaultKind::Throttled));
        let none = |_: Option<String>| async { Err::<(Vec<usize>, _), _>(Fault::new(FaultKind::Denied, "List", "no")) };
        assert_eq!(until("List", 10, none, |_| false).await.unwrap_err().kind, FaultKind::Denied);
    }

    #[tokio::test]
    async fn a_repeated_token_is_a_fault() {
        let same = |_: Option<String>| async { Ok::<_, Fault>((vec![1], Some("again".to_owned()))) };
        assert_eq!(until("List", 10, same, |_| false).await.unwrap_err().kind, FaultKind::Service);
    }
}
