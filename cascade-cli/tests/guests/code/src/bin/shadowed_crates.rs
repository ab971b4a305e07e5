//! Other crates by the names that an expansion speaks of.
extern crate alien as alloc;
extern crate alien as core;
extern crate alien as std;
extern crate cascade as delivery;

use delivery::prelude::*;

const RETRIES: u8 = 2;

#[pipeline(crate = delivery, trunk_branch = "main", environments(dev, prod))]
pub struct Shop {
    #[doc = concat!("The ", "container.")]
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,
    #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = RETRIES, inputs(small = RETRIES))]
    web: Deploy,
}

fn main() {
    let shop = <Shop as Default>::default();
    assert_eq!(shop.image().get("description"), Some(&"The container.".into()));
    assert_eq!(shop.web().get("retries"), Some(&2.into()));
    assert!("prod".parse::<ShopEnvironment>().is_ok());
}
