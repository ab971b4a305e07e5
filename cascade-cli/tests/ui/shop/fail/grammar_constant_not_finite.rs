use cascade::prelude::*;

const SHARE: f32 = 1.0 / 0.0;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[deploy(workflow = "acme/ci/.github/workflows/deploy.yaml@v1", inputs(share = SHARE))]
    infinite: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/deploy.yaml@v1", inputs(share = f64::NAN))]
    none: Deploy,
    #[deploy(workflow = "acme/ci/.github/workflows/deploy.yaml@v1", inputs(share = -(1e308 * 10.0)))]
    negative: Deploy,
}

fn main() {}
