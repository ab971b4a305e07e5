use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments("us-east", us_East))]
pub struct Shop {
}

fn main() {}
