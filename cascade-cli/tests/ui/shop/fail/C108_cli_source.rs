use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), cli_version = "v1.0.0", cli_version_sha = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", cli(source = "release"))]
pub struct Shop {
}

fn main() {}
