//! `hotfix apply`.

use super::{refuse_foreign, stop, text};
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::git::{Git, Picked, Pushed};
use crate::github::refusal::{Move, explained};
use crate::github::{GitHub, NewPull};
use crate::operation::plans;
use crate::run::{Actions, Session, hotfixes};
use cascade_core::commits::short;
use cascade_core::lifecycle::hotfix::{Branch, CONFLICT, Elevation, LABEL, Target};
use cascade_core::lifecycle::{Base, History, StalePlan};
use cascade_core::state::State;
use cascade_core::summary::Summary;
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// A step with its fixes picked; nothing of it is pushed yet.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// The step.
    pub(crate) target: Target,
    /// The picked commits' head.
    pub(crate) head: String,
    /// The fixes that it has, the one that conflicts included.
    pub(crate) picked: Vec<String>,
    /// The subjects of the fixes, in their order.
    pub(crate) subjects: Vec<String>,
    /// The files with conflicts.
    pub(crate) conflict: Vec<String>,
    /// The fixes that wait behind the conflict.
    pub(crate) rest: Vec<String>,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let elevation: Elevation = plans::read("hotfix plan")?;
    let managed = session.managed()?;
    for target in &elevation.targets {
        still_holds(target, &managed.state).map_err(Failure::from)?;
    }
    let mut same = Vec::new();
    let mut made = Vec::new();
    let mut targets = elevation.targets.iter();
    for target in targets.by_ref() {
        match pick(&session, target)? {
            Some(picked) => made.push(picked),
            None => same.push(target.environment.clone()),
        }
        if made.last().is_some_and(|last| !last.conflict.is_empty()) {
            break;
        }
    }
    let halted: Vec<String> = targets.map(|target| target.environment.clone()).collect();
    if session.settings.state_token.is_github() {
        for each in &made {
            let environment = &each.target.environment;
            if let Err(stopped) = refuse_foreign(&session, environment, &each.head) {
                return stop(&actions, terminal, stopped);
            }
        }
    }
    if session.dry_run {
        let summary = Summary::new("Hotfix", "dry run");
        actions.summarise(&summary.sentence("Nothing was pushed or opened."))?;
        return Ok(ExitStatus::Success);
    }
    let github = session.github()?.ok_or_else(|| {
        Failure::new("a pull request is opened on GitHub")
            .help("set GITHUB_REPOSITORY and GITHUB_TOKEN")
    })?;
    let mut opened = Vec::new();
    for each in made {
        push(&session.git, &each)?;
        let number = ensure_pull(&session, &github, &each, &elevation.target)?;
        opened.push((each, number));
    }
    actions.summarise(&text::opened(&opened, &halted, &same))?;
    report(terminal, &opened, (&halted, &same))
}

/// Says why no pull request is opened for an environment.
pub(in crate::operation) fn unchanged(environment: &str) -> String {
    format!("{environment}: what the fixes change is there already, so no pull request is opened")
}

fn report(
    terminal: &Terminal,
    opened: &[(Made, u64)],
    (halted, same): (&[String], &[String]),
) -> CommandResult {
    let entry = |(made, number): &(Made, u64)| {
        json!({
            "environment": made.target.environment,
            "number": number,
            "head": made.target.head,
            "conflict": made.conflict,
        })
    };
    let entries: Vec<Value> = opened.iter().map(entry).collect();
    let document = json!({ "pull_requests": entries, "halted": halted, "unchanged": same });
    match terminal.json() {
        true => terminal.out(&json::pretty(&document))?,
        false => {
            for (made, number) in opened {
                terminal.out(&format!("{}: #{number}\n", made.target.environment))?;
            }
            for name in same {
                terminal.out(&format!("{}\n", unchanged(name)))?;
            }
        }
    }
    let conflict = opened.iter().find(|(made, _)| !made.conflict.is_empty());
    let Some((made, number)) = conflict else {
        return Ok(ExitStatus::Success);
    };
    let environment = &made.target.environment;
    let failure = Failure::new(format!(
        "the fix conflicts with what {environment} holds, in {}",
        made.conflict.join(", ")
    ));
    terminal.failure(&failure.help(format!(
        "resolve it in #{number}, merge that, and start the hotfix again"
    )));
    Ok(ExitStatus::No)
}

fn still_holds(target: &Target, state: &State) -> Result<(), StalePlan> {
    let held = state.environments.get(&target.environment);
    let found = held.map_or_else(Base::default, Base::from);
    match found == target.base {
        true => Ok(()),
        false => Err(StalePlan {
            place: target.environment.clone(),
            planned: Box::new(target.base.clone()),
            found: Box::new(found),
        }),
    }
}

/// Picks the fixes of a step; nothing if all that they change is there already.
pub(crate) fn pick(session: &Session, target: &Target) -> Result<Option<Made>, Failure> {
    let identity = session.identity()?;
    let mut made = Made {
        target: target.clone(),
        head: target.onto.clone(),
        picked: Vec::new(),
        subjects: subjects(&session.git, &target.commits)?,
        conflict: Vec::new(),
        rest: Vec::new(),
    };
    let mut commits = target.commits.iter();
    for commit in commits.by_ref() {
        made.picked.push(commit.clone());
        match session.git.pick(&made.head, commit, &identity)? {
            Picked::Nothing => {}
            Picked::Commit(head) => made.head = head,
            Picked::Conflict { commit, files } => {
                made.head = commit;
                made.conflict = files;
                break;
            }
        }
    }
    made.rest = commits.cloned().collect();
    Ok((made.head != target.onto).then_some(made))
}

fn subjects(git: &Git, commits: &[String]) -> Result<Vec<String>, Failure> {
    let subject = |commit: &String| {
        let found = git.commits(Some(&format!("{commit}^1")), commit)?;
        let own = found.into_iter().find(|each| each.sha == *commit);
        let message = own.map(|own| own.message).unwrap_or_default();
        Ok(message.lines().next().unwrap_or_default().to_owned())
    };
    commits.iter().map(subject).collect()
}

/// Puts the environment's branch where the environment is, then the picked commits beside it.
fn push(git: &Git, made: &Made) -> Result<(), Failure> {
    let target = &made.target;
    match &target.branch {
        Branch::Keep => {}
        Branch::Create => bring(git, &target.into, None, &target.onto)?,
        Branch::Reset { from } => bring(git, &target.into, Some(from), &target.onto)?,
    }
    let there = git.remote_branches(&target.head)?;
    let tip = there.iter().find(|(name, _)| *name == target.head);
    // An earlier attempt may have left it; no pull request is open from it.
    bring(
        git,
        &target.head,
        tip.map(|(_, sha)| sha.as_str()),
        &made.head,
    )
}

fn bring(git: &Git, branch: &str, from: Option<&str>, to: &str) -> Result<(), Failure> {
    if from == Some(to) {
        return Ok(());
    }
    match git.move_branch(branch, from, Some(to))? {
        Pushed::Done => Ok(()),
        Pushed::Raced => {
            let there = git.remote_branches(branch)?;
            match there.iter().any(|(name, sha)| name == branch && sha == to) {
                true => Ok(()),
                false => Err(Failure::new(format!("`{branch}` moved meanwhile"))
                    .help("start the hotfix again")),
            }
        }
        Pushed::Refused(why) => {
            let failure = Failure::new(format!("`{branch}` could not be put at {}", short(to)));
            Err(explained(
                failure,
                &why,
                Move {
                    what: "branch",
                    token: "`state_token_app`",
                },
            ))
        }
    }
}

/// Opens the pull request with its label, unless an earlier attempt did.
fn ensure_pull(
    session: &Session,
    github: &GitHub,
    made: &Made,
    target: &str,
) -> Result<u64, Failure> {
    let workflow = hotfixes::workflow(&session.component);
    let head = github.head_label(&made.target.head);
    let base = &made.target.into;
    let number = match github.open_pull(&head, base)? {
        Some(open) => open.number,
        None => github.create_pull(&NewPull {
            title: &text::title(made),
            body: &text::body(made, target, &workflow),
            head: &head,
            head_repository: None,
            base,
            token_setting: "state_token_app",
        })?,
    };
    let label = match made.conflict.is_empty() {
        true => LABEL,
        false => CONFLICT,
    };
    github.label(number, &[label])?;
    Ok(number)
}
