use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(pull, repo = "acme/models", version = "two")]
    models: External,
}

fn main() {}
