//! Builds KMS keys and S3 buckets.

use super::Site;
use crate::drill::estate::storage::{BucketData, KeyData};
use crate::drill::world::kms::Key;
use crate::drill::world::s3::Bucket;
use crate::drill::world::{EnvironmentWorld, hash};

pub(super) fn build(world: &mut EnvironmentWorld, site: &Site<'_>) {
    let resources = &site.data.resources;
    world.keys = resources.key.iter().map(|data| key(data, site)).map(|key| (key.id.clone(), key)).collect();
    world.buckets = resources.bucket.iter().map(|data| (data.name.clone(), bucket(data, site))).collect();
}

fn key(data: &KeyData, site: &Site<'_>) -> Key {
    let id = key_id(&data.alias, site);
    Key {
        arn: site.arn("kms", &format!("key/{id}")),
        id,
        alias: data.alias.clone(),
        description: data.description.clone(),
        created: site.days_ago(412),
        rotation: data.rotation,
        tags: site.data.resources.tags.clone(),
    }
}

fn key_id(alias: &str, site: &Site<'_>) -> String {
    hash::uuid(&(&site.data.head.account, &site.data.head.region, alias))
}

/// ARN of the key with this alias.
pub(super) fn key_arn(alias: &str, site: &Site<'_>) -> String {
    site.arn("kms", &format!("key/{}", key_id(alias, site)))
}

fn bucket(data: &BucketData, site: &Site<'_>) -> Bucket {
    Bucket {
        name: data.name.clone(),
        arn: format!("arn:aws:s3:::{}", data.name),
        created: site.days_ago(412),
        expire_days: data.expire_days,
        kms_key: data.kms_key.as_deref().map(|alias| key_arn(alias, site)),
        versioning: data.versioning,
        public_access_blocked: data.public_access_blocked,
        tags: site.data.resources.tags.clone(),
    }
}
