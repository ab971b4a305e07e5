// An expansion is the same in every edition. The program of edition 2021 includes this one.

use cascade::prelude::*;

const RETRIES: u8 = 2;
const NAME: &'static str = "blue";

#[pipeline(trunk_branch = "main", environments(dev, "async", prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
    #[deploy(workflow = ".github/workflows/deploy-web.yaml", depends_on(image), retries = RETRIES,
        inputs(cluster = NAME, replicas = RETRIES))]
    web: Deploy,
}

fn main() {
    assert_eq!(Shop::default().web().name(), "web");
    assert_eq!(Shop::default().web().get("retries"), Some(&2.into()));
    assert!("async".parse::<ShopEnvironment>().is_ok());
}
