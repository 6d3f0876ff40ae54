//! S3: buckets and their configuration. Objects are not simulated.

use serde_json::{Value, json};

use super::page;
use super::xml::escape;
use super::{ApiError, Call, Input, Reply};
use crate::drill::world::s3::Bucket;

mod address;

pub use address::operation;

/// Names the documents' XML namespace.
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// Buckets of a page.
const PAGE: usize = 10_000;

/// A bucket and where it is.
pub struct Place {
    /// Region code.
    pub region: String,
    /// The bucket.
    pub bucket: Bucket,
}

/// Answers from all buckets of the account. The output is `{"xml": document, "region": of the bucket}`.
pub fn answer(call: &Call, all: &[Place]) -> Reply {
    let input = Input(&call.input);
    if call.operation == "ListBuckets" {
        return list(call, all);
    }
    let name = input.text("Bucket").unwrap_or_default();
    let Some(place) = all.iter().find(|place| place.bucket.name == name) else {
        return Err(ApiError::new(404, "NoSuchBucket", "The specified bucket does not exist"));
    };
    let bucket = &place.bucket;
    if call.operation == "GetBucketLocation" {
        // Buckets of us-east-1 have no location (S3 API Reference, GetBucketLocation).
        let location = if place.region == "us-east-1" { "" } else { place.region.as_str() };
        return Ok(document(place, "LocationConstraint", location));
    }
    if place.region != call.region {
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
        return Err(ApiError::new(301, "PermanentRedirect", message));
    }
    match call.operation.as_str() {
        "HeadBucket" => Ok(json!({"region": place.region})),
        "GetBucketLifecycleConfiguration" => {
            let days = bucket.expire_days.ok_or_else(|| {
                ApiError::new(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
            })?;
            let rule = format!(
                "<Rule><ID>expire-after-{days}-days</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
                 <Expiration><Days>{days}</Days></Expiration></Rule>"
            );
            Ok(document(place, "LifecycleConfiguration", &rule))
        }
        "GetBucketEncryption" => {
            let algorithm = match &bucket.kms_key {
                Some(key) => {
                    format!("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>{}</KMSMasterKeyID>", escape(key))
                }
                None => "<SSEAlgorithm>AES256</SSEAlgorithm>".to_owned(),
            };
            let rule = format!(
                "<Rule><ApplyServerSideEncryptionByDefault>{algorithm}</ApplyServerSideEncryptionByDefault>\
                 <BucketKeyEnabled>{}</BucketKeyEnabled></Rule>",
                bucket.kms_key.is_some()
            );
            Ok(document(place, "ServerSideEncryptionConfiguration", &rule))
        }
        "GetBucketVersioning" => {
            let status = if bucket.versioning { "<Status>Enabled</Status>" } else { "" };
            Ok(document(place, "VersioningConfiguration", status))
        }
        "GetPublicAccessBlock" if bucket.public_access_blocked => {
            let kinds = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
            let kinds = kinds.map(|kind| format!("<{kind}>true</{kind}>")).concat();
            Ok(document(place, "PublicAccessBlockConfiguration", &kinds))
        }
        "GetPublicAccessBlock" => {
            let message = "The public access block configuration was not found";
            Err(ApiError::new(404, "NoSuchPublicAccessBlockConfiguration", message))
        }
        "GetBucketTagging" if bucket.tags.is_empty() => {
            Err(ApiError::new(404, "NoSuchTagSet", "The TagSet does not exist"))
        }
        "GetBucketTagging" => {
            let tag = |(key, value): (&String, &String)| {
                format!("<Tag><Key>{}</Key><Value>{}</Value></Tag>", escape(key), escape(value))
            };
            let tags: String = bucket.tags.iter().map(tag).collect();
            Ok(document(place, "Tagging", &format!("<TagSet>{tags}</TagSet>")))
        }
        _ => Err(call.unknown_operation()),
    }
}

fn document(place: &Place, root: &str, members: &str) -> Value {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{NAMESPACE}\">{members}</{root}>");
    json!({"xml": xml, "region": place.region})
}

/// By name, of one region where `bucket-region` names one.
fn list(call: &Call, all: &[Place]) -> Reply {
    let input = Input(&call.input);
    let (prefix, region) = (input.text("prefix").unwrap_or_default(), input.text("bucket-region"));
    let mut wanted: Vec<&Place> = all
        .iter()
        .filter(|place| place.bucket.name.starts_with(prefix) && region.is_none_or(|region| place.region == region))
        .collect();
    wanted.sort_by(|a, b| a.bucket.name.cmp(&b.bucket.name));
    let size = input.int("max-buckets").and_then(|size| usize::try_from(size).ok()).unwrap_or(PAGE).clamp(1, PAGE);
    let list = format!("{}/ListBuckets/{prefix}{region:?}", call.account);
    let page = page::page(wanted, size, input.text("continuation-token"), &list)
        .map_err(|_| ApiError::bad("InvalidArgument", "The continuation token provided is incorrect"))?;
    let bucket = |place: &&Place| {
        format!(
            "<Bucket><Name>{}</Name><CreationDate>{}</CreationDate><BucketRegion>{}</BucketRegion></Bucket>",
            escape(&place.bucket.name),
            place.bucket.created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            place.region
        )
    };
    let buckets: String = page.items.iter().map(bucket).collect();
    let next = page.next.map(|next| format!("<ContinuationToken>{next}</ContinuationToken>")).unwrap_or_default();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListAllMyBucketsResult xmlns=\"{NAMESPACE}\"><Owner><ID>{}</ID>\
         </Owner><Buckets>{buckets}</Buckets>{next}</ListAllMyBucketsResult>",
        crate::drill::world::hash::hex(&call.account, 64)
    );
    Ok(json!({"xml": xml}))
}
