use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), cli(source = "git", url = "https://git.example/acme/cascade", rev = "main"))]
pub struct Shop {
}

fn main() {}
