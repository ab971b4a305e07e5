//! A library that keeps every lint.

/// Pipelines of a library.
pub mod delivery {
    use cascade::{Build, Deploy, External, Publish, Validate, pipeline};

    /// Declares a pipeline.
    macro_rules! declare {
        ($(#[$meta:meta])* $vis:vis struct $name:ident { $inner:vis $field:ident: $kind:ty = $path:expr }) => {
            $(#[$meta])*
            #[pipeline(trunk_branch = "main", environments(dev, prod))]
            #[non_exhaustive]
            $vis struct $name {
                /// The service.
                #[deploy(workflow = $path, retries = RETRIES)]
                $inner $field: $kind,
            }
        };
    }

    /// The retries of a deploy.
    const RETRIES: u8 = 2;

    /// A part that is released on its own.
    #[pipeline(component)]
    #[non_exhaustive]
    pub struct Part {
        /// The container.
        #[build(workflow = ".github/workflows/build-app.yaml")]
        pub image: Build,
        /// The service.
        #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image))]
        pub service: Deploy,
    }

    /// A pipeline of parts.
    #[pipeline(trunk_branch = "main", environments(dev, prod))]
    #[non_exhaustive]
    pub struct Parts {
        /// The part.
        #[component(path = "a", prefix = "a-")]
        pub part: Part,
    }

    /// Delivery.
    #[pipeline(trunk_branch = "main", environments(dev, "us-east", us__west, "2nd", prod))]
    #[non_exhaustive]
    pub struct Shop {
        /// Checks.
        #[validate(workflow = ".github/workflows/validate.yaml")]
        pub validate: Validate,
        /// The container.
        #[doc = concat!("a", "b")]
        #[build(workflow = concat!(".github/workflows/", "build-app.yaml"))]
        pub image: Build,
        /// The service.
        #[deprecated]
        #[deploy(workflow = ".github/workflows/deploy-web.yaml", depends_on(image), retries = (RETRIES),
            inputs(cluster = "blue", replicas = { RETRIES }))]
        pub web: Deploy,
        /// Another.
        #[deploy(workflow = "acme/ci/.github/workflows/any.yaml@v1", retries = Self::TIMES, inputs(x = Self::SHARE, y = Self::NAME, z = Self::IS, u = -Self::WIDE))]
        #[strategy(canary, percent = Self::PERCENT, promote_callback = "acme/ci/.github/workflows/any.yaml@v1", rollback_callback = "acme/ci/.github/workflows/any.yaml@v1")]
        pub r#type: Deploy,
        /// A repository that reports.
        #[external(push, repo = "acme/cdk-infra", workflow = ".github/workflows/deploy-cdk.yaml")]
        pub cdk: External,
        /// The end.
        #[publish(workflow = ".github/workflows/publish.yaml")]
        pub publish: Publish,
    }

    impl Shop {
        /// A value of the pipeline.
        const IS: bool = true;
        /// A value of the pipeline.
        const NAME: &'static str = "a";
        /// A value of the pipeline.
        const PERCENT: i128 = 10;
        /// A value of the pipeline.
        const SHARE: f64 = 0.5;
        /// A value of the pipeline.
        const TIMES: u64 = 1;
        /// A value of the pipeline.
        const WIDE: i64 = 3;
    }

    declare! {
        /// A pipeline of a macro.
        pub struct Declared {
            pub service: Deploy = "acme/ci/.github/workflows/any.yaml@v1"
        }
    }

    /// A pipeline without callbacks.
    #[pipeline(trunk_branch = "main")]
    #[non_exhaustive]
    pub struct Nothing {}

    /// A pipeline that is copied.
    #[derive(Copy, Clone)]
    #[non_exhaustive]
    #[pipeline(trunk_branch = "main", environments(dev))]
    pub struct Copied {}
}
