//! S3: buckets of the environment's region, their lifecycle, encryption, public access and versioning.

use aws_sdk_s3::operation::get_bucket_encryption::GetBucketEncryptionOutput;
use aws_sdk_s3::operation::get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput;
use aws_sdk_s3::operation::get_bucket_versioning::GetBucketVersioningOutput;
use aws_sdk_s3::operation::get_public_access_block::GetPublicAccessBlockOutput;
use aws_sdk_s3::types::{Bucket, ExpirationStatus, LifecycleRule};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::future::{BoxFuture, join4};

use super::source::{Found, Inventory, ask_each, value};
use crate::changes::arn::partition;
use crate::cloud::{Session, limits};
use crate::compare::setting::{Configured, Setting, Value};
use crate::model::Fault;
use crate::signals::paging::{SdkFailure, all_pages};

/// The inventory.
#[derive(Debug)]
pub struct Buckets;

const BUCKET: &str = "s3 bucket";

impl Inventory for Buckets {
    fn id(&self) -> &'static str {
        "s3"
    }
    fn title(&self) -> &'static str {
        "S3"
    }
    fn kinds(&self) -> &'static [&'static str] {
        &[BUCKET]
    }
    // The names of IAM's actions are not those of the operations (Service Authorization Reference, Amazon S3).
    fn permissions(&self) -> &'static [&'static str] {
        &[
            "s3:GetBucketPublicAccessBlock",
            "s3:GetBucketVersioning",
            "s3:GetEncryptionConfiguration",
            "s3:GetLifecycleConfiguration",
            "s3:ListAllMyBuckets",
        ]
    }
    fn read<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Found> {
        Box::pin(async move {
            match buckets(session).await {
                Ok(buckets) => {
                    let resources = ask_each(buckets, |bucket| described(session, bucket)).await;
                    Found { resources, ..Found::default() }
                }
                Err(fault) => Found::unlisted(self.kinds(), &fault),
            }
        })
    }
}

/// ListBuckets tells the buckets of all regions of an account unless it is asked for one.
async fn buckets(session: &Session) -> Result<Vec<Bucket>, Fault> {
    let selection = session.selection().await?;
    let region = &*session.environment.region;
    let pages =
        session.s3().list_buckets().bucket_region(region).into_paginator().page_size(limits::BUCKETS_PAGE).send();
    let mut buckets = all_pages(
        session,
        "ListBuckets",
        pages,
        |page| page.continuation_token(),
        |page| page.buckets.unwrap_or_default(),
    )
    .await?;
    let here = |bucket: &Bucket| bucket.bucket_region().is_none_or(|of| of == region);
    buckets.retain(|bucket| {
        let name = bucket.name().unwrap_or_default();
        here(bucket) && selection.admits(name, &arn(session, name))
    });
    Ok(buckets)
}

fn arn(session: &Session, name: &str) -> String {
    format!("arn:{}:s3:::{name}", partition(&session.environment.region))
}

async fn described(session: &Session, bucket: Bucket) -> Option<Configured> {
    let name = bucket.name().unwrap_or_default();
    let client = session.s3();
    let (lifecycle, encryption, access, versioning) = join4(
        client.get_bucket_lifecycle_configuration().bucket(name).send(),
        client.get_bucket_encryption().bucket(name).send(),
        client.get_public_access_block().bucket(name).send(),
        client.get_bucket_versioning().bucket(name).send(),
    )
    .await;
    let all = [code(&lifecycle), code(&encryption), code(&access), code(&versioning)];
    if all.contains(&Some("NoSuchBucket")) {
        return None;
    }
    let lifecycle = configured(session, "GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration", lifecycle);
    let encryption =
        configured(session, "GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError", encryption);
    let access = configured(session, "GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration", access);
    let versioning = configured(session, "GetBucketVersioning", "", versioning);
    let mut settings = vec![
        Setting::new("expire_days", value(&lifecycle, expire_days)),
        Setting::new("lifecycle_rules", value(&lifecycle, rules)),
        Setting::new("encryption", value(&encryption, |found| default_encryption(found.as_ref()).0)),
        Setting::names("kms_key", value(&encryption, |found| default_encryption(found.as_ref()).1)),
    ];
    settings.extend(blocks(&access));
    settings.push(Setting::new("versioning", value(&versioning, versions)));
    Some(Configured::new(BUCKET, name, arn(session, name), settings))
}

fn code<T, E: ProvideErrorMetadata>(answer: &Result<T, SdkError<E, HttpResponse>>) -> Option<&str> {
    answer.as_ref().err().and_then(|error| error.as_service_error()).and_then(ProvideErrorMetadata::code)
}

/// `None` where AWS says that there is no such configuration.
fn configured<T, E: SdkFailure>(
    session: &Session,
    operation: &'static str,
    none: &str,
    answer: Result<T, SdkError<E, HttpResponse>>,
) -> Result<Option<T>, Fault> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code() == Some(none) => Ok(None),
        Err(error) => Err(session.fault(operation, &error)),
    }
}

fn enabled(found: &Option<GetBucketLifecycleConfigurationOutput>) -> impl Iterator<Item = &LifecycleRule> {
    let rules = found.as_ref().map(|found| found.rules()).unwrap_or_default();
    rules.iter().filter(|rule| *rule.status() == ExpirationStatus::Enabled)
}

/// The days after which an object that no narrower rule is about expires.
fn expire_days(found: &Option<GetBucketLifecycleConfigurationOutput>) -> Value {
    let days = enabled(found).filter_map(|rule| rule.expiration()).filter_map(|expiration| expiration.days());
    Value::number(days.min())
}

/// What else the enabled rules do, a line each; days of expiry stand in a setting of their own.
fn rules(found: &Option<GetBucketLifecycleConfigurationOutput>) -> Value {
    let line = |rule: &LifecycleRule| {
        let prefix = rule.filter().and_then(|filter| filter.prefix()).unwrap_or_default();
        let mut parts = vec![format!("prefix {prefix:?}")];
        if rule.expiration().is_some() {
            parts.push("expires".to_owned());
        }
        for transition in rule.transitions() {
            let class = transition.storage_class().map(|class| class.as_str()).unwrap_or_default();
            parts.push(format!("to {class} after {} d", transition.days().unwrap_or_default()));
        }
        if let Some(days) = rule.noncurrent_version_expiration().and_then(|rule| rule.noncurrent_days()) {
            parts.push(format!("old versions expire after {days} d"));
        }
        if let Some(days) = rule.abort_incomplete_multipart_upload().and_then(|abort| abort.days_after_initiation()) {
            parts.push(format!("unfinished uploads end after {days} d"));
        }
        parts.join(", ")
    };
    Value::list(enabled(found).map(line))
}

/// Algorithm and key.
fn default_encryption(found: Option<&GetBucketEncryptionOutput>) -> (Value, Value) {
    let rules = found.and_then(|found| found.server_side_encryption_configuration()).map(|all| all.rules());
    let default = rules.unwrap_or_default().iter().find_map(|rule| rule.apply_server_side_encryption_by_default());
    (
        Value::text(default.map(|default| default.sse_algorithm().as_str())),
        Value::text(default.and_then(|default| default.kms_master_key_id())),
    )
}

fn blocks(access: &Result<Option<GetPublicAccessBlockOutput>, Fault>) -> [Setting; 4] {
    type Block = aws_sdk_s3::types::PublicAccessBlockConfiguration;
    let of = |is_on: fn(&Block) -> Option<bool>| {
        value(access, |found| {
            let block = found.as_ref().and_then(|found| found.public_access_block_configuration());
            Value::Bool(block.and_then(is_on).unwrap_or(false))
        })
    };
    [
        Setting::new("block_public_acls", of(Block::block_public_acls)),
        Setting::new("ignore_public_acls", of(Block::ignore_public_acls)),
        Setting::new("block_public_policy", of(Block::block_public_policy)),
        Setting::new("restrict_public_buckets", of(Block::restrict_public_buckets)),
    ]
}

/// A bucket that was never versioned has no status (S3 API Reference, GetBucketVersioning).
fn versions(found: &Option<GetBucketVersioningOutput>) -> Value {
    let status = found.as_ref().and_then(|found| found.status()).map(|status| status.as_str());
    Value::text(Some(status.unwrap_or("never")))
}
