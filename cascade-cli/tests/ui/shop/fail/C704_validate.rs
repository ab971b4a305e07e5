use cascade::prelude::*;

#[pipeline(
    trunk_branch = "main",
    environments(dev, prod),
    integration(
        upstream = "acme/base",
        validate(workflow = ".github/workflows/validate.yaml", secrets = "inherit")
    )
)]
pub struct Shop {
}

fn main() {}
