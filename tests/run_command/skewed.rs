//! A clock that is more than a minute off AWS's: calendars, locks and approvals are not judged by it, and that is said.

use jiff::SignedDuration;
use rstest::rstest;
use watchfloor::drill::fault_modes::{FaultMode, Rule};

use crate::stage::{FUNCTION, PHRASE, Stage, rollback};

#[rstest]
#[case(59, true)]
#[case(-58, true)]
#[case(61, false)]
#[case(-61, false)]
fn nothing_is_sent_by_a_clock_that_is_off(#[case] off_s: i64, #[case] relied_on: bool) {
    let stage = Stage::new(0);
    let skewed = FaultMode::Skewed(SignedDuration::from_secs(off_s));
    // Only production's clock is off: it is measured for each environment by itself.
    stage.endpoint.rules().add(Rule { account: Some("333333333333".to_owned()), ..Rule::all(skewed) });
    let function = format!("function={FUNCTION}");
    let book = ["run", "lambda-concurrency", "--env", "prod", "--param", &function, "--param", "reserved=900"];
    let done = stage.done(&[&book[..], &["--confirm", &format!("prod {FUNCTION} 900")]].concat());
    assert_eq!(stage.mutations().len(), usize::from(relied_on), "{done:?}");
    if !relied_on {
        assert_eq!(done.code, Some(3), "{done:?}");
        for rule in ["REFUSED freeze/prod", &format!("REFUSED lock/{FUNCTION}")] {
            let line = done.out.lines().find(|line| line.starts_with(rule)).unwrap_or_else(|| panic!("{done:?}"));
            assert!(line.contains("the clock is ") && line.contains("Nothing was sent."), "{line}");
        }
        // Going back is not held up by it.
        assert_eq!(stage.done(&rollback(&["--confirm", PHRASE])).code, Some(0));
        assert_eq!(stage.mutations(), ["UpdateAlias"]);
    }
}
