use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), action_pins("actions/checkout" = "a b"))]
pub struct Shop {
}

fn main() {}
