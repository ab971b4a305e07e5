use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
}

fn main() -> std::process::ExitCode {
    let _ = Shop::IMAGE;
    let _ = ShopEnvironment::Dev;
    let shop = Shop::default();
    let _ = shop.image();
    cascade::main::<Shop>()
}
