//! KMS: keys, aliases and rotation.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ApiError, Ask, Reply, epoch};
use crate::drill::world::kms::Key;

/// Most items of a page, and what a client gets that names no number.
const PAGE: usize = 1000;
const KEYS: usize = 100;
const OTHERS: usize = 50;
/// Days between two rotations.
const ROTATION_DAYS: i64 = 365;

pub(super) fn answer(ask: &Ask<'_>) -> Reply {
    match ask.call.operation.as_str() {
        "ListKeys" => {
            let keys = ask.world.keys.values().map(|key| json!({"KeyId": key.id, "KeyArn": key.arn})).collect();
            page(ask, "Keys", keys, KEYS, "")
        }
        "ListAliases" => {
            let of_one = if ask.input.has("KeyId") { Some(key(ask)?) } else { None };
            let wanted = ask.world.keys.values().filter(|key| of_one.is_none_or(|one| one.id == key.id));
            let own = wanted.map(|key| alias(ask, &key.alias, &key.id, key.created));
            let of_aws = of_databases(ask).filter(|_| of_one.is_none());
            let filter = of_one.map(|one| one.id.as_str()).unwrap_or_default();
            page(ask, "Aliases", of_aws.into_iter().chain(own).collect(), OTHERS, filter)
        }
        "DescribeKey" => Ok(json!({"KeyMetadata": description(ask, key(ask)?)})),
        "GetKeyRotationStatus" => {
            let key = key(ask)?;
            let mut status = json!({"KeyId": key.arn, "KeyRotationEnabled": key.rotation});
            if key.rotation {
                status["RotationPeriodInDays"] = json!(ROTATION_DAYS);
                status["NextRotationDate"] = json!(next_rotation(ask, key));
            }
            Ok(status)
        }
        "ListResourceTags" => {
            let key = key(ask)?;
            let tags = key.tags.iter().map(|(name, value)| json!({"TagKey": name, "TagValue": value})).collect();
            page(ask, "Tags", tags, OTHERS, &key.id)
        }
        _ => Err(ask.unknown()),
    }
}

/// A page as `name`, `Truncated` and `NextMarker`.
fn page(ask: &Ask<'_>, name: &str, all: Vec<Value>, default: usize, filter: &str) -> Reply {
    let page = ask
        .page(all, ask.size("Limit", default, PAGE), ask.input.text("Marker"), filter)
        .map_err(|_| ApiError::bad("InvalidMarkerException", "The marker is not valid."))?;
    let mut answer = json!({name: page.items, "Truncated": page.next.is_some()});
    if let Some(next) = page.next {
        answer["NextMarker"] = Value::String(next);
    }
    Ok(answer)
}

/// The key of `KeyId`: an id, an ARN, an alias or an alias's ARN.
fn key<'a>(ask: &Ask<'a>) -> Result<&'a Key, ApiError> {
    let asked = ask.input.text("KeyId").unwrap_or_default();
    let name = asked.rsplit_once(":key/").map_or(asked, |(_, id)| id);
    let name = asked.find(":alias/").map_or(name, |at| &asked[at + 1..]);
    let found = ask.world.keys.values().find(|key| key.id == name || key.alias == name);
    found.ok_or_else(|| {
        let (kind, arn) =
            if name.starts_with("alias/") { ("Alias", name.to_owned()) } else { ("Key", key_arn(ask, name)) };
        ApiError::bad("NotFoundException", format!("{kind} '{arn}' does not exist"))
    })
}

fn key_arn(ask: &Ask<'_>, id: &str) -> String {
    format!("arn:aws:kms:{}:{}:key/{id}", ask.world.region, ask.world.account)
}

fn alias(ask: &Ask<'_>, name: &str, key: &str, created: Timestamp) -> Value {
    json!({
        "AliasName": name,
        "AliasArn": format!("arn:aws:kms:{}:{}:{name}", ask.world.region, ask.world.account),
        "TargetKeyId": key,
        "CreationDate": epoch(created),
        "LastUpdatedDate": epoch(created),
    })
}

/// The key that AWS manages for databases, where one is encrypted with it. Its own keys are not among the world's.
fn of_databases(ask: &Ask<'_>) -> Option<Value> {
    let rds = &ask.world.rds;
    let instances = rds.instances.values().map(|one| (&one.kms_key, one.created));
    let clusters = rds.clusters.values().map(|one| (&one.kms_key, one.created));
    let (key, created) = clusters.chain(instances).find_map(|(key, created)| Some((key.as_ref()?, created)))?;
    let id = key.rsplit('/').next().filter(|id| !ask.world.keys.contains_key(*id))?;
    Some(alias(ask, "alias/aws/rds", id, created))
}

fn description(ask: &Ask<'_>, key: &Key) -> Value {
    json!({
        "AWSAccountId": ask.world.account,
        "KeyId": key.id,
        "Arn": key.arn,
        "CreationDate": epoch(key.created),
        "Enabled": true,
        "Description": key.description,
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": false,
    })
}

/// The first rotation after now, in seconds since 1970.
fn next_rotation(ask: &Ask<'_>, key: &Key) -> i64 {
    let (created, period) = (key.created.as_second(), ROTATION_DAYS * 86_400);
    created + ((ask.now.as_second() - created).div_euclid(period) + 1) * period
}
