//! Which bucket and which operation a request means: path style or virtual-host style, and a sub-resource.

use serde_json::{Map, Value};
use winterbaume_core::{MockRequest, extract_path, extract_query_string};

use crate::drill::wire::query;

/// Sub-resources of a bucket that the drill has.
const SUB_RESOURCES: &[(&str, &str)] = &[
    ("encryption", "GetBucketEncryption"),
    ("lifecycle", "GetBucketLifecycleConfiguration"),
    ("location", "GetBucketLocation"),
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("tagging", "GetBucketTagging"),
    ("versioning", "GetBucketVersioning"),
];

/// The operation of a request, and its parameters with `Bucket` among them. An operation that the drill does not have
/// gets a name that says what it would do.
pub fn operation(request: &MockRequest) -> (String, Value) {
    let path = extract_path(&request.uri);
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    let virtual_host = host(request).and_then(|host| bucket_of(&host));
    let bucket = match &virtual_host {
        Some(bucket) => bucket.clone(),
        None => query::decode(parts.next().unwrap_or_default(), false),
    };
    let key = if virtual_host.is_some() { path.trim_start_matches('/') } else { parts.next().unwrap_or_default() };
    let parameters: Map<String, Value> =
        query::pairs(extract_query_string(&request.uri)).map(|(name, value)| (name, Value::String(value))).collect();
    let sub = SUB_RESOURCES.iter().find(|(name, _)| parameters.contains_key(*name));
    let operation = match (request.method.as_str(), bucket.is_empty(), key.is_empty(), sub) {
        ("GET", true, ..) => "ListBuckets".to_owned(),
        ("HEAD", false, true, _) => "HeadBucket".to_owned(),
        ("GET", false, true, Some((_, operation))) => (*operation).to_owned(),
        ("GET", false, true, None) => "ListObjectsV2".to_owned(),
        ("GET" | "HEAD", ..) => "GetObject".to_owned(),
        (method, _, true, _) => format!("{}Bucket", title(method)),
        (method, ..) => format!("{}Object", title(method)),
    };
    let mut input = parameters;
    input.insert("Bucket".to_owned(), Value::String(bucket));
    (operation, Value::Object(input))
}

/// `PUT` → `Put`.
fn title(method: &str) -> String {
    let mut letters = method.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters.map(|letter| letter.to_ascii_lowercase())).collect()
}

fn host(request: &MockRequest) -> Option<String> {
    let header = request.headers.get("host").and_then(|value| value.to_str().ok()).map(str::to_owned);
    header.or_else(|| {
        let (_, rest) = request.uri.split_once("://")?;
        rest.split(['/', '?']).next().map(str::to_owned)
    })
}

/// The bucket of `<bucket>.s3.<region>.amazonaws.com`, `<bucket>.s3.amazonaws.com` or `<bucket>.localhost`. Names of
/// buckets may have dots.
fn bucket_of(host: &str) -> Option<String> {
    let host = host.split(':').next().unwrap_or(host);
    if let Some(bucket) = host.strip_suffix(".localhost") {
        return Some(bucket.strip_suffix(".s3").unwrap_or(bucket).to_owned());
    }
    let head = host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))?;
    let at = [".s3.", ".s3-"].iter().filter_map(|mark| head.rfind(mark)).max();
    let bucket = head.strip_suffix(".s3").or_else(|| at.map(|at| &head[..at]))?;
    (!bucket.is_empty()).then(|| bucket.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue};
    use serde_json::json;

    fn asked(method: &str, host: &'static str, uri: &str) -> (String, Value) {
        let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static(host))]);
        operation(&MockRequest { method: method.into(), uri: uri.into(), headers, body: Default::default() })
    }

    #[test]
    fn the_bucket_may_stand_in_the_path_or_in_the_host() {
        let lifecycle = ("GetBucketLifecycleConfiguration".to_owned(), json!({"Bucket": "a.b", "lifecycle": ""}));
        for (host, uri) in [
            ("127.0.0.1:4566", "/a.b?lifecycle"),
            ("127.0.0.1:4566", "/a.b/?lifecycle="),
            ("s3.eu-west-1.amazonaws.com", "/a.b?lifecycle"),
            ("s3.amazonaws.com", "/a.b?lifecycle"),
            ("a.b.s3.eu-west-1.amazonaws.com", "/?lifecycle"),
            ("a.b.s3.amazonaws.com", "/?lifecycle"),
            ("a.b.localhost:4566", "/?lifecycle"),
        ] {
            assert_eq!(asked("GET", host, uri), lifecycle, "{host}{uri}");
        }
    }

    #[test]
    fn operations_have_the_names_of_the_api() {
        for (method, uri, operation) in [
            ("GET", "/", "ListBuckets"),
            ("HEAD", "/b", "HeadBucket"),
            ("GET", "/b?list-type=2", "ListObjectsV2"),
            ("GET", "/b/key", "GetObject"),
            ("PUT", "/b", "PutBucket"),
            ("DELETE", "/b/key", "DeleteObject"),
        ] {
            assert_eq!(asked(method, "localhost", uri).0, operation, "{method} {uri}");
        }
    }
}
