use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), dispatch_inputs(level(type = "choice")))]
pub struct Shop {
}

fn main() {}
