use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev(role = "release"), prod))]
pub struct Shop {
}

fn main() {}
