//! Scenarios with the state on a branch of its own: the same steps, the same expectations.

use serde_json::{Value, json};

use super::format::Scenario;

/// The branch that keeps the state where a scenario does not say so itself.
pub(super) const BRANCH: &str = "cascade-state";

/// The file of a state branch.
pub(super) const FILE: &str = "state.yaml";

impl Scenario {
    /// Returns the scenario with `state: { branch: cascade-state }` in every configuration that says
    /// nothing of it; a manifest that is given as text stays as it is.
    #[must_use]
    pub fn on_state_branch(mut self) -> Self {
        if self.state_in_manifest {
            return self;
        }
        let mut hidden = false;
        let configs = self
            .repos
            .values_mut()
            .filter_map(|repository| repository.config.as_mut());
        for config in self.config.iter_mut().chain(configs) {
            hidden |= add(config);
        }
        for step in &mut self.steps {
            if let Some(config) = step
                .get_mut("commit")
                .and_then(|commit| commit.get_mut("config"))
            {
                hidden |= add(config);
            }
        }
        self.state_branch = hidden;
        self
    }
}

/// Returns true if the configuration said nothing of the state.
fn add(config: &mut Value) -> bool {
    let Some(fields) = config.as_object_mut() else {
        return false;
    };
    let is_new = !fields.contains_key("state");
    if is_new {
        fields.insert("state".to_owned(), json!({ "branch": BRANCH }));
    }
    is_new
}

/// Returns the branch that a configuration keeps the state on.
pub(super) fn of(config: &Value) -> Option<&str> {
    config["state"]["branch"].as_str()
}
