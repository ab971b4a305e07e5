//! Macros of the author's by the names of the standard library's, and of attributes.
#![allow(unused_macros)]
use cascade::prelude::*;

macro_rules! mine {
    ($($name:ident)*) => { $(
        macro_rules! $name { (@) => {}; }
    )* };
}
mine! {
    concat include_bytes vec panic matches must_use doc derive deprecated cfg
    __members __declared __environments __references
}

const RETRIES: u8 = 2;

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    /// The web.
    #[doc = include_str!("described.md")]
    #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = RETRIES)]
    web: Deploy,
}

fn main() {
    let said = "The web. The text of a file, in two lines.";
    assert_eq!(Shop::default().web().get("description"), Some(&said.into()));
}
