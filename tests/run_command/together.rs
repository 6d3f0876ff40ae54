//! Two programs at one target: one sends, the other one says why it does not.

use std::time::Duration;

use rstest::rstest;
use watchfloor::model::Entry;

use crate::stage::{AFTER, Stage, applied, unresolved};

#[rstest]
#[case(0)]
#[case(150)]
#[case(400)]
#[case(700)]
fn of_two_at_once_exactly_one_sends(#[case] between_ms: u64) {
    let stage = Stage::new(150);
    let one = stage.start(&applied());
    std::thread::sleep(Duration::from_millis(between_ms));
    let two = stage.start(&applied());
    let (one, two) = (one.end(), two.end());
    let mut codes = [one.code.unwrap(), two.code.unwrap()];
    codes.sort_unstable();
    assert_eq!(codes, [0, 3], "{one:?}\n{two:?}");
    assert_eq!((stage.mutations().len(), stage.served_version().as_str()), (1, AFTER));
    let records = stage.records();
    let accepted = records.iter().filter(|record| {
        matches!(&record.entry, Entry::Outcome { sent: watchfloor::model::Sent::Accepted { .. }, .. })
    });
    assert_eq!((accepted.count(), unresolved(&records).len()), (1, 0));
    assert_eq!(stage.done(&["audit", "verify"]).code, Some(0));
}
