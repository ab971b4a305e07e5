use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[validate(workflow = ".github/workflows/validate.yaml")]
    first: Validate,

    #[validate(workflow = ".github/workflows/validate.yaml")]
    second: Validate,
}

fn main() {}
