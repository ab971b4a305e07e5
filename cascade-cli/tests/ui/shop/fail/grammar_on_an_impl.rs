use cascade::prelude::*;

struct Shop;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
impl Shop {}

fn main() {}
