use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), action_pins("actions/checkout" = "acme/checkout"))]
pub struct Shop {
}

fn main() {}
