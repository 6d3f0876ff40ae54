//! DynamoDB: tables, their settings and their items.

mod create;
mod expression;
mod items;
mod names;
mod tokens;
mod update;

use jiff::Timestamp;
use winterbaume_dynamodb::model::{
    AttributeDefinition, BillingModeSummary, ContinuousBackupsDescription, DescribeContinuousBackupsOutput,
    DescribeTableOutput, DescribeTimeToLiveOutput, GlobalSecondaryIndexDescription, KeySchemaElement, ListTablesOutput,
    ListTagsOfResourceOutput, PointInTimeRecoveryDescription, Projection, ProvisionedThroughputDescription,
    TableDescription, Tag, TimeToLiveDescription,
};

use super::{ApiError, Ask, Edit, Reply, epoch, reply};
use crate::drill::world::dynamodb::{CapacityChanges, Index, Table, TableState, Throughput};

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "GetItem" => items::get(ask),
        "ListTables" => list_tables(ask),
        "Query" => items::query(ask),
        "DescribeTable" => reply(&DescribeTableOutput { table: Some(description(table(ask)?, ask.now)) }),
        "ListTagsOfResource" => list_tags_of_resource(ask),
        "DescribeTimeToLive" => {
            let attribute_name = table(ask)?.time_to_live.clone();
            let status = if attribute_name.is_some() { "ENABLED" } else { "DISABLED" };
            let description = TimeToLiveDescription { attribute_name, time_to_live_status: Some(status.to_owned()) };
            reply(&DescribeTimeToLiveOutput { time_to_live_description: Some(description) })
        }
        "DescribeContinuousBackups" => describe_continuous_backups(ask),
        _ => Err(ask.unknown()),
    }
}

/// The table that `TableName` names, by name or ARN.
fn table<'a>(ask: &Ask<'a>) -> Result<&'a Table, ApiError> {
    let asked = ask.input.text("TableName").ok_or_else(|| {
        ApiError::bad("ValidationException", "The parameter 'TableName' is required but was not present in the request")
    })?;
    let name = asked.rsplit_once(":table/").map_or(asked, |(_, name)| name);
    ask.world
        .tables
        .get(name)
        .ok_or_else(|| not_found(format!("Requested resource not found: Table: {name} not found")))
}

pub(super) fn change(edit: &mut Edit<'_>) -> Reply {
    match edit.call.operation.as_str() {
        "CreateTable" => create::create(edit),
        "DeleteItem" | "PutItem" | "UpdateItem" => items::write(edit),
        "UpdateTable" => update::table_capacity(edit),
        "UpdateContinuousBackups" => create::continuous_backups(edit),
        "UpdateTimeToLive" => create::time_to_live(edit),
        _ => Err(edit.unknown()),
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::bad("ValidationException", message)
}

fn not_found(message: String) -> ApiError {
    ApiError::bad("ResourceNotFoundException", message)
}

/// By name, from after `ExclusiveStartTableName`, which need not exist.
fn list_tables(ask: &Ask<'_>) -> Reply {
    let size = ask.size("Limit", 100, 100);
    let start = ask.input.text("ExclusiveStartTableName").unwrap_or_default();
    let mut names: Vec<String> = ask.world.tables.keys().filter(|name| name.as_str() > start).cloned().collect();
    let more = names.len() > size;
    names.truncate(size);
    let last = names.last().filter(|_| more).cloned();
    reply(&ListTablesOutput { last_evaluated_table_name: last, table_names: Some(names) })
}

fn list_tags_of_resource(ask: &Ask<'_>) -> Reply {
    let arn = ask.input.text("ResourceArn").unwrap_or_default();
    let Some(table) = ask.world.tables.values().find(|table| table.arn == arn) else {
        return Err(not_found(format!("Requested resource not found: ResourceArn: {arn} not found")));
    };
    let tag = |(key, value): (&String, &String)| Tag { key: key.clone(), value: value.clone() };
    reply(&ListTagsOfResourceOutput { next_token: None, tags: Some(table.tags.iter().map(tag).collect()) })
}

fn describe_continuous_backups(ask: &Ask<'_>) -> Reply {
    let since = table(ask)?.recoverable_since;
    let status = if since.is_some() { "ENABLED" } else { "DISABLED" };
    reply(&DescribeContinuousBackupsOutput {
        continuous_backups_description: Some(ContinuousBackupsDescription {
            continuous_backups_status: Some("ENABLED".to_owned()),
            point_in_time_recovery_description: Some(PointInTimeRecoveryDescription {
                earliest_restorable_date_time: since.map(epoch),
                latest_restorable_date_time: since.map(|since| epoch(since.max(ask.now))),
                point_in_time_recovery_status: Some(status.to_owned()),
                ..PointInTimeRecoveryDescription::default()
            }),
        }),
    })
}

fn description(table: &Table, now: Timestamp) -> TableDescription {
    let attribute = |(name, kind): (&String, &String)| AttributeDefinition {
        attribute_name: name.clone(),
        attribute_type: kind.clone(),
    };
    let indexes: Vec<_> = table.indexes.values().map(|one| index(one, table, now)).collect();
    let mode = if table.provisioned.is_some() { "PROVISIONED" } else { "PAY_PER_REQUEST" };
    TableDescription {
        attribute_definitions: Some(table.attributes.iter().map(attribute).collect()),
        billing_mode_summary: Some(BillingModeSummary {
            billing_mode: Some(mode.to_owned()),
            ..BillingModeSummary::default()
        }),
        creation_date_time: Some(epoch(table.created)),
        deletion_protection_enabled: Some(false),
        global_secondary_indexes: Some(indexes).filter(|indexes| !indexes.is_empty()),
        item_count: i64::try_from(table.item_count).ok(),
        key_schema: Some(key_schema(&table.key)),
        provisioned_throughput: Some(throughput(table.provisioned, &table.changes, now)),
        table_arn: Some(table.arn.clone()),
        table_id: Some(table.id.clone()),
        table_name: Some(table.name.clone()),
        table_size_bytes: i64::try_from(table.size_bytes).ok(),
        table_status: Some(table.status().to_owned()),
        ..TableDescription::default()
    }
}

fn index(index: &Index, table: &Table, now: Timestamp) -> GlobalSecondaryIndexDescription {
    GlobalSecondaryIndexDescription {
        index_arn: Some(index.arn.clone()),
        index_name: Some(index.name.clone()),
        index_size_bytes: i64::try_from(index.size_bytes).ok(),
        index_status: Some(index_status(index, table).to_owned()),
        item_count: i64::try_from(index.item_count).ok(),
        key_schema: Some(key_schema(&index.key)),
        projection: Some(Projection { projection_type: Some("ALL".to_owned()), ..Projection::default() }),
        provisioned_throughput: Some(throughput(index.provisioned, &index.changes, now)),
        ..GlobalSecondaryIndexDescription::default()
    }
}

fn index_status(index: &Index, table: &Table) -> &'static str {
    match &table.state {
        TableState::Updating(_, update) if update.indexes.contains_key(&index.name) => "UPDATING",
        _ => "ACTIVE",
    }
}

/// On demand, both capacities are 0, as DynamoDB answers.
fn throughput(
    provisioned: Option<Throughput>,
    changes: &CapacityChanges,
    now: Timestamp,
) -> ProvisionedThroughputDescription {
    let provisioned = provisioned.unwrap_or(Throughput { read: 0, write: 0 });
    ProvisionedThroughputDescription {
        last_decrease_date_time: changes.decreases.last().copied().map(epoch),
        last_increase_date_time: changes.last_increase.map(epoch),
        number_of_decreases_today: i64::try_from(changes.decreases_today(now)).ok(),
        read_capacity_units: Some(provisioned.read.into()),
        write_capacity_units: Some(provisioned.write.into()),
    }
}

fn key_schema(key: &[String]) -> Vec<KeySchemaElement> {
    let element =
        |(name, kind): (&String, &str)| KeySchemaElement { attribute_name: name.clone(), key_type: kind.to_owned() };
    key.iter().zip(["HASH", "RANGE"]).map(element).collect()
}
