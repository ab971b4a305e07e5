//! `graph`: diagrams.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::project::{Project, select};
use cascade_core::graph::{self, d2, dot, mermaid};
use clap::ValueEnum;
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is shown
    ///
    /// By default the stages.
    #[arg(
        long,
        value_enum,
        default_value_t = Granularity::Stages,
        hide_default_value = true,
        value_name = "WHAT"
    )]
    granularity: Granularity,
    /// Format
    #[arg(long, value_enum, default_value_t = Format::Mermaid, value_name = "FORMAT")]
    format: Format,
}

/// What a diagram shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Granularity {
    /// What is called, and what waits for what.
    Jobs,
    /// The way of a commit from its push to its release.
    Stages,
    /// The promotion order and its gates.
    Env,
    /// Who calls, tells and asks whom.
    CrossRepo,
}

/// How a diagram is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Mermaid, which GitHub renders in Markdown.
    Mermaid,
    /// Graphviz.
    Dot,
    /// D2.
    D2,
    /// Not drawn yet.
    Svg,
    /// Not drawn yet.
    Html,
}

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    format: &'static str,
    graph: String,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let (format, render): (_, fn(&graph::Graph) -> String) = match args.format {
        Format::Mermaid => ("mermaid", mermaid::render),
        Format::Dot => ("dot", dot::render),
        Format::D2 => ("d2", d2::render),
        Format::Svg | Format::Html => {
            let failure = Failure::new("this version of cascade draws no pictures itself");
            return Err(failure
                .help("`--format mermaid` is drawn by GitHub, `--format dot` by Graphviz")
                .into());
        }
    };
    let project = Project::open(request, terminal)?;
    let pipeline = select(project.pipeline(terminal)?, request.component.as_deref())?;
    let graph = render(&graph::graph(&pipeline, args.granularity.into()));
    terminal.out(&match terminal.json() {
        true => json::pretty(&Document {
            version: json::VERSION,
            format,
            graph,
        }),
        false => graph,
    })?;
    Ok(ExitStatus::Success)
}

impl From<Granularity> for graph::Granularity {
    fn from(granularity: Granularity) -> Self {
        match granularity {
            Granularity::Jobs => Self::Jobs,
            Granularity::Stages => Self::Stages,
            Granularity::Env => Self::Environments,
            Granularity::CrossRepo => Self::Repositories,
        }
    }
}
