//! `migrate`: takes over a repository from another tool, or from workflows of its own.

mod current;
mod fresh;
mod go_tool;
mod jobs;
mod judge;
mod report;
mod tools;

use crate::author::pipeline_crate::source::{Source, SourceArgs, Sources};
use crate::author::scaffold::survey::Survey;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::{Origin, Request};
use crate::cli::staged;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::files::{Disk, write};
use crate::git::Git;
use crate::repository::{Location, MANIFEST, is_git_top, locate};
use cascade_core::lifecycle::History;
use cascade_core::migration::{self, Note};
use report::Report;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Remove the files that the Go tool generated
    ///
    /// Only what has its marks and is committed as it is.
    #[arg(long)]
    remove: bool,
    /// The environments, in promotion order; by default those that workflows deploy to
    #[arg(long, value_delimiter = ',', value_name = "NAME,...")]
    envs: Option<Vec<String>>,
    /// The name of what is delivered; by default that of the repository's folder
    #[arg(long)]
    name: Option<String>,
    /// The branch that releases flow from
    ///
    /// By default what a configuration says, else the default branch of the remote, else the branch
    /// that is checked out.
    #[arg(long, value_name = "BRANCH")]
    trunk: Option<String>,
    #[command(flatten)]
    source: SourceArgs,
}

/// Everything that a run finds out, writes and removes.
#[derive(Debug)]
struct Migration {
    /// The top of the repository.
    root: PathBuf,
    /// The tools that the repository comes from.
    from: Vec<&'static str>,
    /// The manifest.
    manifest: Manifest,
    /// Files that go away.
    removed: Vec<String>,
    /// Everything that is told, in order.
    notes: Vec<Note>,
}

/// The manifest before and after.
#[derive(Debug)]
struct Manifest {
    /// The full path.
    file: PathBuf,
    /// The path as messages name it.
    shown: String,
    /// The text that is there, if there is one.
    old: Option<String>,
    /// The text that will be there.
    new: String,
}

/// A repository, and the request to migrate it.
#[derive(Debug)]
struct Scene<'a> {
    args: &'a Args,
    request: &'a Request,
    terminal: &'a Terminal,
    root: PathBuf,
    survey: Survey,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    if matches!(request.origin, Origin::Code { .. }) {
        let failure = Failure::new("this pipeline is declared in code already");
        return Err(failure
            .help("run `generate` to write its files; the installed `cascade migrate` reports what is left")
            .into());
    }
    let location = manifest(request)?;
    let root = match &location {
        Some(location) => location.root.clone(),
        None => top(&request.directory),
    };
    let scene = Scene {
        args,
        request,
        terminal,
        survey: Survey::of(&root),
        root,
    };
    let mut migration = match location {
        Some(location) => current::plan(&scene, &location)?,
        None => fresh::plan(&scene)?,
    };
    migration
        .notes
        .sort_by(|a, b| (a.outcome, &a.place).cmp(&(b.outcome, &b.place)));
    migration.notes.dedup();
    let report = Report {
        migration: &migration,
        dry_run: request.dry_run,
    };
    let text = report.render(terminal);
    if !request.dry_run {
        carry_out(&migration)?;
    }
    terminal.say(&text)?;
    let by_hand = |note: &Note| note.outcome == migration::Outcome::ByHand;
    Ok(match migration.notes.iter().any(by_hand) {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

/// Finds the manifest, if there is one. One that is named must be there.
fn manifest(request: &Request) -> Result<Option<Location>, Failure> {
    if request.config.is_some() {
        return locate(&request.directory, request.config.as_deref()).map(Some);
    }
    let top = top(&request.directory);
    let within = request.directory.ancestors();
    let mut within = within.take_while(|folder| folder.starts_with(&top));
    match within.any(|folder| folder.join(MANIFEST).symlink_metadata().is_ok()) {
        true => locate(&request.directory, None).map(Some),
        false => Ok(None),
    }
}

/// Returns the top of the git repository around a folder; the folder itself outside of one.
fn top(folder: &Path) -> PathBuf {
    let mut above = folder.ancestors();
    let top = above.find(|folder| is_git_top(folder));
    top.unwrap_or(folder).to_owned()
}

fn carry_out(migration: &Migration) -> Result<(), Failure> {
    let Manifest {
        file,
        shown,
        old,
        new,
    } = &migration.manifest;
    if old.as_ref() != Some(new) {
        staged::whole(file, new.as_bytes()).map_err(|error| {
            Failure::new(format!("cannot write `{shown}`"))
                .cause(error)
                .help("nothing was changed; check the permissions of its folder")
        })?;
    }
    let disk = Disk::new(&migration.root);
    for (position, path) in migration.removed.iter().enumerate() {
        write::remove(&disk, path).map_err(|failure| {
            failure.help(format!(
                "the manifest is written, and {position} of {} files are removed; run it again",
                migration.removed.len()
            ))
        })?;
    }
    Ok(())
}

impl Scene<'_> {
    /// Returns the checkout; `None` outside of a git repository.
    fn git(&self) -> Option<Git> {
        Git::around(&self.root)
    }

    /// Returns the names of the tags that this clone has.
    fn tags(&self) -> Result<Vec<String>, Failure> {
        let tags = self.git().map(|git| git.tags()).transpose()?;
        let names = tags.into_iter().flatten().map(|tag| tag.name);
        Ok(names.collect())
    }

    /// Returns how runs get cascade: what flags say, else where this program came from.
    fn sources(&self) -> Result<Sources, Failure> {
        let Self { args, request, .. } = self;
        let mut sources = args.source.read(&request.directory, &self.root)?;
        if !sources.are_known(false) {
            sources.source = Source::of_program(request);
        }
        match sources.are_known(false) {
            true => Ok(sources),
            false => Err(Sources::unknown(false)),
        }
    }
}
