use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), state(branch = "main"))]
pub struct Shop {
}

fn main() {}
