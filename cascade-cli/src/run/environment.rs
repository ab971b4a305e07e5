//! Environments that somebody names.

use super::Session;
use crate::cli::error::Failure;
use cascade_core::finding::suggest;

impl Session {
    /// Refuses the name of an environment that the pipeline does not have. A text without a name is
    /// for the command to judge.
    pub(crate) fn require_environment(&self, name: &str) -> Result<(), Failure> {
        let names = self.component.environments.iter();
        let names = names.map(|each| each.name.as_str());
        if name.trim().is_empty() || names.clone().any(|known| known == name) {
            return Ok(());
        }
        let shown: String = name.chars().take(60).collect();
        let failure = Failure::new(format!("there is no environment `{shown}`"));
        Err(match self.component.environments.is_empty() {
            true => failure.help("the pipeline has no environments"),
            false => failure.help(suggest::among(name, names, "the environments are")),
        })
    }
}
