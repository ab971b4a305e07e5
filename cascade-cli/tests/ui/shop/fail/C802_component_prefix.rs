use cascade::prelude::*;

#[pipeline(component)]
pub struct Api {}

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[component(path = "services/api", prefix = "v-")]
    api: Api,

    #[component(path = "services/web", prefix = "v-")]
    web: Api,
}

fn main() {}
