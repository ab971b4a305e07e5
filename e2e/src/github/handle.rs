//! A repository, seen and changed past the API.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use super::deployment::Deployment;
use super::issue::{Issue, NewIssue};
use super::label::Label;
use super::pull::{Gate, Pull};
use super::release::Release;
use super::repository::{Repository, Rule};
use super::run::Run;
use super::settings::Settings;
use super::site::Hub;

/// A repository, seen and changed past the API: no permission is asked, no event comes of it.
#[derive(Debug, Clone)]
pub struct RepositoryHandle {
    hub: Arc<Hub>,
    name: String,
}

impl RepositoryHandle {
    pub(super) fn new(hub: Arc<Hub>, name: &str) -> Self {
        Self {
            hub,
            name: name.to_owned(),
        }
    }

    /// `owner/name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the address from which `git` clones it.
    #[must_use]
    pub fn clone_url(&self) -> String {
        format!("{}/{}.git", self.hub.site.base, self.name)
    }

    /// The bare repository on disk.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.hub.site.folder.join(format!("{}.git", self.name))
    }

    /// Returns the commits of the branches.
    ///
    /// # Errors
    /// `git` fails.
    pub fn branches(&self) -> anyhow::Result<BTreeMap<String, String>> {
        self.refs("refs/heads/")
    }

    /// The commits of the tags, also of annotated ones.
    ///
    /// # Errors
    /// `git` fails.
    pub fn tags(&self) -> anyhow::Result<BTreeMap<String, String>> {
        self.refs("refs/tags/")
    }

    fn refs(&self, prefix: &str) -> anyhow::Result<BTreeMap<String, String>> {
        self.with(|repository| {
            let refs = repository.git.refs(prefix)?;
            let peeled = refs.into_iter().filter_map(|(name, _)| {
                let sha = repository.git.resolve(&name, "commit")?;
                Some((name.strip_prefix(prefix)?.to_owned(), sha))
            });
            Ok(peeled.collect())
        })?
    }

    /// A file of a branch, tag or commit; nothing if it is not there.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn file(&self, reference: &str, path: &str) -> anyhow::Result<Option<Vec<u8>>> {
        self.with(|repository| {
            let commit = repository.git.commit_of(reference)?;
            repository.git.file(&commit, path)
        })
    }

    /// Points a ref (`refs/tags/v1`) at a commit, or removes it.
    ///
    /// # Errors
    /// `git` fails.
    pub fn set_ref(&self, name: &str, commit: Option<&str>) -> anyhow::Result<()> {
        self.with(|repository| {
            match commit {
                Some(commit) => repository.git.run(&["update-ref", name, commit]),
                None => repository.git.run(&["update-ref", "-d", name]),
            }
            .map(drop)
        })?
    }

    /// The releases, in the order in which they were created.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn releases(&self) -> anyhow::Result<Vec<Release>> {
        self.with(|repository| repository.releases.clone())
    }

    /// Adds a release as it is, or replaces the one with the same number; its tag is not made.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn put_release(&self, release: Release) -> anyhow::Result<()> {
        self.with(|repository| {
            if repository.immutable_releases && !release.draft {
                repository.spent_tags.insert(release.tag.clone());
            }
            repository.releases.retain(|other| other.id != release.id);
            repository.releases.push(release);
        })
    }

    /// The issues, pull requests not among them.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn issues(&self) -> anyhow::Result<Vec<Issue>> {
        self.with(|repository| {
            let issues = repository.issues.iter();
            issues
                .filter(|issue| !repository.pulls.contains_key(&issue.number))
                .cloned()
                .collect()
        })
    }

    /// Opens an issue; returns its number.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn open_issue(&self, new: NewIssue) -> anyhow::Result<u64> {
        let site = &self.hub.site;
        self.with(|repository| super::issue::open(site, repository, new).number)
    }

    /// The pull requests: what they share with issues (labels, comments, state), and their own.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn pulls(&self) -> anyhow::Result<Vec<(Issue, Pull)>> {
        self.with(|repository| {
            let issues = repository.issues.iter();
            issues
                .filter_map(|issue| {
                    let pull = repository.pulls.get(&issue.number)?;
                    Some((issue.clone(), pull.clone()))
                })
                .collect()
        })
    }

    /// The labels that exist.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn labels(&self) -> anyhow::Result<Vec<Label>> {
        self.with(|repository| repository.labels.clone())
    }

    /// The deployments with their statuses, in the order in which they were created.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn deployments(&self) -> anyhow::Result<Vec<Deployment>> {
        self.with(|repository| repository.deployments.clone())
    }

    /// The runs.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn runs(&self) -> anyhow::Result<Vec<Run>> {
        self.with(|repository| repository.runs.clone())
    }

    /// Adds a run, or replaces the one with the same number.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn register_run(&self, run: Run) -> anyhow::Result<()> {
        self.with(|repository| {
            let known = repository.runs.iter_mut().find(|known| known.id == run.id);
            match known {
                Some(known) => *known = run,
                None => repository.runs.push(run),
            }
        })
    }

    /// Changes the settings.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn set(&self, change: impl FnOnce(&mut Settings)) -> anyhow::Result<()> {
        self.with(|repository| change(&mut repository.settings))
    }

    /// Keeps everybody but these logins from moving a branch.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn protect(&self, branch: &str, bypass: &[&str]) -> anyhow::Result<()> {
        self.with(|repository| {
            repository.rules.retain(|rule| rule.branch != branch);
            repository.rules.push(Rule {
                branch: branch.to_owned(),
                bypass: bypass.iter().map(|login| (*login).to_owned()).collect(),
            });
        })
    }

    /// Sets what a branch demands of pull requests into it.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn gate(&self, branch: &str, gate: Gate) -> anyhow::Result<()> {
        self.with(|repository| {
            repository.gates.insert(branch.to_owned(), gate);
        })
    }

    /// Lets pull requests be told to merge themselves.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn allow_auto_merge(&self) -> anyhow::Result<()> {
        self.with(|repository| repository.auto_merge = true)
    }

    /// Lets everybody move a branch again.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn unprotect(&self, branch: &str) -> anyhow::Result<()> {
        self.with(|repository| repository.rules.retain(|rule| rule.branch != branch))
    }

    /// Keeps everybody but these logins from making tags.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn restrict_tags(&self, makers: &[String]) -> anyhow::Result<()> {
        self.with(|repository| repository.tag_makers = Some(makers.to_vec()))
    }

    /// Lets only signed commits onto a branch, which are those that the host makes itself.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn require_signatures(&self, branch: &str) -> anyhow::Result<()> {
        self.with(|repository| {
            repository.signed_branches.insert(branch.to_owned());
        })
    }

    /// Shows the repository only to tokens that name it.
    ///
    /// # Errors
    /// The repository is gone.
    pub fn hide(&self) -> anyhow::Result<()> {
        self.with(|repository| repository.private = true)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Repository) -> T) -> anyhow::Result<T> {
        let mut world = self.hub.world();
        let repository = world.repositories.get_mut(&self.name);
        Ok(act(
            repository.with_context(|| format!("no repository {}", self.name))?
        ))
    }
}
