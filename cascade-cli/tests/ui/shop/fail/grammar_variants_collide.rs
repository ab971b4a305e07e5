use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments("us-east", UsEast))]
pub struct Shop {
}

fn main() {}
