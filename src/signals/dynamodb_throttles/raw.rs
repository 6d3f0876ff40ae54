//! What AWS says of a table; an index is told with its table.

use crate::cloud::Session;
use crate::model::Resource;
use crate::signals::charts::spec::text;
use crate::signals::raw::{Raw, raw};

/// DescribeTable.
pub async fn ask(session: &Session, store: &Resource) -> Vec<Raw> {
    let table = text(store, "table").unwrap_or(&store.name);
    vec![raw!(session, "DescribeTable", session.dynamodb().describe_table().table_name(table)).await]
}
