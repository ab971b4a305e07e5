//! The delivery of the consumer, declared in Rust: the twin of `examples/consumer`.

use cascade::prelude::*;

/// A service that takes what others deliver.
#[pipeline(
    trunk_branch = "main",
    // Runners of one's own that have cascade.
    cli(source = "preinstalled"),
    runs_on = "self-hosted",
    environments(dev, prod)
)]
pub struct Consumer {
    #[build(workflow = ".github/workflows/build-app.yaml", triggers("src/**"))]
    app: Build,

    #[deploy(
        workflow = ".github/workflows/deploy-web.yaml",
        depends_on(app),
        inputs(models = models.version)
    )]
    web: Deploy,

    /// The models that the service answers with.
    #[external(
        pull,
        repo = "acme/models",
        source = "tag",
        version = "^1",
        cadence = "next-run"
    )]
    models: External,

    /// Rules that are enforced as soon as they are written.
    #[external(
        pull,
        repo = "acme/rules",
        source = "commit",
        branch = "main",
        cadence = "poll",
        schedule = "0 */2 * * *",
        private = true,
        workflow = ".github/workflows/deploy-rules.yaml",
        on_update(deploy(workflow = ".github/workflows/deploy-rules.yaml"))
    )]
    rules: External,

    /// The ground that the service stands on.
    #[external(
        push,
        repo = "acme/cdk-infra",
        verify_source = true,
        workflow = ".github/workflows/deploy-cdk.yaml",
        on_update(deploy(workflow = ".github/workflows/deploy-cdk.yaml"))
    )]
    cdk: External,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Consumer>()
}
