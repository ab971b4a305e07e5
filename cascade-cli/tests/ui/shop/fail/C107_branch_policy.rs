use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(prod(branch_patterns("main"))))]
pub struct Shop {
}

fn main() {}
