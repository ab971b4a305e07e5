//! Deployments, environments and who approves there.
//!
//! Source: GitHub's REST API, "Deployments", "Deployment environments", "Deployment branch
//! policies", "Users" and "Teams".

use super::{Answer, GitHub, Listing};
use crate::cli::error::Failure;
use crate::uri::{encoded, encoded_segment};
use serde_json::Value;

impl GitHub {
    /// Makes a deployment.
    pub(crate) fn create_deployment(&self, body: &Value) -> Result<Answer, Failure> {
        self.create(&self.path("/deployments"), body)?.accepted()
    }

    /// Says how a deployment goes.
    pub(crate) fn create_deployment_status(&self, id: u64, body: &Value) -> Result<(), Failure> {
        let path = self.path(&format!("/deployments/{id}/statuses"));
        self.create(&path, body)?.accepted().map(|_| ())
    }

    /// Lists the newest deployments of a task to an environment, the newest first.
    pub(crate) fn newest_deployments(
        &self,
        environment: &str,
        task: &str,
    ) -> Result<Vec<Value>, Failure> {
        let (environment, task) = (encoded(environment), encoded(task));
        let query = format!("environment={environment}&task={task}&per_page=30");
        self.read(&self.path(&format!("/deployments?{query}")))?
            .list()
    }

    /// Returns the last state of a deployment; none before its first.
    pub(crate) fn deployment_state(&self, id: u64) -> Result<Option<String>, Failure> {
        let path = self.path(&format!("/deployments/{id}/statuses?per_page=1"));
        let statuses = self.read(&path)?.list()?;
        let state = statuses.first().and_then(|status| status["state"].as_str());
        Ok(state.map(str::to_owned))
    }

    /// Asks for an environment.
    pub(crate) fn environment(&self, name: &str) -> Result<Answer, Failure> {
        self.get(&self.environment_path(name, ""))
    }

    /// Makes an environment, or sets what it waits for.
    pub(crate) fn put_environment(&self, name: &str, body: &Value) -> Result<(), Failure> {
        let path = self.environment_path(name, "");
        self.change("PUT", &path, body)?.accepted().map(|_| ())
    }

    /// Lists the `secrets` or `variables` of an environment.
    pub(crate) fn names_of_environment(&self, name: &str, field: &str) -> Result<Listing, Failure> {
        self.list_under(&self.environment_path(name, &format!("/{field}")), field)
    }

    /// Lists which branches and tags may deploy to an environment.
    pub(crate) fn branch_policies(&self, environment: &str) -> Result<Vec<Value>, Failure> {
        let path = self.environment_path(environment, "/deployment-branch-policies?per_page=100");
        Ok(self.read(&path)?.items("branch_policies")?.to_vec())
    }

    /// Lets a branch or tag deploy to an environment.
    pub(crate) fn create_branch_policy(
        &self,
        environment: &str,
        body: &Value,
    ) -> Result<(), Failure> {
        let path = self.environment_path(environment, "/deployment-branch-policies");
        self.create(&path, body)?.accepted().map(|_| ())
    }

    /// Deletes such a policy.
    pub(crate) fn delete_branch_policy(&self, environment: &str, id: u64) -> Result<(), Failure> {
        let rest = format!("/deployment-branch-policies/{id}");
        self.delete(&self.environment_path(environment, &rest))
    }

    /// Asks for a user.
    pub(crate) fn user(&self, login: &str) -> Result<Answer, Failure> {
        self.get(&format!("/users/{}", encoded_segment(login)))
    }

    /// Asks for a team of an organization.
    pub(crate) fn team(&self, organization: &str, team: &str) -> Result<Answer, Failure> {
        let (organization, team) = (encoded_segment(organization), encoded_segment(team));
        self.get(&format!("/orgs/{organization}/teams/{team}"))
    }

    /// Asks for a GitHub App.
    pub(crate) fn app(&self, slug: &str) -> Result<Answer, Failure> {
        self.get(&format!("/apps/{}", encoded(slug)))
    }

    fn environment_path(&self, name: &str, rest: &str) -> String {
        self.path(&format!("/environments/{}{rest}", encoded_segment(name)))
    }
}
