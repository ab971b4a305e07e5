use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
    #[deploy(workflow = ".github/workflows/deploy-web.yaml", inputs(cluster = "blue"))]
    #[strategy(canary, percent = 10, promote_callback: ".github/workflows/canary-promote.yaml", rollback_callback = ".github/workflows/canary-rollback.yaml")]
    web: Deploy,
}

fn main() -> std::process::ExitCode {
    let _ = Shop::IMAGE;
    let _ = ShopEnvironment::Dev;
    let shop = Shop::default();
    let _ = shop.image();
    cascade::main::<Shop>()
}
