use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, "pro d"))]
pub struct Shop {
}

fn main() {}
