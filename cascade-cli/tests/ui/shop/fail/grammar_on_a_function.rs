use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
fn shop() {}

fn main() {}
