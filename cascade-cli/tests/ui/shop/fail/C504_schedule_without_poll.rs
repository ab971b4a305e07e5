use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[external(pull, repo = "acme/models", cadence = "next-run", schedule = "0 * * * *")]
    models: External,
}

fn main() {}
