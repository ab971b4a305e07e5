//! Releases and their files.
//!
//! Source: GitHub's REST API, "Releases" and "Release assets".

use super::{Answer, GitHub};
use crate::cli::error::Failure;
use crate::uri::{encoded, encoded_segment};
use serde_json::Value;

impl GitHub {
    /// Lists every release, drafts included.
    pub(crate) fn releases(&self) -> Result<Vec<Value>, Failure> {
        self.list(&self.path("/releases"))
    }

    /// Asks for the published release of a tag.
    pub(crate) fn release_of(&self, tag: &str) -> Result<Answer, Failure> {
        let tag = encoded_segment(tag);
        self.get(&self.path(&format!("/releases/tags/{tag}")))
    }

    /// Makes a release, once: a broken connection leaves open whether it was made.
    pub(crate) fn create_release(&self, body: &Value) -> Result<Answer, Failure> {
        self.create(&self.path("/releases"), body)
    }

    /// Changes a release.
    pub(crate) fn edit_release(&self, id: u64, body: &Value) -> Result<Answer, Failure> {
        self.change("PATCH", &self.path(&format!("/releases/{id}")), body)
    }

    /// Deletes a release; one that is gone already is no failure.
    pub(crate) fn delete_release(&self, id: u64) -> Result<(), Failure> {
        self.delete(&self.path(&format!("/releases/{id}")))
    }

    /// Fetches a file of a release.
    pub(crate) fn asset(&self, id: u64) -> Result<Vec<u8>, Failure> {
        self.download(&self.path(&format!("/releases/assets/{id}")))
    }

    /// Adds a file to a release, unless the release has one of that name.
    pub(crate) fn attach(&self, release: &Value, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let address = release["upload_url"].as_str().unwrap_or_default();
        let address = address.split('{').next().unwrap_or_default();
        let address = format!("{address}?name={}", encoded(name));
        let answer = self.upload(&address, bytes, "application/octet-stream")?;
        if answer.status == 422 && answer.message().contains("already_exists") {
            return Ok(());
        }
        answer.accepted().map(|_| ())
    }
}
