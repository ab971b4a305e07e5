use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), tag_grammar(prefix = "v2"))]
pub struct Shop {
}

fn main() {}
