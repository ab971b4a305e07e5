use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[build(workflow = )]
    image: Build,
}

fn main() {}
