//! The tree of commands, and the command line around it.

mod complete;
mod help;

pub(crate) use complete::completing;
pub(crate) use help::grouped;

use crate::author::{
    branch_protection, completions, doctor, environments, explain, export, generate, graph, import,
    init, lint, man, migrate, pin, plan, pull_request, reconcile, rehearse, schema, verify,
    version,
};
use crate::operation::{
    deploy, detect_changes, external, generate_changelog, hotfix, integration, log, manage_release,
    metrics, next_version, notify, orchestrate, promote, reset, rollback, rollout, simulate, state,
    status,
};

use crate::cli::error::CommandResult;
use crate::cli::request::{Global, Request};
use crate::cli::terminal::Terminal;
use clap::{CommandFactory, Parser, Subcommand};

/// A delivery-pipeline compiler for GitHub Actions.
#[derive(Debug, Parser)]
#[command(
    name = "cascade",
    version,
    propagate_version = false,
    arg_required_else_help = true,
    after_help = "`cascade help COMMAND` tells more.\n\n\
                  Exit codes: 0 success, warnings included; 1 the answer is no (drift, an error\n\
                  finding); 2 could not run."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// A command with its arguments.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a pipeline into a repository
    Init(init::Args),
    /// Write the workflow files
    #[command(visible_alias = "generate-workflow")]
    Generate(generate::Args),
    /// Show what `generate` would change
    Plan,
    /// Fail if the files on disk are not those that `generate` writes
    Verify,
    /// Check the pipeline against every rule
    #[command(visible_alias = "parse-config")]
    Lint(lint::Args),
    /// Explain a rule, by its code or name
    Explain(explain::Args),
    /// Print the pipeline as a manifest
    Export,
    /// Move the pipeline from its manifest to Rust
    Import(import::Args),
    /// Write a manifest for what another tool, or workflows, do in a repository
    ///
    /// From the Go tool of the same name, release-please, semantic-release, and workflows written by
    /// hand. What cannot be carried over is listed.
    Migrate(migrate::Args),
    /// Have workflows install cascade from a release
    Pin(pin::Args),
    /// Print the JSON schema of the manifest
    Schema,
    /// Check a pull request, and comment on it
    #[command(subcommand)]
    PullRequest(pull_request::Command),
    /// Adopt bumps of pinned actions in generated files into the pipeline
    Reconcile(reconcile::Args),
    /// Draw the pipeline
    Graph(graph::Args),
    /// Run trunk to the first environment: the commands of `orchestrate.yaml`
    #[command(subcommand)]
    Orchestrate(orchestrate::Command),
    /// Promote an artifact through the environments: the commands of `promote.yaml`
    #[command(subcommand)]
    Promote(promote::Command),
    /// Show what a run would do, and the state that it would leave
    #[command(subcommand)]
    Simulate(simulate::What),
    /// Run the generated workflows on this machine, before anything is pushed
    Rehearse(rehearse::Args),
    /// Roll back an environment: the commands of `cascade-rollback.yaml`
    Rollback(rollback::Args),
    /// Bring a fix from trunk to an environment: commands of `cascade-hotfix.yaml`
    #[command(subcommand)]
    Hotfix(hotfix::Command),
    /// Follow a canary or a switch: its stages in `cascade-deploy.yaml`
    #[command(subcommand)]
    Rollout(rollout::Command),
    /// Begin and end a deployment: the commands of `cascade-deploy.yaml`
    #[command(subcommand)]
    Deploy(deploy::Command),
    /// Take and ask for versions of other repositories
    #[command(subcommand)]
    External(external::Command),
    /// Keep a fork in step with its upstream
    #[command(subcommand)]
    Integration(integration::Command),
    /// Print the version that the next candidate gets
    NextVersion(next_version::Args),
    /// Print what changed since the last release, as Markdown
    GenerateChangelog(generate_changelog::Args),
    /// Tell which builds and deploys a change concerns
    DetectChanges(detect_changes::Args),
    /// Show what each environment holds, as the state records it
    Status(status::Args),
    /// Tell who deployed what, when, and by which run
    Log(log::Args),
    /// Measure deliveries: frequency, lead time, failures, time to restore
    Metrics(metrics::Args),
    /// Say where the state is kept
    #[command(subcommand)]
    State(state::Command),
    /// Say what would fail on GitHub at the first push, and mend it
    Doctor(doctor::Args),
    /// Print what must be set up on GitHub: reviewers, branch policies, secrets
    Environments(environments::Args),
    /// Print the rulesets that keep branches safe and let cascade write
    BranchProtection(branch_protection::Args),
    /// Tell the repository that collects versions of a new one
    Notify(notify::Args),
    /// Draft, publish or delete a release by hand
    ManageRelease(manage_release::Args),
    /// Delete the releases and tags of a repository for trials, and empty its state
    Reset(reset::Args),
    /// Print the version
    Version(version::Args),
    /// Print completions for a shell
    Completions(completions::Args),
    /// Write the man pages into a folder
    Man(man::Args),
}

/// Runs a command.
pub(crate) fn run(command: Command, request: &Request, terminal: &Terminal) -> CommandResult {
    match command {
        Command::Init(args) => init::run(&args, request, terminal),
        Command::Generate(args) => generate::run(&args, request, terminal),
        Command::Plan => plan::run(request, terminal),
        Command::Verify => verify::run(request, terminal),
        Command::Lint(args) => lint::run(&args, request, terminal),
        Command::Explain(args) => explain::run(&args, terminal),
        Command::Export => export::run(request, terminal),
        Command::Import(args) => import::run(&args, request, terminal),
        Command::Migrate(args) => migrate::run(&args, request, terminal),
        Command::Pin(args) => pin::run(&args, request, terminal),
        Command::Schema => schema::run(request, terminal),
        Command::PullRequest(command) => pull_request::run(&command, request, terminal),
        Command::Reconcile(args) => reconcile::run(&args, request, terminal),
        Command::Graph(args) => graph::run(&args, request, terminal),
        Command::Orchestrate(command) => orchestrate::run(&command, request, terminal),
        Command::Promote(command) => promote::run(&command, request, terminal),
        Command::Simulate(what) => simulate::run(&what, request, terminal),
        Command::Rehearse(args) => rehearse::run(&args, request, terminal),
        Command::Rollback(args) => rollback::run(&args, request, terminal),
        Command::Hotfix(command) => hotfix::run(&command, request, terminal),
        Command::Rollout(command) => rollout::run(&command, request, terminal),
        Command::Deploy(command) => deploy::run(&command, request, terminal),
        Command::External(command) => external::run(&command, request, terminal),
        Command::Integration(command) => integration::run(&command, request, terminal),
        Command::NextVersion(args) => next_version::run(&args, request, terminal),
        Command::GenerateChangelog(args) => generate_changelog::run(&args, request, terminal),
        Command::DetectChanges(args) => detect_changes::run(&args, request, terminal),
        Command::Status(args) => status::run(&args, request, terminal),
        Command::Log(args) => log::run(&args, request, terminal),
        Command::Metrics(args) => metrics::run(&args, request, terminal),
        Command::State(command) => state::run(&command, request, terminal),
        Command::Doctor(args) => doctor::run(&args, request, terminal),
        Command::Environments(args) => environments::run(&args, request, terminal),
        Command::BranchProtection(args) => branch_protection::run(&args, request, terminal),
        Command::Notify(args) => notify::run(&args, request, terminal),
        Command::ManageRelease(args) => manage_release::run(&args, request, terminal),
        Command::Reset(args) => reset::run(&args, request, terminal),
        Command::Version(args) => version::run(&args, request, terminal),
        Command::Completions(args) => completions::run(&args, terminal),
        Command::Man(args) => man::run(&args, Cli::command(), terminal),
    }
}
