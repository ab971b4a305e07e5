//! `graph`: diagrams.
//!
//! | module | what lives there |
//! |---|---|
//! | `format` | formats, and which one a file gets |
//! | `address` | where links of a picture lead |
//! | `page` | all diagrams as one page |
//! | `png` | pictures of dots, in programs that have them |

mod address;
mod format;
mod page;
#[cfg(feature = "png")]
mod png;

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::save::save;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::project::{Project, select};
use address::Addresses;
use cascade_core::graph::layout::layout;
use cascade_core::graph::svg::{Picture, Scheme};
use cascade_core::graph::{self, d2, dot, mermaid, svg};
use cascade_core::pipeline::Pipeline;
use clap::ValueEnum;
use format::Format;
use serde::Serialize;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The view
    ///
    /// By default the stages. An HTML page shows everything, this first.
    #[arg(
        long,
        value_enum,
        default_value_t = Granularity::Stages,
        hide_default_value = true,
        value_name = "WHAT"
    )]
    granularity: Granularity,
    /// Format
    ///
    /// By default the one that the file of `-o FILE` is named after, else Mermaid.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Show it, in the program that is set for such files
    ///
    /// Without `-o FILE` a temporary file is shown, by default an HTML page.
    #[arg(long, conflicts_with = "json")]
    open: bool,
}

/// The content of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Granularity {
    /// The callbacks, and what each of them waits for.
    Jobs,
    /// The way of a commit from its push to its release.
    Stages,
    /// The promotion order and its gates.
    Env,
    /// The other repositories: reports, polls and calls.
    CrossRepo,
}

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    format: &'static str,
    graph: String,
}

/// A diagram as it is written.
enum Drawn {
    Text(String),
    #[cfg(feature = "png")]
    Bytes(Vec<u8>),
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let format = format::choose(args.format, terminal.file(), args.open)?;
    format.check(args.open, terminal)?;
    let project = Project::open(request, terminal)?;
    let pipeline = select(project.pipeline(terminal)?, request.component.as_deref())?;
    let file = match (args.open, terminal.file()) {
        (true, None) => Some(format.temporary_file()?),
        (_, file) => file.map(Path::to_owned),
    };
    let root = &project.location.root;
    let addresses = match (args.open, terminal.file()) {
        (true, None) => Addresses::absolute(root),
        (_, file) => Addresses::from(file, root),
    };
    match (draw(args, format, &pipeline, (root, &addresses))?, file) {
        (Drawn::Text(graph), _) if terminal.json() => terminal.out(&json::pretty(&Document {
            version: json::VERSION,
            format: format.name(),
            graph,
        }))?,
        (Drawn::Text(graph), None) => terminal.out(&graph)?,
        (Drawn::Text(graph), Some(file)) => write(&file, graph.as_bytes(), args.open)?,
        #[cfg(feature = "png")]
        (Drawn::Bytes(bytes), None) => terminal.bytes(&bytes)?,
        #[cfg(feature = "png")]
        (Drawn::Bytes(bytes), Some(file)) => write(&file, &bytes, args.open)?,
    }
    Ok(ExitStatus::Success)
}

fn draw(
    args: &Args,
    format: Format,
    pipeline: &Pipeline,
    (root, addresses): (&Path, &Addresses),
) -> Result<Drawn, Failure> {
    let graph = || graph::graph(pipeline, args.granularity.into());
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let svg = |scheme| {
        let graph = graph();
        let picture = Picture {
            title: &format!("{name}: {}", args.granularity.title()),
            scheme,
            address: &|link| addresses.of(link),
        };
        svg::render(&graph, &layout(&graph), &picture)
    };
    Ok(match format {
        Format::Mermaid => Drawn::Text(mermaid::render(&graph())),
        Format::Dot => Drawn::Text(dot::render(&graph())),
        Format::D2 => Drawn::Text(d2::render(&graph())),
        Format::Svg => Drawn::Text(svg(Scheme::Reader)),
        Format::Html => Drawn::Text(page::page(&name, pipeline, args.granularity, addresses)),
        #[cfg(feature = "png")]
        Format::Png => Drawn::Bytes(png::png(&svg(Scheme::Light))?),
    })
}

fn write(file: &PathBuf, bytes: &[u8], open: bool) -> Result<(), Failure> {
    save(file, bytes)?;
    if !open {
        return Ok(());
    }
    let shown = std::path::absolute(file).unwrap_or_else(|_| file.clone());
    open::that_detached(shown).map_err(|error| {
        Failure::new(format!("no program shows {}", file.display()))
            .cause(error)
            .help("open it yourself; `-o FILE` names another place for it")
    })
}

impl Granularity {
    /// Returns what a picture of it is called.
    const fn title(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Stages => "stages",
            Self::Env => "environments",
            Self::CrossRepo => "repositories",
        }
    }

    /// Returns what it shows, as a sentence.
    const fn sentence(self) -> &'static str {
        match self {
            Self::Jobs => "What is called, and what waits for what.",
            Self::Stages => "The way of a commit from its push to its release.",
            Self::Env => "The promotion order and its gates.",
            Self::CrossRepo => "Who calls, tells and asks whom.",
        }
    }
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
