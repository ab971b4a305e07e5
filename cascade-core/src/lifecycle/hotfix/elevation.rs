//! The pull requests that a fix needs to reach its environments.

use super::branch::{BASES, Branch, base_branch, fix_branch, is_hotfix};
use super::pull::{Progress, Pull};
use super::refusal::Refusal;
use crate::lifecycle::eligible::above_first;
use crate::lifecycle::{Base, History, Stopped};
use crate::pipeline::Component;
use crate::state::{Environment, State};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A request for a hotfix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The highest environment that gets the fixes.
    pub target: String,
    /// The fixes: commits, by their full names.
    pub commits: Vec<String>,
}

/// The facts about the repository.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The head of trunk.
    pub trunk: &'a str,
    /// The commits of the environments' branches, by environment.
    pub branches: &'a IndexMap<String, String>,
    /// The pull requests into them.
    pub pulls: &'a [Pull],
}

/// The pull requests that are opened, lowest environment first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Elevation {
    /// The highest environment.
    pub target: String,
    /// The pull requests.
    pub targets: Vec<Target>,
    /// Those that are there already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
}

/// A pull request to be opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The environment.
    pub environment: String,
    /// The recorded state that the pull request is based on.
    pub base: Base,
    /// The commit that it holds.
    pub onto: String,
    /// The fixes that it lacks, oldest first.
    pub commits: Vec<String>,
    /// The branch that they are picked onto.
    pub head: String,
    /// The environment's branch, which the pull request merges into.
    pub into: String,
    /// The action that the environment's branch needs first.
    #[serde(flatten)]
    pub branch: Branch,
}

impl Target {
    /// Returns the environment as its branch names it: `prod`, or `api/prod` of a component.
    #[must_use]
    pub fn place(&self) -> &str {
        self.into.strip_prefix(BASES).unwrap_or(&self.into)
    }
}

/// A pull request for the same fixes that is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The environment.
    pub environment: String,
    /// Its number.
    pub number: u64,
    /// True if it is merged, and only its deployment is missing.
    pub merged: bool,
}

/// The decision on a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// Pull requests are opened.
    Open(Elevation),
    /// Nothing is left to open, and why.
    Already(String),
}

/// Decides which pull requests are opened.
///
/// # Errors
/// A rule refuses it, or the history gives no answer.
pub fn elevate<H: History>(
    component: &Component,
    state: &State,
    facts: Facts<'_>,
    history: &H,
    request: &Request,
) -> Result<Decision, Stopped<Refusal, H::Error>> {
    above_first(component, &request.target)
        .map_err(|why| Stopped::Refused(Refusal::Environment(why)))?;
    if request.commits.is_empty() {
        return Err(Stopped::Refused(Refusal::NoCommits));
    }
    for commit in &request.commits {
        if !history
            .contains(facts.trunk, commit)
            .map_err(Stopped::Failed)?
        {
            return Err(Stopped::Refused(Refusal::NotOnTrunk(commit.clone())));
        }
        if !concerns(component, commit, history).map_err(Stopped::Failed)? {
            return Err(Stopped::Refused(Refusal::NotOfComponent {
                sha: commit.clone(),
                component: component.name().unwrap_or_default().to_owned(),
            }));
        }
    }
    let fixes = in_order(&request.commits, history).map_err(Stopped::Failed)?;
    let mut elevation = Elevation {
        target: request.target.clone(),
        targets: Vec::new(),
        waiting: Vec::new(),
    };
    for environment in component.environments.iter().skip(1) {
        let name = environment.name.as_str();
        let is_target = name == request.target;
        let held = state.environments.get(name);
        match held.and_then(|held| Some((held, held.held.sha.as_deref()?))) {
            None if is_target => return Err(Stopped::Refused(Refusal::NoState(name.to_owned()))),
            None => {}
            Some((held, sha)) => {
                let missing = missing(held, sha, &fixes, history).map_err(Stopped::Failed)?;
                let branches = Branches {
                    into: base_branch(component.name(), name),
                    head: missing
                        .last()
                        .map(|newest| fix_branch(component.name(), name, newest)),
                };
                elevation.take(name, (held, sha), missing, branches, (facts, history))?;
            }
        }
        if is_target {
            break;
        }
    }
    Ok(elevation.decision())
}

/// Returns true if a fix, or what it merged, changes a file that the component watches.
fn concerns<H: History>(
    component: &Component,
    commit: &str,
    history: &H,
) -> Result<bool, H::Error> {
    if component.identity.is_none() {
        return Ok(true);
    }
    let parent = format!("{commit}^1");
    let brought = history.commits_of(component, Some(&parent), commit)?;
    Ok(!brought.is_empty())
}

/// The branches of a pull request.
struct Branches {
    into: String,
    /// None if no fix is missing.
    head: Option<String>,
}

/// The fixes in the order of their history, each once.
fn in_order<H: History>(commits: &[String], history: &H) -> Result<Vec<String>, H::Error> {
    let mut ordered: Vec<String> = Vec::new();
    for commit in commits {
        if ordered.contains(commit) {
            continue;
        }
        let mut at = ordered.len();
        for (place, other) in ordered.iter().enumerate() {
            if history.contains(other, commit)? {
                at = place;
                break;
            }
        }
        ordered.insert(at, commit.clone());
    }
    Ok(ordered)
}

/// The fixes that an environment has neither in its history nor on top of it.
fn missing<H: History>(
    held: &Environment,
    sha: &str,
    fixes: &[String],
    history: &H,
) -> Result<Vec<String>, H::Error> {
    let mut missing = Vec::new();
    for fix in fixes {
        let patched = held.patches.iter().any(|patch| patch.sha() == Some(fix));
        if !patched && !history.contains(sha, fix)? {
            missing.push(fix.clone());
        }
    }
    Ok(missing)
}

/// The pull request that an environment waits for: it is open, or merged and not deployed yet.
fn in_flight<'a, H: History>(
    name: &str,
    sha: &str,
    facts: Facts<'a>,
    history: &H,
) -> Result<Option<&'a Pull>, H::Error> {
    let tip = facts.branches.get(name).map(String::as_str);
    for pull in facts.pulls.iter().filter(|pull| pull.environment == name) {
        let flies = match &pull.progress {
            Progress::Open => true,
            // What is recorded is behind it.
            Progress::Merged(merge) => {
                tip == Some(merge) && merge != sha && history.contains(merge, sha)?
            }
            Progress::Closed => false,
        };
        if flies {
            return Ok(Some(pull));
        }
    }
    Ok(None)
}

impl Elevation {
    fn take<H: History>(
        &mut self,
        name: &str,
        (held, sha): (&Environment, &str),
        commits: Vec<String>,
        Branches { into, head }: Branches,
        (facts, history): (Facts<'_>, &H),
    ) -> Result<(), Stopped<Refusal, H::Error>> {
        let Some(head) = head else {
            return Ok(());
        };
        let tip = facts.branches.get(name).map(String::as_str);
        let in_flight = in_flight(name, sha, facts, history).map_err(Stopped::Failed)?;
        if let Some(pull) = in_flight {
            return self
                .wait(name, pull, &commits, &head)
                .map_err(Stopped::Refused);
        }
        if partly_rolled_back(held) {
            return Err(Stopped::Refused(Refusal::PartlyRolledBack(name.to_owned())));
        }
        if let Some(deploy) = held.unfinished_rollouts().next() {
            return Err(Stopped::Refused(Refusal::RolloutUnfinished {
                environment: name.to_owned(),
                deploy: deploy.clone(),
            }));
        }
        let branch = match Branch::decide(held, tip) {
            Ok(branch) => branch,
            Err(tip) => {
                let held = sha.to_owned();
                return Err(Stopped::Refused(Refusal::Drifted {
                    branch: into,
                    held,
                    tip,
                }));
            }
        };
        self.targets.push(Target {
            environment: name.to_owned(),
            base: Base::from(held),
            onto: sha.to_owned(),
            commits,
            head,
            into,
            branch,
        });
        Ok(())
    }

    /// Single flight: one fix at a time, except that the same one is simply there already.
    fn wait(
        &mut self,
        name: &str,
        pull: &Pull,
        commits: &[String],
        head: &str,
    ) -> Result<(), Refusal> {
        let (environment, number) = (name.to_owned(), pull.number);
        let brings = |commit: &String| pull.note.commits.contains(commit);
        let same = pull.head == head && (pull.conflict || commits.iter().all(brings));
        match &pull.progress {
            Progress::Open if same && pull.conflict => Err(Refusal::Conflict {
                environment,
                number,
            }),
            Progress::Merged(sha) if !same => Err(Refusal::Undeployed {
                environment,
                number,
                sha: sha.clone(),
            }),
            Progress::Open if !same => Err(Refusal::Open {
                environment,
                number,
            }),
            progress => {
                self.waiting.push(Waiting {
                    environment,
                    number,
                    merged: matches!(progress, Progress::Merged(_)),
                });
                Ok(())
            }
        }
    }

    fn decision(self) -> Decision {
        if !self.targets.is_empty() {
            return Decision::Open(self);
        }
        let waiting: Vec<String> = self.waiting.iter().map(ToString::to_string).collect();
        Decision::Already(match waiting.is_empty() {
            true => format!("every environment up to {} has it", self.target),
            false => waiting.join("; "),
        })
    }
}

/// Returns true if a rollback took single deploys back, and left the environment's own commit.
fn partly_rolled_back(held: &Environment) -> bool {
    let rejected = held.rejected.as_ref();
    !is_hotfix(&Base::from(held))
        && rejected.is_some_and(|each| each.sha.is_some() && each.sha == held.held.sha)
}

impl std::fmt::Display for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            environment,
            number,
            merged,
        } = self;
        match merged {
            true => write!(
                f,
                "{environment}: #{number} is merged and waits for its deployment"
            ),
            false => write!(f, "{environment}: #{number} waits for review"),
        }
    }
}
