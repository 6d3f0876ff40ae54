//! Pages and their tokens. A token is opaque to clients and holds only for the list that it came from.

use crate::drill::world::hash;

/// A token that this list did not give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadToken;

/// Some of the items, and the token of the next page where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// This page's items.
    pub items: Vec<T>,
    /// Token of the next page.
    pub next: Option<String>,
}

/// At most `size` (at least 1) items from where `token` left off. `list` names the list: account, region, operation and
/// what it is filtered by.
pub fn page<T>(items: Vec<T>, size: usize, token: Option<&str>, list: &str) -> Result<Page<T>, BadToken> {
    let start = match token {
        Some(token) => read(token, list)?,
        None => 0,
    };
    let total = items.len();
    let size = size.max(1);
    let items: Vec<T> = items.into_iter().skip(start).take(size).collect();
    let end = start.saturating_add(items.len());
    Ok(Page { items, next: (end < total).then(|| write(end, list)) })
}

/// The token for going on at `offset`.
pub fn write(offset: usize, list: &str) -> String {
    format!("{:016x}{offset:x}", hash::of(list))
}

/// Where a token says to go on.
pub fn read(token: &str, list: &str) -> Result<usize, BadToken> {
    let (mark, offset) = token.split_at_checked(16).ok_or(BadToken)?;
    if mark != format!("{:016x}", hash::of(list)) {
        return Err(BadToken);
    }
    usize::from_str_radix(offset, 16).map_err(|_| BadToken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_size_gives_every_item_once() {
        for total in [0usize, 1, 2, 9, 10, 11] {
            for size in 1..=12 {
                let (mut seen, mut token, mut pages) = (Vec::new(), None, 0);
                loop {
                    let page = page((0..total).collect(), size, token.as_deref(), "list").unwrap();
                    seen.extend(page.items);
                    pages += 1;
                    token = page.next;
                    if token.is_none() {
                        break;
                    }
                }
                assert_eq!(seen, (0..total).collect::<Vec<_>>());
                assert_eq!(pages, total.div_ceil(size).max(1), "{total} by {size}: no empty last page");
            }
        }
    }

    #[test]
    fn another_lists_token_is_refused() {
        let token = page(vec![1, 2], 1, None, "a").unwrap().next.unwrap();
        assert_eq!(page(vec![1, 2], 1, Some(&token), "b"), Err(BadToken));
        for bad in ["", "x", "é", "0000000000000000zz", "ééééééééé"] {
            assert_eq!(page(vec![1], 1, Some(bad), "a"), Err(BadToken), "{bad}");
        }
    }
}
