use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
    #[deploy(workflow: ".github/workflows/deploy-web.yaml")]
    web: Deploy,
}

fn main() -> std::process::ExitCode {
    let _ = Shop::IMAGE;
    let _ = ShopEnvironment::Dev;
    let shop = Shop::default();
    let _ = shop.image();
    cascade::main::<Shop>()
}
