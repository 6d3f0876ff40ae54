//! The second person is another one, approved once, and not long ago.

use super::{given, identity, later, over, plan, policy, refusals, rules, situation};
use crate::guard::{Given, Policy, Situation};
use crate::model::Risk;

/// What the rule says of approvals by these, each so many seconds ago; empty where it is content.
fn refused(wanted: u8, by: &[(&str, i64)], change: impl FnOnce(&mut Situation)) -> String {
    let (plan, mut situation) = (plan(), situation());
    let policy = Policy { risk: Risk::Critical, others: wanted, ..policy() };
    situation.approvals.by = by.iter().map(|(who, age)| (identity("op", who).arn, later(-age))).collect();
    change(&mut situation);
    let given = Given { reason: "a reason".into(), ..given(&plan, &situation, &policy) };
    let refused = refusals(&plan, &plan, &policy, &situation, &given);
    let says: Vec<&str> = refused.iter().filter(|r| r.rule.starts_with("approval")).map(|r| r.says.as_str()).collect();
    says.join(" | ")
}

#[test]
fn another_principal_within_five_minutes_is_enough() {
    for age in [0, 299, 300, -60] {
        assert_eq!(refused(1, &[("bob", age)], |_| {}), "", "{age}");
    }
    assert_eq!(refused(2, &[("bob", 900), ("carol", 300)], |_| {}), "", "the last one began the five minutes");
    assert_eq!(refused(1, &[("bob", 901), ("bob", 10)], |_| {}), "", "approved anew");
}

#[test]
fn oneself_one_twice_too_old_and_too_early_are_not() {
    for (wanted, by, says) in [
        (1, vec![], "approved by 0 of 1 other principals"),
        (1, vec![("me", 0)], "approved by 0 of 1 other principals"),
        (2, vec![("bob", 0), ("bob", 10)], "approved by 1 of 2 other principals"),
        (2, vec![("bob", 0), ("me", 10)], "approved by 1 of 2 other principals"),
        (1, vec![("bob", 901)], "approved by 0 of 1 other principals, 1 too old"),
        (1, vec![("bob", -61)], "approved by 0 of 1 other principals, 1 from the future"),
        (1, vec![("bob", 301)], "the last approval is 301 s old, allowed are 300 s until the send"),
        (2, vec![("bob", 301), ("carol", 600)], "the last approval is 301 s old, allowed are 300 s until the send"),
    ] {
        assert_eq!(refused(wanted, &by, |_| {}), says, "{by:?}");
    }
}

#[test]
fn names_that_a_tool_makes_up_are_not_other_people() {
    let other = "assume-role-from-profile-1732204800123";
    let by = [(other, 0), ("botocore-session-1732204800", 0)];
    let own = |situation: &mut Situation| situation.identity = Ok(identity("op", "aws-go-sdk-17322"));
    assert_eq!(refused(1, &by, own), "approved by 0 of 1 other principals");
    let says = "approved by 1 of 2 other principals, 2 by sessions that name nobody: set role_session_name";
    assert_eq!(refused(2, &[by[0], by[1], ("bob", 0)], |_| {}), says);
}

#[test]
fn who_wants_it_is_no_other_person_whatever_the_role_at_the_table() {
    let wanted_by = |role: &'static str, name: &'static str| {
        move |situation: &mut Situation| {
            situation.identity = Ok(identity("elsewhere", "me"));
            situation.approvals.wanted_by = vec![identity(role, name).arn];
        }
    };
    let says = "approved by 0 of 1 other principals";
    assert_eq!(refused(1, &[("kim", 0)], wanted_by("op", "kim")), says);
    assert_eq!(refused(1, &[("botocore-session-1", 0)], wanted_by("op", "botocore-session-2")), says);
    assert_eq!(refused(1, &[("sam", 0)], wanted_by("op", "kim")), "");
}

#[test]
fn one_user_of_identity_center_approves_once() {
    let both = |wanted: u8| {
        refused(wanted, &[], |situation| {
            let roles = ["AWSReservedSSO_Admin_1", "AWSReservedSSO_Operator_2"];
            situation.approvals.by = roles.map(|role| (identity(role, "sam@example.com").arn, later(0))).into();
        })
    };
    assert_eq!((both(1).as_str(), both(2).as_str()), ("", "approved by 1 of 2 other principals"));
}

#[test]
fn renewed_credentials_are_the_same_principal() {
    let (plan, policy, mut situation) = (plan(), policy(), situation());
    situation.planned_as = Some(identity("op", "assume-role-from-profile-1732204800123"));
    situation.identity = Ok(identity("op", "assume-role-from-profile-1732208400456"));
    assert_eq!(refusals(&plan, &plan, &policy, &situation, &given(&plan, &situation, &policy)), []);
    situation.identity = Ok(identity("admin", "assume-role-from-profile-1732208400456"));
    let refused = refusals(&plan, &plan, &policy, &situation, &given(&plan, &situation, &policy));
    assert_eq!(rules(&refused), ["identity/principal"]);
}

#[test]
fn only_what_is_critical_needs_a_second_person_and_breaking_the_glass_needs_a_reason() {
    let (plan, situation) = (plan(), situation());
    let high = Policy { others: 1, ..policy() };
    assert_eq!(refusals(&plan, &plan, &high, &situation, &given(&plan, &situation, &high)), []);
    let critical = Policy { risk: Risk::Critical, ..high };
    for (reason, is_enough) in [("", false), ("prod is down, nobody answers", true)] {
        let overridden = vec![over("approval/payment-api", reason)];
        let given = Given { reason: "a reason".into(), overridden, ..given(&plan, &situation, &critical) };
        assert_eq!(refusals(&plan, &plan, &critical, &situation, &given).is_empty(), is_enough);
    }
}
