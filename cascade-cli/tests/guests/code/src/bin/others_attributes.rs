//! Attributes of others stay theirs, and `derive` may stand anywhere.
use cascade::prelude::*;

#[derive(Clone, Debug, alien_derive::Builder)]
#[pipeline(trunk_branch = "main", environments(dev))]
struct Above {
    #[builder(default)]
    #[serde(skip)]
    #[arg(long)]
    #[deploys]
    #[cfg_attr(all(), serde(rename = "x"))]
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

// A comment between them.
#[derive(Clone)]
/// Documentation.
#[derive(PartialEq)]
#[allow(dead_code)]
#[pipeline(trunk_branch = "main", environments(dev))]
struct Several {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

#[pipeline(trunk_branch = "main", environments(dev))]
#[::core::prelude::v1::derive(Clone, PartialEq)]
#[std::prelude::v1::derive(std::fmt::Debug)]
struct Paths {
    #[cascade::deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

fn main() {
    let above = Above::default();
    assert_eq!(format!("{:?}", above.clone()), format!("{above:?}"));
    assert!(Several::default() == Several::default().clone());
    assert_eq!(Paths::default(), Paths::default().clone());
    assert_eq!(above.api().name(), "api");
    assert_eq!(Paths::default().api().name(), "api");
}
