use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod, dev))]
pub struct Shop {
}

fn main() {}
