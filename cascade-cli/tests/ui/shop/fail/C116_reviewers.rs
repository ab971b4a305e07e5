use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(prod(required_reviewers(a, b, c, d, e, f, g))))]
pub struct Shop {
}

fn main() {}
