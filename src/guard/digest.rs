//! The digest of a plan: what a second person approves, and what can be sent once.

use sha2::{Digest, Sha256};

use crate::model::Plan;

/// SHA-256 over the plan without its time, in hexadecimal. Two plans have the same digest exactly when they would send
/// the same request to the same target on the ground of the same decisive values.
pub fn digest(plan: &Plan) -> String {
    let decision: Vec<_> = plan.decision().collect();
    let whole = (&plan.action, &plan.target, &plan.params, &plan.operation, &plan.request, &plan.differences, decision);
    // Serialising plain data into memory cannot fail; if it ever did, no two digests would agree.
    let text = serde_json::to_vec(&whole).unwrap_or_else(|error| format!("{error} {plan:?}").into_bytes());
    hex(&Sha256::digest(text))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
