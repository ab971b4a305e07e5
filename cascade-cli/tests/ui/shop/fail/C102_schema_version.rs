use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), schema_version = 99)]
pub struct Shop {
}

fn main() {}
