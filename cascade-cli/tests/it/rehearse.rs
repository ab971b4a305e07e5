//! The program that `rehearse` finds and starts.

use crate::support::Sandbox;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

const MANIFEST: &str = "\
ci:
  config:
    schema_version: 1
    trunk_branch: main
    cli: { source: preinstalled }
    runs_on: self-hosted
    environments: [dev]
    deploys: [{ name: web, workflow: .github/workflows/deploy.yaml, permissions: {} }]
";

/// Runs a copy of the program, beside which nothing else is.
fn alone(sandbox: &Sandbox, path: &Path, arguments: &[&str]) -> Output {
    let program = sandbox.path("own/cascade");
    std::fs::create_dir_all(sandbox.path("own")).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_cascade"), &program).unwrap();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(sandbox.path(""))
        .env("PATH", path)
        .env_remove("GITHUB_TOKEN")
        .env_remove("GH_TOKEN");
    loop {
        match command.output() {
            // Another test started a process while the copy was open, which has it open until then.
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(Duration::from_millis(10));
            }
            output => return output.unwrap(),
        }
    }
}

#[test]
fn without_its_program_it_says_where_to_get_it() {
    let sandbox = Sandbox::new(MANIFEST);
    for arguments in [&["rehearse"][..], &["rehearse", "--help"]] {
        let output = alone(&sandbox, Path::new("/nowhere"), arguments);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8_lossy(&output.stderr);
        for part in ["`cascade-rehearse` is neither", "archives", "cargo install"] {
            assert!(said.contains(part), "{said}");
        }
    }
}

#[test]
fn its_program_gets_the_arguments_the_manifest_and_what_github_knows() {
    let sandbox = Sandbox::new(MANIFEST);
    let script =
        "#!/bin/sh\nprintf '%s\\n' \"$@\"\nfor last; do :; done\n/bin/cat \"$last\"\nexit 1\n";
    sandbox.write("bin/cascade-rehearse", script);
    let program = sandbox.path("bin/cascade-rehearse");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = ["rehearse", "--output", "a.b=c", "promote", "--json"];
    let output = alone(&sandbox, &sandbox.path("bin"), &arguments);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let given: Vec<&str> = said.lines().collect();
    assert_eq!(given[..3], ["--output", "a.b=c", "promote"]);
    assert_eq!(given[3], "--config");
    assert!(given[4].ends_with(".github/manifest.yaml"), "{said}");
    assert_eq!(given[5..7], ["--json", "--host"]);
    let known: serde_json::Value = serde_json::from_str(given.last().unwrap()).unwrap();
    assert!(known["releases"].is_null(), "nobody was asked");
    let notes = known["notes"].to_string();
    assert!(notes.contains("was not asked"), "{notes}");
    assert!(
        notes.contains("not those that `cascade generate`"),
        "{notes}"
    );
    // The document is gone with the command.
    assert!(!Path::new(given[7]).exists());
}
