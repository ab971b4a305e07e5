//! The wave that a stage is about, from flags or the variables of its job.

use crate::cli::error::Failure;
use crate::cli::runner::variable;
use crate::operation::plans;
use crate::run::Session;
use cascade_core::lifecycle::Planned;
use cascade_core::lifecycle::rollout;

/// Which wave, by hand; in the workflow variables say it.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Wanted {
    /// The environment
    #[arg(long, visible_alias = "environment", value_name = "NAME")]
    env: Option<String>,
    /// The deploy
    #[arg(long, value_name = "NAME")]
    deploy: Option<String>,
    /// The share that the wave reaches
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=100))]
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
        let value = |by_hand: &Option<String>, name: &str, flag: &str| {
            let value = by_hand.clone().or_else(|| variable(name));
            value.ok_or_else(|| {
                Failure::new(format!("`{flag}` is not given")).help(format!(
                    "in the generated workflow the variable `{name}` holds it"
                ))
            })
        };
        let environment = value(&wanted.env, "ENVIRONMENT", "--env")?;
        let name = value(&wanted.deploy, "DEPLOY", "--deploy")?;
        let given = variable("PERCENT").map(|text| text.parse());
        let percent = match (wanted.percent, given) {
            (Some(percent), _) | (None, Some(Ok(percent))) => percent,
            (None, _) => return Err(Failure::new("`--percent` is not given, from 1 to 100")),
        };
        let planned: Option<Planned> = plans::read_json("PLANNED")?;
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

    /// `web v1.2.0 to 10% of prod`.
    pub(super) fn shown(&self) -> String {
        let (name, version) = (&self.name, &self.planned.version);
        format!(
            "{name} {version} to {}% of {}",
            self.percent, self.environment
        )
    }
}
