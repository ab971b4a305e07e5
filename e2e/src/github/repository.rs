//! Repositories.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::activity::Activity;
use super::deployment::Deployment;
use super::environment::Environment;
use super::exchange::{Refusal, Request};
use super::git::Git;
use super::issue::Issue;
use super::label::Label;
use super::pull::{Gate, Pull};
use super::release::Release;
use super::review::Review;
use super::ruleset::Ruleset;
use super::run::Run;
use super::settings::Settings;
use super::site::Site;
use super::token::{Scope, Token};
use super::user;

/// A repository to be: public, with the default branch `main` and no commit.
#[derive(Debug, Clone)]
pub struct NewRepository {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) private: bool,
    pub(super) default_branch: String,
    pub(super) fork_of: Option<String>,
    pub(super) copy_of: Option<String>,
    pub(super) immutable_releases: bool,
}

impl NewRepository {
    /// With this name (`owner/name`).
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            private: false,
            default_branch: "main".to_owned(),
            fork_of: None,
            copy_of: None,
            immutable_releases: false,
        }
    }

    /// With a description.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Only for tokens that name it.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// With another default branch.
    #[must_use]
    pub fn default_branch(mut self, name: impl Into<String>) -> Self {
        self.default_branch = name.into();
        self
    }

    /// A fork of a repository that exists, with everything it has now.
    #[must_use]
    pub fn fork_of(mut self, name: impl Into<String>) -> Self {
        self.fork_of = Some(name.into());
        self
    }

    /// A copy of a repository that exists, which the host does not know to be one.
    #[must_use]
    pub fn copy_of(mut self, name: impl Into<String>) -> Self {
        self.copy_of = Some(name.into());
        self
    }

    /// Makes published releases immutable: their tags and assets stay as they are.
    #[must_use]
    pub fn immutable_releases(mut self) -> Self {
        self.immutable_releases = true;
        self
    }
}

/// A protected branch, and the users who may move it.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) branch: String,
    pub(super) bypass: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Repository {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) private: bool,
    pub(super) default_branch: String,
    pub(super) fork_of: Option<String>,
    pub(super) immutable_releases: bool,
    pub(super) created_at: String,
    pub(super) git: Git,
    pub(super) rules: Vec<Rule>,
    pub(super) protection: BTreeMap<String, Value>,
    /// In the order in which they were created.
    pub(super) releases: Vec<Release>,
    /// Tags of immutable releases, also of deleted ones.
    pub(super) spent_tags: BTreeSet<String>,
    /// The only logins that make tags; nothing if everybody does.
    pub(super) tag_makers: Option<Vec<String>>,
    /// Branches that take signed commits only.
    pub(super) signed_branches: BTreeSet<String>,
    pub(super) issues: Vec<Issue>,
    pub(super) pulls: BTreeMap<u64, Pull>,
    /// The demands of branches on pull requests, by their names.
    pub(super) gates: BTreeMap<String, Gate>,
    /// True if pull requests may be told to merge themselves.
    pub(super) auto_merge: bool,
    /// By the number of the pull request.
    pub(super) reviews: BTreeMap<u64, Vec<Review>>,
    /// The movements of refs, the newest last.
    pub(super) activity: Vec<Activity>,
    pub(super) labels: Vec<Label>,
    pub(super) runs: Vec<Run>,
    pub(super) deployments: Vec<Deployment>,
    pub(super) environments: BTreeMap<String, Environment>,
    pub(super) rulesets: Vec<Ruleset>,
    pub(super) settings: Settings,
}

/// The context in which a handler of one repository works.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) site: &'a Site,
    pub(super) repository: &'a mut Repository,
    /// Every repository on the server.
    pub(super) folders: &'a BTreeMap<String, PathBuf>,
    pub(super) token: &'a Token,
    pub(super) request: &'a Request,
}

impl Scene<'_> {
    /// An address of this repository's API.
    pub(super) fn url(&self, path: &str) -> String {
        self.repository.url(self.site, path)
    }

    pub(super) fn git(&self) -> &Git {
        &self.repository.git
    }

    /// Refuses a token without this permission.
    pub(super) fn must_write(&self, scope: Scope) -> Result<(), Refusal> {
        if self.repository.writable(self.token, scope) {
            return Ok(());
        }
        Err(refused(self.token))
    }
}

/// The answer to a token that sees the repository but may not do this.
pub(super) fn refused(token: &Token) -> Refusal {
    if token.is_anonymous() {
        return Refusal::new(401, "Requires authentication");
    }
    let by = match token.noun() {
        "GitHub App" => "integration",
        _ => "personal access token",
    };
    Refusal::new(403, format!("Resource not accessible by {by}"))
}

impl Repository {
    pub(super) fn create(site: &Site, new: &NewRepository) -> anyhow::Result<Self> {
        let folder = site.folder.join(format!("{}.git", new.name));
        Ok(Self {
            id: site.id(),
            name: new.name.clone(),
            description: new.description.clone(),
            private: new.private,
            default_branch: new.default_branch.clone(),
            fork_of: new.fork_of.clone(),
            immutable_releases: new.immutable_releases,
            created_at: site.now(),
            git: Git::create(&folder, &new.default_branch)?,
            rules: Vec::new(),
            protection: BTreeMap::new(),
            releases: Vec::new(),
            spent_tags: BTreeSet::new(),
            tag_makers: None,
            signed_branches: BTreeSet::new(),
            issues: Vec::new(),
            pulls: BTreeMap::new(),
            gates: BTreeMap::new(),
            auto_merge: false,
            reviews: BTreeMap::new(),
            activity: Vec::new(),
            labels: Vec::new(),
            runs: Vec::new(),
            deployments: Vec::new(),
            environments: BTreeMap::new(),
            rulesets: Vec::new(),
            settings: Settings::default(),
        })
    }

    pub(super) fn owner(&self) -> &str {
        self.name.split_once('/').map_or("", |(owner, _)| owner)
    }

    pub(super) fn url(&self, site: &Site, path: &str) -> String {
        site.api(&format!("/repos/{}{path}", self.name))
    }

    pub(super) fn html(&self, site: &Site, path: &str) -> String {
        format!("{}/{}{path}", site.base, self.name)
    }

    /// Returns true if the token, or anybody, sees that the repository exists.
    pub(super) fn visible(&self, token: &Token) -> bool {
        !self.private || token.access.contains_key(&self.name)
    }

    pub(super) fn readable(&self, token: &Token, scope: Scope) -> bool {
        !self.private || token.allows(&self.name, scope, super::Access::Read)
    }

    pub(super) fn writable(&self, token: &Token, scope: Scope) -> bool {
        token.allows(&self.name, scope, super::Access::Write)
    }

    /// Returns true if a ruleset keeps this login from moving the branch.
    pub(super) fn protects(&self, branch: &str, login: &str) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.branch == branch && !rule.bypass.iter().any(|name| name == login))
    }

    /// Returns true if a rule keeps this login from making tags.
    pub(super) fn restricts_tags(&self, login: &str) -> bool {
        let makers = self.tag_makers.as_ref();
        makers.is_some_and(|makers| makers.iter().all(|maker| maker != login))
    }

    pub(super) fn json(&self, site: &Site) -> Value {
        let api = self.url(site, "");
        let html = self.html(site, "");
        let open = self.issues.iter().filter(|issue| issue.open).count();
        let mut json = json!({
            "id": self.id,
            "node_id": user::node("R", self.id),
            "name": self.name.split_once('/').map_or("", |(_, name)| name),
            "full_name": self.name,
            "private": self.private,
            "visibility": if self.private { "private" } else { "public" },
            "owner": user::json(site, self.owner()),
            "html_url": html,
            "description": self.description,
            "fork": self.fork_of.is_some(),
            "url": api,
            "default_branch": self.default_branch,
            "clone_url": format!("{html}.git"),
            "git_url": format!("{html}.git"),
            "ssh_url": format!("git@localhost:{}.git", self.name),
            "svn_url": html,
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "pushed_at": self.created_at,
            "homepage": null,
            "language": null,
            "mirror_url": null,
            "license": null,
            "archived": false,
            "disabled": false,
            "has_issues": true,
            "has_projects": false,
            "has_wiki": false,
            "has_pages": false,
            "has_discussions": false,
            "has_downloads": true,
            "open_issues": open,
            "open_issues_count": open,
        });
        for field in COUNTS {
            json[field] = json!(0);
        }
        for (field, path) in ADDRESSES {
            json[field] = json!(format!("{api}{path}"));
        }
        if let Some(parent) = &self.fork_of {
            let mut above = json.clone();
            above["full_name"] = json!(parent);
            above["name"] = json!(parent.split_once('/').map_or("", |(_, name)| name));
            above["fork"] = json!(false);
            json["parent"] = above.clone();
            json["source"] = above;
        }
        json
    }
}

const COUNTS: [&str; 8] = [
    "forks",
    "forks_count",
    "size",
    "stargazers_count",
    "watchers",
    "watchers_count",
    "network_count",
    "subscribers_count",
];

const ADDRESSES: [(&str, &str); 36] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    (
        "notifications_url",
        "/notifications{?since,all,participating}",
    ),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];
