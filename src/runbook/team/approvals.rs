//! Plans that wait for a second person, and their approvals, in the shared table.

use jiff::{SignedDuration, Timestamp};

use crate::base::Text;
use crate::cloud::SharedTable;
use crate::cloud::shared_table::{Condition, EXPIRES, Item, PK};
use crate::guard::Approvals;
use crate::guard::principal::{is_same_person, names_nobody, principal};
use crate::model::{Fault, FaultKind, Plan};
use crate::runbook::team::fields::{expiring, item, raw, seconds, text, time, words};
use crate::runbook::team::proposal::{Proposal, TO_APPROVE, TO_EXECUTE};

const PLANS: &str = "plans";
/// Old plans and approvals may be removed after that.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Puts a plan there, to be approved. The same plan of the same person is put there again with a new time; that of
/// another person is replaced once it can neither be approved nor executed any more.
///
/// # Errors
/// Another person has put the same plan there, or it could not be written.
pub async fn propose(table: &SharedTable, proposal: &Proposal) -> Result<(), Fault> {
    let digest = proposal.digest();
    let plan = serde_json::to_string(&proposal.plan)
        .map_err(|error| Fault::new(FaultKind::Invalid, "PutItem", error.to_string()))?;
    let at = proposal.at.to_string();
    // Without what changes from one process to the next.
    let proposer = principal(&proposal.proposer);
    let texts = [
        ("plan", plan.as_str()),
        ("runbook", &proposal.runbook),
        ("principal", &proposal.principal),
        ("proposer", proposer),
        ("operator", &proposal.operator),
        ("reason", &proposal.reason),
        ("at", &at),
    ];
    // Of a plan that was put there so long ago, no approval is in force any more.
    let over = proposal.at - TO_APPROVE - TO_EXECUTE + KEPT;
    let condition = Condition {
        expression: "attribute_not_exists(#pk) OR #proposer = :proposer OR #expires < :over".to_owned(),
        names: vec![PK, "proposer", EXPIRES],
        values: vec![("proposer", text(proposer)), ("over", seconds(over))],
    };
    let item = expiring(item(PLANS, &digest, &texts), proposal.at + KEPT);
    if table.put(item, condition).await? {
        return Ok(());
    }
    let theirs = table.get(PLANS, &digest).await.ok().flatten().and_then(|found| parsed(&found));
    let whose = theirs.map_or_else(
        || "somebody else has put the same plan there".to_owned(),
        |theirs| format!("{} has put the same plan there at {}", theirs.operator, theirs.at.strftime("%H:%M:%SZ")),
    );
    let says = format!("{whose}: approve that one, or wait {} min", (TO_APPROVE + TO_EXECUTE).as_mins());
    Err(Fault::new(FaultKind::Invalid, "PutItem", says))
}

/// The plan with this digest; `None` where there is none.
///
/// # Errors
/// It could not be read, or what stands there is not the plan of this digest.
pub async fn proposal(table: &SharedTable, digest: &str) -> Result<Option<Proposal>, Fault> {
    let Some(found) = table.get(PLANS, digest).await? else { return Ok(None) };
    let wrong = |says: &str| Fault::new(FaultKind::Invalid, "GetItem", says);
    let proposal = parsed(&found).ok_or_else(|| wrong("what stands there cannot be read as a plan"))?;
    if proposal.digest() == digest {
        Ok(Some(proposal))
    } else {
        Err(wrong("what stands there is another plan than this digest says"))
    }
}

/// All plans that stand there, the newest first; those that cannot be read are left out.
///
/// # Errors
/// They could not be read.
pub async fn proposals(table: &SharedTable) -> Result<Vec<Proposal>, Fault> {
    let mut all: Vec<Proposal> = table.all(PLANS).await?.iter().filter_map(parsed).collect();
    all.sort_by_key(|proposal| std::cmp::Reverse(proposal.at));
    Ok(all)
}

/// Writes the approval down. Whether `approver` may approve is judged before, by [`Proposal::may_be_approved`].
///
/// # Errors
/// It is not known to be written.
pub async fn approve(
    table: &SharedTable,
    proposal: &Proposal,
    approver: &str,
    reason: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let at = now.to_string();
    let reason = crate::base::redact::redact(&Text::new(reason));
    let texts = [("by", approver), ("reason", reason.as_str()), ("at", &at)];
    let item = expiring(item(&approvals_of(&proposal.digest()), approver, &texts), now + KEPT);
    // Approving again gives it a new time: nothing else can stand there.
    let condition = Condition {
        expression: "attribute_not_exists(#pk) OR #by = :by".to_owned(),
        names: vec![PK, "by"],
        values: vec![("by", text(approver))],
    };
    table.put(item, condition).await.map(|_| ())
}

/// The approvals of a plan that are in force, for the guard. `own` are the principals of the operator: in the
/// environment, and at the shared table.
pub async fn approvals(table: &SharedTable, plan: &Plan, own: &[Text], now: Timestamp) -> Approvals {
    let digest = crate::guard::digest::digest(plan);
    let unreadable = |says: String| Approvals { unreadable: Some(Text::new(says)), ..Approvals::default() };
    let proposed = match proposal(table, &digest).await {
        Ok(Some(proposal)) => proposal,
        Ok(None) => return Approvals::default(),
        Err(fault) => return unreadable(fault.to_string()),
    };
    match table.all(&approvals_of(&digest)).await {
        Ok(items) => in_force(&items, &proposed, own, now),
        Err(fault) => unreadable(fault.to_string()),
    }
}

/// Of another person, after the plan was put there and within its time, and young enough to be executed.
pub(super) fn in_force(items: &[Item], proposal: &Proposal, own: &[Text], now: Timestamp) -> Approvals {
    let wanted_by: Vec<Text> = own.iter().chain([&proposal.principal, &proposal.proposer]).cloned().collect();
    let by = items.iter().filter_map(|item| Some((words(item, "by"), time(item, "at")?)));
    let of_others = by
        .filter(|(by, _)| !by.is_empty() && !names_nobody(by) && !wanted_by.iter().any(|own| is_same_person(own, by)));
    let in_time = of_others.filter(|(_, at)| {
        *at >= proposal.at && at.duration_since(proposal.at) <= TO_APPROVE && now.duration_since(*at) <= TO_EXECUTE
    });
    Approvals { by: in_time.collect(), wanted_by, unreadable: None }
}

fn approvals_of(digest: &str) -> String {
    format!("approvals#{digest}")
}

pub(super) fn parsed(found: &Item) -> Option<Proposal> {
    Some(Proposal {
        plan: serde_json::from_str(raw(found, "plan")?).ok()?,
        runbook: words(found, "runbook"),
        principal: words(found, "principal"),
        proposer: words(found, "proposer"),
        operator: words(found, "operator"),
        reason: words(found, "reason"),
        at: time(found, "at")?,
    })
}
