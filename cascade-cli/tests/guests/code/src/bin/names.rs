//! Structs, fields and environments with names of the standard library, and keywords.
#![allow(dead_code, non_camel_case_types)]

mod named {
    use cascade::prelude::*;

    #[pipeline(
        trunk_branch = "main",
        environments(dev, Ok, some, none, default, clone, fmt, from_str, as_str, all, All2, "Self", r#type, "2")
    )]
    pub struct r#type {
        #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
        r#fn: Deploy,
        #[build(workflow = ".github/workflows/build-app.yaml")]
        draft: Build,
        #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
        clone: Deploy,
        #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
        fmt: Deploy,
        #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
        all: Deploy,
        #[deploy(workflow = ".github/workflows/deploy-search.yaml")]
        __cascade_draft: Deploy,
    }
}

macro_rules! pipelines {
    ($($name:ident)*) => { $(
        #[cascade::pipeline(trunk_branch = "main", environments(dev))]
        pub struct $name {
            #[deploy(workflow = ".github/workflows/deploy-search.yaml", retries = super::RETRIES)]
            u8: ::cascade::Deploy,
            #[build(workflow = ".github/workflows/build-app.yaml")]
            core: ::cascade::Build,
        }
    )* };
}

const RETRIES: u8 = 1;

mod standard {
    pipelines!(Clone Debug Default Draft Formatter Handle Ok Pipeline String str usize);
}

fn main() {
    use cascade::Pipeline;

    let pipeline = named::r#type::default();
    assert_eq!(pipeline.r#fn().name(), "fn");
    assert_eq!(named::r#type::FN.name(), "fn");
    let last = "2".parse::<named::typeEnvironment>().map(|found| found.to_string());
    assert_eq!(last, Ok("2".to_owned()));
    assert_eq!(<standard::Draft as Default>::default().core().name(), "core");
    assert!(<standard::Pipeline as Pipeline>::builder().build().is_ok());
}
