use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), manifest_file = "../manifest.yaml")]
pub struct Shop {
}

fn main() {}
