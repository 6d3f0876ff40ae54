//! The nearest valid name for one that is not.

/// The candidate that `wrong` was most likely meant to be; `None` when none is close.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The measure is quadratic in the length, and nothing long resembles a name.
    if wrong.chars().count() > 64 {
        return None;
    }
    let wrong = wrong.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance(&wrong, &candidate.to_lowercase())?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `None` when the two are too far apart to be the same word. An abbreviation is as close as one wrong letter.
fn distance(wrong: &str, candidate: &str) -> Option<usize> {
    let (short, long) = if wrong.len() < candidate.len() { (wrong, candidate) } else { (candidate, wrong) };
    if short.len() >= 2 && long.starts_with(short) {
        return Some(1);
    }
    let allowed = (wrong.chars().count().max(candidate.chars().count()) / 3).max(1);
    Some(strsim::damerau_levenshtein(wrong, candidate)).filter(|distance| *distance <= allowed)
}

/// The suggestion to print: the nearest name, or the whole list where it is short enough to be read.
pub fn suggest(wrong: &str, candidates: &[&str]) -> Option<String> {
    if let Some(found) = nearest(wrong, candidates.iter().copied()) {
        return Some(format!("did you mean `{found}`?"));
    }
    match candidates.len() {
        0 => None,
        1..=12 => Some(format!("one of {}", quoted(candidates))),
        _ => None,
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typing_mistake_finds_its_name() {
        assert_eq!(nearest("regoin", ["profile", "region", "name"]), Some("region"));
        assert_eq!(nearest("Region", ["profile", "region"]), Some("region"));
        assert_eq!(nearest("prod", ["development", "production"]), Some("production"));
        assert_eq!(nearest("us-eats-1", ["us-west-1", "us-east-1"]), Some("us-east-1"));
    }

    #[test]
    fn what_resembles_nothing_finds_nothing() {
        assert_eq!(nearest("banana", ["profile", "region"]), None);
        assert_eq!(nearest(&"region".repeat(100_000), ["region"]), None);
        assert_eq!(suggest("banana", &["dark", "light"]).as_deref(), Some("one of `dark`, `light`"));
        assert_eq!(suggest("banana", &[]), None);
    }
}
