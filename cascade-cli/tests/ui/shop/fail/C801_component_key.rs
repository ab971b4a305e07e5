use cascade::prelude::*;

#[pipeline(component, trunk_branch = "main")]
pub struct Api {}

fn main() {}
