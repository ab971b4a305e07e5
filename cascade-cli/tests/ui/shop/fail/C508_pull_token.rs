use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(pull, repo = "acme/models", read_token = "PRIMARY_REPO_TOKEN")]
    models: External,
}

fn main() {}
