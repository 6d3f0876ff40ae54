//! How far a change of plain values is: what was, what was sent and what is now, compared.

use crate::model::Standing;

/// Judges values that AWS changes at once. `accepted` is true where AWS answered that it took the request.
///
/// What was sent counts as ours where it is there now: a plan always differs from what was before. Without an answer
/// and with other values nothing can be proved.
pub fn standing<T: PartialEq>(before: &T, sent: &T, now: &T, accepted: bool) -> Standing {
    match (now == sent, now == before, accepted) {
        (true, ..) => Standing::Done,
        (false, true, false) => Standing::NotApplied,
        // Taken, and yet as before: not readable yet, or put back.
        (false, true, true) | (false, false, false) => Standing::Unclear,
        (false, false, true) => Standing::Overtaken,
    }
}

/// The judgement in words with the values.
pub fn says(standing: Standing, what: &str, before: &str, sent: &str, now: &str) -> String {
    match standing {
        Standing::Done => format!("{what} {before} → {now}"),
        Standing::NotApplied => format!("{what} is {now}, as before: nothing was changed"),
        Standing::Overtaken => format!("{what} was set to {sent}, then changed by somebody else to {now}"),
        Standing::Underway => format!("{what} {before} → {sent} is under way, now {now}"),
        Standing::Failed => format!("{what} {before} → {sent} failed, now {now}"),
        Standing::Unclear if now == before => {
            format!("AWS took {sent}, but {what} still reads {now}: not readable yet, or put back")
        }
        Standing::Unclear => format!("{what} is {now}: neither {before} as before nor {sent} as sent"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn done_is_only_what_was_sent(before in 0..4i64, sent in 0..4i64, now in 0..4i64, accepted: bool) {
            prop_assume!(before != sent);
            let standing = standing(&before, &sent, &now, accepted);
            prop_assert_eq!(standing == Standing::Done, now == sent);
            prop_assert_eq!(standing == Standing::NotApplied, now == before && !accepted);
            prop_assert_eq!(standing == Standing::Overtaken, now != before && now != sent && accepted);
            let says = says(standing, "it", &before.to_string(), &sent.to_string(), &now.to_string());
            prop_assert!(says.contains(&now.to_string()));
        }
    }
}
