//! How runners get cascade from a release, and how a manifest pins one: the generated steps and
//! `cascade pin` against the simulated host.

use crate::support::host::{Host, error, succeeded};
use crate::support::{git, write};
use e2e::github::{Asset, NewRepository, Permissions, Release, RepositoryHandle, Token};
use serde_yaml::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PIPELINE: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main # where releases come from
    environments: [dev]
    deploys: [{ name: web, workflow: .github/workflows/deploy-web.yaml, permissions: {} }]
";
const READER: &str = "reader-token";
const PLATFORMS: [(&str, &str, &str); 5] = [
    ("Linux", "X64", "x86_64-unknown-linux-musl"),
    ("Linux", "ARM64", "aarch64-unknown-linux-musl"),
    ("macOS", "X64", "x86_64-apple-darwin"),
    ("macOS", "ARM64", "aarch64-apple-darwin"),
    ("Windows", "X64", "x86_64-pc-windows-msvc"),
];

/// A host with a release of cascade whose programs say which platform they are for.
struct Released {
    host: Host,
    cascade: RepositoryHandle,
}

impl Released {
    fn new() -> Self {
        let host = Host::new(PIPELINE);
        let cascade = host
            .server
            .create(&NewRepository::new("acme/cascade"))
            .unwrap();
        let released = Self { host, cascade };
        let mut assets: Vec<Asset> = Vec::new();
        let mut sums = String::new();
        for (.., target) in PLATFORMS {
            let name = format!("cascade-{target}.tar.gz");
            let bytes = released.archive(target);
            let sum = Sha256::digest(&bytes);
            let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
            sums.push_str(&format!("{sum}  {name}\n"));
            assets.push(asset(assets.len(), &name, bytes));
        }
        assets.push(asset(assets.len(), "SHA256SUMS", sums.into_bytes()));
        let release = Release {
            id: 1,
            tag: "v0.1.0".to_owned(),
            name: None,
            body: None,
            draft: false,
            prerelease: false,
            latest: true,
            target: "main".to_owned(),
            author: "ada".to_owned(),
            created_at: "2026-01-01T00:00:00Z".to_owned(),
            published_at: Some("2026-01-01T00:00:00Z".to_owned()),
            assets,
        };
        released.cascade.put_release(release).unwrap();
        let reader = Token::personal(READER, "ada");
        let reader = reader.may("acme/cascade", Permissions::read_all());
        released.host.server.register(reader);
        released
    }

    fn archive(&self, target: &str) -> Vec<u8> {
        let folder = self.host.folder().join("archives");
        let name = format!("cascade-{target}");
        let program = "#!/bin/sh\necho \"$0 $*\"\n";
        write(&folder, &format!("{name}/cascade"), program);
        let file = folder.join(format!("{name}.tar.gz"));
        let made = Command::new("tar")
            .args(["-czf", file.to_str().unwrap(), "--mode=755", &name])
            .current_dir(&folder)
            .status();
        assert!(made.unwrap().success());
        std::fs::read(file).unwrap()
    }

    /// Pins the release in a clone, and returns the clone.
    fn pinned(&self, name: &str, token: Option<&str>) -> PathBuf {
        let clone = self.host.clone_as(name);
        let mut pin = self
            .host
            .verb(&clone, &["pin", "0.1.0", "--repository", "acme/cascade"]);
        pin.env_remove("GITHUB_TOKEN");
        if let Some(token) = token {
            pin.env("GITHUB_TOKEN", token);
        }
        succeeded(&pin.output().unwrap());
        clone
    }

    /// Runs the step that the generated action installs cascade with.
    fn install(&self, clone: &Path, (system, processor): (&str, &str), token: &str) -> Output {
        succeeded(&self.host.verb(clone, &["generate"]).output().unwrap());
        let action = clone.join(".github/actions/setup-cascade/action.yaml");
        let action = std::fs::read_to_string(action).unwrap();
        let action: Value = serde_yaml::from_str(&action).unwrap();
        let step = &action["runs"]["steps"][1];
        let temp = tempfile::tempdir_in(self.host.folder()).unwrap();
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
            .arg(step["run"].as_str().unwrap())
            .env("RUNNER_TEMP", temp.path())
            .env("RUNNER_OS", system)
            .env("RUNNER_ARCH", processor)
            .env("GITHUB_PATH", temp.path().join("path"))
            .env("GITHUB_API_URL", self.host.server.api_url())
            .env("GITHUB_SERVER_URL", self.host.server.url());
        for (name, value) in step["env"].as_mapping().unwrap() {
            let value = value
                .as_str()
                .unwrap()
                .replace("${{ inputs.token }}", token);
            bash.env(name.as_str().unwrap(), value);
        }
        let output = bash.output().unwrap();
        if output.status.success() {
            let path = std::fs::read_to_string(temp.path().join("path")).unwrap();
            assert!(Path::new(path.trim()).join("cascade").is_file(), "{path}");
        }
        output
    }
}

fn asset(number: usize, name: &str, bytes: Vec<u8>) -> Asset {
    Asset {
        id: 10 + u64::try_from(number).unwrap(),
        name: name.to_owned(),
        label: None,
        content_type: "application/gzip".to_owned(),
        bytes,
        uploader: "ada".to_owned(),
        created_at: "2026-01-01T00:00:00Z".to_owned(),
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn manifest(clone: &Path) -> String {
    std::fs::read_to_string(clone.join(".github/manifest.yaml")).unwrap()
}

#[test]
fn each_platform_gets_its_own_archive() {
    let released = Released::new();
    let clone = released.pinned("app", None);
    for (system, processor, target) in PLATFORMS {
        released.host.server.clear_requests();
        let output = released.install(&clone, (system, processor), "");
        succeeded(&output);
        assert!(
            said(&output).contains("version --require 0.1.0"),
            "{output:?}"
        );
        let requests = released.host.server.requests();
        let wanted = format!("/acme/cascade/releases/download/v0.1.0/cascade-{target}.tar.gz");
        assert_eq!(requests[0].path, wanted);
    }
    let output = released.install(&clone, ("Linux", "ARM"), "");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("no archive for Linux on ARM;"),
        "{output:?}"
    );
}

#[test]
fn an_archive_that_is_not_the_pinned_one_is_not_unpacked() {
    let released = Released::new();
    let clone = released.pinned("app", None);
    let mut release = released.cascade.releases().unwrap().remove(0);
    release.assets[0].bytes.push(0);
    released.cascade.put_release(release).unwrap();
    let output = released.install(&clone, ("Linux", "X64"), "");
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("the SHA-256 of cascade-x86_64-unknown-linux-musl.tar.gz of release v0.1.0 of acme/cascade is "), "{said}");
    assert!(!said.contains("version --require"), "{said}");
}

#[test]
fn a_platform_without_a_checksum_is_told_so() {
    let released = Released::new();
    let clone = released.pinned("app", None);
    let text = manifest(&clone);
    let less: String = text
        .lines()
        .filter(|line| !line.contains("apple-darwin"))
        .map(|line| format!("{line}\n"))
        .collect();
    write(&clone, ".github/manifest.yaml", &less);
    let output = released.install(&clone, ("macOS", "ARM64"), "");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("the manifest has no checksum for aarch64-apple-darwin"),
        "{output:?}"
    );
}

#[test]
fn a_private_repository_is_read_with_the_token() {
    let released = Released::new();
    released.cascade.hide().unwrap();
    let clone = released.host.clone_as("app");
    let pin = ["pin", "0.1.0", "--repository", "acme/cascade"];
    let output = released.host.verb(&clone, &pin).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error(&output).contains("a private repository needs GITHUB_TOKEN"),
        "{output:?}"
    );
    let clone = released.pinned("private", Some(READER));
    let text = manifest(&clone);
    let output = released.install(&clone, ("Linux", "X64"), "");
    assert!(
        said(&output).contains("a private repository needs `cli.token`"),
        "{output:?}"
    );
    let with_token = text.replace(
        "      version:",
        "      token: CASCADE_READ\n      version:",
    );
    write(&clone, ".github/manifest.yaml", &with_token);
    let output = released.install(&clone, ("Linux", "X64"), READER);
    succeeded(&output);
    let output = released.install(&clone, ("Linux", "X64"), "another-token");
    assert!(
        said(&output).contains("can the token read that repository?"),
        "{output:?}"
    );
    // The token stays when another version is pinned.
    let again = ["pin", "0.1.0"];
    let mut again = released.host.verb(&clone, &again);
    succeeded(&again.env("GITHUB_TOKEN", READER).output().unwrap());
    assert!(manifest(&clone).contains("token: CASCADE_READ"));
}

#[test]
fn pinning_changes_the_block_alone() {
    let released = Released::new();
    let clone = released.pinned("app", None);
    let text = manifest(&clone);
    let begin = text.find("    cli:\n").unwrap();
    let end = text.find("    environments:").unwrap();
    assert_eq!(format!("{}{}", &text[..begin], &text[end..]), PIPELINE);
    let again = released
        .host
        .verb(&clone, &["pin", "0.1.0"])
        .output()
        .unwrap();
    succeeded(&again);
    assert!(
        said(&again).contains("pins cascade 0.1.0 of acme/cascade already"),
        "{again:?}"
    );
    assert_eq!(manifest(&clone), text);
    for (arguments, why) in [
        (["pin", "latest"], "`latest` is not one version"),
        (["pin", "0.1.9"], "acme/cascade has no release v0.1.9"),
        (["pin", "1.0.0"], "install cascade 1.0.0 here first"),
    ] {
        let output = released.host.verb(&clone, &arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(error(&output).contains(why), "{output:?}");
        assert_eq!(manifest(&clone), text);
    }
    let fresh = released.host.clone_as("fresh");
    let dry = ["pin", "--repository", "acme/cascade", "--dry-run"];
    let dry = released.host.verb(&fresh, &dry).output().unwrap();
    succeeded(&dry);
    assert!(said(&dry).contains("would pin cascade 0.1.0"), "{dry:?}");
    assert_eq!(git(&fresh, &["status", "--porcelain"]), "");
}

/// `gh` of these tests: it answers with an exit code.
#[test]
fn the_attestation_is_verified_where_gh_is() {
    let released = Released::new();
    let bin = released.host.folder().join("bin");
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", bin.display());
    for (ends, code, why) in [
        (0, 0, ""),
        (
            4,
            0,
            "the attestation was not checked: `gh` is not logged in",
        ),
        (1, 2, "is not attested by a workflow of that repository"),
    ] {
        let script = format!(
            "#!/bin/sh\ntest \"$1 $2 $4 $5\" = 'attestation verify --repo acme/cascade' || exit 9\ntest -s \"$3\" || exit 8\nexit {ends}\n"
        );
        write(&bin, "gh", &script);
        let gh = Command::new("chmod").arg("+x").arg(bin.join("gh")).status();
        assert!(gh.unwrap().success());
        let clone = released.host.clone_as(&format!("gh-{ends}"));
        let pin = ["pin", "0.1.0", "--repository", "acme/cascade", "--json"];
        let output = released
            .host
            .verb(&clone, &pin)
            .env("PATH", &path)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        assert!(error(&output).contains(why), "{output:?}");
        let attested = said(&output).contains("\"attested\": true");
        assert_eq!(attested, ends == 0, "{output:?}");
        let changed = git(&clone, &["status", "--porcelain"]);
        assert_eq!(changed.is_empty(), code != 0, "{changed}");
    }
}
