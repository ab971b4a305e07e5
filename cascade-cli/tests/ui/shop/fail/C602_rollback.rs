use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), rollback(repository_dispatch(types())))]
pub struct Shop {
}

fn main() {}
