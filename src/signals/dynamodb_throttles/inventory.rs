//! ListTables, all pages, and DescribeTable for each table that may belong to the environment.

use aws_sdk_dynamodb::operation::list_tables::ListTablesOutput;
use aws_sdk_dynamodb::types::{BillingMode, ProvisionedThroughputDescription, TableDescription};

use jiff::Timestamp;

use super::{Description, Inventory, Store};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::Fault;
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, each, unless_gone};

/// Reads the tables and their global secondary indexes. A table that cannot be described is kept by its name.
pub async fn read(session: &Session) -> Result<Inventory, Fault> {
    let selection = session.selection().await?;
    let pages = session.dynamodb().list_tables().into_paginator().page_size(limits::DYNAMODB_PAGE).send();
    let names = |page: ListTablesOutput| page.table_names.unwrap_or_default();
    let mut tables = all_pages(session, "ListTables", pages, |page| page.last_evaluated_table_name(), names).await?;
    tables.retain(|name| selection.may_admit(name));
    tables.sort_unstable();
    let describe = |name: String| async move {
        let answer = session.dynamodb().describe_table().table_name(name).send().await;
        let described = unless_gone(session, "DescribeTable", answer)?;
        Ok(described.and_then(|answer| answer.table).map(|table| stores(&table)))
    };
    let undescribed = |name: &String, _: &Fault| Some(vec![Store { table: name.into(), ..Store::default() }]);
    let described = each(tables, describe, undescribed).await?;
    let belongs = |stores: &Vec<Store>| {
        stores.first().is_some_and(|table| table.description.is_none() || selection.admits(&table.table, &table.arn))
    };
    Ok(Inventory { stores: described.found.into_iter().filter(belongs).flatten().collect(), fault: described.fault })
}

/// The table, then its indexes by name.
fn stores(table: &TableDescription) -> Vec<Store> {
    let name = Text::new(table.table_name().unwrap_or_default());
    let mode = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let to_on_demand = table
        .billing_mode_summary()
        .and_then(|summary| summary.last_update_to_pay_per_request_date_time())
        .and_then(moment);
    let on_demand = mode == Some(&BillingMode::PayPerRequest);
    let text = |value: Option<&str>| Text::new(value.unwrap_or_default());
    let store = |index: Option<Text>, arn: Option<&str>, status: Option<&str>, capacity| Store {
        table: name.clone(),
        index,
        arn: text(arn),
        description: Some(Description {
            status: text(status),
            provisioned: provisioned(on_demand, capacity),
            changed: capacity.and_then(changed).max(to_on_demand),
        }),
    };
    let status = table.table_status().map(|status| status.as_str());
    let mut indexes: Vec<Store> = table
        .global_secondary_indexes()
        .iter()
        .map(|index| {
            let status = index.index_status().map(|status| status.as_str());
            store(Some(text(index.index_name())), index.index_arn(), status, index.provisioned_throughput())
        })
        .collect();
    indexes.sort_unstable_by(|a, b| a.index.cmp(&b.index));
    indexes.insert(0, store(None, table.table_arn(), status, table.provisioned_throughput()));
    indexes
}

fn changed(capacity: &ProvisionedThroughputDescription) -> Option<Timestamp> {
    let times = [capacity.last_increase_date_time(), capacity.last_decrease_date_time()];
    times.into_iter().flatten().filter_map(moment).max()
}

/// On-demand tables report zero units; so does a table whose answer leaves the billing mode out.
fn provisioned(on_demand: bool, capacity: Option<&ProvisionedThroughputDescription>) -> Option<(i64, i64)> {
    let capacity = capacity.filter(|_| !on_demand)?;
    let units = (capacity.read_capacity_units().unwrap_or(0), capacity.write_capacity_units().unwrap_or(0));
    (units.0 > 0 || units.1 > 0).then_some(units)
}
