//! `init`: scaffolds a pipeline that verifies, in an empty folder or in a repository.

mod answers;
mod ask;
mod extras;
mod plan;
mod report;

use crate::author::pipeline_crate::source::SourceArgs;
use crate::author::pipeline_crate::{self, FOLDER};
use crate::author::scaffold::Scaffold;
use crate::author::scaffold::adopt::{self, Missing};
use crate::author::scaffold::language::{self, Project};
use crate::author::scaffold::place::Place;
use crate::author::scaffold::survey::Survey;
use crate::cli::diagnostic::count;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::{Origin, Request};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::{Disk, write};
use crate::repository::MANIFEST;
use answers::{Asking, Basics};
use cascade_core::finding::Finding;
use cascade_core::pipeline::Pipeline;
use cascade_core::protocol::MARKER;
use clap::ValueEnum;
use plan::{Plan, Wishes};
use report::Report;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environments, in promotion order
    #[arg(long, value_delimiter = ',', value_name = "NAME,...")]
    envs: Option<Vec<String>>,
    /// The kind of pipeline
    ///
    /// By default what fits the environments.
    #[arg(long, value_enum, value_name = "KIND")]
    topology: Option<Topology>,
    /// The name of what is delivered; by default that of the repository's folder
    #[arg(long)]
    name: Option<String>,
    /// The branch that releases flow from
    ///
    /// By default the default branch of the remote, else the branch that is checked out.
    #[arg(long, value_name = "BRANCH")]
    trunk: Option<String>,
    /// A folder of the repository; by default the working directory
    ///
    /// Files go to the top of the git repository that it belongs to.
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Call this workflow of the repository, and no other one that is not named
    #[arg(
        long = "callback",
        value_name = "ROLE=FILE",
        conflicts_with = "samples"
    )]
    callbacks: Vec<String>,
    /// Write samples for all callbacks, whatever workflows the repository has
    #[arg(long)]
    samples: bool,
    /// The owners of the generated files, for CODEOWNERS
    #[arg(long, value_delimiter = ',', value_name = "TEAM,...")]
    codeowners: Vec<String>,
    /// Replace files that cascade generated for another pipeline
    #[arg(long)]
    force: bool,
    /// Ask nothing: take what is proposed
    #[arg(long, short)]
    yes: bool,
    /// Declare the pipeline in Rust, in `.github/pipeline`, instead of in a manifest
    #[arg(long)]
    rust: bool,
    #[command(flatten)]
    source: SourceArgs,
}

/// The kind of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Topology {
    /// Releases, and nothing is deployed.
    #[value(alias = "no-env")]
    Library,
    /// One environment.
    #[value(alias = "one-env")]
    Single,
    /// Several environments, promoted one after the other.
    #[value(alias = "two-env")]
    Promotion,
    /// Three environments, as the Go tool names them.
    #[value(hide = true)]
    ThreeEnv,
    /// Four environments, as the Go tool names them.
    #[value(hide = true)]
    FourEnv,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    refuse_other_places(request)?;
    for owner in &args.codeowners {
        extras::checked_owner(owner)?;
    }
    let folder = args.dir.as_ref().map_or_else(
        || request.directory.clone(),
        |folder| request.directory.join(folder),
    );
    let place = Place::find(&folder, args.trunk.as_deref())?;
    refuse_second_pipeline(&place)?;
    let survey = Survey::of(&place.root);
    let projects = language::projects(&survey.folders);
    let asking = Asking::new(!args.yes && !terminal.json() && ask::is_possible());
    let mut scaffold = Basics::read(args, &place, &asking)?.scaffold();
    let sources = answers::sources(args, request, &place, &asking)?;
    let chosen = answers::callbacks(args, &survey, &asking)?;
    scaffold.cli = match args.rust {
        true => sources.built(),
        false => sources.installed(terminal)?,
    };
    scaffold.action_folder = extras::action_folder(&place.root);
    let by = (&survey, Missing::Sampled);
    let mut remarks = adopt::fill(&mut scaffold, chosen, by, |scaffold| {
        scaffold.check(&projects, &survey.texts).findings
    });
    remarks.extend(adopt::remarks(&survey));
    let pipeline = checked(&scaffold, &projects, &survey)?;
    let wishes = Wishes {
        rust: args.rust.then_some(&sources),
        owners: &args.codeowners,
        force: args.force,
    };
    let plan = Plan::of(&scaffold, &pipeline, &wishes, (&place, &survey, &projects))?;
    let report = Report {
        place: &place,
        scaffold: &scaffold,
        projects: &projects,
        plan: &plan,
        remarks: &remarks,
        sources: &sources,
        rust: args.rust,
        dry_run: request.dry_run,
    };
    let report = report.render(terminal);
    if !request.dry_run {
        carry_out(&plan, &place, &asking)?;
    }
    terminal.say(&report)?;
    Ok(ExitStatus::Success)
}

/// Writes the files; who was asked something is asked before.
fn carry_out(plan: &Plan, place: &Place, asking: &Asking) -> Result<(), Failure> {
    let texts: Vec<(&str, &str)> = plan
        .changes()
        .map(|file| (file.path.as_str(), file.text.as_str()))
        .collect();
    let question = format!("Write {}?", count(texts.len(), "file"));
    if asking.was_used() && !ask::confirmed(&question)? {
        return Err(ask::cancelled(&"you said no"));
    }
    write::write(&Disk::new(&place.root), &texts)
}

fn refuse_other_places(request: &Request) -> Result<(), Failure> {
    if matches!(request.origin, Origin::Code(_)) {
        let failure = Failure::new("this pipeline is declared in code already");
        return Err(failure.help("run `generate` to write its files"));
    }
    if request.config.is_some() || request.key.is_some() {
        let failure = Failure::new(format!(
            "`init` writes `{MANIFEST}`, with the pipeline under the key `ci`"
        ));
        return Err(failure.help(
            "leave `--config`, `--manifest-key` and their variables out; `--dir` names a folder",
        ));
    }
    Ok(())
}

/// Explains what to do in a repository that has a pipeline.
fn refuse_second_pipeline(place: &Place) -> Result<(), Failure> {
    // A link or a file in the place of a folder is told first.
    let disk = Disk::new(&place.root);
    let nothing = |failure: Failure| failure.or_help("nothing was written");
    let manifest = disk.read(MANIFEST).map_err(nothing)?;
    if let Some(text) = manifest {
        let help = match text.starts_with(MARKER) {
            true => format!(
                "its pipeline is declared in Rust, in `{FOLDER}` if `init` wrote it: change it \
                 there, and run `generate`"
            ),
            false if text.contains("cli_version") => {
                "if the Go tool of the same name wrote it, `cascade migrate` takes it over"
                    .to_owned()
            }
            false => "change it, then `cascade lint` checks it and `cascade generate` writes its \
                      workflows; `cascade import --rust` moves it to Rust"
                .to_owned(),
        };
        let failure = Failure::new(format!(
            "{} has a pipeline already: `{MANIFEST}`",
            place.root.display()
        ));
        return Err(failure.help(format!("{help}; nothing was written")));
    }
    pipeline_crate::refuse_second(&place.root)
}

fn checked(
    scaffold: &Scaffold,
    projects: &[Project],
    survey: &Survey,
) -> Result<Pipeline, Failure> {
    let checked = scaffold.check(projects, &survey.texts);
    checked
        .pipeline
        .ok_or_else(|| match checked.findings.first() {
            Some(finding) => refused(finding),
            None => Failure::new("the scaffold is not a pipeline")
                .help("this is a defect of cascade: report it"),
        })
}

fn refused(finding: &Finding) -> Failure {
    let failure = Failure::new(format!("`{}`: {}", finding.at, finding.message));
    failure.help(finding.help.clone().unwrap_or_default())
}
