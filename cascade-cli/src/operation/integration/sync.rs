//! `integration sync`.

mod pull;

use super::scene::{Branches, Scene, WORKFLOWS};
use super::text;
use crate::cli::error::{CommandResult, Error, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::git::{Git, Pushed};
use crate::github::GitHub;
use crate::github::refusal::{Move, explained};
use crate::github::tracker::Tracker;
use crate::run::Actions;
use cascade_core::commits::short;
use cascade_core::lifecycle::History;
use cascade_core::lifecycle::integration::{Board, Event, Trail};
use cascade_core::manifest::UpstreamWorkflows;
use cascade_core::summary::Summary;
use serde_json::json;

/// The prefix of the branch from which the upstream's changes are pulled where the two repositories
/// share no network.
const PUSHED: &str = "cascade-sync/";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// The source of the pull request.
struct Head {
    /// As GitHub is told: `owner:branch`.
    label: String,
    /// The repository, where its owner has both.
    repository: Option<String>,
    /// The commit.
    sha: String,
    /// True if it is a branch of this repository.
    pushed: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let scene = Scene::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Sync", failure);
    scene.session.require_trunk().inspect_err(told)?;
    let git = scene.git();
    let head = upstream(&scene, &git)?;
    let mut branches = scene.branches()?;
    let mirror = match branches.mirror.clone() {
        Some(mirror) => mirror,
        None => begin_mirror(&scene, &git, &branches, &head)?,
    };
    branches.mirror = Some(mirror.clone());
    if scene.contains(&mirror, &head)? || has_files_of(&scene, &git, &mirror, &head)? {
        let says = format!(
            "`{}` has everything of {} at {}",
            scene.integration.mirror,
            scene.integration.upstream,
            short(&head)
        );
        return tell(&actions, terminal, "Sync: no change", &says, &head, None);
    }
    let commits = git.commits(Some(&mirror), &head)?;
    if scene.session.dry_run {
        let says = format!(
            "{} commits up to {} would be asked into `{}`",
            commits.len(),
            short(&head),
            scene.integration.mirror
        );
        return tell(&actions, terminal, "Sync: dry run", &says, &head, None);
    }
    let pulls = scene.pulls()?;
    let from = source(&scene, &git, &pulls, &mirror, &head)?;
    if pulls
        .open_pull(&from.label, scene.integration.mirror.as_str())?
        .is_none()
        && let Some(pull) = pull::declined(&scene, &pulls, &from)?
    {
        let says = format!(
            "{} at {} was declined in #{pull}: it is asked for again when the upstream goes on",
            scene.integration.upstream,
            short(&head)
        );
        return tell(&actions, terminal, "Sync: declined", &says, &head, None);
    }
    let pull = pull::ensure_pull(&scene, &pulls, &from, &head, &commits)?;
    let tracked = track(&scene, &branches, &head, pull);
    scene.tell_lost_comments(terminal);
    let says = format!(
        "#{pull} asks {} commits up to {} into `{}`",
        commits.len(),
        short(&head),
        scene.integration.mirror
    );
    changed(&actions, terminal, &says, (&head, pull), tracked)
}

/// Says that the upstream has changed, and which issue tracks it.
fn changed(
    actions: &Actions,
    terminal: &Terminal,
    says: &str,
    (head, pull): (&str, u64),
    tracked: Result<u64, Failure>,
) -> CommandResult {
    let title = "Sync: the upstream has changed";
    match tracked {
        Ok(issue) => {
            let says = format!("{says}; #{issue} tracks it");
            tell(actions, terminal, title, &says, head, Some((pull, issue)))
        }
        Err(failure) => {
            let says = format!("{says}; no issue tracks it: {failure}");
            tell(actions, terminal, title, &says, head, None)?;
            Err(failure.into())
        }
    }
}

fn tell(
    actions: &Actions,
    terminal: &Terminal,
    title: &str,
    says: &str,
    head: &str,
    opened: Option<(u64, u64)>,
) -> CommandResult {
    actions.summarise(&Summary::titled(title).sentence(format!("{says}.")))?;
    if terminal.json() {
        let document = json!({
            "upstream": head,
            "pull_request": opened.map(|(pull, _)| pull),
            "issue": opened.map(|(_, issue)| issue),
        });
        terminal.out(&crate::cli::diagnostic::json::pretty(&document))?;
    } else {
        terminal.say(&format!("{says}\n"))?;
    }
    Ok(ExitStatus::Success)
}

/// Returns true if the mirror has the upstream's files, however they came there.
fn has_files_of(scene: &Scene, git: &Git, mirror: &str, head: &str) -> Result<bool, Failure> {
    let held = git.tree(mirror, "")?;
    let held = held.as_deref().map(str::trim);
    let whole = git.tree(head, "")?;
    if held == whole.as_deref().map(str::trim) {
        return Ok(true);
    }
    Ok(held == Some(brought(scene, git, head)?.as_str()))
}

/// The files of the upstream's commit that a branch here may have.
fn brought(scene: &Scene, git: &Git, head: &str) -> Result<String, Failure> {
    match scene.integration.upstream_workflows {
        UpstreamWorkflows::Exclude => git.with_folder(head, WORKFLOWS, None),
        UpstreamWorkflows::Include => {
            let tree = git.tree(head, "")?.unwrap_or_default();
            Ok(tree.trim().to_owned())
        }
    }
}

/// The upstream's commit, fetched.
fn upstream(scene: &Scene, git: &Git) -> Result<String, Failure> {
    let integration = &scene.integration;
    let server = scene.session.environment.server_url.trim_end_matches('/');
    let address = format!("{server}/{}.git", integration.upstream);
    git.fetch_from(&address, integration.upstream_branch.as_str())
        .map_err(|failure| {
            Failure::new(format!(
                "`{}` of {} cannot be read",
                integration.upstream_branch, integration.upstream
            ))
            .cause(failure)
            .help("check the name and the branch; a private upstream needs `integration.token`, the secret of a token that reads it")
        })
}

/// Makes the mirror, of what trunk has of the upstream already.
fn begin_mirror(
    scene: &Scene,
    git: &Git,
    branches: &Branches,
    head: &str,
) -> Result<String, Error> {
    let mirror = scene.integration.mirror.as_str();
    let trunk = &scene.session.settings.trunk;
    let Some(base) = git.merge_base(&branches.trunk, head)? else {
        let failure = Failure::new(format!(
            "`{trunk}` and {} have no commit in common, so that `{mirror}` cannot begin",
            scene.integration.upstream
        ));
        return Err(failure
            .help(format!(
                "push `{mirror}` yourself, at the commit of the upstream that `{trunk}` is based on"
            ))
            .into());
    };
    if !scene.session.dry_run {
        move_to(git, mirror, None, &base)?;
    }
    Ok(base)
}

fn move_to(git: &Git, branch: &str, from: Option<&str>, to: &str) -> Result<(), Failure> {
    match git.move_branch(branch, from, Some(to))? {
        Pushed::Done => Ok(()),
        Pushed::Raced => {
            Err(Failure::new(format!("`{branch}` moved meanwhile"))
                .help("start the workflow again"))
        }
        Pushed::Refused(why) => Err(refused(branch, to, &why)),
    }
}

/// A branch that could not be pushed, and what helps.
pub(super) fn refused(branch: &str, to: &str, why: &str) -> Failure {
    let failure = Failure::new(format!("`{branch}` could not be put at {}", short(to)));
    explained(
        failure,
        why,
        Move {
            what: "branch",
            token: "`integration.token` or `state_token_app`",
        },
    )
}

/// Returns the source of the pull request: straight from the upstream where both repositories share
/// a network, so that nothing of it is in this repository; else from a branch that is pushed.
fn source(
    scene: &Scene,
    git: &Git,
    github: &GitHub,
    mirror: &str,
    head: &str,
) -> Result<Head, Failure> {
    let upstream = scene.integration.upstream.to_string();
    let branch = scene.integration.upstream_branch.as_str();
    let here = github.described()?.accepted()?.body;
    let related = ["parent", "source"].iter().any(|relation| {
        let name = here[relation]["full_name"].as_str();
        name.is_some_and(|name| name.eq_ignore_ascii_case(&upstream))
    });
    let (owner, name) = upstream.split_once('/').unwrap_or_default();
    let own = github.owner();
    if related {
        return Ok(Head {
            label: format!("{owner}:{branch}"),
            repository: owner.eq_ignore_ascii_case(own).then(|| name.to_owned()),
            sha: head.to_owned(),
            pushed: false,
        });
    }
    let pushed = format!("{PUSHED}{branch}");
    Ok(Head {
        sha: push(scene, git, &pushed, mirror, head)?,
        label: format!("{own}:{pushed}"),
        repository: None,
        pushed: true,
    })
}

/// Pushes what the mirror would become; its commit. Nobody has read yet what the upstream wrote, so
/// its workflow files are left out: the message keeps workflows from running for `push` and
/// `pull_request`, but not for `create`, a review, a comment or a label, which run the files of the
/// branch or of the pull request with this repository's secrets. The upstream's commit stays a
/// parent, so that the next change merges.
///
/// Sources: GitHub's documentation, "Skipping workflow runs" and "Events that trigger workflows".
fn push(
    scene: &Scene,
    git: &Git,
    branch: &str,
    mirror: &str,
    head: &str,
) -> Result<String, Failure> {
    let tip = git.tip(branch)?;
    let tree = brought(scene, git, head)?;
    if let Some(tip) = &tip
        && git.tree(tip, "")?.as_deref().map(str::trim) == Some(tree.as_str())
        && git.resolve(&format!("{tip}^1"))?.as_deref() == Some(mirror)
        && git.resolve(&format!("{tip}^2"))?.as_deref() == Some(head)
    {
        return Ok(tip.clone());
    }
    let message = format!(
        "chore: take over {} at {} [skip ci]\n",
        scene.integration.upstream,
        short(head)
    );
    let identity = scene.session.identity()?;
    let commit = git.commit_tree(&tree, &[mirror, head], &message, (&identity, Some(head)))?;
    move_to(git, branch, tip.as_deref(), &commit)?;
    Ok(commit)
}

/// Has one issue track the change: the one that waits for a change that nobody has merged yet, or
/// a new one.
fn track(scene: &Scene, branches: &Branches, head: &str, pull: u64) -> Result<u64, Failure> {
    let tracker = scene.tracker()?;
    let board = scene.board(&tracker, branches)?;
    let Some(mut issue) = board.unmerged().cloned() else {
        return open_issue(scene, &tracker, &board, head, Some(pull));
    };
    if issue.trail.change.as_deref() != Some(head) {
        issue.trail.change = Some(head.to_owned());
        let entry = scene.entry(Event::MovedOn);
        let said = format!(
            "The upstream went on to {}; #{pull} has it.\n\n**Next:** {}\n\n{}",
            short(head),
            text::waiting(scene, Some(pull), issue.number),
            text::signed(scene, &entry)
        );
        scene.note(&tracker, &mut issue, (Event::MovedOn, None), &said)?;
    }
    Ok(issue.number)
}

/// Opens an issue for a change.
pub(super) fn open_issue(
    scene: &Scene,
    tracker: &Tracker,
    board: &Board,
    head: &str,
    pull: Option<u64>,
) -> Result<u64, Failure> {
    let trail = Trail {
        change: Some(head.to_owned()),
        entries: vec![scene.entry(Event::Opened)],
    };
    let mut body = text::tracking(scene, head, pull);
    if let Some(other) = board.in_flight(None) {
        let behind = other.number;
        body.push_str(&format!(
            "\nIt is held until #{behind} is done: one integration is in flight at a time.\n"
        ));
    }
    let labels = &scene.integration.labels;
    let body = trail.write(&body);
    let number = tracker.create(
        &pull::title(scene, head),
        &body,
        &[&labels.sync, &labels.human],
    )?;
    let entry = scene.entry(Event::Opened);
    let said = format!(
        "**waiting**: it is tracked from now on.\n\n**Next:** {}\n\n{}",
        text::waiting(scene, pull, number),
        text::signed(scene, &entry)
    );
    scene.comment(tracker, number, &said);
    Ok(number)
}
