//! Which operations only read: everything else needs a pass.

/// Operations that only read although their names do not begin with a reading verb: getting credentials.
const READS: &[&str] = &["AssumeRole", "AssumeRoleWithWebIdentity", "FilterLogEvents"];

/// DynamoDB reads of items have no reading verb either.
const READS_OF_ITEMS: &[&str] = &["Query"];

/// True for operations that change nothing.
pub fn reads_only(operation: &str) -> bool {
    ["Describe", "List", "Get"].iter().any(|verb| operation.starts_with(verb))
        || READS.contains(&operation)
        || READS_OF_ITEMS.contains(&operation)
}
