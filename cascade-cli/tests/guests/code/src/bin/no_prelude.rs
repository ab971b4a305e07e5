//! Without the standard prelude nothing is in scope but what is imported.
#![no_implicit_prelude]
use ::cascade::prelude::{Deploy, Build, pipeline};
use ::std::{assert, assert_eq, matches};

const RETRIES: u8 = 1;

#[pipeline(trunk_branch = "main", environments(dev, prod))]
struct Shop {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
    #[deploy(workflow = ".github/workflows/deploy-web.yaml", retries = RETRIES, inputs(cluster = "x", replicas = RETRIES))]
    api: Deploy,
}

fn main() {
    let shop: Shop = ::std::default::Default::default();
    assert_eq!(shop.api().name(), "api");
    assert_eq!(Shop::IMAGE.name(), "image");
    assert!(matches!("dev".parse(), ::std::result::Result::Ok(ShopEnvironment::Dev)));
    assert_eq!(ShopEnvironment::ALL.len(), 2);
}
