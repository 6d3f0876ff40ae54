//! DynamoDB: provisioned capacity of tables and their global secondary indexes.

pub mod capacity;
pub mod plan;
pub mod table;

#[cfg(test)]
mod tests;
