//! The table that the consoles of a team share: a session of its own, whose gate lets only the few operations on this
//! one table through. Nothing is tried twice by itself; every write has a condition that makes trying it again safe.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, PointInTimeRecoverySpecification,
    PointInTimeRecoveryStatus, ScalarAttributeType, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
};

use crate::base::Clock;
use crate::cloud::session::Purpose;
use crate::cloud::{Session, Transport};
use crate::config::{EnvironmentConfig, Team};
use crate::model::{EnvId, Fault, FaultKind, Identity};

/// An item: attributes by name.
pub type Item = HashMap<String, AttributeValue>;

/// Partition key of every item.
pub const PK: &str = "pk";
/// Sort key of every item.
pub const SK: &str = "sk";
/// When DynamoDB may remove an item: seconds since 1970. It can take days (DynamoDB Developer Guide, Time to Live), so
/// whoever reads an item judges the time itself.
pub const EXPIRES: &str = "expires";

/// A condition of a write, and the values that it speaks of.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// The expression; names are written as `#name`.
    pub expression: String,
    /// Attributes that the expression calls `#name`.
    pub names: Vec<&'static str>,
    /// Values that the expression calls `:name`.
    pub values: Vec<(&'static str, AttributeValue)>,
}

/// How a table is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// It can be used.
    pub active: bool,
    /// Its keys are those of a shared table.
    pub fits: bool,
}

/// The shared table.
#[derive(Debug)]
pub struct SharedTable {
    session: Session,
    name: String,
}

impl SharedTable {
    /// Prepares the session; sends nothing. `None` where no table is configured.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub async fn open(team: &Team, transport: &Transport) -> Result<Option<Self>, Fault> {
        let Some(name) = team.table.clone() else { return Ok(None) };
        let config = EnvironmentConfig {
            system: "team".to_owned(),
            name: name.clone(),
            profile: team.profile.clone(),
            region: team.region.clone(),
            account: team.account.clone(),
            endpoint_url: team.endpoint_url.clone(),
            ..EnvironmentConfig::default()
        };
        let environment = config.environment(EnvId(usize::MAX));
        let session = Session::open_for(Purpose::Changing, &config, environment, transport).await?;
        Ok(Some(Self { session, name }))
    }

    /// The same, telling the time by `clock`.
    #[must_use]
    pub fn on(self, clock: &Clock) -> Self {
        Self { session: self.session.on(clock), ..self }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub fn region(&self) -> &str {
        &self.session.environment.region
    }

    /// Who uses it; asked before anything is relied on, also for the clock.
    ///
    /// # Errors
    /// Another account than the configured one, or no answer.
    pub async fn verify_identity(&self) -> Result<Identity, Fault> {
        self.session.verify_identity().await
    }

    /// Seconds that this machine's clock is ahead of AWS's; `None` before the first answer.
    pub fn clock_skew(&self) -> Option<i64> {
        self.session.clock_skew()
    }

    /// How it is set up; `None` where there is none.
    ///
    /// # Errors
    /// It could not be asked.
    pub async fn standing(&self) -> Result<Option<Standing>, Fault> {
        let answer = self.session.dynamodb().describe_table().table_name(&self.name).send().await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(DescribeTableError::is_resource_not_found_exception) => {
                return Ok(None);
            }
            Err(error) => return Err(self.session.fault("DescribeTable", &error)),
        };
        let Some(table) = answer.table() else { return Ok(None) };
        let mut keys: Vec<(&str, &KeyType)> =
            table.key_schema().iter().map(|key| (key.attribute_name(), key.key_type())).collect();
        keys.sort_unstable_by_key(|(name, _)| *name);
        let text = |name| {
            let mut all = table.attribute_definitions().iter();
            all.any(|one| one.attribute_name() == name && *one.attribute_type() == ScalarAttributeType::S)
        };
        let fits = keys == [(PK, &KeyType::Hash), (SK, &KeyType::Range)] && text(PK) && text(SK);
        let active = matches!(table.table_status(), Some(TableStatus::Active | TableStatus::Updating));
        Ok(Some(Standing { active, fits }))
    }

    /// Makes it: two text keys, paid by request.
    ///
    /// # Errors
    /// It was not made, or not known to be.
    pub async fn create(&self) -> Result<(), Fault> {
        let invalid = |error| Fault::new(FaultKind::Invalid, "CreateTable", format!("{error}"));
        let mut request = self.session.dynamodb().create_table().table_name(&self.name);
        for (name, kind) in [(PK, KeyType::Hash), (SK, KeyType::Range)] {
            let text = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
            let key = KeySchemaElement::builder().attribute_name(name).key_type(kind);
            request = request.attribute_definitions(text.build().map_err(invalid)?);
            request = request.key_schema(key.build().map_err(invalid)?);
        }
        let request = request.billing_mode(BillingMode::PayPerRequest);
        let _pass = self.session.gate().open_for_table("CreateTable", &self.name);
        request.send().await.map(|_| ()).map_err(|error| self.session.fault("CreateTable", &error))
    }

    /// Lets DynamoDB remove what has ended; false where it does already.
    ///
    /// # Errors
    /// It could not be asked or set.
    pub async fn ensure_expiry(&self) -> Result<bool, Fault> {
        let client = self.session.dynamodb();
        let answer = client.describe_time_to_live().table_name(&self.name).send().await;
        let answer = answer.map_err(|error| self.session.fault("DescribeTimeToLive", &error))?;
        if let Some(found) = answer.time_to_live_description()
            && matches!(found.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
        {
            return match found.attribute_name() {
                Some(EXPIRES) => Ok(false),
                other => {
                    let says = format!("items expire by `{}`, not by `{EXPIRES}`", other.unwrap_or_default());
                    Err(Fault::new(FaultKind::Invalid, "DescribeTimeToLive", says))
                }
            };
        }
        let wanted = TimeToLiveSpecification::builder().attribute_name(EXPIRES).enabled(true).build();
        let wanted = wanted.map_err(|error| Fault::new(FaultKind::Invalid, "UpdateTimeToLive", error.to_string()))?;
        let _pass = self.session.gate().open_for_table("UpdateTimeToLive", &self.name);
        let request = client.update_time_to_live().table_name(&self.name).time_to_live_specification(wanted);
        request.send().await.map(|_| true).map_err(|error| self.session.fault("UpdateTimeToLive", &error))
    }

    /// Lets the table be restored to any second of the last 35 days; false where it can be already.
    ///
    /// # Errors
    /// It could not be asked or set.
    pub async fn ensure_backups(&self) -> Result<bool, Fault> {
        let client = self.session.dynamodb();
        let answer = client.describe_continuous_backups().table_name(&self.name).send().await;
        let answer = answer.map_err(|error| self.session.fault("DescribeContinuousBackups", &error))?;
        let found = answer.continuous_backups_description().and_then(|one| one.point_in_time_recovery_description());
        if found.and_then(|one| one.point_in_time_recovery_status()) == Some(&PointInTimeRecoveryStatus::Enabled) {
            return Ok(false);
        }
        let wanted = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
        let wanted =
            wanted.map_err(|error| Fault::new(FaultKind::Invalid, "UpdateContinuousBackups", error.to_string()))?;
        let _pass = self.session.gate().open_for_table("UpdateContinuousBackups", &self.name);
        let request = client.update_continuous_backups().table_name(&self.name);
        let request = request.point_in_time_recovery_specification(wanted);
        request.send().await.map(|_| true).map_err(|error| self.session.fault("UpdateContinuousBackups", &error))
    }

    /// Writes an item where the condition holds; false where it does not.
    ///
    /// # Errors
    /// It is not known whether it was written, or it was refused.
    pub async fn put(&self, item: Item, condition: Condition) -> Result<bool, Fault> {
        let mut request = self.session.dynamodb().put_item().table_name(&self.name).set_item(Some(item));
        request = request.condition_expression(condition.expression);
        for name in condition.names {
            request = request.expression_attribute_names(format!("#{name}"), name);
        }
        for (name, value) in condition.values {
            request = request.expression_attribute_values(format!(":{name}"), value);
        }
        let _pass = self.session.gate().open_for_table("PutItem", &self.name);
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => {
                Ok(false)
            }
            Err(error) => Err(self.session.fault("PutItem", &error)),
        }
    }

    /// Removes an item where the condition holds; false where it does not.
    ///
    /// # Errors
    /// As [`SharedTable::put`].
    pub async fn remove(&self, pk: &str, sk: &str, condition: Condition) -> Result<bool, Fault> {
        let mut request = self.session.dynamodb().delete_item().table_name(&self.name).set_key(Some(key(pk, sk)));
        request = request.condition_expression(condition.expression);
        for name in condition.names {
            request = request.expression_attribute_names(format!("#{name}"), name);
        }
        for (name, value) in condition.values {
            request = request.expression_attribute_values(format!(":{name}"), value);
        }
        let _pass = self.session.gate().open_for_table("DeleteItem", &self.name);
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(self.session.fault("DeleteItem", &error)),
        }
    }

    /// Reads one item as it is now.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn get(&self, pk: &str, sk: &str) -> Result<Option<Item>, Fault> {
        let request = self.session.dynamodb().get_item().table_name(&self.name).set_key(Some(key(pk, sk)));
        let answer = request.consistent_read(true).send().await;
        Ok(answer.map_err(|error| self.session.fault("GetItem", &error))?.item)
    }

    /// Reads all items of a partition as they are now.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn all(&self, pk: &str) -> Result<Vec<Item>, Fault> {
        let request = self.session.dynamodb().query().table_name(&self.name).consistent_read(true);
        let request = request.key_condition_expression("#pk = :pk").expression_attribute_names("#pk", PK);
        let request = request.expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()));
        let mut pages = request.into_paginator().send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            items.extend(page.map_err(|error| self.session.fault("Query", &error))?.items.unwrap_or_default());
        }
        Ok(items)
    }
}

fn key(pk: &str, sk: &str) -> Item {
    Item::from([(PK.to_owned(), AttributeValue::S(pk.to_owned())), (SK.to_owned(), AttributeValue::S(sk.to_owned()))])
}
