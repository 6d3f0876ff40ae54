//! Items: GetItem, Query, PutItem, UpdateItem and DeleteItem.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::super::{ApiError, Ask, Edit, Input, Reply};
use super::expression::{Change, Condition, Item, Operand, changes, order};
use super::names::Names;
use super::{invalid, not_found, table};
use crate::drill::world::dynamodb::{Table, TableState};

/// Bytes of an item (DynamoDB Developer Guide, "Quotas").
const LARGEST: usize = 400 * 1024;
/// Parameters that the drill's requests have.
const READ: &[&str] = &["TableName", "Key", "ConsistentRead", "ReturnConsumedCapacity"];
const QUERY: &[&str] = &[
    "TableName",
    "KeyConditionExpression",
    "FilterExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ConsistentRead",
    "ScanIndexForward",
    "Limit",
    "ExclusiveStartKey",
    "Select",
    "ReturnConsumedCapacity",
];
const WRITE: &[&str] = &[
    "TableName",
    "Item",
    "Key",
    "UpdateExpression",
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
    "ReturnConsumedCapacity",
    "ReturnItemCollectionMetrics",
];

pub(super) fn get(ask: &Ask<'_>) -> Reply {
    let table = ready(ask)?;
    only(ask.input, READ)?;
    let key = key_of(table, ask.input, "Key")?;
    Ok(place(table, &key).map_or_else(|| json!({}), |place| json!({"Item": table.items[place]})))
}

/// Items of one partition key, in the order of the sort key.
pub(super) fn query(ask: &Ask<'_>) -> Reply {
    let table = ready(ask)?;
    let input = ask.input;
    only(input, QUERY)?;
    let names = names(input);
    let text = input.text("KeyConditionExpression");
    let text = text.ok_or_else(|| {
        invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    })?;
    let wrong = |what: &str, why: String| invalid(format!("Invalid {what}: {why}"));
    let condition = Condition::parse(text, &names).map_err(|why| wrong("KeyConditionExpression", why))?;
    let hash = table.key.first().map(String::as_str).unwrap_or_default();
    if !names_partition(&condition, hash) {
        return Err(invalid(format!("Query condition missed key schema element: {hash}")));
    }
    let filter = input.text("FilterExpression").map(|text| Condition::parse(text, &names)).transpose();
    let filter = filter.map_err(|why| wrong("FilterExpression", why))?;
    names.all_used().map_err(invalid)?;
    let mut found: Vec<&Item> = table.items.iter().filter(|item| condition.holds(item)).collect();
    let sort = table.key.get(1);
    let by_sort = |a: &&Item, b: &&Item| {
        let pair = sort.and_then(|sort| Some((a.get(sort)?, b.get(sort)?)));
        pair.and_then(|(a, b)| order(a, b)).unwrap_or(Ordering::Equal)
    };
    found.sort_by(by_sort);
    if input.flag("ScanIndexForward") == Some(false) {
        found.reverse();
    }
    if input.has("ExclusiveStartKey") {
        let start = key_of(table, input, "ExclusiveStartKey")?;
        let at = found.iter().position(|item| is_at(table, item, &start));
        found.drain(..at.map_or(0, |at| at + 1));
    }
    let limit = input.int("Limit").and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
    let more = limit.is_some_and(|limit| found.len() > limit);
    found.truncate(limit.unwrap_or(usize::MAX));
    let scanned = found.len();
    let last = found.last().filter(|_| more).map(|item| key_part(table, item));
    found.retain(|item| filter.as_ref().is_none_or(|filter| filter.holds(item)));
    let mut output = json!({"Count": found.len(), "ScannedCount": scanned});
    if input.text("Select") != Some("COUNT") {
        output["Items"] = json!(found);
    }
    if let Some(last) = last {
        output["LastEvaluatedKey"] = Value::Object(last);
    }
    Ok(output)
}

/// The partition key must be given exactly.
fn names_partition(condition: &Condition, hash: &str) -> bool {
    match condition {
        Condition::And(a, b) => names_partition(a, hash) || names_partition(b, hash),
        Condition::Compare(Operand::Attribute(name), "=", Operand::Given(_)) => name == hash,
        _ => false,
    }
}

/// PutItem, UpdateItem and DeleteItem: the condition is judged and the item changed at once.
pub(super) fn write(edit: &mut Edit<'_>) -> Reply {
    let input = edit.input;
    only(input, WRITE)?;
    let ask = edit.ask();
    let held = ready(&ask)?;
    let names = names(input);
    let operation = edit.call.operation.as_str();
    let key = key_of(held, input, if operation == "PutItem" { "Item" } else { "Key" })?;
    let condition = input.text("ConditionExpression").map(|text| Condition::parse(text, &names)).transpose();
    let condition = condition.map_err(|why| invalid(format!("Invalid ConditionExpression: {why}")))?;
    let place = place(held, &key);
    let before = place.map(|place| held.items[place].clone());
    let after = match operation {
        "PutItem" => input.inner("Item").and_then(|item| item.0.as_object()).cloned(),
        "UpdateItem" => Some(updated(held, input, &names, before.clone().unwrap_or_else(|| key.clone()))?),
        _ => None,
    };
    names.all_used().map_err(invalid)?;
    if after.as_ref().is_some_and(|item| Value::Object(item.clone()).to_string().len() > LARGEST) {
        return Err(invalid("Item size has exceeded the maximum allowed size"));
    }
    if condition.is_some_and(|condition| !condition.holds(before.as_ref().unwrap_or(&Item::new()))) {
        let mut error = ApiError::bad("ConditionalCheckFailedException", "The conditional request failed");
        if let (Some(before), Some("ALL_OLD")) = (before, input.text("ReturnValuesOnConditionCheckFailure")) {
            error.more = Some(Box::new(json!({"Item": before})));
        }
        return Err(error);
    }
    let returned = match input.text("ReturnValues") {
        None | Some("NONE") => None,
        Some("ALL_OLD") => before,
        Some("ALL_NEW") if operation == "UpdateItem" => after.clone(),
        Some(other) => return Err(invalid(format!("The drill does not offer ReturnValues {other}."))),
    };
    let name = held.name.clone();
    let table = edit.world.tables.get_mut(&name).ok_or_else(|| not_found("Requested resource not found".to_owned()))?;
    match (place, after) {
        (Some(place), Some(after)) => table.items[place] = after,
        (None, Some(after)) => table.items.push(after),
        (Some(place), None) => {
            table.items.remove(place);
        }
        (None, None) => {}
    }
    Ok(returned.map_or_else(|| json!({}), |attributes| json!({"Attributes": attributes})))
}

fn updated(table: &Table, input: Input<'_>, names: &Names<'_>, before: Item) -> Result<Item, ApiError> {
    let Some(text) = input.text("UpdateExpression") else { return Ok(before) };
    let changes = changes(text, names).map_err(|why| invalid(format!("Invalid UpdateExpression: {why}")))?;
    let mut after = before.clone();
    for change in changes {
        let (Change::Set(name, _) | Change::Remove(name)) = &change;
        if table.key.contains(name) {
            return Err(invalid(format!(
                "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of the key"
            )));
        }
        match change {
            Change::Set(name, Operand::Given(value)) => {
                after.insert(name, value);
            }
            Change::Set(name, Operand::Attribute(from)) => {
                let missing =
                    || invalid("The provided expression refers to an attribute that does not exist in the item");
                after.insert(name, before.get(&from).cloned().ok_or_else(missing)?);
            }
            Change::Remove(name) => {
                after.remove(&name);
            }
        }
    }
    Ok(after)
}

fn only(input: Input<'_>, known: &[&str]) -> Result<(), ApiError> {
    let given = input.0.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    match given.map(|(name, _)| name).find(|name| !known.contains(&name.as_str())) {
        Some(other) => Err(invalid(format!("The drill does not offer the parameter {other}."))),
        None => Ok(()),
    }
}

fn names<'a>(input: Input<'a>) -> Names<'a> {
    Names::new(input.0.get("ExpressionAttributeNames"), input.0.get("ExpressionAttributeValues"))
}

/// The table, once it has been made.
fn ready<'a>(ask: &Ask<'a>) -> Result<&'a Table, ApiError> {
    let missing = || not_found("Requested resource not found".to_owned());
    let table = table(ask).map_err(|error| if error.code == "ValidationException" { error } else { missing() })?;
    if matches!(table.state, TableState::Creating(_)) { Err(missing()) } else { Ok(table) }
}

/// The key attributes of what a parameter holds; a parameter that is only a key may hold nothing else.
fn key_of(table: &Table, input: Input<'_>, parameter: &str) -> Result<Item, ApiError> {
    let given = input.inner(parameter).and_then(|given| given.0.as_object());
    let given = given.ok_or_else(|| {
        let path = format!("{}{}", parameter[..1].to_lowercase(), &parameter[1..]);
        invalid(format!(
            "1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null"
        ))
    })?;
    let whole = parameter == "Item";
    if !whole && given.len() != table.key.len() {
        return Err(invalid("The provided key element does not match the schema"));
    }
    let mut key = Map::new();
    for name in &table.key {
        let value = given.get(name).ok_or_else(|| {
            invalid(if whole {
                format!("One or more parameter values were invalid: Missing the key {name} in the item")
            } else {
                "The provided key element does not match the schema".to_owned()
            })
        })?;
        let expected = table.attributes.get(name).map_or("S", String::as_str);
        let Some(text) = value.get(expected).and_then(Value::as_str) else {
            let actual = value.as_object().and_then(|typed| typed.keys().next()).map_or("NULL", String::as_str);
            return Err(invalid(if whole {
                format!(
                    "One or more parameter values were invalid: Type mismatch for key {name} expected: {expected} actual: {actual}"
                )
            } else {
                "The provided key element does not match the schema".to_owned()
            }));
        };
        if text.is_empty() {
            return Err(invalid(format!(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}"
            )));
        }
        key.insert(name.clone(), value.clone());
    }
    Ok(key)
}

fn key_part(table: &Table, item: &Item) -> Item {
    table.key.iter().filter_map(|name| Some((name.clone(), item.get(name)?.clone()))).collect()
}

fn is_at(table: &Table, item: &Item, key: &Item) -> bool {
    let same = |name: &String| {
        let (a, b) = (item.get(name), key.get(name));
        a.zip(b).is_some_and(|(a, b)| a == b || order(a, b) == Some(Ordering::Equal))
    };
    table.key.iter().all(same)
}

fn place(table: &Table, key: &Item) -> Option<usize> {
    table.items.iter().position(|item| is_at(table, item, key))
}
