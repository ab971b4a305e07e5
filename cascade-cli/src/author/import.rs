//! `import`: moves a pipeline from its manifest to Rust.

use super::pipeline_crate::source::{Source, SourceArgs, Sources};
use super::pipeline_crate::{self, FOLDER, RUN};
use crate::cli::diagnostic::{json, next_steps};
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::{Origin, Request};
use crate::cli::runner::Runner;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::{GREEN, Terminal};
use crate::files::{Disk, VERSION, generated, manifest, write};
use crate::git::Git;
use crate::project::Project;
use crate::project::code::generated_manifest;
use crate::repository::WorkflowFiles;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::finding::Severity;
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::{Config, MANIFEST_FILE, MANIFEST_KEY, SCHEMA_VERSION};
use cascade_core::pipeline::Pipeline;
use cascade_core::protocol::MARKER;
use cascade_core::rust_source;
use serde::Serialize;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Declare the pipeline in Rust: a crate in `.github/pipeline`
    #[arg(long, required = true)]
    rust: bool,
    /// Print the source of the program, and write nothing
    #[arg(long)]
    print: bool,
    /// The name of the struct; by default that of the repository's folder
    #[arg(long)]
    name: Option<String>,
    /// Rewrite a manifest that git has no copy of
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    source: SourceArgs,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    version: u32,
    dry_run: bool,
    files: Vec<&'a str>,
    next: Vec<String>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    request.whole("import")?;
    if matches!(request.origin, Origin::Code(_)) {
        let failure = Failure::new("this pipeline is declared in code already");
        return Err(failure.help("`export` prints it as a manifest").into());
    }
    let project = Project::open(request, terminal)?;
    let Some(Node::Map(config)) = project.draft().filter(|draft| is_sound(draft)) else {
        return Err(Error::Findings {
            report: Box::new(project.check().report),
            status: ExitStatus::No,
        });
    };
    let name = match &args.name {
        Some(name) => named(name)?,
        None => folder(&project.location.root),
    };
    if args.print {
        terminal.out(&rust_source::program(config, &name))?;
        return Ok(ExitStatus::Success);
    }
    pipeline_crate::refuse_second(&project.location.root)?;
    let sources = sources(args, request, &project, config)?;
    let files = files(args, &project, config, (&name, &sources), terminal)?;
    if !request.dry_run {
        let texts = files.iter();
        let texts: Vec<(&str, &str)> = texts.map(|(p, t)| (p.as_str(), t.as_str())).collect();
        write::write(&Disk::new(&project.location.root), &texts)?;
    }
    tell(request.dry_run, &project, &files, &next(&sources), terminal)?;
    Ok(ExitStatus::Success)
}

fn sources(
    args: &Args,
    request: &Request,
    project: &Project,
    config: &Map,
) -> Result<Sources, Failure> {
    let root = &project.location.root;
    let mut sources = args.source.read(&request.directory, root)?;
    let cli = config.get("cli");
    let found = || Source::of_block(cli).or_else(|| Source::of_program(request));
    sources.source = sources.source.or_else(found);
    let source = cli.and_then(|cli| cli.get("source"));
    sources.preinstalled |= source == Some(&"preinstalled".into());
    match sources.are_known(true) {
        true => Ok(sources),
        false => Err(Sources::unknown(true)),
    }
}

/// Returns every file that changes; the manifest is generated from now on, and keeps its state.
fn files(
    args: &Args,
    project: &Project,
    config: &Map,
    (name, sources): (&str, &Sources),
    terminal: &Terminal,
) -> Result<Vec<(String, String)>, Error> {
    let location = &project.location;
    let disk = Disk::new(&location.root);
    let shown = location.shown();
    let old = disk.read(&shown)?.unwrap_or_default();
    if old.starts_with(MARKER) {
        let failure = Failure::new(format!(
            "`{shown}` is generated: its pipeline is in Rust already"
        ));
        return Err(failure
            .help("change the pipeline's code, and run its `generate`")
            .into());
    }
    refuse_unsaved(args, project, &shown)?;
    let config = moved(config, project, sources);
    let pipeline = pipeline(&config, project, terminal)?;
    let mut files = Vec::new();
    if let Some(source) = &sources.source {
        files.extend(pipeline_crate::files(name, &config, source));
    }
    let text = generated_manifest(&Node::Map(config), &project.key, VERSION);
    let text = manifest::with_state(&old, &text, &project.key, &shown)?;
    files.push((shown, text));
    for file in generated(&pipeline)? {
        match disk.read(&file.path)? {
            Some(old) if old == file.text => continue,
            Some(old) if !old.starts_with(MARKER) => {
                let message = format!("cascade did not write `{}`", file.path);
                let failure = Failure::new(message);
                return Err(failure.help("move it away; nothing was written").into());
            }
            _ => files.push((file.path, file.text)),
        }
    }
    for (path, _) in &files {
        disk.read(path)?;
    }
    files.sort();
    Ok(files)
}

/// Returns the configuration as the crate declares it.
fn moved(config: &Map, project: &Project, sources: &Sources) -> Map {
    let mut config = config.clone();
    config.insert("cli".to_owned(), sources.built().into());
    // The version is that of the crate's dependency.
    config.shift_remove("cli_version");
    config.shift_remove("cli_version_sha");
    let mut say = |key: &str, value: Node| {
        config.entry(key.to_owned()).or_insert(value);
    };
    say("schema_version", SCHEMA_VERSION.into());
    let shown = project.location.shown();
    if shown != MANIFEST_FILE {
        say("manifest_file", shown.as_str().into());
    }
    if project.key != MANIFEST_KEY {
        say("manifest_key", project.key.as_str().into());
    }
    if let Some(Node::List(environments)) = config.get_mut("environments") {
        for environment in environments {
            if let Node::Map(settings) = environment
                && settings.len() == 1
                && let Some(name) = settings.get("name").cloned()
            {
                *environment = name;
            }
        }
    }
    Config::in_order(config)
}

fn pipeline(config: &Map, project: &Project, terminal: &Terminal) -> Result<Pipeline, Error> {
    let workflows = WorkflowFiles::new(&project.location.root);
    let checked = check(&Node::Map(config.clone()), &Contracts::new(&workflows));
    match checked.pipeline {
        Some(pipeline) => Ok(pipeline),
        // What is wrong is told at its place in the manifest.
        None => project.pipeline(terminal),
    }
}

/// Refuses a manifest whose comments would be lost: git must have them.
fn refuse_unsaved(args: &Args, project: &Project, shown: &str) -> Result<(), Failure> {
    let git = Git::new(&project.location.root, &Runner::read(), None);
    if args.force || git.has_saved(shown) {
        return Ok(());
    }
    let failure = Failure::new(format!(
        "`{shown}` is generated from now on, and git has no copy of it as it is"
    ));
    Err(failure.help(
        "commit it first, so that its comments are not lost, or give them up with `--force`; nothing was written",
    ))
}

fn next(sources: &Sources) -> Vec<String> {
    let mut next: Vec<String> = sources.source.iter().filter_map(Source::note).collect();
    next.push(format!(
        "Compile the pipeline, which also writes its Cargo.lock: {RUN} verify"
    ));
    next.push(format!(
        "Change the pipeline in {FOLDER}/src/main.rs from now on; {RUN} generate\n\
         writes the manifest, which keeps its state, and the workflows."
    ));
    next.push(
        "Commit: git add --all && git commit --message 'Declare the pipeline in Rust'".to_owned(),
    );
    next
}

fn tell(
    dry_run: bool,
    project: &Project,
    files: &[(String, String)],
    next: &[String],
    terminal: &Terminal,
) -> Result<(), Failure> {
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    if terminal.json() {
        return terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            dry_run,
            files: paths,
            next: next.to_vec(),
        }));
    }
    if terminal.quiet() {
        return Ok(());
    }
    let word = if dry_run { "would write" } else { "wrote" };
    let word = terminal.paint(GREEN, word);
    let mut out: String = paths
        .iter()
        .map(|path| format!("{word}  {path}\n"))
        .collect();
    let shown = project.location.shown();
    out.push_str(&format!(
        "\n`{shown}` is generated from the crate now. Its state is kept; its comments are in its history.\n"
    ));
    out.push_str(&next_steps(next));
    terminal.out(&out)
}

/// Returns true if the rules have nothing against the draft itself; callbacks may still be missing.
fn is_sound(draft: &Node) -> bool {
    let findings = check(draft, &Contracts::unavailable()).findings;
    findings
        .iter()
        .all(|finding| finding.rule.severity != Severity::Error)
}

fn named(name: &str) -> Result<String, Failure> {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    {
        return Ok(name.to_owned());
    }
    Err(
        Failure::new(format!("`--name`: `{name}` is no name of a struct"))
            .help("use letters, digits, `_` and `-`, and begin with a letter"),
    )
}

fn folder(root: &Path) -> String {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    name.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_struct_begins_with_a_letter() {
        assert_eq!(named("my-shop_1").unwrap(), "my-shop_1");
        for wrong in ["", "1st", "-a", "a b", "é"] {
            let failure = named(wrong).unwrap_err().to_string();
            assert!(failure.contains(&format!("`{wrong}`")), "{failure}");
        }
    }
}
