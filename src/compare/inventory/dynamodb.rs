//! DynamoDB: tables and their indexes, capacity, recovery, expiry, encryption.

use aws_sdk_dynamodb::operation::describe_continuous_backups::DescribeContinuousBackupsOutput;
use aws_sdk_dynamodb::operation::describe_time_to_live::DescribeTimeToLiveOutput;
use aws_sdk_dynamodb::types::{
    KeySchemaElement, OnDemandThroughput, PointInTimeRecoveryStatus, Projection, ProvisionedThroughputDescription,
    TableDescription, TimeToLiveStatus,
};
use futures_util::future::{BoxFuture, join3};

use super::source::{Found, Inventory, ask_each, value};
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Value};
use crate::model::Fault;
use crate::signals::paging::{all_pages, unless_gone};

/// The inventory.
#[derive(Debug)]
pub struct DynamoDbTables;

const TABLE: &str = "dynamodb table";
const INDEX: &str = "dynamodb index";

impl Inventory for DynamoDbTables {
    fn id(&self) -> &'static str {
        "dynamodb"
    }
    fn title(&self) -> &'static str {
        "DynamoDB"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[TABLE, INDEX]
    }
    fn permissions(&self) -> &'static [&'static str] {
        &[
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:ListTables",
        ]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match names(session).await {
                Ok(names) => {
                    let found = ask_each(names, |name| described(session, name)).await;
                    found.into_iter().fold(Found::default(), Found::and)
                }
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

async fn names(session: &Session) -> Result<Vec<String>, Fault> {
    let selection = session.selection().await?;
    let pages = session.dynamodb().list_tables().into_paginator().page_size(limits::DYNAMODB_PAGE).send();
    let mut names = all_pages(
        session,
        "ListTables",
        pages,
        |page| page.last_evaluated_table_name(),
        |page| page.table_names.unwrap_or_default(),
    )
    .await?;
    names.retain(|name| selection.may_admit(name));
    Ok(names)
}

async fn described(session: &Session, name: String) -> Option<Found> {
    let client = session.dynamodb();
    let (table, backups, expiry) = join3(
        client.describe_table().table_name(&name).send(),
        client.describe_continuous_backups().table_name(&name).send(),
        client.describe_time_to_live().table_name(&name).send(),
    )
    .await;
    let backups = backups.map_err(|error| session.fault("DescribeContinuousBackups", &error));
    let expiry = expiry.map_err(|error| session.fault("DescribeTimeToLive", &error));
    let table = match unless_gone(session, "DescribeTable", table) {
        Ok(answer) => answer?.table?,
        Err(fault) => return Some(undescribed(&name, &fault)),
    };
    let selection = session.selection().await.ok()?;
    let arn = table.table_arn().unwrap_or_default();
    if !selection.admits(&name, arn) {
        return None;
    }
    let mut resources = vec![Configured::new(TABLE, &name, arn, settings(&table, &backups, &expiry))];
    let types = |key: &[KeySchemaElement]| key_schema(key, &table);
    for index in table.global_secondary_indexes() {
        let name = format!("{name}/{}", index.index_name().unwrap_or_default());
        let mut settings = vec![
            Setting::new("type", Value::text(Some("global"))),
            Setting::new("key", types(index.key_schema())),
            Setting::new("projection", projection(index.projection())),
        ];
        settings.extend(capacity(on_demand(&table), index.provisioned_throughput()));
        settings.extend(most(index.on_demand_throughput()));
        resources.push(Configured::part(INDEX, name, settings));
    }
    for index in table.local_secondary_indexes() {
        let name = format!("{name}/{}", index.index_name().unwrap_or_default());
        let settings = vec![
            Setting::new("type", Value::text(Some("local"))),
            Setting::new("key", types(index.key_schema())),
            Setting::new("projection", projection(index.projection())),
        ];
        resources.push(Configured::part(INDEX, name, settings));
    }
    Some(Found { resources, ..Found::default() })
}

/// A table of which only the name is known: that is not nothing, and its indexes are unknown.
fn undescribed(name: &str, fault: &Fault) -> Found {
    let table = Configured::undescribed(TABLE, name, "", fault);
    Found { resources: vec![table], ..Found::unlisted(&[INDEX], fault) }
}

fn settings(
    table: &TableDescription,
    backups: &Result<DescribeContinuousBackupsOutput, Fault>,
    expiry: &Result<DescribeTimeToLiveOutput, Fault>,
) -> Vec<Setting> {
    let billing = if on_demand(table) { "on demand" } else { "provisioned" };
    let mut settings = vec![
        Setting::new("key", key_schema(table.key_schema(), table)),
        Setting::new("billing", Value::text(Some(billing))),
    ];
    settings.extend(capacity(on_demand(table), table.provisioned_throughput()));
    settings.extend(most(table.on_demand_throughput()));
    // Without a description of the encryption it is DynamoDB's own key (DynamoDB API Reference, SSEDescription).
    let encryption = table.sse_description();
    let of_kms = encryption.and_then(|sse| sse.sse_type()).map_or("owned by dynamodb", |kind| kind.as_str());
    let stream = table.stream_specification().filter(|stream| stream.stream_enabled());
    settings.extend([
        Setting::new("point_in_time_recovery", value(backups, recovery)),
        Setting::new("time_to_live", value(expiry, time_to_live)),
        Setting::new("encryption", Value::text(Some(of_kms))),
        Setting::names("kms_key", Value::text(encryption.and_then(|sse| sse.kms_master_key_arn()))),
        Setting::new("deletion_protection", Value::Bool(table.deletion_protection_enabled().unwrap_or(false))),
        Setting::new(
            "table_class",
            Value::text(Some(
                table
                    .table_class_summary()
                    .and_then(|summary| summary.table_class())
                    .map_or("STANDARD", |class| class.as_str()),
            )),
        ),
        Setting::new(
            "stream",
            Value::text(stream.and_then(|stream| stream.stream_view_type()).map(|view| view.as_str())),
        ),
        Setting::new(
            "replica_regions",
            Value::list(table.replicas().iter().filter_map(|replica| replica.region_name())),
        ),
    ]);
    settings
}

/// A table that has always been provisioned has no summary (DynamoDB API Reference, TableDescription).
fn on_demand(table: &TableDescription) -> bool {
    use aws_sdk_dynamodb::types::BillingMode;
    let mode = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    mode == Some(&BillingMode::PayPerRequest)
}

fn capacity(on_demand: bool, units: Option<&ProvisionedThroughputDescription>) -> [Setting; 2] {
    let units = units.filter(|_| !on_demand);
    [
        Setting::new("read_units", Value::count(units.and_then(|units| units.read_capacity_units()))),
        Setting::new("write_units", Value::count(units.and_then(|units| units.write_capacity_units()))),
    ]
}

/// Limits of capacity on demand. -1 stands for none (DynamoDB API Reference, OnDemandThroughput).
fn most(units: Option<&OnDemandThroughput>) -> [Setting; 2] {
    let limit = |units: Option<i64>| Value::count(units.filter(|units| *units >= 0));
    [
        Setting::new("most_read_units", limit(units.and_then(|units| units.max_read_request_units()))),
        Setting::new("most_write_units", limit(units.and_then(|units| units.max_write_request_units()))),
    ]
}

/// e.g. `transaction_id:S HASH, created_at:N RANGE`.
fn key_schema(key: &[KeySchemaElement], table: &TableDescription) -> Value {
    let part = |element: &KeySchemaElement| {
        let name = element.attribute_name();
        let kind = table.attribute_definitions().iter().find(|attribute| attribute.attribute_name() == name);
        let kind = kind.map_or("?", |attribute| attribute.attribute_type().as_str());
        format!("{name}:{kind} {}", element.key_type().as_str())
    };
    Value::text(Some(key.iter().map(part).collect::<Vec<_>>().join(", ")))
}

fn projection(projection: Option<&Projection>) -> Value {
    let kind = projection.and_then(|projection| projection.projection_type()).map(|kind| kind.as_str());
    let mut attributes: Vec<&str> =
        projection.into_iter().flat_map(|projection| projection.non_key_attributes()).map(String::as_str).collect();
    attributes.sort_unstable();
    Value::text(kind.map(|kind| [&[kind], attributes.as_slice()].concat().join(" ")))
}

fn recovery(answer: &DescribeContinuousBackupsOutput) -> Value {
    let status = answer
        .continuous_backups_description()
        .and_then(|backups| backups.point_in_time_recovery_description())
        .and_then(|recovery| recovery.point_in_time_recovery_status());
    Value::flag(status.map(|status| *status == PointInTimeRecoveryStatus::Enabled))
}

/// The attribute whose time ends an item.
fn time_to_live(answer: &DescribeTimeToLiveOutput) -> Value {
    let expiry = answer.time_to_live_description();
    let on = |status: &TimeToLiveStatus| matches!(status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling);
    let on = expiry.and_then(|expiry| expiry.time_to_live_status()).is_some_and(on);
    Value::text(expiry.filter(|_| on).and_then(|expiry| expiry.attribute_name()))
}
