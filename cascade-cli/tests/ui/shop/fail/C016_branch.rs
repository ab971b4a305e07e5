use cascade::prelude::*;

#[pipeline(trunk_branch = "a..b", environments(dev))]
pub struct Shop {
}

fn main() {}
