//! The delivery of the fork, declared in Rust: the twin of `examples/fork`.

use cascade::prelude::*;

/// A fork with changes of its own.
#[pipeline(
    trunk_branch = "main",
    // Runners of one's own that have cascade.
    cli(source = "preinstalled"),
    runs_on = "self-hosted",
    environments(prod),
    integration(
        upstream = "acme/base",
        validate(workflow = ".github/workflows/validate.yaml"),
        monitor(schedule = "0 */6 * * *", stale_after = "48h"),
        token = "UPKEEP_TOKEN"
    )
)]
pub struct Fork {
    #[build(workflow = ".github/workflows/build-app.yaml", triggers("src/**"))]
    app: Build,

    #[deploy(workflow = ".github/workflows/deploy-web.yaml", depends_on(app))]
    web: Deploy,
}

fn main() -> std::process::ExitCode {
    cascade::main::<Fork>()
}
