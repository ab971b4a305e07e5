use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), rollback(repository_dispatch(types("roll back"))))]
pub struct Shop {
}

fn main() {}
