//! Commands that a person runs in a clone.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::Context;

use super::Done;
use crate::scenario::fixture::write;
use crate::scenario::git;
use crate::scenario::step::Cli;
use crate::scenario::world::{PERSON, Repository, World};

pub(super) fn run_cli(
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
