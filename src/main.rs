//! The thin binary: run, exit code.
fn main() {}
