//! Vigie.
fn main() {}
