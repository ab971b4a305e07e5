//! The crate under another name, and from another crate.
mod renamed {
    use delivery::prelude::*;

    const RETRIES: u64 = 2;

    #[pipeline(crate = delivery, trunk_branch = "main", environments(dev))]
    pub struct Shop {
        #[deploy(workflow = ".github/workflows/deploy-web.yaml", retries = RETRIES, inputs(cluster = "x", replicas = RETRIES))]
        api: Deploy,
    }
}
mod text {
    #[delivery::pipeline(crate = "::delivery", trunk_branch = "main", environments(dev))]
    pub struct Shop {
        #[delivery::deploy(workflow = ".github/workflows/deploy-api.yaml")]
        api: delivery::Deploy,
    }
}
mod reexported {
    use alien::cascade::prelude::*;

    #[pipeline(crate = ::alien::cascade, trunk_branch = "main", environments(dev))]
    pub struct Shop {
        #[component(path = "a", prefix = "a-")]
        api: Part,
    }

    #[pipeline(crate = alien::cascade, component)]
    pub struct Part {
        #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
        api: Deploy,
    }
}

fn main() {
    assert_eq!(renamed::Shop::default().api().name(), "api");
    assert_eq!(text::Shop::default().api().name(), "api");
    assert_eq!(reexported::Shop::default().api().api().name(), "api");
}
