//! Reading a table's or an index's capacity, its autoscaling and the account's limits.

use std::sync::Arc;

use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};
use aws_sdk_dynamodb::types::{BillingMode, ProvisionedThroughputDescription, TableDescription};
use futures_util::future::{join, try_join};
use jiff::Timestamp;

use crate::actions::{Wanted, targets};
use crate::base::Text;
use crate::cloud::{Session, limits};
use crate::model::{Fault, Target, TargetKind};
use crate::signals::Signal;
use crate::signals::dynamodb_throttles::DynamoDbThrottles;
use crate::signals::moment::moment;
use crate::signals::paging::{all_pages, unless_gone};

/// Units that one table may have where AWS does not say otherwise (DynamoDB Developer Guide, quotas).
pub const TABLE_QUOTA: i64 = 40_000;

/// Reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Read capacity units.
    Read,
    /// Write capacity units.
    Write,
}

impl Dimension {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// `read` or `write`: the parameter, and the name of what is observed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// What AWS calls its units.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Read => "RCU",
            Self::Write => "WCU",
        }
    }

    /// The dimension of Application Auto Scaling, e.g. `dynamodb:table:ReadCapacityUnits`.
    pub fn scalable(self, of_index: bool) -> ScalableDimension {
        match (self, of_index) {
            (Self::Read, false) => ScalableDimension::DynamoDbTableReadCapacityUnits,
            (Self::Write, false) => ScalableDimension::DynamoDbTableWriteCapacityUnits,
            (Self::Read, true) => ScalableDimension::DynamoDbIndexReadCapacityUnits,
            (Self::Write, true) => ScalableDimension::DynamoDbIndexWriteCapacityUnits,
        }
    }
}

/// Something for reads and for writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Both<T> {
    /// For reads.
    pub read: T,
    /// For writes.
    pub write: T,
}

impl<T: Copy> Both<T> {
    /// The one for this dimension.
    pub fn of(&self, dimension: Dimension) -> T {
        match dimension {
            Dimension::Read => self.read,
            Dimension::Write => self.write,
        }
    }
}

/// Bounds of a scalable target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Minimum.
    pub min: i64,
    /// Maximum.
    pub max: i64,
}

/// What is read of a table, or of one of its indexes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Store {
    /// The index; `None` for the table itself.
    pub index: Option<Text>,
    /// Status of the table: `ACTIVE`, `UPDATING`, …
    pub table_status: Text,
    /// Status of the index; empty for the table itself.
    pub index_status: Text,
    /// Billed by request: it has no provisioned capacity.
    pub on_demand: bool,
    /// Units.
    pub units: Both<i64>,
    /// Decreases on this UTC day.
    pub decreases: i64,
    /// The last decrease.
    pub decreased: Option<Timestamp>,
    /// Other regions of a global table.
    pub replicas: Vec<Text>,
}

impl Store {
    /// True where either is still being changed.
    pub fn is_updating(&self) -> bool {
        [&self.table_status, &self.index_status].iter().any(|status| &***status == "UPDATING")
    }

    /// The status that counts: the index's, where it is about one.
    pub fn status(&self) -> &Text {
        if self.index.is_some() && &*self.table_status == "ACTIVE" { &self.index_status } else { &self.table_status }
    }
}

/// Units that a table may have: reads, writes.
pub type Quota = Both<i64>;

/// All that a plan needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The table or the index.
    pub store: Store,
    /// Scalable targets, where there are any.
    pub scaling: Both<Option<Bounds>>,
    /// The account's quotas for a table.
    pub quota: Quota,
}

/// The tables that are meant. The ARN of an index stands for its table.
///
/// # Errors
/// The tables could not be listed, or what could not be described may be the one that is meant.
pub async fn find(session: &Session, wanted: &Wanted) -> Result<Vec<Target>, Fault> {
    let table = |arn: &Text| Text::new(arn.split("/index/").next().unwrap_or_default());
    let wanted = Wanted { arn: wanted.arn.as_ref().map(table), ..wanted.clone() };
    let inventory = Signal::inventory(&DynamoDbThrottles, session).await?;
    let tables: Vec<_> = inventory.stores.into_iter().filter(|store| store.index.is_none()).collect();
    let mut found = Vec::new();
    for table in targets::meant(session, &wanted, &tables, |one| &one.arn, |one| vec![one.table.clone()]) {
        match (&inventory.fault, table.arn.is_empty()) {
            (Some(fault), true) => return Err(fault.clone()),
            _ => found.push(targets::target(session, TargetKind::DynamodbTable, &table.table, &table.arn).await?),
        }
    }
    match inventory.fault {
        Some(fault) if found.is_empty() => Err(fault),
        _ => Ok(found),
    }
}

/// Reads all of it.
///
/// # Errors
/// The table or its autoscaling could not be read, or there is no such index.
pub async fn read(session: &Session, target: &Target, index: Option<&str>) -> Result<Read, Fault> {
    let both = try_join(store(session, target, index), scaling(session, target, index));
    let (both, quota) = join(both, quota(session)).await;
    let (store, scaling) = both?;
    Ok(Read { store, scaling, quota })
}

async fn describe(session: &Session, target: &Target) -> Result<TableDescription, Fault> {
    let answer = session.dynamodb().describe_table().table_name(&*target.name).send().await;
    let answer = unless_gone(session, "DescribeTable", answer)?.and_then(|answer| answer.table);
    answer.ok_or_else(|| targets::gone("DescribeTable", "the table", &target.name))
}

/// DescribeTable.
///
/// # Errors
/// It could not be read, or there is no such table or index.
pub async fn store(session: &Session, target: &Target, index: Option<&str>) -> Result<Store, Fault> {
    let table = describe(session, target).await?;
    let missing = || targets::gone("DescribeTable", "the index", &format!("{}/{}", target.name, index.unwrap_or("?")));
    parse(&table, index).ok_or_else(missing)
}

/// All indexes of the table.
///
/// # Errors
/// The table could not be read.
pub async fn indexes(session: &Session, target: &Target) -> Result<Vec<Store>, Fault> {
    let table = describe(session, target).await?;
    let names = table.global_secondary_indexes().iter().filter_map(|index| index.index_name());
    Ok(names.filter_map(|name| parse(&table, Some(name))).collect())
}

fn parse(table: &TableDescription, index: Option<&str>) -> Option<Store> {
    let on_demand = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let (index_status, throughput) = match index {
        None => (Text::default(), table.provisioned_throughput()),
        Some(name) => {
            let index = table.global_secondary_indexes().iter().find(|index| index.index_name() == Some(name))?;
            let status = index.index_status().map(|status| status.as_str()).unwrap_or_default();
            (Text::new(status), index.provisioned_throughput())
        }
    };
    let units = |get: fn(&ProvisionedThroughputDescription) -> Option<i64>| throughput.and_then(get).unwrap_or(0);
    let units = Both { read: units(|t| t.read_capacity_units()), write: units(|t| t.write_capacity_units()) };
    Some(Store {
        index: index.map(Text::from),
        table_status: Text::new(table.table_status().map(|status| status.as_str()).unwrap_or_default()),
        index_status,
        // What is billed by request has no units; so has a table whose answer leaves the billing mode out.
        on_demand: on_demand == Some(&BillingMode::PayPerRequest) || units == Both::default(),
        units,
        decreases: throughput.and_then(|t| t.number_of_decreases_today()).unwrap_or(0),
        decreased: throughput.and_then(|t| t.last_decrease_date_time()).and_then(moment),
        replicas: table.replicas().iter().filter_map(|replica| replica.region_name()).map(Text::from).collect(),
    })
}

/// Id of the table or the index for Application Auto Scaling.
pub fn resource_id(table: &str, index: Option<&str>) -> String {
    match index {
        None => format!("table/{table}"),
        Some(index) => format!("table/{table}/index/{index}"),
    }
}

/// DescribeScalableTargets.
///
/// # Errors
/// They could not be read: then nobody knows who sets the capacity.
pub async fn scaling(session: &Session, target: &Target, index: Option<&str>) -> Result<Both<Option<Bounds>>, Fault> {
    let request = session.autoscaling().describe_scalable_targets().service_namespace(ServiceNamespace::Dynamodb);
    let resource = resource_id(&target.name, index);
    let pages = request.resource_ids(&resource).into_paginator().page_size(limits::SCALABLE_TARGETS_PAGE).send();
    let found = all_pages(
        session,
        "DescribeScalableTargets",
        pages,
        |page| page.next_token(),
        |page| page.scalable_targets.unwrap_or_default(),
    )
    .await?;
    let bounds = |dimension: Dimension| {
        let wanted = dimension.scalable(index.is_some());
        let mine = found.iter().find(|one| one.resource_id == resource && one.scalable_dimension == wanted);
        mine.map(|target| Bounds { min: target.min_capacity.into(), max: target.max_capacity.into() })
    };
    Ok(Both { read: bounds(Dimension::Read), write: bounds(Dimension::Write) })
}

/// DescribeLimits, remembered: it may be asked once a minute (DynamoDB API Reference). Where it cannot be read, AWS's
/// default.
async fn quota(session: &Session) -> Quota {
    const NAME: &str = "dynamodb limits";
    let known: Option<Arc<Quota>> = session.memo.recall(NAME, session.settled_for);
    if let Some(known) = known {
        return *known;
    }
    let answer = session.dynamodb().describe_limits().send().await.ok();
    let limit = |of: Option<i64>| of.filter(|limit| *limit > 0).unwrap_or(TABLE_QUOTA);
    *session.memo.remember(
        NAME,
        Both {
            read: limit(answer.as_ref().and_then(|limits| limits.table_max_read_capacity_units())),
            write: limit(answer.as_ref().and_then(|limits| limits.table_max_write_capacity_units())),
        },
    )
}
