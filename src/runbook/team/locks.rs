//! Locks that the whole team sees: one item a target, taken by a conditional write. Of two consoles exactly one wins.
//! While the outcome of a request is not known its lock has no end, whatever becomes of the console that sent it.

use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::SharedTable;
use crate::cloud::shared_table::{Condition, EXPIRES, Item, PK};
use crate::guard::LockState;
use crate::guard::situation::SKEW_S;
use crate::model::Fault;
use crate::runbook::lock::Claim;
use crate::runbook::team::fields::{expiring, item, raw, seconds, text, time, words};

const LOCKS: &str = "locks";
/// Since when the outcome of a request of the holder is not known; missing where nothing is open.
const OPEN: &str = "open";

/// Takes the lock, or keeps it for longer where the run has it already. The state tells who has it afterwards.
///
/// Where the clock is more than a minute off AWS's, a lock that has ended does not count as ended.
///
/// # Errors
/// It is not known who has it.
pub async fn take(table: &SharedTable, claim: &Claim, now: Timestamp) -> Result<LockState, Fault> {
    let mut condition = Condition {
        expression: "attribute_not_exists(#pk) OR #run = :run".to_owned(),
        names: vec![PK, "run"],
        values: vec![("run", text(&claim.run))],
    };
    if relies_on_clock(table) {
        condition.expression.push_str(" OR #expires < :now");
        condition.names.push(EXPIRES);
        condition.values.push(("now", seconds(now)));
    }
    match table.put(ending(claim, now), condition).await {
        Ok(true) => Ok(LockState::Ours),
        // Refused, or not known: what stands there tells.
        Ok(false) => known(table, claim, now).await,
        Err(fault) => match known(table, claim, now).await {
            Ok(LockState::Free) | Err(_) => Err(fault),
            known => known,
        },
    }
}

/// What the lock of a target means for `run`.
pub async fn state(table: &SharedTable, arn: &str, run: &str, now: Timestamp) -> LockState {
    match table.get(LOCKS, arn).await {
        Ok(found) => means(found.as_ref(), run, now, relies_on_clock(table)),
        Err(fault) => LockState::Unreadable(Text::new(fault.to_string())),
    }
}

/// Takes the lock whoever has it; gives what was there, to be recorded. Fails where it changed hands meanwhile.
///
/// # Errors
/// It could not be taken, or it is not known whether it was.
pub async fn take_over(table: &SharedTable, claim: &Claim, now: Timestamp) -> Result<LockState, Fault> {
    let before = table.get(LOCKS, &claim.arn).await?;
    let holder = before.as_ref().and_then(|found| raw(found, "run")).unwrap_or_default();
    let condition = Condition {
        expression: "attribute_not_exists(#pk) OR #run = :run OR #run = :before".to_owned(),
        names: vec![PK, "run"],
        values: vec![("run", text(&claim.run)), ("before", text(holder))],
    };
    if table.put(ending(claim, now), condition).await? {
        return Ok(means(before.as_ref(), &claim.run, now, false));
    }
    let says = "somebody else took it in this moment";
    Err(Fault::new(crate::model::FaultKind::Invalid, "PutItem", says))
}

/// Keeps the lock without an end, as nobody knows what becomes of a request of the run. False where somebody else has it.
///
/// # Errors
/// It is not known whether it was written.
pub async fn keep(table: &SharedTable, claim: &Claim, now: Timestamp) -> Result<bool, Fault> {
    let condition = Condition {
        expression: "attribute_not_exists(#pk) OR #run = :run".to_owned(),
        names: vec![PK, "run"],
        values: vec![("run", text(&claim.run))],
    };
    let mut item = locked(claim, now);
    item.insert(OPEN.to_owned(), text(&now.to_string()));
    table.put(item, condition).await
}

/// Targets and runs of the locks without an end.
///
/// # Errors
/// They could not be read.
pub async fn kept(table: &SharedTable) -> Result<Vec<(Text, Text)>, Fault> {
    let items = table.all(LOCKS).await?;
    let open = items.iter().filter(|item| item.contains_key(OPEN));
    Ok(open.map(|item| (words(item, "sk"), words(item, "run"))).collect())
}

/// Lets go of what the run holds; what somebody else has taken over stays theirs.
///
/// # Errors
/// It is not known whether it was let go: it ends by itself.
pub async fn release(table: &SharedTable, arn: &str, run: &str) -> Result<(), Fault> {
    let condition = Condition {
        expression: "attribute_not_exists(#pk) OR #run = :run".to_owned(),
        names: vec![PK, "run"],
        values: vec![("run", text(run))],
    };
    table.remove(LOCKS, arn, condition).await.map(|_| ())
}

/// Every lock in the table, with its target.
///
/// # Errors
/// They could not be read.
pub async fn all(table: &SharedTable, now: Timestamp) -> Result<Vec<(Text, LockState)>, Fault> {
    let reliable = relies_on_clock(table);
    let items = table.all(LOCKS).await?;
    Ok(items.iter().map(|found| (words(found, "sk"), means(Some(found), "", now, reliable))).collect())
}

/// True where the clock is close enough to AWS's to say that a lock has ended.
pub fn relies_on_clock(table: &SharedTable) -> bool {
    table.clock_skew().is_some_and(|skew| skew.abs() <= SKEW_S)
}

async fn known(table: &SharedTable, claim: &Claim, now: Timestamp) -> Result<LockState, Fault> {
    let found = table.get(LOCKS, &claim.arn).await?;
    Ok(means(found.as_ref(), &claim.run, now, relies_on_clock(table)))
}

fn locked(claim: &Claim, now: Timestamp) -> Item {
    let taken = now.to_string();
    let texts = [("holder", &*claim.holder), ("run", &*claim.run), ("reason", &*claim.reason), ("taken", &taken)];
    item(LOCKS, &claim.arn, &texts)
}

/// The same, until its end.
fn ending(claim: &Claim, now: Timestamp) -> Item {
    let mut item = locked(claim, now);
    item.insert("until".to_owned(), text(&claim.until.to_string()));
    expiring(item, claim.until)
}

/// What an item means for `run`. Where the clock cannot be relied on, no lock has ended.
pub(super) fn means(found: Option<&Item>, run: &str, now: Timestamp, reliable: bool) -> LockState {
    let Some(found) = found else { return LockState::Free };
    let until = time(found, "until").filter(|_| !found.contains_key(OPEN));
    if !run.is_empty() && raw(found, "run") == Some(run) {
        return LockState::Ours;
    }
    if reliable && until.is_some_and(|until| until <= now) {
        return LockState::Free;
    }
    let (holder, reason) = (words(found, "holder"), words(found, "reason"));
    let Some(open) = raw(found, OPEN) else { return LockState::Held { holder, reason, until } };
    let at = open
        .parse()
        .map_or_else(|_| Text::new(open), |at: Timestamp| Text::new(at.strftime("%Y-%m-%d %H:%M:%SZ").to_string()));
    let says = format!("{reason}; the outcome of {}, sent after {at}, is unknown", words(found, "run"));
    LockState::Held { holder, reason: Text::new(says), until: None }
}
