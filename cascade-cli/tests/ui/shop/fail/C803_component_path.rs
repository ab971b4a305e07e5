use cascade::prelude::*;

#[pipeline(component)]
pub struct Api {}

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[component(path = "services/api", prefix = "api-")]
    api: Api,

    #[component(path = "services/api", prefix = "web-")]
    web: Api,
}

fn main() {}
