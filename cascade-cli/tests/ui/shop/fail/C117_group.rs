use cascade::prelude::*;

#[pipeline(
    trunk_branch = "main",
    environments(dev, prod),
    concurrency(group = "release-${{ inputs.region }}"),
)]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
}

fn main() {}
