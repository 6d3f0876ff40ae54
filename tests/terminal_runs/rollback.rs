//! A bad version of a Lambda function: found, rolled back, verified, told.

use crate::engineer::Engineer;

const FUNCTION: &str = "payments-prod-payment-processing";

#[test]
fn a_bad_version_is_found_and_rolled_back_until_the_row_is_ok() {
    let mut engineer = Engineer::at("payments", "bad-deploy", "12m", "20");
    // The red row, and what changed before it turned red.
    engineer.sees_row(&["Lambda errors", "✖ 8."]);
    engineer.presses("gjll");
    engineer.sees_row(&["Lambda errors", "›✖ 8."]);
    engineer.sees_row(&["PROD · Lambda errors", "critical"]);
    engineer.presses("w");
    engineer.sees_row(&["›1", "publish", FUNCTION, "v43 published"]);
    engineer.presses("q");
    engineer.sees_row(&["PROD · Lambda errors", "critical"]);

    // What can be done about it. The plan is there before anything is armed, and says so.
    engineer.presses("a");
    engineer.chooses(&["✔ yes", "payments-alias-rollback"]);
    engineer.presses("\r");
    engineer.takes_defaults(&["alias", "to"]);
    engineer.sees("✖ blocked");
    engineer.sees_row(&["alias live", "43", "→", "42"]);
    engineer.sees("is not armed");
    engineer.arms("payments/prod");
    engineer.sees("ARMED payments/PROD");
    engineer.presses("r");
    engineer.sees("A question comes first");
    engineer.answers_yes();
    engineer.sees("→ ready");
    engineer.confirms(&format!("prod {FUNCTION} 42"), None);

    // Verified on fresh data, recorded, and the wall is calm again.
    engineer.sees("✔ verified");
    engineer.presses("R");
    engineer.sees_row(&["payments-alias-rollback", "verified"]);
    engineer.presses(":wall\r");
    engineer.sees_row(&["Lambda errors", "›●"]);
    engineer.sees_row(&["API Gateway", "● 5xx", "● 5xx", "● 5xx"]);
    // CloudWatch ignores missing data of DynamoDB: the alarm about throttles stays as it was. Everything else is over.
    engineer.sees_row(&["Alarms", "1 of 14"]);
    engineer.leaves();

    engineer.verifies_records();
    // The report is written an hour after the publish, in a world in which the records are known and the publish is.
    let later = ["--scenario", "bad-deploy", "--started", "2026-11-21T04:00:00Z", "--elapsed", "60m", "--speed", "0"];
    let (code, report) = engineer.runs(&[&["report", "--drill", "payments", "--env", "prod"][..], &later].concat());
    assert_eq!(code, Some(0), "{report}");
    // Newest first: verified, sent, armed, and at the beginning what made it necessary.
    let story = ["rollback: verified", "43 → 42 version; accepted", "armed until", "v43 published, serves live; v42"];
    let timeline = report.split_once("## Timeline").expect("a timeline").1;
    let told: Vec<usize> = story.iter().filter_map(|text| timeline.find(text)).collect();
    assert!(told.len() == story.len() && told.is_sorted(), "{told:?} in:\n{timeline}");
    let done = report.lines().find(|line| line.contains("payments-alias-rollback")).expect("what was done");
    assert!(done.contains(FUNCTION) && done.contains("43 → 42") && done.contains("**verified**"), "{done}");
}
