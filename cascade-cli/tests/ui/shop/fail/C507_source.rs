use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(pull, repo = "acme/models", source = "commit", version = "^2")]
    models: External,
}

fn main() {}
