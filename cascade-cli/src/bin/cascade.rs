//! The installed `cascade` binary.
fn main() {}
