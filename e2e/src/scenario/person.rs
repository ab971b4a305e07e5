//! People and bots who ask the host.

use anyhow::ensure;
use serde_json::{Value, json};

use super::world::{LOGIN, PERSON, World};
use crate::github::{Permissions, Token};

impl World {
    /// Asks the host's API as the person: the status and the answer.
    pub(super) fn api(
        &self,
        repository: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<(u16, Value)> {
        self.api_as(PERSON, repository, (method, path), body)
    }

    /// Returns the credential of an account that may write to a repository.
    pub(super) fn person(&self, repository: &str, login: &str) -> String {
        if login == LOGIN {
            return PERSON.to_owned();
        }
        let token = format!("e2e-{}", login.trim_end_matches("[bot]"));
        let person = Token::personal(&token, login);
        self.server
            .register(person.may(repository, Permissions::write_all()));
        token
    }

    /// Approves a pull request as somebody.
    pub(super) fn approve(&self, repository: &str, number: u64, login: &str) -> anyhow::Result<()> {
        let token = self.person(repository, login);
        let path = format!("/pulls/{number}/reviews");
        let body = json!({ "event": "APPROVE" });
        let (status, answer) = self.api_as(&token, repository, ("POST", &path), &body)?;
        ensure!(status < 400, "not approved: {answer}");
        Ok(())
    }

    pub(super) fn api_as(
        &self,
        token: &str,
        repository: &str,
        (method, path): (&str, &str),
        body: &Value,
    ) -> anyhow::Result<(u16, Value)> {
        let url = format!("{}/repos/{repository}{path}", self.server.api_url());
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(body.to_string())?;
        let mut response = agent.run(request)?;
        let text = response.body_mut().read_to_string()?;
        let answer = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok((response.status().as_u16(), answer))
    }
}
