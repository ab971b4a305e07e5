use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), cli(source = "preinstalled", version = "latest"))]
pub struct Shop {
}

fn main() {}
