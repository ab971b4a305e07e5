//! The wave that a stage is about, from flags or the variables of its job.

use crate::cli::error::Failure;
use crate::operation::plans;
use crate::run::Session;
use cascade_core::lifecycle::Planned;
use cascade_core::lifecycle::rollout;
use cascade_core::protocol;
use cascade_core::protocol::variable::Variable;
use cascade_core::summary::{Summary, Table};

/// The wave; in the generated workflow, variables hold it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Wanted {
    /// The environment
    #[arg(
        long,
        visible_alias = "environment",
        value_name = "NAME",
        env = protocol::variable::ENVIRONMENT.as_str()
    )]
    env: Option<String>,
    /// The deploy
    #[arg(long, value_name = "NAME", env = protocol::variable::DEPLOY.as_str())]
    deploy: Option<String>,
    /// The share that the wave reaches
    #[arg(
        long,
        value_name = "PERCENT",
        env = protocol::variable::PERCENT.as_str(),
        value_parser = clap::value_parser!(u8).range(1..=100)
    )]
    percent: Option<u8>,
}

/// A wave.
pub(super) struct Wave {
    pub(super) environment: String,
    pub(super) name: String,
    planned: Planned,
    percent: u8,
}

impl Wave {
    pub(super) fn read(wanted: &Wanted) -> Result<Self, Failure> {
        let given = |value: &Option<String>, variable: Variable, flag: &str| {
            let value = value.clone().filter(|value| !value.is_empty());
            value.ok_or_else(|| {
                Failure::new(format!("`{flag}` is not given")).help(format!(
                    "in the generated workflow the variable {variable} holds it"
                ))
            })
        };
        let environment = given(&wanted.env, protocol::variable::ENVIRONMENT, "--env")?;
        let name = given(&wanted.deploy, protocol::variable::DEPLOY, "--deploy")?;
        let percent = wanted
            .percent
            .ok_or_else(|| Failure::new("`--percent` is not given, from 1 to 100"))?;
        let planned: Option<Planned> = plans::read_json(protocol::variable::PLANNED)?;
        let planned = planned.ok_or_else(|| {
            Failure::new(format!("nothing is planned for `{name}`"))
                .help("the variable PLANNED holds what is deployed")
        })?;
        Ok(Self {
            environment,
            name,
            planned,
            percent,
        })
    }

    pub(super) fn planned<'a>(&'a self, session: &'a Session) -> rollout::Wave<'a> {
        rollout::Wave {
            environment: &self.environment,
            name: &self.name,
            planned: &self.planned,
            percent: self.percent,
            run: session.environment.run_url.as_deref(),
        }
    }

    /// Returns a summary of what is done with the wave.
    pub(super) fn summary(&self, what: &str) -> Summary {
        let percent = format!("{}%", self.percent);
        let row = [
            &self.name,
            &self.planned.version,
            &self.environment,
            &percent,
        ];
        Summary::titled(&format!("{what} of {}", self.shown())).table(
            Table::new(["deploy", "version", "environment", "share"]).row(row.map(String::as_str)),
        )
    }

    /// `web v1.2.0 to 10% of prod`.
    pub(super) fn shown(&self) -> String {
        let (name, version) = (&self.name, &self.planned.version);
        format!(
            "{name} {version} to {}% of {}",
            self.percent, self.environment
        )
    }
}
