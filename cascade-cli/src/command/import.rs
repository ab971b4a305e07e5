//! `import`: the manifest as a pipeline in Rust.

use crate::args::{Origin, Request};
use crate::error::{Error, Failure, Outcome};
use crate::project::Project;
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::check::check;
use cascade_core::contract::Contracts;
use cascade_core::draft::Node;
use cascade_core::finding::Severity;
use cascade_core::rust_source;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the source of a program with a `#[pipeline]`
    #[arg(long, required = true)]
    rust: bool,
    /// The name of the struct; by default that of the repository's folder
    #[arg(long)]
    name: Option<String>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    request.whole("import")?;
    if matches!(request.origin, Origin::Code { .. }) {
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
    let source = rust_source::program(config, &name);
    terminal.out(&source)?;
    Ok(ExitStatus::Success)
}

/// Whether the rules have nothing against the draft itself; callbacks may still be missing.
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
