//! Manifests: what may differ between the environments of a system. `config/estates/payments.manifest.toml` explains
//! every field.

mod file;
mod read;
pub mod schema;

pub use read::read;
pub use schema::{Allowed, Approved, Expected, Manifest, Match, Pattern, Scalar, Variation};
