use cascade::prelude::*;

#[pipeline(trunk_branch = "mode: pull", environments(dev, prod))]
pub struct Shop {
}

fn main() {}
