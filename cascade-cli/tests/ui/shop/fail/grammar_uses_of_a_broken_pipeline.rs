use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[build(workflwo = ".github/workflows/build-app.yaml")]
    image: Build,
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

fn main() {
    let shop = Shop { image: Build::new("a", "b"), api: Deploy::new("a", "b") };
    let Shop { image, api } = shop.clone();
    let _: &Deploy = shop.api();
    let _: Build = image;
    let _ = Shop::builder().edit(Shop::API, |d| d.retries(1)).build();
    let _ = (api, ShopEnvironment::ALL, "dev".parse::<ShopEnvironment>());
}
