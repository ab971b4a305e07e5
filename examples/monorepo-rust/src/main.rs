//! The delivery of the monorepo, declared in Rust: the twin of `examples/monorepo`.

use cascade::prelude::*;

/// The service that takes orders.
#[pipeline(component, environments(dev, prod))]
pub struct Api {
    #[validate(
        workflow = ".github/workflows/test.yaml",
        inputs(folder = "services/api", command = "cargo test")
    )]
    validate: Validate,

    #[build(
        workflow = ".github/workflows/build-image.yaml",
        inputs(folder = "services/api")
    )]
    image: Build,

    #[deploy(
        workflow = ".github/workflows/deploy.yaml",
        depends_on(image),
        inputs(image = image.outputs.image)
    )]
    api: Deploy,
}

/// The page that people order on.
#[pipeline(component, environments(dev, preview, prod))]
pub struct Web {
    #[validate(
        workflow = ".github/workflows/test.yaml",
        inputs(folder = "apps/web", command = "npm test")
    )]
    validate: Validate,

    #[build(
        workflow = ".github/workflows/build-image.yaml",
        inputs(folder = "apps/web"),
        triggers("!apps/web/**/*.md")
    )]
    image: Build,

    #[deploy(
        workflow = ".github/workflows/deploy.yaml",
        depends_on(image),
        inputs(image = image.outputs.image)
    )]
    web: Deploy,
}

/// The library that expects orders.
#[pipeline(component, environments())]
pub struct Forecast {
    #[validate(
        workflow = ".github/workflows/test.yaml",
        inputs(folder = "packages/forecast", command = "pytest")
    )]
    validate: Validate,

    #[build(
        workflow = ".github/workflows/build-wheel.yaml",
        inputs(folder = "packages/forecast")
    )]
    wheel: Build,

    #[publish(workflow = ".github/workflows/publish-wheel.yaml")]
    publish: Publish,
}

/// Orders, from the page to the forecast.
#[pipeline(
    trunk_branch = "main",
    // Runners of one's own that have cascade.
    cli(source = "preinstalled"),
    runs_on = "self-hosted",
    environments(dev, prod),
    shared_paths("protocol/**", "!protocol/**/*.md")
)]
pub struct Orders {
    #[component(path = "services/api", prefix = "api/v")]
    api: Api,

    #[component(path = "apps/web", prefix = "web/v")]
    web: Web,

    #[component(
        path = "packages/forecast",
        prefix = "forecast/v",
        extra_paths("data/**")
    )]
    forecast: Forecast,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Orders>()
}
