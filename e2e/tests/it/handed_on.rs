//! What a run hands on to its jobs is cascade, and nothing beside it.

use std::fs;
use std::process::{Command, Output};

const VERIFY: &str = include_str!("../../../cascade-core/src/generate/setup_cascade/verify.sh");
/// The SHA-256 of `cascade\n`.
const CHECKSUM: &str = "f87d464053a542a285f9cb0a7f1b5301b4c10fe0c6aacbe49981930fd24098c5";

/// Source: GitHub, "Workflow syntax", `jobs.<job_id>.steps[*].shell`, `bash`.
fn verify(files: &[(&str, &str)]) -> Output {
    let temp = e2e::scratch::folder().unwrap();
    let bin = temp.path().join("cascade/bin");
    fs::create_dir_all(&bin).unwrap();
    for (name, text) in files {
        fs::write(bin.join(name), text).unwrap();
    }
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", VERIFY])
        .env("RUNNER_TEMP", temp.path())
        .env("CHECKSUM", CHECKSUM)
        .output()
        .unwrap()
}

#[test]
fn a_file_beside_cascade_is_refused() {
    let good = ("cascade", "cascade\n");
    let alone = verify(&[good]);
    assert!(alone.status.success(), "{alone:?}");
    for name in ["git", "bash", ".hidden", "cascade-2", "cascade.exe"] {
        let output = verify(&[good, (name, "anything")]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains("has 2 files, and cascade is one"), "{said}");
    }
    for files in [&[][..], &[("cascade", "other")], &[("git", "cascade\n")]] {
        assert!(!verify(files).status.success(), "{files:?}");
    }
}
