//! Attributes of items: text and numbers in, text and times out.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::base::Text;
use crate::cloud::shared_table::{EXPIRES, Item, PK, SK};

/// An item with its keys and texts.
pub(super) fn item(pk: &str, sk: &str, texts: &[(&str, &str)]) -> Item {
    let keys = [(PK, pk), (SK, sk)];
    let all = keys.iter().chain(texts);
    all.map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned()))).collect()
}

/// The same item, that DynamoDB may remove after `at`.
pub(super) fn expiring(mut item: Item, at: Timestamp) -> Item {
    item.insert(EXPIRES.to_owned(), seconds(at));
    item
}

/// A time as DynamoDB compares it.
pub(super) fn seconds(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_second().to_string())
}

/// A text as DynamoDB compares it.
pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// A text of an item, made inert; empty where there is none.
pub(super) fn words(item: &Item, name: &str) -> Text {
    raw(item, name).map(Text::new).unwrap_or_default()
}

/// A text of an item as it is.
pub(super) fn raw<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

/// A time of an item.
pub(super) fn time(item: &Item, name: &str) -> Option<Timestamp> {
    raw(item, name).and_then(|text| text.parse().ok())
}
