//! The request for a hotfix.

use crate::cli::error::Failure;
use crate::operation::dispatch;
use crate::run::{Session, hotfixes, merged};
use cascade_core::lifecycle::Stopped;
use cascade_core::lifecycle::hotfix::{Merge, Progress, Refusal, Request};
use cascade_core::state::Managed;
use serde_json::{Map, Value};

/// The most commits that one hotfix takes: more are a promotion.
const MOST: usize = 50;

/// What is wanted, by hand; in the workflow the dispatch inputs say it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Wanted {
    /// The fixes: commits on the trunk
    ///
    /// Separated by commas.
    #[arg(long, visible_alias = "commit", value_name = "COMMITS")]
    commits: Option<String>,
    /// The highest environment that gets them
    #[arg(long, visible_alias = "env", value_name = "NAME")]
    target_env: Option<String>,
    /// Deploy this merge of a hotfix's pull request
    ///
    /// No pull request is opened then.
    #[arg(long, value_name = "COMMIT")]
    merge_sha: Option<String>,
    /// The fixes that the merge brought
    ///
    /// Separated by commas; by default the merge's pull request says it.
    #[arg(long, alias = "fix", value_name = "COMMITS")]
    fix_sha: Option<String>,
}

impl Wanted {
    /// The same with the inputs of the run; a flag wins.
    pub(crate) fn with(&self, given: &Map<String, Value>) -> Self {
        let value = |by_hand: &Option<String>, name: &str| {
            let said = by_hand
                .clone()
                .unwrap_or_else(|| dispatch::word(given, name));
            Some(said.trim().to_owned()).filter(|said| !said.is_empty())
        };
        Self {
            commits: value(&self.commits, "commits"),
            target_env: value(&self.target_env, "target_env"),
            merge_sha: value(&self.merge_sha, "merge_sha"),
            fix_sha: self.fix_sha.clone(),
        }
    }

    /// Returns true if a merge is deployed.
    pub(crate) const fn deploys(&self) -> bool {
        self.merge_sha.is_some()
    }

    /// The request for pull requests.
    pub(crate) fn request(&self, session: &Session) -> Result<Request, Failure> {
        let target = self.target_env.clone().unwrap_or_default();
        session.require_environment(&target)?;
        Ok(Request {
            target,
            commits: commits(session, self.commits.as_deref().unwrap_or_default())?,
        })
    }

    /// The merge that is deployed.
    pub(crate) fn merge(
        &self,
        session: &Session,
        managed: &Managed,
    ) -> Result<Merge, Stopped<Refusal, Failure>> {
        let sha = commit(session, self.merge_sha.as_deref().unwrap_or_default())?;
        if let (Some(environment), Some(fixes)) = (&self.target_env, &self.fix_sha) {
            let held = held(managed, environment);
            let fixes = commits(session, fixes)?;
            return Ok(merged::of_commit(
                session,
                environment,
                (&sha, held),
                &fixes,
            )?);
        }
        let github = session.github()?.ok_or_else(|| {
            Failure::new("the pull request of a merge is looked up on GitHub").help(
                "set GITHUB_REPOSITORY and GITHUB_TOKEN, or give `--target-env` and `--fix-sha`",
            )
        })?;
        let pulls = hotfixes::all(session, &github)?;
        let merged = Progress::Merged(sha.clone());
        let Some(pull) = pulls.iter().find(|pull| pull.progress == merged) else {
            return Err(Stopped::Refused(Refusal::NotMerged(sha)));
        };
        let held = held(managed, &pull.environment);
        Ok(merged::of_pull(session, &github, pull, (&sha, held))?)
    }
}

/// The commit that an environment holds.
fn held<'a>(managed: &'a Managed, environment: &str) -> Option<&'a str> {
    managed
        .state
        .environments
        .get(environment)?
        .held
        .sha
        .as_deref()
}

fn commits(session: &Session, text: &str) -> Result<Vec<String>, Failure> {
    let separated = text.split(|c: char| c == ',' || c.is_whitespace());
    let names: Vec<&str> = separated.filter(|name| !name.is_empty()).collect();
    if names.len() > MOST {
        let count = names.len();
        return Err(
            Failure::new(format!("{count} commits are too many for a hotfix")).help(format!(
                "it takes at most {MOST}; a promotion brings everything"
            )),
        );
    }
    names
        .into_iter()
        .map(|name| commit(session, name))
        .collect()
}

/// The commit of a name that somebody typed: nothing but digits of a hash reaches git.
fn commit(session: &Session, name: &str) -> Result<String, Failure> {
    let is_hash =
        (7..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let shown: String = name
        .chars()
        .take(60)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if !is_hash {
        return Err(
            Failure::new(format!("`{shown}` is not the hash of a commit"))
                .help("write at least 7 characters of its hash; several are separated by commas"),
        );
    }
    session.git.resolve(name)?.ok_or_else(|| {
        Failure::new(format!("`{shown}` is no commit of this repository"))
            .help("is it pushed, and written in full? a part that several commits share names none")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_option_by_hand_goes_before_the_dispatch() {
        let by_hand = Wanted {
            commits: Some(" abc ".to_owned()),
            merge_sha: Some("  ".to_owned()),
            ..Wanted::default()
        };
        let given = json!({ "commits": "def", "target_env": " prod\n", "merge_sha": "m" });
        let wanted = by_hand.with(given.as_object().unwrap());
        assert_eq!(wanted.commits.as_deref(), Some("abc"));
        assert_eq!(wanted.target_env.as_deref(), Some("prod"));
        assert!(!wanted.deploys(), "an option without text is none");
        let merged = Wanted::default().with(given.as_object().unwrap());
        assert!(merged.deploys());
    }
}
