//! Runbooks that offer each other: every offer exists, and no two send the operator round in a circle.

use crate::config::nearest::suggest;
use crate::config::problem::{Position, Problem};

/// A runbook and what it offers instead of itself.
#[derive(Debug, Clone, Copy)]
pub struct Offering<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its file, for messages.
    pub file: &'a str,
    /// The ids that it offers and where it does.
    pub offers: &'a [(String, Position)],
}

/// What is wrong with the offers, by the index of the runbook. `refused` are the ids of runbooks that there are and that
/// cannot be used: offering one is a warning.
pub fn problems(books: &[Offering<'_>], refused: &[&str]) -> Vec<(usize, Problem)> {
    let ids: Vec<&str> = books.iter().map(|book| book.id).collect();
    let mut found = Vec::new();
    for (index, book) in books.iter().enumerate() {
        for (offer, position) in book.offers {
            if ids.contains(&offer.as_str()) {
                if let Some(circle) = circle(books, book.id, offer) {
                    let what = format!("offers lead round in a circle: {}", circle.join(" → "));
                    found.push((index, Problem::error(book.file, Some(*position), what)));
                }
            } else if refused.contains(&offer.as_str()) {
                let what = format!("`{offer}` cannot be used, so it is not offered");
                found.push((index, Problem::warning(book.file, Some(*position), what)));
            } else {
                let problem = Problem::error(book.file, Some(*position), format!("there is no runbook `{offer}`"));
                found.push((index, problem.with_suggestion(suggest(offer, &ids))));
            }
        }
    }
    found
}

/// The way from `start` over `first` back to `start`, if there is one.
fn circle<'a>(books: &[Offering<'a>], start: &'a str, first: &'a str) -> Option<Vec<&'a str>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut ways = vec![vec![start, first]];
    while let Some(way) = ways.pop() {
        let at = *way.last()?;
        if at == start {
            return Some(way);
        }
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        for (next, _) in books.iter().find(|book| book.id == at).map(|book| book.offers).unwrap_or_default() {
            let mut longer = way.clone();
            longer.push(next.as_str());
            ways.push(longer);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &'static str)]) -> Vec<(String, Vec<(String, Position)>)> {
        let at = Position { line: 3, column: 7 };
        pairs
            .iter()
            .map(|(id, offers)| ((*id).to_owned(), offers.split_whitespace().map(|id| (id.to_owned(), at)).collect()))
            .collect()
    }

    fn said(pairs: &[(&'static str, &'static str)], refused: &[&str]) -> Vec<String> {
        let books = of(pairs);
        let books: Vec<_> =
            books.iter().map(|(id, offers)| Offering { id, file: "f.toml", offers: offers.as_slice() }).collect();
        problems(&books, refused).into_iter().map(|(index, problem)| format!("{index} {problem}")).collect()
    }

    #[test]
    fn only_members_of_a_circle_are_refused() {
        let found = said(&[("a", "b"), ("b", "c"), ("c", "b"), ("d", "d"), ("e", "a")], &[]);
        assert_eq!(
            found,
            [
                "1 f.toml:3:7: error: offers lead round in a circle: b → c → b",
                "2 f.toml:3:7: error: offers lead round in a circle: c → b → c",
                "3 f.toml:3:7: error: offers lead round in a circle: d → d",
            ]
        );
    }

    #[test]
    fn an_unknown_offer_is_an_error_and_a_broken_one_a_warning() {
        let found = said(&[("stop", ""), ("a", "stopp"), ("b", "broken")], &["broken"]);
        assert_eq!(found[0], "1 f.toml:3:7: error: there is no runbook `stopp`; help: did you mean `stop`?");
        assert_eq!(found[1], "2 f.toml:3:7: warning: `broken` cannot be used, so it is not offered");
        assert!(said(&[("a", "b c"), ("b", "c"), ("c", "")], &[]).is_empty(), "two ways to one are no circle");
    }
}
