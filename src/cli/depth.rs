//! How many colours the terminal shows, from the variables that terminals set.

use crate::ui::Depth;

/// `NO_COLOR` (no-color.org) and `TERM=dumb` mean none; `COLORTERM` names 24 bits; `TERM` may name 256.
pub fn of_terminal(variable: impl Fn(&str) -> Option<String>) -> Depth {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    let term = given("TERM").unwrap_or_default();
    let colorterm = given("COLORTERM").unwrap_or_default();
    if given("NO_COLOR").is_some() || term == "dumb" {
        Depth::Mono
    } else if colorterm == "truecolor" || colorterm == "24bit" || term.ends_with("-direct") {
        Depth::TrueColor
    } else if term.contains("256color") {
        Depth::Indexed
    } else {
        Depth::Sixteen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case(&[("TERM", "xterm-256color")], Depth::Indexed)]
    #[case(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::TrueColor)]
    #[case(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")], Depth::Mono)]
    #[case(&[("TERM", "xterm-256color"), ("NO_COLOR", "")], Depth::Indexed)]
    #[case(&[("TERM", "linux")], Depth::Sixteen)]
    #[case(&[("TERM", "dumb")], Depth::Mono)]
    #[case(&[], Depth::Sixteen)]
    fn depth(#[case] variables: &[(&str, &str)], #[case] expected: Depth) {
        let lookup = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        assert_eq!(of_terminal(lookup), expected);
    }
}
