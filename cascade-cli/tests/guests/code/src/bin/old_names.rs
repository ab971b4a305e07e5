//! What is deprecated warns where the author uses it, and nowhere else.
#![deny(warnings)]

mod part {
    use cascade::prelude::*;

    #[pipeline(component)]
    #[deprecated]
    pub struct Part {
        #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
        api: Deploy,
    }
}

mod shop {
    use cascade::prelude::*;

    #[deprecated(note = "use another")]
    #[pipeline(trunk_branch = "main", environments(dev))]
    pub struct Old {
        #[deprecated]
        #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
        web: Deploy,
    }

    #[pipeline(trunk_branch = "main", environments(dev))]
    pub struct Shop {
        #[allow(deprecated)]
        #[component(path = "a", prefix = "a-")]
        part: super::part::Part,
        #[deprecated(since = "1.0.0", note = "use `part`")]
        #[expect(deprecated, reason = "it is told")]
        #[component(path = "b", prefix = "b-")]
        other: super::part::Part,
    }

    #[expect(deprecated)]
    #[pipeline(trunk_branch = "main", environments(dev))]
    pub struct Whole {
        #[component(path = "a", prefix = "a-")]
        part: super::part::Part,
    }
}

fn main() {
    #[allow(deprecated)]
    let old = shop::Old::default();
    #[allow(deprecated)]
    let name = old.web().name();
    assert_eq!(name, "web");
    let _ = (shop::Shop::default().part(), shop::Whole::default().part());
}
