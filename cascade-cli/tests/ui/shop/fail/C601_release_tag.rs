use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), release_build(tag = "nothing.version"))]
pub struct Shop {
}

fn main() {}
