use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = 258u8)]
    too_large: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = 1f64)]
    float: Deploy,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", retries = 1x)]
    unknown: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", inputs(account = -1u8))]
    negative: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", inputs(account = 1e400))]
    infinite: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", inputs(account = "1"u8))]
    text: Deploy,
}

fn main() {}
