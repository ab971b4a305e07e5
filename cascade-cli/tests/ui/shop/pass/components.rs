//! Components: each a pipeline of its own, put together by another.

use cascade::prelude::*;

#[pipeline(component)]
struct Api {
    #[build(workflow = ".github/workflows/build-app.yaml")]
    image: Build,

    /// Its environments are those of the pipeline around it.
    #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image), env_inputs(prod(version = "v1")))]
    api: Deploy,
}

#[pipeline(trunk_branch = "main", environments(dev, prod))]
struct Shop {
    #[component(path = "services/api", prefix = "api-")]
    api: Api,
}

pub fn main() {
    let draft = Shop::draft();
    let api = draft.node.get("components").and_then(|node| node.get("api")).expect("a component");
    assert_eq!(api.get("path"), Some(&"services/api".into()));
    assert!(api.get("deploys").is_some());
    assert_eq!(Shop::default().api().image().name(), "image");
    assert_eq!(Api::API.name(), "api");
    Shop::builder().build().expect("a pipeline");
}
