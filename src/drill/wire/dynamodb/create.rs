//! CreateTable, UpdateTimeToLive and UpdateContinuousBackups.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::json;
use winterbaume_dynamodb::model::CreateTableOutput;

use super::super::{ApiError, Edit, Input, Reply, reply};
use super::{description, invalid, not_found, table};
use crate::drill::world::dynamodb::{CapacityChanges, Table, TableState, Throughput};
use crate::drill::world::{Tags, hash};

/// Parameters that the drill's tables have.
const KNOWN: &[&str] = &[
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "BillingMode",
    "ProvisionedThroughput",
    "Tags",
    "DeletionProtectionEnabled",
    "SSESpecification",
    "TableClass",
];
/// Seconds until a new table can be used.
const CREATING_S: i64 = 8;

pub(super) fn create(edit: &mut Edit<'_>) -> Reply {
    edit.only(KNOWN).map_err(invalid)?;
    let input = edit.input;
    let name = input.text("TableName").filter(|name| named(name)).ok_or_else(|| {
        invalid("TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, '_', '-' and '.'")
    })?;
    if edit.world.tables.contains_key(name) {
        return Err(ApiError::bad("ResourceInUseException", format!("Table already exists: {name}")));
    }
    let pairs = |list: &str, key: &str, value: &str| -> Vec<(String, String)> {
        let of = |one: Input<'_>| Some((one.text(key)?.to_owned(), one.text(value)?.to_owned()));
        input.list(list).into_iter().filter_map(of).collect()
    };
    let attributes: BTreeMap<String, String> =
        pairs("AttributeDefinitions", "AttributeName", "AttributeType").into_iter().collect();
    let schema = pairs("KeySchema", "AttributeName", "KeyType");
    check(&attributes, &schema)?;
    let provisioned = capacity(input)?;
    let (region, account, now) = (&edit.world.region, &edit.world.account, edit.now);
    let arn = format!("arn:aws:dynamodb:{region}:{account}:table/{name}");
    let made = Table {
        name: name.to_owned(),
        id: hash::uuid(&(&arn, now.as_millisecond())),
        arn,
        attributes,
        key: schema.into_iter().map(|(name, _)| name).collect(),
        provisioned,
        changes: CapacityChanges::default(),
        state: TableState::Creating(now.checked_add(SignedDuration::from_secs(CREATING_S)).unwrap_or(now)),
        items: Vec::new(),
        time_to_live: None,
        recoverable_since: None,
        item_count: 0,
        size_bytes: 0,
        created: now,
        indexes: BTreeMap::new(),
        tags: pairs("Tags", "Key", "Value").into_iter().collect::<Tags>(),
    };
    let answer = reply(&CreateTableOutput { table_description: Some(description(&made, now)) });
    edit.world.tables.insert(name.to_owned(), made);
    answer
}

fn named(name: &str) -> bool {
    (3..=255).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

fn check(attributes: &BTreeMap<String, String>, schema: &[(String, String)]) -> Result<(), ApiError> {
    let kinds: Vec<&str> = schema.iter().map(|(_, kind)| kind.as_str()).collect();
    if !matches!(kinds.as_slice(), ["HASH"] | ["HASH", "RANGE"]) {
        return Err(invalid("Invalid KeySchema: a HASH key first, and a RANGE key where there is one"));
    }
    if let Some((missing, _)) = schema.iter().find(|(name, _)| !attributes.contains_key(name)) {
        return Err(invalid(format!(
            "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [{missing}]"
        )));
    }
    if attributes.len() != schema.len() {
        return Err(invalid(
            "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
        ));
    }
    if attributes.values().any(|kind| !matches!(kind.as_str(), "S" | "N" | "B")) {
        return Err(invalid("Member must satisfy enum value set: [B, N, S]"));
    }
    Ok(())
}

fn capacity(input: Input<'_>) -> Result<Option<Throughput>, ApiError> {
    let given = input.inner("ProvisionedThroughput");
    if input.text("BillingMode") == Some("PAY_PER_REQUEST") {
        return if given.is_none() { Ok(None) } else { Err(super::update::on_demand()) };
    }
    let given = given.ok_or_else(|| {
        invalid("One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
    })?;
    super::update::units(given, "provisionedThroughput").map(Some)
}

/// Names the attribute that says when an item may go. The drill deletes none, as DynamoDB may take days for it.
pub(super) fn time_to_live(edit: &mut Edit<'_>) -> Reply {
    let asked = edit.input.inner("TimeToLiveSpecification");
    let asked = asked.ok_or_else(|| invalid("TimeToLiveSpecification is missing."))?;
    let attribute = asked.text("AttributeName").ok_or_else(|| invalid("AttributeName is missing."))?;
    let enabled = asked.flag("Enabled").ok_or_else(|| invalid("Enabled is missing."))?;
    let held = table(&edit.ask())?;
    if held.time_to_live.is_some() == enabled {
        return Err(invalid(format!("TimeToLive is already {}", if enabled { "enabled" } else { "disabled" })));
    }
    let name = held.name.clone();
    let held = edit.world.tables.get_mut(&name).ok_or_else(|| not_found(format!("Table: {name} not found")))?;
    held.time_to_live = enabled.then(|| attribute.to_owned());
    Ok(json!({"TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled}}))
}

/// Switches point-in-time recovery on or off.
pub(super) fn continuous_backups(edit: &mut Edit<'_>) -> Reply {
    let asked = edit.input.inner("PointInTimeRecoverySpecification");
    let enabled = asked.and_then(|asked| asked.flag("PointInTimeRecoveryEnabled"));
    let enabled = enabled.ok_or_else(|| invalid("PointInTimeRecoveryEnabled is missing."))?;
    let (name, now) = (table(&edit.ask())?.name.clone(), edit.now);
    let held = edit.world.tables.get_mut(&name).ok_or_else(|| not_found(format!("Table: {name} not found")))?;
    held.recoverable_since = enabled.then(|| held.recoverable_since.unwrap_or(now));
    super::describe_continuous_backups(&edit.ask())
}
