//! Asking many producers at once: `cargo bench -p e2e --bench pull`.
//!
//! 200 entries, one of them down and one slow, and producers with 100,000 and a million tags, against
//! the simulator on this machine. It prints times and the most memory that `cascade` took; the
//! simulator's own work is in the times.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use e2e::github::{Fault, FaultKind, NewRepository, Permissions, Server, Token};

const ENTRIES: usize = 200;
/// The tags of large producers, and what they are called.
const LARGE: [(&str, usize); 2] = [("100,000 tags", 100_000), ("1,000,000 tags", 1_000_000)];
const TOKEN: &str = "reader";

fn main() -> anyhow::Result<()> {
    let folder = e2e::scratch::folder()?;
    let server = Server::start(folder.path().join("host"))?;
    let mut token = Token::app(TOKEN, "reader");
    for place in 0..ENTRIES {
        let name = format!("acme/producer-{place}");
        let repository = server.create(&NewRepository::new(&name))?;
        let minors = (0..20).map(|minor| format!("v1.{minor}.0"));
        tags(&repository.folder(), minors)?;
        token = token.may(name, Permissions::read_all());
    }
    for (_, count) in LARGE {
        let name = format!("acme/large-{count}");
        let large = server.create(&NewRepository::new(&name))?;
        let many = (0..count).map(|tag| format!("v1.{}.{}", tag / 100, tag % 100));
        tags(&large.folder(), many)?;
        token = token.may(name, Permissions::read_all());
    }
    server.register(token);

    let fleet = consumer(
        folder.path(),
        "fleet",
        (0..ENTRIES).map(|place| format!("acme/producer-{place}")),
    )?;
    let cache = folder.path().join("cache");
    let cached = [
        "--cache",
        cache.to_str().context("a folder that is no text")?,
    ];

    report("200 producers", &server, &fleet, &[])?;
    server.inject(Fault::new("/repos/acme/producer-7/**", FaultKind::Dropped).times(usize::MAX));
    let slow = FaultKind::Slow(Duration::from_secs(2));
    server.inject(Fault::new("/repos/acme/producer-9/**", slow).times(usize::MAX));
    report("200 producers, one down, one slow", &server, &fleet, &[])?;
    server.clear_faults();
    report("200 producers, remembered", &server, &fleet, &cached)?;
    report("200 producers, unchanged since", &server, &fleet, &cached)?;
    for (title, count) in LARGE {
        let name = format!("one-of-{count}");
        let one = consumer(folder.path(), &name, [format!("acme/large-{count}")])?;
        report(title, &server, &one, &[])?;
    }
    Ok(())
}

/// Makes tags of one commit, past the host.
fn tags(bare: &Path, names: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(bare).args(arguments);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "octocat");
            command.env(format!("GIT_{role}_EMAIL"), "octocat@example.com");
        }
        command
    };
    let tree = text(git(&["hash-object", "-t", "tree", "-w", "/dev/null"]))?;
    let commit = text(git(&["commit-tree", &tree, "-m", "feat: begin"]))?;
    let mut packed = "# pack-refs with: peeled fully-peeled sorted\n".to_owned();
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    packed.push_str(&format!("{commit} refs/heads/main\n"));
    for name in names {
        packed.push_str(&format!("{commit} refs/tags/{name}\n"));
    }
    std::fs::write(bare.join("packed-refs"), packed)?;
    Ok(())
}

fn text(mut command: Command) -> anyhow::Result<String> {
    let output = command.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// A repository with a manifest that pulls from all of these.
fn consumer(
    folder: &Path,
    name: &str,
    producers: impl IntoIterator<Item = String>,
) -> anyhow::Result<PathBuf> {
    let root = folder.join(name);
    std::fs::create_dir_all(root.join(".github"))?;
    let mut manifest =
        "ci:\n  config:\n    trunk_branch: main\n    environments: [dev]\n    external:\n"
            .to_owned();
    for producer in producers {
        manifest.push_str(&format!(
            "      - {{ mode: pull, repo: {producer}, version: ^1, cadence: poll }}\n"
        ));
    }
    std::fs::write(root.join(".github/manifest.yaml"), manifest)?;
    text({
        let mut init = Command::new("git");
        init.args(["init", "--quiet"]).current_dir(&root);
        init
    })?;
    Ok(root)
}

/// Runs `external resolve` and prints how long it took, and the most memory that it took.
fn report(title: &str, server: &Server, root: &Path, more: &[&str]) -> anyhow::Result<()> {
    let before = server.requests().len();
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_e2e"))
        .arg0("cascade")
        .args(["external", "resolve", "--json"])
        .args(more)
        .current_dir(root)
        .env("GITHUB_API_URL", server.api_url())
        .env("GITHUB_TOKEN", TOKEN)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let said = std::fs::read_to_string(&status).unwrap_or_default();
        let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(size.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(2));
    }
    let took = start.elapsed().as_secs_f64();
    let requests = server.requests().len() - before;
    println!(
        "{title:<34} {took:>6.2} s  {:>5.1} MB  {requests:>4} requests",
        peak as f64 / 1024.0
    );
    Ok(())
}
