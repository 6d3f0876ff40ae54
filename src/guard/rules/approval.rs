//! The second person, where one is asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::guard::id::{Guard, Override};
use crate::guard::policy::Policy;
use crate::guard::principal::{is_same_person, names_nobody, person};
use crate::guard::rules::words::clock_is_off;
use crate::guard::situation::Situation;
use crate::guard::verdict::Verdict;
use crate::model::{Plan, Risk};

/// Seconds of the operators that an approval is in force.
pub const APPROVAL_S: f64 = 15.0 * 60.0;
/// Seconds of the operators after the last approval within which the plan is sent.
pub const EXECUTION_S: f64 = 5.0 * 60.0;
/// Seconds that the clock of another console may be ahead of this one.
const AHEAD_S: f64 = 60.0;

/// 15: other principals approved this very plan, a short while ago.
pub(super) fn approval(plan: &Plan, policy: &Policy, situation: &Situation) -> Verdict {
    let guard = Guard::Approval;
    if policy.risk != Risk::Critical || policy.others == 0 {
        return Verdict::holds(guard, "", "no second person is asked for");
    }
    let name = &plan.target.name;
    let refuse = |says: String| Verdict::refused(guard, name, says, Override::NamedWithReason);
    if let Some(why) = &situation.approvals.unreadable {
        return refuse(format!("approvals cannot be read: {why}"));
    }
    if !situation.clock_is_reliable() {
        return refuse(clock_is_off(situation, "the age of approvals"));
    }
    let Some(own) = situation.identity.as_ref().ok().filter(|own| !own.arn.is_empty()) else {
        return refuse("who acts is not known, and so not whether another approved".to_owned());
    };
    let (mut by, mut late, mut ahead, mut nobody) =
        (BTreeMap::<Cow<str>, (&str, f64)>::new(), 0_usize, 0_usize, 0_usize);
    let wanted_by: Vec<&str> = situation.approvals.wanted_by.iter().chain([&own.arn]).map(|arn| arn.as_str()).collect();
    let is_other = |arn: &str| !wanted_by.iter().any(|own| is_same_person(own, arn));
    for (arn, at) in situation.approvals.by.iter().filter(|(arn, _)| is_other(arn)) {
        let age = situation.operator_seconds_since(*at);
        if names_nobody(arn) {
            nobody += 1;
        } else if age > APPROVAL_S {
            late += 1;
        } else if age < -AHEAD_S {
            ahead += 1;
        } else {
            let (_, youngest) = by.entry(person(arn)).or_insert((arn, age));
            *youngest = youngest.min(age);
        }
    }
    let (wanted, given) = (usize::from(policy.others), by.len());
    if given < wanted {
        let mut says = format!("approved by {given} of {wanted} other principals");
        let nameless = "by sessions that name nobody: set role_session_name";
        for (count, why) in [(late, "too old"), (ahead, "from the future"), (nobody, nameless)] {
            if count > 0 {
                says = format!("{says}, {count} {why}");
            }
        }
        return refuse(says);
    }
    let youngest = by.values().map(|(_, age)| *age).fold(f64::INFINITY, f64::min);
    if youngest > EXECUTION_S {
        let (age, most) = (youngest.ceil(), EXECUTION_S);
        return refuse(format!("the last approval is {age:.0} s old, allowed are {most:.0} s until the send"));
    }
    Verdict::holds(
        guard,
        name,
        format!("approved by {}", by.into_values().map(|(arn, _)| arn).collect::<Vec<_>>().join(", ")),
    )
}
