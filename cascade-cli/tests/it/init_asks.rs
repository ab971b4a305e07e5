//! `init` at a terminal.

use crate::support::Sandbox;
use crate::support::origin::COMMIT;
use std::process::Command;

const TERMINAL: &str = "
import os, pty, sys
program, folder, *answers = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.chdir(folder)
    os.execve(program, [program, 'init', *os.environ['FLAGS'].split()], {'TERM': 'xterm'})
said = b''
for answer in answers:
    question, _, text = answer.partition('=>')
    while question.encode() not in said:
        said += os.read(terminal, 1024)
    said = said.split(question.encode(), 1)[1]
    os.write(terminal, text.encode() + b'\\r')
try:
    while chunk := os.read(terminal, 1024):
        said += chunk
except OSError:
    pass
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
";

/// Runs `init` in a terminal and answers its questions; the exit code, and what it said.
fn ask(sandbox: &Sandbox, flags: &str, answers: &[&str]) -> (Option<i32>, String) {
    let output = Command::new("python3")
        .args(["-c", TERMINAL, env!("CARGO_BIN_EXE_cascade")])
        .arg(sandbox.path(""))
        .args(answers)
        .env("FLAGS", flags)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), said)
}

/// At a terminal, what flags do not answer is asked; no is no.
#[test]
fn people_are_asked() {
    let commit = COMMIT.join(" ");
    let questions = [
        "What is delivered=>shop",
        "releases flow from=>",
        "promotion order=>qa,live",
    ];
    let sandbox = Sandbox::empty();
    let (code, said) = ask(
        &sandbox,
        &commit,
        &[&questions[..], &["Write 13 files?=>n"]].concat(),
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("nothing was written"), "{said}");
    assert_eq!(sandbox.files(), [""; 0]);

    let (code, said) = ask(
        &sandbox,
        &commit,
        &[&questions[..], &["Write 13 files?=>y"]].concat(),
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("What to do next:"), "{said}");
    let manifest = sandbox.read(".github/manifest.yaml");
    assert!(manifest.contains("description: shop\n"), "{manifest}");
    assert!(
        manifest.contains("environments: [qa, live]\n"),
        "{manifest}"
    );

    one_of_two_workflows_is_left_out(&commit);
    let sandbox = Sandbox::empty();
    let (code, said) = ask(&sandbox, &format!("--yes {commit}"), &[]);
    assert_eq!(code, Some(0), "{said}");
}

fn one_of_two_workflows_is_left_out(commit: &str) {
    // Of two workflows, the second one is not wanted.
    let sandbox = Sandbox::empty();
    let callable =
        "on: workflow_call\njobs: { j: { runs-on: x, permissions: {}, steps: [{ run: make }] } }\n";
    for name in ["build", "test"] {
        sandbox.write(&format!(".github/workflows/{name}.yaml"), callable);
    }
    let flags = format!("--name shop --trunk main --envs dev,prod {commit}");
    let answers = ["become callbacks=>\u{1b}[B ", "Write 12 files?=>y"];
    let (code, said) = ask(&sandbox, &flags, &answers);
    assert_eq!(code, Some(0), "{said}");
    let manifest = sandbox.read(".github/manifest.yaml");
    assert!(
        manifest.contains("workflow: .github/workflows/test.yaml\n"),
        "{manifest}"
    );
    assert!(
        manifest.contains("workflow: .github/workflows/cascade-build.yaml\n"),
        "{manifest}"
    );
}
