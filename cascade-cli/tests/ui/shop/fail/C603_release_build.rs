use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), release_build(disabled = true, tag_only = true))]
pub struct Shop {
}

fn main() {}
