//! A crate that keeps every lint.

/// The delivery of a shop.
mod delivery {
    use cascade::{Build, Deploy, External, Publish, Validate, pipeline};

    /// The retries of a deploy.
    const RETRIES: u8 = 2;

    /// A part that is released on its own.
    #[pipeline(component)]
    pub(crate) struct Part {
        /// The container.
        #[build(workflow = ".github/workflows/build-app.yaml")]
        image: Build,
        /// The service.
        #[deploy(workflow = ".github/workflows/deploy-api.yaml", depends_on(image))]
        service: Deploy,
    }

    /// A pipeline of parts.
    #[pipeline(trunk_branch = "main", environments(dev, prod))]
    pub(crate) struct Parts {
        /// The part.
        #[component(path = "a", prefix = "a-")]
        part: Part,
    }

    /// Delivery.
    #[pipeline(trunk_branch = "main", environments(dev, "us-east", prod))]
    pub(crate) struct Shop {
        /// Checks.
        #[validate(workflow = ".github/workflows/validate.yaml")]
        validate: Validate,
        /// The container.
        #[doc = concat!("It ", "runs.")]
        #[build(workflow = concat!(".github/workflows/", "build-app.yaml"))]
        image: Build,
        /// The service.
        #[deprecated]
        #[deploy(workflow = ".github/workflows/deploy-web.yaml", depends_on(image), retries = (RETRIES),
            inputs(cluster = "blue", replicas = { RETRIES }))]
        web: Deploy,
        /// A repository that reports.
        #[external(push, repo = "acme/cdk-infra", workflow = ".github/workflows/deploy-cdk.yaml")]
        cdk: External,
        /// The end.
        #[publish(workflow = ".github/workflows/publish.yaml")]
        publish: Publish,
    }
}

use lints as _;
use std::env::args;
use std::process::ExitCode;

/// Runs one of the two pipelines.
fn main() -> ExitCode {
    if args().len() == 1 {
        return ExitCode::SUCCESS;
    }
    if args().len() > 9 {
        return cascade::main::<delivery::Parts>();
    }
    cascade::main::<delivery::Shop>()
}
