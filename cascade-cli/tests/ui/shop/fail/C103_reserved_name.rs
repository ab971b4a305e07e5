use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, release))]
pub struct Shop {
}

fn main() {}
