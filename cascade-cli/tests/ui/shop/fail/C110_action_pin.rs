use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), action_pins("actions/chekout" = "v4"))]
pub struct Shop {
}

fn main() {}
