use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(prod(environment_url = "shop.example.com")))]
pub struct Shop {
}

fn main() {}
