use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), integration(upstream = "acme/base", mirror_branch = "main"))]
pub struct Shop {
}

fn main() {}
