//! Formats, and which one a file gets.

use crate::cli::error::Failure;
use crate::cli::terminal::Terminal;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// The format of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Mermaid, which GitHub renders in Markdown.
    Mermaid,
    /// Graphviz.
    Dot,
    /// D2.
    D2,
    /// A picture, light and dark, with texts and links.
    Svg,
    /// A page with all diagrams.
    Html,
    /// A picture of dots, in light colours.
    #[cfg(feature = "png")]
    Png,
}

/// Returns the format that is asked for, by name or by the name of the file.
pub(super) fn choose(
    named: Option<Format>,
    file: Option<&Path>,
    open: bool,
) -> Result<Format, Failure> {
    let Some(file) = file else {
        let default = if open { Format::Html } else { Format::Mermaid };
        return Ok(named.unwrap_or(default));
    };
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let extension = extension.to_ascii_lowercase();
    let mut formats = Format::value_variants().iter().copied();
    let meant = formats.find(|format| format.extensions().contains(&extension.as_str()));
    match (named, meant) {
        (Some(named), Some(meant)) if named != meant => Err(Failure::new(format!(
            "`--format {}` and `{}` are two formats",
            named.name(),
            file.display()
        ))
        .help(format!(
            "leave `--format` out, or name a file with the extension `.{}`",
            named.extensions()[0]
        ))),
        (Some(named), _) => Ok(named),
        (None, Some(meant)) => Ok(meant),
        // The document says its format.
        (None, None) if extension == "json" => Ok(Format::Mermaid),
        (None, None) => {
            let known = Format::value_variants().iter();
            let known: Vec<String> = known
                .map(|one| format!(".{}", one.extensions()[0]))
                .collect();
            let failure = Failure::new(format!("the format of `{}` is not clear", file.display()));
            Err(failure.help(format!(
                "name it with `--format`, or use one of {} as the extension",
                known.join(", ")
            )))
        }
    }
}

impl Format {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
            Self::D2 => "d2",
            Self::Svg => "svg",
            Self::Html => "html",
            #[cfg(feature = "png")]
            Self::Png => "png",
        }
    }

    /// Returns the extensions of its files, the usual one first.
    const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Mermaid => &["mmd", "mermaid"],
            Self::Dot => &["dot", "gv"],
            Self::D2 => &["d2"],
            Self::Svg => &["svg"],
            Self::Html => &["html", "htm"],
            #[cfg(feature = "png")]
            Self::Png => &["png"],
        }
    }

    /// Refuses what a format cannot do.
    #[cfg_attr(not(feature = "png"), allow(unused_variables, reason = "PNG needs it"))]
    pub(super) fn check(self, open: bool, terminal: &Terminal) -> Result<(), Failure> {
        if open && matches!(self, Self::Mermaid | Self::Dot | Self::D2) {
            let failure = Failure::new(format!("`--open` does not show {}", self.name()));
            return Err(failure.help("use `--format html` or `--format svg` with it"));
        }
        match self {
            #[cfg(feature = "png")]
            Self::Png if terminal.json() => {
                let failure = Failure::new("a PNG picture does not fit into JSON");
                Err(failure.help("leave `--json` out, or use `--format svg`"))
            }
            #[cfg(feature = "png")]
            Self::Png if !open && terminal.file().is_none() && terminal.is_watched() => {
                let failure = Failure::new("a PNG picture cannot be shown in a terminal");
                Err(failure.help("name a file with `-o FILE`, or use `--open`"))
            }
            _ => Ok(()),
        }
    }

    /// Makes a file that stays after the command has ended.
    pub(super) fn temporary_file(self) -> Result<PathBuf, Failure> {
        let suffix = format!(".{}", self.extensions()[0]);
        let mut builder = tempfile::Builder::new();
        let file = builder.prefix("cascade-").suffix(&suffix).tempfile();
        let kept = file.and_then(|file| file.into_temp_path().keep().map_err(|error| error.error));
        kept.map_err(|error| {
            Failure::new("a temporary file cannot be made")
                .cause(error)
                .help("name a file with `-o FILE`")
        })
    }
}
