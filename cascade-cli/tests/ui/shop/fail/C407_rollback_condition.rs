use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    #[strategy(blue_green, cutover_callback = ".github/workflows/cutover.yaml",
        rollback_callback = ".github/workflows/cutover.yaml")]
    api: Deploy,
}

fn main() {}
