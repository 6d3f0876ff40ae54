//! UpdateTable: other capacities of a table and its indexes.

use jiff::{SignedDuration, Timestamp};
use winterbaume_dynamodb::model::UpdateTableOutput;

use super::super::{ApiError, Edit, Input, Reply, reply};
use super::{description, invalid, not_found, table};
use crate::drill::world::dynamodb::{CapacityChanges, CapacityUpdate, Table, TableState, Throughput};
use crate::drill::world::hash;

/// Parameters that the drill's tables have. Attributes may be given as they are.
const KNOWN: &[&str] =
    &["TableName", "ProvisionedThroughput", "GlobalSecondaryIndexUpdates", "BillingMode", "AttributeDefinitions"];
/// Units of a table or index (DynamoDB Developer Guide, "Service, account, and table quotas").
const MOST: i64 = 40_000;
/// Decreases of a UTC day that are always possible; later ones need an hour since the last, up to the most a day.
const FREE_DECREASES: usize = 4;
const MOST_DECREASES: usize = 27;

pub(super) fn table_capacity(edit: &mut Edit<'_>) -> Reply {
    edit.only(KNOWN).map_err(invalid)?;
    let ask = edit.ask();
    let held = table(&ask)?;
    if held.state != TableState::Active {
        let message =
            format!("Attempt to change a resource which is still in use: Table is being updated: {}", held.name);
        return Err(ApiError::bad("ResourceInUseException", message));
    }
    let update = wanted(edit.input, held, edit.now)?;
    let name = held.name.clone();
    let until = edit.now.checked_add(lasts(&name, edit.now)).unwrap_or(edit.now);
    let now = edit.now;
    let held = edit.world.tables.get_mut(&name).ok_or_else(|| not_found(format!("Table: {name} not found")))?;
    held.state = TableState::Updating(until, update);
    reply(&UpdateTableOutput { table_description: Some(description(held, now)) })
}

/// Ten seconds to about a minute.
fn lasts(name: &str, now: Timestamp) -> SignedDuration {
    SignedDuration::from_secs(10 + i64::try_from(hash::of(&(name, now.as_second())) % 45).unwrap_or(0))
}

fn wanted(input: Input<'_>, held: &Table, now: Timestamp) -> Result<CapacityUpdate, ApiError> {
    let mode = if held.provisioned.is_some() { "PROVISIONED" } else { "PAY_PER_REQUEST" };
    if input.text("BillingMode").is_some_and(|asked| asked != mode) {
        return Err(invalid("The drill does not offer another billing mode."));
    }
    let mut update = CapacityUpdate::default();
    if let Some(asked) = input.inner("ProvisionedThroughput") {
        let from = held.provisioned.ok_or_else(on_demand)?;
        let to = units(asked, "provisionedThroughput")?;
        changes("table", &held.name, from, to)?;
        may_decrease(&held.changes, from, to, now)?;
        update.table = Some(to);
    }
    for change in input.list("GlobalSecondaryIndexUpdates") {
        let Some(asked) = change.inner("Update") else {
            return Err(invalid("The drill changes the capacity of indexes only."));
        };
        let name = asked.text("IndexName").unwrap_or_default();
        let Some(index) = held.indexes.get(name) else {
            return Err(not_found(format!("Requested resource not found: Index: {name} not found")));
        };
        let from = index.provisioned.ok_or_else(on_demand)?;
        let given = asked.inner("ProvisionedThroughput").ok_or_else(|| invalid("ProvisionedThroughput is missing."))?;
        let to = units(given, "globalSecondaryIndexUpdates.1.member.update.provisionedThroughput")?;
        changes("index", name, from, to)?;
        may_decrease(&index.changes, from, to, now)?;
        update.indexes.insert(name.to_owned(), to);
    }
    if update == CapacityUpdate::default() {
        let message = "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required";
        return Err(invalid(message));
    }
    Ok(update)
}

/// The refusal of capacities for a table without them.
pub(super) fn on_demand() -> ApiError {
    invalid(
        "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    )
}

/// Units of reads and writes within their bounds.
pub(super) fn units(asked: Input<'_>, path: &str) -> Result<Throughput, ApiError> {
    let one = |key: &str, member: &str| {
        let value = asked.int(key).ok_or_else(|| {
            invalid(format!(
                "1 validation error detected: Value null at '{path}.{member}' failed to satisfy constraint: Member must not be null"
            ))
        })?;
        if value < 1 {
            return Err(invalid(format!(
                "1 validation error detected: Value '{value}' at '{path}.{member}' failed to satisfy constraint: Member must have value greater than or equal to 1"
            )));
        }
        let fits = u32::try_from(value).ok().filter(|_| value <= MOST);
        let message = format!("{key} exceeds the limit of {MOST} units per table or index: {value}");
        fits.ok_or_else(|| ApiError::bad("LimitExceededException", message))
    };
    Ok(Throughput {
        read: one("ReadCapacityUnits", "readCapacityUnits")?,
        write: one("WriteCapacityUnits", "writeCapacityUnits")?,
    })
}

fn changes(what: &str, name: &str, from: Throughput, to: Throughput) -> Result<(), ApiError> {
    if from != to {
        return Ok(());
    }
    let (read, write) = (from.read, from.write);
    Err(invalid(format!(
        "The provisioned throughput for the {what} {name} will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the {what}: {read}. Requested ReadCapacityUnits: {read}. Current WriteCapacityUnits provisioned for the {what}: {write}. Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
    )))
}

fn may_decrease(held: &CapacityChanges, from: Throughput, to: Throughput, now: Timestamp) -> Result<(), ApiError> {
    if !to.is_decrease_of(from) {
        return Ok(());
    }
    let today = held.decreases_today(now);
    let last = held.decreases.last().copied();
    let hour = SignedDuration::from_hours(1);
    let rested = last.is_none_or(|last| now.duration_since(last) >= hour);
    if today < FREE_DECREASES || (rested && today < MOST_DECREASES) {
        return Ok(());
    }
    let last = last.unwrap_or(now);
    let next = last.checked_add(hour).unwrap_or(last);
    Err(ApiError::bad(
        "LimitExceededException",
        format!(
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the first {FREE_DECREASES} decreases, each subsequent decrease in the same UTC day can be performed at most once every 3600 seconds. Number of decreases today: {today}. Last decrease at {last}. Next decrease can be made at {next}"
        ),
    ))
}
