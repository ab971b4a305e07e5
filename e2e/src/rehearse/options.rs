//! The command line of a rehearsal.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Parser;
use serde_json::{Map, Value};

use super::names::Callback;

/// Runs the generated workflows on this machine, with stubs in place of the callbacks
///
/// Takes the repository as it is, with what is not committed yet, into a scratch clone on a simulated
/// GitHub. Nothing is pushed, and nothing outside a temporary folder is changed.
#[derive(Debug, Clone, Parser)]
#[command(name = "cascade-rehearse", bin_name = "cascade rehearse", version)]
pub struct Options {
    /// Operations, one after the other
    ///
    /// `orchestrate`, `promote`, `rollback`, `hotfix`, and whatever else the pipeline has.
    #[arg(value_name = "OPERATION", default_value = "orchestrate")]
    pub(super) operations: Vec<String>,
    /// An input of the workflows that somebody starts by hand
    #[arg(short = 'f', long = "input", value_name = "NAME=VALUE")]
    pub(super) inputs: Vec<Pair>,
    /// An output that the stub of a callback has instead
    #[arg(long = "output", value_name = "NAME.OUTPUT=VALUE")]
    pub(super) outputs: Vec<Output>,
    /// A callback that fails, such as `deploy:web@prod`
    #[arg(long = "fail", value_name = "CALLBACK[@ENVIRONMENT]")]
    pub(super) failures: Vec<Failure>,
    /// A callback that runs for real, such as `build:image`
    ///
    /// On this machine; `build` means every build.
    #[arg(long = "run", value_name = "CALLBACK")]
    pub(super) real: Vec<Callback>,
    /// An environment for which everybody who is asked says no
    #[arg(long = "reject", value_name = "ENVIRONMENT")]
    pub(super) rejected: Vec<String>,
    /// The message of what is not committed yet
    #[arg(short, long, value_name = "TEXT")]
    pub(super) message: Option<String>,
    /// Run the workflows in act instead of the engine of our own
    #[arg(long)]
    pub(super) act: bool,
    /// A folder of actions for callbacks that run for real
    ///
    /// Each in `owner/name@ref`, or in `owner/name` for every ref.
    #[arg(long, value_name = "DIR")]
    pub(super) actions: Option<PathBuf>,
    /// A story to play instead: steps, and what comes of them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["operations", "inputs"])]
    pub(super) script: Option<PathBuf>,
    /// Print what happened as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Write what happened as one page that needs nothing else
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Do not ask GitHub what git does not know
    #[arg(long)]
    offline: bool,
    /// Keep the folder, with the repository and all logs
    #[arg(long)]
    pub(super) keep: bool,
    /// The manifest
    #[arg(short, long, value_name = "FILE", env = "CASCADE_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// The key of the pipeline
    #[arg(
        long,
        value_name = "KEY",
        default_value = "ci",
        env = "CASCADE_MANIFEST_KEY",
        hide_env = true
    )]
    pub(super) manifest_key: String,
    /// A document with what GitHub knows, which `cascade rehearse` asks for
    #[arg(long, value_name = "FILE", hide = true)]
    pub(super) host: Option<PathBuf>,
}

impl Options {
    /// The inputs as a dispatch takes them.
    pub(super) fn dispatch(&self) -> Map<String, Value> {
        let pairs = self.inputs.iter();
        let pairs = pairs.map(|pair| (pair.name.clone(), pair.value.clone().into()));
        pairs.collect()
    }
}

/// `NAME=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| format!("`{text}` is not NAME=VALUE"))?;
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// `image.image_tag=v1`: an output of a build or a deploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    /// A build or a deploy of this name.
    pub(super) of: String,
    pub(super) name: String,
    pub(super) value: String,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pair: Pair = text.parse()?;
        let (of, name) = pair
            .name
            .rsplit_once('.')
            .ok_or_else(|| format!("`{text}` is not NAME.OUTPUT=VALUE"))?;
        Ok(Self {
            of: of.to_owned(),
            name: name.to_owned(),
            value: pair.value,
        })
    }
}

/// `deploy:web@prod`: a callback that fails, everywhere or in one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) callback: Callback,
    pub(super) environment: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.callback)?;
        match &self.environment {
            Some(environment) => write!(f, "@{environment}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Failure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (callback, environment) = match text.split_once('@') {
            Some((callback, environment)) => (callback, Some(environment.to_owned())),
            None => (text, None),
        };
        Ok(Self {
            callback: callback.parse()?,
            environment,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_or_refused() {
        let output: Output = "image.image_tag=a=b".parse().unwrap();
        assert_eq!(
            (
                output.of.as_str(),
                output.name.as_str(),
                output.value.as_str()
            ),
            ("image", "image_tag", "a=b")
        );
        let failure: Failure = "deploy:web@prod".parse().unwrap();
        assert_eq!(failure.callback.to_string(), "deploy:web");
        assert_eq!(failure.environment.as_deref(), Some("prod"));
        assert!("image=x".parse::<Output>().is_err());
        assert!("x".parse::<Pair>().is_err());
        assert!("=x".parse::<Pair>().is_err());
        assert!("web@prod".parse::<Failure>().is_err());
        use clap::CommandFactory;
        Options::command().debug_assert();
    }
}
