//! The options of every command, and the request that they become.

use crate::cli::clock::Clock;
use crate::cli::error::{Error, Failure};
use cascade_core::builder::Draft;
use cascade_core::protocol::variable;
use clap::{ArgAction, Args, ValueEnum};
use std::path::PathBuf;

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The manifest's file
    ///
    /// By default `.github/manifest.yaml` here or in a folder above.
    #[arg(
        short,
        long,
        global = true,
        value_name = "FILE",
        env = variable::CASCADE_CONFIG.as_str()
    )]
    pub(crate) config: Option<PathBuf>,
    /// The manifest's key
    ///
    /// What the body of the manifest stands under; by default `ci`.
    #[arg(
        long,
        visible_alias = "key",
        global = true,
        value_name = "KEY",
        env = variable::CASCADE_MANIFEST_KEY.as_str()
    )]
    pub(crate) manifest_key: Option<String>,
    /// The component that is meant
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = variable::CASCADE_COMPONENT.as_str()
    )]
    pub(crate) component: Option<String>,
    /// Show what would be done, and do nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
    /// Print JSON with stable fields
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print details
    #[arg(short, long, visible_alias = "trace", global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// The person who does it; by default GITHUB_ACTOR
    #[arg(long, global = true, hide = true, value_name = "LOGIN")]
    pub(crate) actor: Option<String>,
    /// Write the result to a file; `-` is standard output
    #[arg(short, long, global = true, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Colours
    ///
    /// `auto` knows terminals and NO_COLOR.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

/// The choice between coloured and plain output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The place where the pipeline was declared.
#[derive(Debug)]
pub(crate) enum Origin {
    /// In a manifest that is still to be found.
    Manifest,
    /// In code.
    Code(Draft),
}

/// The command line of a run, validated.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) origin: Origin,
    pub(crate) directory: PathBuf,
    pub(crate) config: Option<PathBuf>,
    pub(crate) key: Option<String>,
    pub(crate) component: Option<String>,
    pub(crate) dry_run: bool,
    /// The person who does it, if the command line says so.
    pub(crate) actor: Option<String>,
    pub(crate) clock: Clock,
}

impl Request {
    /// Validates what every command takes.
    pub(crate) fn new(global: Global, origin: Origin, clock: Clock) -> Result<Self, Error> {
        let directory = std::env::current_dir().map_err(|error| {
            Failure::new("the working directory cannot be read")
                .cause(error)
                .help("change to a folder that exists")
        })?;
        if global.manifest_key.as_deref() == Some("") {
            let failure = Failure::new("`--manifest-key` is empty");
            return Err(failure.help("leave it out for `ci`").into());
        }
        Ok(Self {
            origin,
            directory,
            config: global.config,
            key: global.manifest_key,
            component: global.component,
            dry_run: global.dry_run,
            actor: global.actor.filter(|actor| !actor.is_empty()),
            clock,
        })
    }

    /// Refuses `--component` where every component is meant.
    pub(crate) fn whole(&self, command: &str) -> Result<(), Failure> {
        match &self.component {
            None => Ok(()),
            Some(_) => Err(
                Failure::new(format!("`{command}` always covers every component"))
                    .help("leave `--component` out"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Cli;
    use clap::Parser;

    fn parse(args: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from([&["cascade"], args].concat())
    }

    fn request(args: &[&str]) -> Result<Request, Error> {
        Request::new(
            parse(args).unwrap().global,
            Origin::Manifest,
            Clock::default(),
        )
    }

    #[test]
    fn global_options_stand_before_and_after_the_command() {
        for args in [["--json", "lint"], ["lint", "--json"]] {
            assert!(parse(&args).unwrap().global.json, "{args:?}");
        }
        let request = request(&["lint", "--key", "delivery", "--dry-run"]).unwrap();
        assert_eq!(
            (request.key.as_deref(), request.dry_run),
            (Some("delivery"), true)
        );
    }

    #[test]
    fn nobody_is_quiet_and_verbose() {
        let refused = parse(&["lint", "--quiet", "--trace"]).unwrap_err();
        assert_eq!(refused.kind(), clap::error::ErrorKind::ArgumentConflict);
        assert_eq!(parse(&["lint", "-vv"]).unwrap().global.verbose, 2);
    }

    #[test]
    fn colours_are_one_of_three() {
        assert_eq!(
            parse(&["lint", "--color", "never"]).unwrap().global.color,
            Color::Never
        );
        assert_eq!(parse(&["lint"]).unwrap().global.color, Color::Auto);
        assert!(parse(&["lint", "--color", "blue"]).is_err());
    }

    #[test]
    fn an_empty_key_is_refused() {
        let error = request(&["lint", "--manifest-key", ""]).unwrap_err();
        let Error::Failure(failure) = error else {
            panic!("{error:?}");
        };
        assert!(
            failure.to_string().contains("`--manifest-key` is empty"),
            "{failure}"
        );
    }

    #[test]
    fn a_command_for_everything_takes_no_component() {
        assert_eq!(request(&["lint"]).unwrap().whole("pin"), Ok(()));
        let failure = request(&["lint", "--component", "api"])
            .unwrap()
            .whole("pin");
        let failure = failure.unwrap_err().to_string();
        assert!(
            failure.contains("`pin` always covers every component"),
            "{failure}"
        );
    }
}
