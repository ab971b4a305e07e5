use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(prod), rollback(repository_dispatch(types("back"))))]
pub struct Shop {
}

fn main() {}
