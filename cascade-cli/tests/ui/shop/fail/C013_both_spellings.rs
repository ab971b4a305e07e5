use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), tag_prefix = "v", tag_grammar(prefix = "v"))]
pub struct Shop {
}

fn main() {}
