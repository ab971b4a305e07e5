//! Attributes of others stay theirs, and `derive` may stand anywhere.
use cascade::prelude::*;

#[derive(Clone, Debug, alien_derive::Builder)]
#[pipeline(trunk_branch = "main", environments(dev))]
struct Above {
    #[builder(default)]
    #[serde(skip)]
    #[arg(long)]
    #[deploys]
    #[strategies(proptest)]
    #[validator(workflow = "theirs")]
    #[rustfmt::skip]
    #[cfg_attr(any(), another::deploy(x), doc = build!(x), arg(strategy))]
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

#[cfg_attr(all(), derive(Clone), cfg_attr(not(any()), derive(Debug)))]
#[pipeline(trunk_branch = "main", environments(dev))]
struct Conditional {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

#[cfg_attr(any(), derive(Clone, Debug))]
#[pipeline(trunk_branch = "main", environments(dev))]
struct Never {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

#[rustfmt::skip]
#[r#derive(
    // ] a comment
    Clone, /* ] */ PartialEq,
)]
#[doc = "] [ #[derive(Debug)]"]
/* ü */ #[derive(std::fmt::Debug)] #[pipeline(trunk_branch = "main", environments(dev))]
struct Crowded {
    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    api: Deploy,
}

macro_rules! above {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[pipeline(trunk_branch = "main", environments(dev))]
        struct $name {
            #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
            api: Deploy,
        }
    };
}
above!(#[derive(Clone)] /** What a macro is given. */ #[derive(Debug)] Given);

macro_rules! between {
    ($path:path, $(#[$meta:meta])* $name:ident) => {
        #[derive($path)]
        #[pipeline(trunk_branch = "main", environments(dev))]
        $(#[$meta])*
        struct $name {
            #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
            api: Deploy,
        }
    };
}
between!(::core::clone::Clone, #[derive(Debug)] Between);

fn cloned<T: Clone + Default + std::fmt::Debug>() -> String {
    format!("{:?}", T::default().clone())
}

fn main() {
    let all = [cloned::<Conditional>(), cloned::<Never>(), cloned::<Crowded>()];
    let all = all.into_iter().chain([cloned::<Given>(), cloned::<Between>()]);
    assert!(all.into_iter().all(|text| text.contains("deploy-api")));
    let above = Above::default();
    assert_eq!(format!("{:?}", above.clone()), format!("{above:?}"));
    assert!(Several::default() == Several::default().clone());
    assert_eq!(Paths::default(), Paths::default().clone());
    assert_eq!(above.api().name(), "api");
    assert_eq!(Paths::default().api().name(), "api");
}
