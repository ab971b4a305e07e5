use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), cli(source = "release"))]
pub struct Shop {
}

fn main() {}
