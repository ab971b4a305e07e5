//! Names that would collide with what is generated, and pipelines inside macros and modules.

use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, "self", "2nd"))]
pub struct Shop {
    #[build(name = "builder", workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    #[build(workflow = ".github/workflows/build-app.yaml")]
    draft: Build,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(builder, r#type))]
    clone: Deploy,

    #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
    r#type: Deploy,
}

macro_rules! declare {
    ($name:ident, $branch:literal, $wait:expr) => {
        #[pipeline(trunk_branch = $branch, environments(prod(wait_timer = $wait)))]
        pub struct $name {}
    };
}

mod inner {
    use cascade::pipeline;
    declare!(Library, "main", 2 + 3);
}

pub fn main() {
    let _ = (Shop::default(), Shop::IMAGE, Shop::TYPE, ShopEnvironment::_2nd);
    assert_eq!(Shop::TYPE.name(), "type");
    let _ = inner::Library::builder().build().expect("a pipeline");
}
