use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), git(mode = "custom"))]
pub struct Shop {
}

fn main() {}
