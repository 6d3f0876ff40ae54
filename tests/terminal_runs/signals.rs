//! The console is ended while a run is between two sends: the second is never made, what was done is on record, and the
//! terminal is as it was.

use rstest::rstest;
use serde_json::Value as Json;

use crate::engineer::Engineer;

const FUNCTION: &str = "payments-prod-payment-processing";

#[rstest]
#[case("HUP", 129, "the terminal was closed")]
#[case("TERM", 143, "the console was ended by a signal")]
fn a_signal_between_two_sends_leaves_it_at_the_first(#[case] signal: &str, #[case] code: u32, #[case] word: &str) {
    let mut engineer = Engineer::at("payments", "bad-deploy", "12m", "1");
    engineer.sees_row(&["Lambda errors", "✖ 7."]);
    engineer.presses("gjll");
    engineer.sees_row(&["Lambda errors", "›✖ 7."]);
    engineer.presses("a");
    engineer.chooses(&["✔ yes", "lambda-canary-rollback"]);
    engineer.presses("\r");
    engineer.takes_defaults(&["alias", "to"]);
    engineer.sees("✖ blocked");
    engineer.arms("payments/prod");
    engineer.presses("r");
    engineer.sees("A question comes first");
    engineer.answers_yes();
    engineer.sees("→ ready");
    engineer.confirms(&format!("prod {FUNCTION} 42=10%"), None);
    engineer.sees("holding until");
    assert_eq!(engineer.is_ended_by(signal), code);

    engineer.verifies_records();
    let (_, told) = engineer.runs(&["audit", "show", "--drill", "--json"]);
    let records: Vec<Json> = told.lines().map(|line| serde_json::from_str(line).expect("a record")).collect();
    let of = |kind: &str| {
        records.iter().filter(|one| one["entry"]["kind"] == kind).map(|one| &one["entry"]).collect::<Vec<_>>()
    };
    assert_eq!((of("intent").len(), of("outcome").len()), (1, 1), "{told}");
    let closed = of("closed");
    assert_eq!((closed.len(), &closed[0]["ending"]), (1, &"stopped".into()), "{told}");
    let says = closed[0]["says"].as_str().unwrap();
    assert!(says.starts_with(word) && says.contains("what was sent stays"), "{says}");
    assert_eq!(records.last().unwrap()["entry"]["kind"], "disarmed", "{told}");
}
