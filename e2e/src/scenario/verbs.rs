//! Doing what a step says.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::commit;
use super::fixture::write;
use super::git;
use super::launch::{self, Disturbance, Finished};
use super::step::{Action, Cli, Fault, Jobs, Launch, MergePull, Rerun, Step, Target, Tick};
use super::trigger;
use super::world::{PERSON, Past, Repository, World};
use crate::github::{Event, Harm};

/// What a step did.
#[derive(Debug, Clone, Default)]
pub(super) struct Done {
    pub(super) runs: Vec<Finished>,
    /// Of a command: its exit code and what it printed.
    pub(super) exit: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// Where a command ran.
    pub(super) clone: Option<std::path::PathBuf>,
    /// The host said no.
    pub(super) refused: Option<String>,
}

/// Does the step, and runs everything that it starts.
pub(super) fn act(world: &mut World, step: &Step) -> anyhow::Result<Done> {
    let repository = world.repository(step.repo.as_deref())?.clone();
    let mut done = Done::default();
    let mut disturbance = Disturbance::default();
    match &step.action {
        Action::Commit(new) => commit::make(world, &repository, new)?,
        Action::Tag(tags) => tag(&repository, tags)?,
        Action::Tick(tick) => world.advance(seconds(tick)?)?,
        Action::MergePull(merge) => merge_pull(world, &repository, merge, &mut done)?,
        Action::Issue(issue) => change_issue(world, &repository, issue, &mut done)?,
        Action::Cli(cli) => run_cli(world, &repository, cli, &mut done)?,
        Action::Launch(launch) => {
            disturbance = disturb(&step.verb, launch)?;
            for fault in &launch.faults {
                world.server.inject(harm(fault)?);
            }
            begin(
                world,
                &repository,
                &step.verb,
                launch,
                &disturbance,
                &mut done,
            )?;
            disturbance = Disturbance::default();
        }
    }
    drain(world, &disturbance, &mut done)?;
    world.server.clear_faults();
    Ok(done)
}

/// Makes, moves and deletes tags, past the host.
fn tag(repository: &Repository, tags: &BTreeMap<String, Option<Target>>) -> anyhow::Result<()> {
    let bare = repository.handle.folder();
    for (name, target) in tags {
        let reference = format!("refs/tags/{name}");
        match target {
            None => repository.handle.set_ref(&reference, None)?,
            Some(Target::Commit(sha)) => repository.handle.set_ref(&reference, Some(sha))?,
            Some(Target::Annotated { annotated }) => {
                let arguments = ["tag", "--force", "--message", name, name, annotated];
                git::run(&bare, &arguments)?;
            }
        }
    }
    Ok(())
}

/// Runs what the host's events start, until nothing more comes.
fn drain(world: &mut World, disturbance: &Disturbance, done: &mut Done) -> anyhow::Result<()> {
    const MOST: usize = 30;
    loop {
        if let Ok(event) = world.events.try_recv() {
            dispatch(world, &event, disturbance, done)?;
        } else if let Some(past) = queued(world)? {
            execute(world, &past, disturbance, done)?;
        } else {
            return Ok(());
        }
        if done.runs.len() > MOST {
            bail!("more than {MOST} runs follow from one step");
        }
    }
}

/// A run whose failed jobs somebody asked the host to start again.
fn queued(world: &World) -> anyhow::Result<Option<Past>> {
    for past in world.past.iter().rev() {
        let repository = world.repository(Some(&past.repository))?;
        let runs = repository.handle.runs()?;
        let mut asked = runs.iter().filter(|run| run.id == past.id);
        if asked.any(|run| run.status == "queued" && run.attempt > past.attempt) {
            let after = past.ended.clone();
            let again = past.again();
            return Ok(Some(Past { after, ..again }));
        }
    }
    Ok(None)
}

fn dispatch(
    world: &mut World,
    event: &Event,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    let repository = world.repository(Some(&event.repository))?.clone();
    for workflow in trigger::started(world, &repository, event)? {
        let id = world.run_id();
        let past = Past::first(workflow, event.clone(), id);
        execute(world, &past, disturbance, done)?;
    }
    Ok(())
}

fn execute(
    world: &mut World,
    past: &Past,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    world.past.push(past.clone());
    let (finished, ended) = launch::run(world, past, disturbance)
        .with_context(|| format!("running {}", past.workflow))?;
    let mut known = world.past.iter_mut().rev();
    let run = known.find(|known| (known.id, known.attempt) == (past.id, past.attempt));
    run.context("the run is not known")?.ended = Some(ended);
    let follow = followers(world, past, &finished)?;
    done.runs.push(finished);
    if let Some(event) = follow {
        dispatch(world, &event, &Disturbance::default(), done)?;
    }
    Ok(())
}

/// The event of a run that is over, for the workflows that wait for it by name.
fn followers(world: &World, past: &Past, finished: &Finished) -> anyhow::Result<Option<Event>> {
    if past.event.name == "workflow_run" {
        return Ok(None);
    }
    let repository = world.repository(Some(&past.repository))?;
    let bare = repository.handle.folder();
    let pattern = "^ *workflow_run:";
    let found = git::run(
        &bare,
        &[
            "grep",
            "-l",
            pattern,
            &repository.trunk,
            "--",
            ".github/workflows",
        ],
    );
    let Ok(found) = found else { return Ok(None) };
    for line in found.lines() {
        let path = line.split_once(':').map_or(line, |(_, path)| path);
        let text = git::run(&bare, &["show", &format!("{}:{path}", repository.trunk)])?;
        let workflow: serde_yaml::Value = serde_yaml::from_str(&text)?;
        let named = &workflow["on"]["workflow_run"]["workflows"];
        let mut named = named.as_sequence().into_iter().flatten();
        let branch = finished.reference.trim_start_matches("refs/heads/");
        if !named.any(|name| name == finished.name.as_str())
            || !trigger::follows(&workflow["on"]["workflow_run"], branch)
        {
            continue;
        }
        let head = head(repository, &repository.trunk)?;
        let payload = json!({ "workflow_run": {
            "id": finished.id, "name": finished.name, "event": finished.event,
            "conclusion": finished.result, "head_sha": finished.sha,
            "head_branch": finished.reference.trim_start_matches("refs/heads/"),
            "pull_requests": past.event.payload.get("pull_request").map_or(json!([]), |pull| json!([pull])),
        }});
        let mut event = world.event(repository, "workflow_run", &head, payload);
        event.action = Some("completed".to_owned());
        event.workflow = Some(path.to_owned());
        return Ok(Some(event));
    }
    Ok(None)
}

fn head(repository: &Repository, branch: &str) -> anyhow::Result<String> {
    let branches = repository.handle.branches()?;
    let head = branches.get(branch).cloned();
    head.with_context(|| format!("no branch `{branch}`"))
}

fn disturb(verb: &str, launch: &Launch) -> anyhow::Result<Disturbance> {
    let mut disturbance = Disturbance {
        after: launch.after,
        applied: launch.applied,
        unflattened: launch.unflattened,
        ..Disturbance::default()
    };
    let job = || launch.job.clone().context("`job` is missing");
    match verb {
        "kill" => disturbance.kill = Some(job()?),
        "cancel" => disturbance.cancel = Some(job()?),
        _ => {}
    }
    Ok(disturbance)
}

fn harm(fault: &Fault) -> anyhow::Result<crate::github::Fault> {
    let retry_after = Duration::from_secs(1);
    let harm = match fault.harm.as_str() {
        "429" => Harm::TooManyRequests { retry_after },
        "403" => Harm::SecondaryRateLimit { retry_after },
        "502" => Harm::BadGateway,
        "refused" => Harm::Refused,
        "dropped" => Harm::Dropped,
        "dropped_after" => Harm::DroppedAfter,
        "slow" => Harm::Slow(Duration::from_secs(2)),
        other => bail!("unknown harm `{other}`"),
    };
    let made = crate::github::Fault::new(&fault.path, harm)
        .after(fault.after)
        .times(fault.times);
    Ok(match &fault.method {
        Some(method) => made.method(method),
        None => made,
    })
}

/// The workflow file that a verb means.
fn workflow(repository: &Repository, verb: &str, launch: &Launch) -> anyhow::Result<String> {
    let named = launch.workflow.as_deref();
    let verb = match verb {
        "kill" | "cancel" | "dispatch" => named.context("`workflow` is missing")?,
        _ => named.unwrap_or(verb),
    };
    let file = match verb {
        "orchestrate" | "promote" => verb.to_owned(),
        "rollback" | "hotfix" | "poll" | "monitor" | "sync" | "integrate" => {
            format!("cascade-{verb}")
        }
        "external_update" => "external-update".to_owned(),
        other => other
            .trim_end_matches(".yaml")
            .trim_end_matches(".yml")
            .to_owned(),
    };
    let file = match &launch.component {
        Some(component) => format!("{file}-{component}"),
        None => file,
    };
    let _ = repository;
    Ok(if file.contains('/') {
        format!("{file}.yaml")
    } else {
        format!(".github/workflows/{file}.yaml")
    })
}

fn begin(
    world: &mut World,
    repository: &Repository,
    verb: &str,
    launch: &Launch,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    if verb == "repository_dispatch" || launch.payload.is_some() {
        let kind = match (&launch.r#type, verb) {
            (Some(kind), _) => kind.clone(),
            (None, "external_update") => "external-update".to_owned(),
            _ => bail!("`type` is missing"),
        };
        for payload in &launch.also {
            let body = json!({"event_type": kind, "client_payload": payload});
            world.api(repository.handle.name(), "POST", "/dispatches", &body)?;
        }
        let payload = launch.payload.clone().unwrap_or_else(|| json!({}));
        let body = json!({"event_type": kind, "client_payload": payload});
        return ask(
            world,
            repository,
            "POST",
            "/dispatches",
            &body,
            disturbance,
            done,
        );
    }
    let file = workflow(repository, verb, launch)?;
    match launch.rerun {
        Rerun::Whole(false) => {}
        Rerun::Whole(true) => {
            let past = last(world, repository, &file)?.again();
            return execute(world, &past, disturbance, done);
        }
        Rerun::Only(Jobs::Failed) => {
            let id = last(world, repository, &file)?.id;
            let path = format!("/actions/runs/{id}/rerun-failed-jobs");
            let body = json!({});
            return ask(world, repository, "POST", &path, &body, disturbance, done);
        }
    }
    let pushes = file.contains("/orchestrate") && launch.inputs.is_none();
    if pushes {
        return push(world, repository, file, launch, disturbance, done);
    }
    let scheduled = matches!(verb, "poll" | "monitor") && launch.inputs.is_none();
    if scheduled {
        let crons = match &launch.schedule {
            Some(cron) => vec![cron.clone()],
            None => crons(repository, &file)?,
        };
        for cron in crons {
            let sha = head(repository, &repository.trunk)?;
            let mut event = world.event(repository, "schedule", &sha, json!({ "schedule": cron }));
            event.workflow = Some(file.clone());
            dispatch(world, &event, disturbance, done)?;
        }
        return Ok(());
    }
    let reference = launch
        .r#ref
        .clone()
        .unwrap_or_else(|| repository.trunk.clone());
    let inputs = launch.inputs.clone().unwrap_or_default();
    let short = file.rsplit('/').next().unwrap_or(&file);
    let path = format!("/actions/workflows/{short}/dispatches");
    let body = |inputs| json!({"ref": reference, "inputs": launch::inputs(inputs)});
    for also in launch.also.iter().filter_map(Value::as_object) {
        world.api(repository.handle.name(), "POST", &path, &body(also))?;
    }
    let body = body(&inputs);
    if launch.together {
        world.api(repository.handle.name(), "POST", &path, &body)?;
        return run_together(world, done);
    }
    ask(world, repository, "POST", &path, &body, disturbance, done)
}

/// Runs what the host's events start so far, all of it at the same time.
fn run_together(world: &mut World, done: &mut Done) -> anyhow::Result<()> {
    let mut pasts = Vec::new();
    while let Ok(event) = world.events.try_recv() {
        let repository = world.repository(Some(&event.repository))?.clone();
        for workflow in trigger::started(world, &repository, &event)? {
            pasts.push(Past::first(workflow, event.clone(), world.run_id()));
        }
    }
    for (mut past, (finished, ended)) in pasts
        .iter()
        .cloned()
        .zip(launch::run_together(world, &pasts)?)
    {
        past.ended = Some(ended);
        world.past.push(past);
        done.runs.push(finished);
    }
    Ok(())
}

/// The schedules of a workflow, each of which starts a run of its own.
fn crons(repository: &Repository, file: &str) -> anyhow::Result<Vec<String>> {
    let path = format!("{}:{file}", repository.trunk);
    let text = git::run(&repository.handle.folder(), &["show", &path])?;
    let workflow: serde_yaml::Value = serde_yaml::from_str(&text)?;
    let schedules = workflow["on"]["schedule"].as_sequence();
    let crons = schedules.into_iter().flatten();
    Ok(crons
        .filter_map(|each| Some(each["cron"].as_str()?.to_owned()))
        .collect())
}

/// Asks the host as a person does, and runs what it starts.
fn ask(
    world: &mut World,
    repository: &Repository,
    method: &str,
    path: &str,
    body: &Value,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    let (status, answer) = world.api(repository.handle.name(), method, path, body)?;
    if status >= 400 {
        done.refused = Some(
            answer["message"]
                .as_str()
                .unwrap_or("no message")
                .to_owned(),
        );
        return Ok(());
    }
    drain(world, disturbance, done)
}

fn last(world: &World, repository: &Repository, file: &str) -> anyhow::Result<Past> {
    let name = repository.handle.name();
    let mut past = world.past.iter().rev();
    let found = past.find(|past| past.repository == name && past.workflow == file);
    found
        .cloned()
        .with_context(|| format!("{file} has not run"))
}

fn push(
    world: &mut World,
    repository: &Repository,
    file: String,
    launch: &Launch,
    disturbance: &Disturbance,
    done: &mut Done,
) -> anyhow::Result<()> {
    let branch = launch.r#ref.as_deref().unwrap_or(&repository.trunk);
    let sha = match &launch.sha {
        Some(sha) => sha.clone(),
        None => head(repository, branch)?,
    };
    let bare = repository.handle.folder();
    let workflow = git::run(&bare, &["show", &format!("{sha}:{file}")])?;
    if !trigger::reacts(&workflow, "push") {
        return Ok(());
    }
    let before = git::run(
        &bare,
        &["rev-parse", "--verify", "--quiet", &format!("{sha}~1")],
    );
    let message = git::run(&bare, &["log", "-1", "--format=%B", &sha])?;
    let payload = json!({
        "ref": format!("refs/heads/{branch}"),
        "before": before.unwrap_or_else(|_| "0".repeat(40)),
        "after": sha, "created": false, "deleted": false, "forced": false,
        "head_commit": {"id": sha, "message": message},
    });
    let mut event = world.event(repository, "push", &sha, payload);
    event.reference = format!("refs/heads/{branch}");
    event.workflow = Some(file.clone());
    if let Some(actor) = &launch.actor {
        event.actor.clone_from(actor);
    }
    let id = world.run_id();
    let past = Past {
        attempt: launch.attempt.unwrap_or(1),
        ..Past::first(file, event, id)
    };
    execute(world, &past, disturbance, done)
}

fn seconds(tick: &Tick) -> anyhow::Result<u64> {
    let text = match tick {
        Tick::Seconds(seconds) => return Ok(*seconds),
        Tick::By(text) => text.trim(),
    };
    let (number, unit) = text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    );
    let number: u64 = number
        .parse()
        .with_context(|| format!("`{text}` is no time, like 90s, 5m, 2h or 3d"))?;
    Ok(number
        * match unit.trim() {
            "" | "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => bail!("`{text}` is no time, like 90s, 5m, 2h or 3d"),
        })
}

fn merge_pull(
    world: &mut World,
    repository: &Repository,
    merge: &MergePull,
    done: &mut Done,
) -> anyhow::Result<()> {
    let pulls = repository.handle.pulls()?;
    let found = pulls
        .iter()
        .rev()
        .find(|(issue, pull)| match (merge.number, &merge.head) {
            (Some(number), _) => issue.number == number,
            (None, Some(head)) => pull.head == *head,
            (None, None) => issue.open,
        });
    let (issue, _) = found.context("there is no such pull request")?;
    let method = merge.method.as_deref().unwrap_or("merge");
    let number = issue.number;
    let path = format!("/pulls/{number}/merge");
    ask(
        world,
        repository,
        "PUT",
        &path,
        &json!({"merge_method": method}),
        &Disturbance::default(),
        done,
    )?;
    let pulls = repository.handle.pulls()?;
    let merged = pulls.iter().find(|(issue, _)| issue.number == number);
    let commit = merged.and_then(|(_, pull)| pull.merge_commit.clone());
    let at = usize::try_from(number)?;
    if world.merges.len() <= at {
        world.merges.resize(at + 1, String::new());
    }
    world.merges[at] = commit.unwrap_or_default();
    Ok(())
}

fn change_issue(
    world: &mut World,
    repository: &Repository,
    issue: &super::step::Issue,
    done: &mut Done,
) -> anyhow::Result<()> {
    let mut change = serde_json::Map::new();
    let given = [
        ("title", issue.title.clone().map(Value::from)),
        ("body", issue.body.clone().map(Value::from)),
        ("state", issue.state.clone().map(Value::from)),
        ("labels", issue.labels.clone().map(Value::from)),
    ];
    change.extend(
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?))),
    );
    let path = format!("/issues/{}", issue.number);
    let change = Value::Object(change);
    let calm = Disturbance::default();
    ask(world, repository, "PATCH", &path, &change, &calm, done)
}

fn run_cli(
    world: &mut World,
    repository: &Repository,
    cli: &Cli,
    done: &mut Done,
) -> anyhow::Result<()> {
    let parent = world.folder.join("clones");
    std::fs::create_dir_all(&parent)?;
    let folder = tempfile::tempdir_in(&parent)?.keep();
    let url = repository.handle.clone_url();
    git::clone(&repository.handle.folder(), &url, PERSON, &folder)?;
    if let Some(reference) = &cli.r#ref {
        git::run(&folder, &["checkout", "--quiet", reference])?;
    }
    for (path, content) in &cli.files {
        match content {
            Some(content) => write(&folder, path, content)?,
            None => std::fs::remove_file(folder.join(path))?,
        }
    }
    let mut command = Command::new(world.programs.cascade());
    command
        .args(cli.args.list())
        .current_dir(&folder)
        .env("HOME", world.folder.join("home"))
        .env("GITHUB_API_URL", world.server.api_url())
        .env("GITHUB_SERVER_URL", world.server.url())
        .env("GITHUB_REPOSITORY", repository.handle.name())
        .env("E2E_CLOCK", world.clock_file())
        .envs(&cli.env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("cascade does not start")?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read leaves a broken pipe behind.
        let _ = stdin.write_all(cli.stdin.as_deref().unwrap_or_default().as_bytes());
    }
    let output = child.wait_with_output()?;
    done.exit = output.status.code();
    done.stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    done.stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if let Some(message) = &cli.commit {
        git::run(&folder, &["add", "--all"])?;
        git::run(&folder, &["commit", "--quiet", "--message", message])?;
        let sha = git::run(&folder, &["rev-parse", "HEAD"])?;
        let bare = repository.handle.folder();
        let from = folder.to_str().context("a folder that is no text")?;
        git::run(&bare, &["fetch", "--quiet", from, "HEAD"])?;
        let trunk = format!("refs/heads/{}", repository.trunk);
        repository.handle.set_ref(&trunk, Some(&sha))?;
        world.commits.push(sha);
    }
    done.clone = Some(folder);
    Ok(())
}
