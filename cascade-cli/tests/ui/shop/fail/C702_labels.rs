use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), integration(upstream = "acme/base", labels(human = "me", failed = "me")))]
pub struct Shop {
}

fn main() {}
