//! A crate of another repository, whose macros declare pipelines for whoever calls them.

pub extern crate cascade;

#[macro_export]
macro_rules! delivery {
    ($name:ident) => {
        #[$crate::cascade::prelude::pipeline(crate = $crate::cascade, trunk_branch = "main", environments(dev))]
        pub struct $name {
            #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
            api: $crate::cascade::Deploy,
        }
    };
}

#[macro_export]
macro_rules! nameless {
    () => {
        #[$crate::cascade::prelude::pipeline(crate = $crate::cascade, trunk_branch = "main", environments(dev))]
        pub struct Nameless {
            #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
            api: $crate::cascade::Deploy,
        }
    };
}

#[macro_export]
macro_rules! within {
    ($($rest:tt)*) => {
        #[$crate::cascade::prelude::pipeline(crate = $crate::cascade, root = ".", trunk_branch = "main", environments(dev))]
        $($rest)*
    };
}
