//! Pipelines within functions, closures and constants, and without the standard library.
#![no_std]
#![allow(clippy::items_after_statements)]
extern crate std;
use std::assert_eq;

trait Delivered {
    fn retries(&self) -> i64;
}

impl Delivered for u8 {
    fn retries(&self) -> i64 {
        use cascade::prelude::*;
        const RETRIES: u8 = 2;

        #[pipeline(trunk_branch = "main", environments(dev))]
        struct Shop {
            #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = RETRIES)]
            web: Deploy,
        }
        match Shop::default().web().get("retries") {
            Some(cascade::Node::Scalar(retries)) => retries.text().parse().unwrap_or_default(),
            _ => 0,
        }
    }
}

const LENGTH: usize = {
    use cascade::prelude::*;

    #[pipeline(trunk_branch = "main", environments(dev, prod))]
    struct Shop {
        #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = Self::MOST)]
        web: Deploy,
    }
    impl Shop {
        const MOST: u8 = 1;
    }
    let _: Option<fn() -> Shop> = Some(<Shop as Default>::default);
    ShopEnvironment::ALL.len()
};

fn main() {
    let named = || {
        use cascade::prelude::*;

        #[pipeline(trunk_branch = "main", environments(dev))]
        struct Shop {
            #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
            web: Deploy,
        }
        Shop::WEB.name()
    };
    assert_eq!((0.retries(), LENGTH, named()), (2, 2, "web"));
}
