use cascade::prelude::*;

#[pipeline(component)]
pub struct Part {}

#[pipeline(trunk_branch = "main", environments(dev))]
pub struct Shop {
    #[component(path = "services/api", prefix = "api-")]
    api: Part,

    #[component(path = "services/web", prefix = "web-", linked_with(apo))]
    web: Part,
}

fn main() {}
