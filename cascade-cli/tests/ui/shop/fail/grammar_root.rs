use cascade::prelude::*;

#[pipeline(root = "nowhere", trunk_branch = "main", environments(dev))]
pub struct Shop {
}

fn main() {}
