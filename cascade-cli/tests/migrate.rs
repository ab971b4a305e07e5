//! `migrate` in repositories of every kind: what is not the manifest stays byte for byte as it was,
//! what comes out lints, and the report names what is not in it.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;
#[path = "../../cascade-core/tests/fences/mod.rs"]
mod fences;
mod migrated;
#[path = "kinds/tools.rs"]
mod tools;

use common::origin::COMMIT;
use common::{Run, Sandbox};
use fences::{Block, blocks};
use migrated::refused::REFUSED;
use migrated::{CASES, Case};
use std::collections::BTreeMap;
use std::path::Path;
use tools::{commit, contents, git, link, write};

/// The folder of the repository.
const HERE: &str = "repo";
const MANIFEST: &str = "repo/.github/manifest.yaml";

/// Files with their bytes.
type Contents = BTreeMap<String, Vec<u8>>;

fn repository(files: &[(&str, &str)], tags: &[&str]) -> Sandbox {
    let sandbox = Sandbox::empty();
    write(&sandbox, "README.md", "mine\n");
    for (path, text) in files {
        write(&sandbox, path, text);
    }
    commit(&sandbox);
    for tag in tags {
        git(&sandbox, &["tag", tag]);
    }
    sandbox
}

fn migrate(sandbox: &Sandbox, args: &[&str]) -> Run {
    sandbox.run_in(HERE, &[&["migrate"][..], &COMMIT, args].concat())
}

#[test]
fn every_kind_of_repository_is_taken_over() {
    assert!(CASES.len() >= 12);
    for case in CASES {
        let name = case.name;
        let sandbox = repository(case.files, case.tags);
        let before = contents(&sandbox);

        let dry = migrate(&sandbox, &[case.args, &["--dry-run"]].concat());
        assert_eq!(
            (dry.code, dry.stderr.as_str()),
            (case.code, ""),
            "{name}: {dry}"
        );
        assert_eq!(
            contents(&sandbox),
            before,
            "{name}: a dry run writes nothing"
        );

        let run = migrate(&sandbox, case.args);
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (case.code, ""),
            "{name}: {run}"
        );
        for text in case.says {
            assert!(run.stdout.contains(text), "{name}: {text}\n{run}");
            assert!(dry.stdout.contains(text), "{name}: {text}\n{dry}");
        }
        let after = contents(&sandbox);
        only_the_manifest_differs(case, &before, &after);
        let manifest = sandbox.read(MANIFEST);
        for text in case.manifest {
            assert!(manifest.contains(text), "{name}: {text}\n{manifest}");
        }
        told_by_the_dry_run(case, &before, &manifest, &dry.stdout);
        lints(case, &sandbox);

        let rest: Vec<&str> = case
            .args
            .iter()
            .copied()
            .filter(|arg| *arg == "--remove")
            .collect();
        let again = migrate(&sandbox, &rest);
        assert!([0, 1].contains(&again.code), "{name}: {again}");
        assert_eq!(
            contents(&sandbox),
            after,
            "{name}: a second run changes nothing"
        );
    }
}

fn only_the_manifest_differs(case: &Case, before: &Contents, after: &Contents) {
    let removed = |path: &String| {
        let removed = case.removes.iter();
        removed
            .map(|path| format!("{HERE}/{path}"))
            .any(|each| each == *path)
    };
    for (path, bytes) in before.iter().filter(|(path, _)| *path != MANIFEST) {
        let expected = if removed(path) { None } else { Some(bytes) };
        assert_eq!(after.get(path), expected, "{}: {path}", case.name);
    }
    let mut new = after.keys().filter(|path| !before.contains_key(*path));
    assert!(new.all(|path| path == MANIFEST), "{}", case.name);
}

/// A new manifest is printed as it is; of an old one, each line that comes or goes is.
fn told_by_the_dry_run(case: &Case, before: &Contents, manifest: &str, dry: &str) {
    let Some(old) = before.get(MANIFEST) else {
        assert!(dry.contains(manifest), "{}: {dry}", case.name);
        return;
    };
    let old = std::str::from_utf8(old).unwrap();
    let added = manifest
        .lines()
        .filter(|line| !old.lines().any(|o| o == *line));
    let gone = old
        .lines()
        .filter(|line| !manifest.lines().any(|n| n == *line));
    let told: Vec<String> = added
        .map(|line| format!("+{line}"))
        .chain(gone.map(|line| format!("-{line}")))
        .collect();
    for line in told {
        assert!(
            dry.lines().any(|each| each == line),
            "{}: {line}\n{dry}",
            case.name
        );
    }
}

fn lints(case: &Case, sandbox: &Sandbox) {
    let lint = sandbox.run_in(HERE, &["lint"]);
    assert_eq!(lint.code, i32::from(!case.lints), "{}: {lint}", case.name);
}

#[test]
fn json_has_what_people_read() {
    for case in CASES {
        let name = case.name;
        let sandbox = repository(case.files, case.tags);
        let people = migrate(&sandbox, &[case.args, &["--dry-run"]].concat()).stdout;
        let run = migrate(&sandbox, &[case.args, &["--dry-run", "--json"]].concat());
        assert_eq!(
            (run.code, run.stderr.as_str()),
            (case.code, ""),
            "{name}: {run}"
        );
        let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(value["version"], 1);
        assert_eq!(value["dry_run"], true);
        let by_hand = value["by_hand"].as_array().unwrap();
        assert_eq!(by_hand.is_empty(), case.code == 0, "{name}");
        for key in ["by_hand", "left_out", "carried"] {
            for note in value[key].as_array().unwrap() {
                let path = note["path"].as_str().unwrap();
                let line = note["line"].as_u64();
                let place = line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"));
                let told = format!("  {place}: {}\n", note["message"].as_str().unwrap());
                assert!(people.contains(&told), "{name}: {told}\n{people}");
            }
        }
        let text = value["manifest"]["text"].as_str().unwrap();
        migrate(&sandbox, case.args);
        assert_eq!(sandbox.read(MANIFEST), text, "{name}");
    }
}

#[test]
fn nothing_is_written_where_it_cannot_be_right() {
    for refused in REFUSED {
        for more in [&[][..], &["--remove"], &["--dry-run"], &["--json"]] {
            let sandbox = repository(refused.files, &[]);
            for (target, path) in refused.links {
                link(target, &sandbox.path(&format!("{HERE}/{path}")));
            }
            let before = contents(&sandbox);
            let run = migrate(&sandbox, &[refused.args, more].concat());
            let name = refused.name;
            assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}: {run}");
            assert!(run.stderr.contains(refused.says), "{name}: {run}");
            assert!(run.stderr.contains("help: "), "{name}: {run}");
            assert_eq!(contents(&sandbox), before, "{name} {more:?}");
        }
    }
}

#[test]
fn removed_files_make_room_for_generated_ones() {
    let case = CASES.iter().find(|case| !case.removes.is_empty()).unwrap();
    let sandbox = repository(case.files, case.tags);
    let refused = sandbox.run_in(HERE, &["generate"]);
    assert_eq!(refused.code, 2, "{refused}");
    assert!(
        refused.stderr.contains("`cascade migrate --remove`"),
        "{refused}"
    );
    let run = migrate(&sandbox, case.args);
    assert_eq!(run.code, 0, "{run}");
    for command in ["generate", "verify"] {
        let run = sandbox.run_in(HERE, &[command]);
        assert_eq!(run.code, 0, "{command}: {run}");
    }
    assert!(
        sandbox
            .read("repo/.github/workflows/orchestrate.yaml")
            .starts_with("# Generated by cascade ")
    );
}

/// A file that git has no copy of is never removed.
#[test]
fn only_what_is_committed_is_removed() {
    let case = CASES.iter().find(|case| !case.removes.is_empty()).unwrap();
    let promote = ".github/workflows/promote.yaml";
    let changes: [fn(&Sandbox); 5] = [
        |sandbox| {
            write(
                sandbox,
                ".github/workflows/promote.yaml",
                &(migrated::MARKED.to_owned() + "# mine\n"),
            );
        },
        |sandbox| {
            write(
                sandbox,
                ".github/workflows/promote.yaml",
                &(migrated::MARKED.to_owned() + "# mine\n"),
            );
            git(sandbox, &["add", "--all"]);
        },
        |sandbox| {
            git(
                sandbox,
                &[
                    "rm",
                    "--cached",
                    "--quiet",
                    ".github/workflows/promote.yaml",
                ],
            );
        },
        |sandbox| {
            git(
                sandbox,
                &[
                    "update-index",
                    "--assume-unchanged",
                    ".github/workflows/promote.yaml",
                ],
            );
            write(
                sandbox,
                ".github/workflows/promote.yaml",
                &(migrated::MARKED.to_owned() + "# hidden\n"),
            );
        },
        |sandbox| std::fs::remove_dir_all(sandbox.path("repo/.git")).unwrap(),
    ];
    for change in changes {
        let sandbox = repository(case.files, case.tags);
        change(&sandbox);
        let before = contents(&sandbox);
        let run = migrate(&sandbox, case.args);
        assert_eq!(run.code, 1, "{run}");
        let said =
            format!("  {promote}: the Go tool's file is not committed as it is, and stays\n");
        assert!(run.stdout.contains(&said), "{run}");
        let path = format!("{HERE}/{promote}");
        assert_eq!(contents(&sandbox).get(&path), before.get(&path));
    }
}

#[test]
fn links_are_neither_followed_nor_removed() {
    let sandbox = repository(
        &[
            (".github/manifest.yaml", migrated::GO_NEW),
            ("elsewhere.yaml", migrated::MARKED),
        ],
        &[],
    );
    sandbox.write("repo/.github/workflows/deploy.yaml", common::DEPLOY);
    link(
        "../../elsewhere.yaml",
        &sandbox.path("repo/.github/workflows/promote.yaml"),
    );
    git(&sandbox, &["add", "--all"]);
    git(&sandbox, &["commit", "--quiet", "--message", "Link"]);
    let run = migrate(&sandbox, &["--remove"]);
    assert!(
        run.stdout
            .contains(".github/workflows/promote.yaml: it is reached by a symbolic link"),
        "{run}"
    );
    assert!(sandbox.exists("repo/elsewhere.yaml"));
    assert!(
        sandbox
            .path("repo/.github/workflows/promote.yaml")
            .is_symlink()
    );
}

#[test]
fn a_manifest_elsewhere_is_migrated_with_its_key() {
    let text = migrated::GO_NEW.replace("ci:\n", "delivery:\n");
    let sandbox = repository(
        &[
            ("deploy/pipeline.yaml", &text),
            (".github/workflows/deploy.yaml", common::DEPLOY),
        ],
        &[],
    );
    let args = ["--config", "deploy/pipeline.yaml", "--key", "delivery"];
    let run = migrate(&sandbox, &args);
    assert_eq!(run.code, 0, "{run}");
    let after = sandbox.read("repo/deploy/pipeline.yaml");
    assert!(
        after.contains("    cli:\n      source: git\n") && !after.contains("cli_version"),
        "{after}"
    );
}

/// Files go to the top of the repository, from wherever it is asked.
#[test]
fn a_folder_below_is_as_good_as_the_top() {
    let sandbox = repository(&[(".releaserc", "{}"), ("src/a", "")], &[]);
    let run = sandbox.run_in("repo/src", &[&["migrate"][..], &COMMIT].concat());
    assert_eq!(run.code, 0, "{run}");
    assert!(sandbox.exists(MANIFEST) && !sandbox.exists("repo/src/.github"));
}

#[test]
fn line_breaks_of_a_manifest_stay() {
    let text = migrated::GO_NEW.replace('\n', "\r\n");
    let sandbox = repository(
        &[
            (".github/manifest.yaml", &text),
            (".github/workflows/deploy.yaml", common::DEPLOY),
        ],
        &[],
    );
    git(&sandbox, &["config", "core.autocrlf", "false"]);
    let run = migrate(&sandbox, &[]);
    assert_eq!(run.code, 0, "{run}");
    let after = sandbox.read(MANIFEST);
    assert!(!after.replace("\r\n", "").contains('\n'), "{after:?}");
}

#[test]
fn a_program_that_does_not_know_its_origin_asks_for_flags() {
    let sandbox = repository(
        &[
            (".github/manifest.yaml", migrated::GO_NEW),
            (".github/workflows/deploy.yaml", common::DEPLOY),
        ],
        &[],
    );
    let before = contents(&sandbox);
    let run = sandbox.run_in(HERE, &["migrate"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("how do runs get cascade?"), "{run}");
    assert_eq!(contents(&sandbox), before);
}

/// The blocks of the pages: what is before becomes what is after.
#[test]
fn pages_are_true() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    for name in ["go-tool", "release-please", "semantic-release", "workflows"] {
        let page = std::fs::read_to_string(docs.join(format!("migrate-{name}.md"))).unwrap();
        page_is_true(name, &blocks(&page));
    }
}

fn page_is_true(name: &str, blocks: &[Block]) {
    let of = |key: &str| -> Vec<(String, &str)> {
        let found = blocks.iter();
        found
            .filter_map(|block| Some((block.value(key)?, block.text.as_str())))
            .collect()
    };
    let (before, after) = (of("before="), of("after="));
    assert!(!before.is_empty() && !after.is_empty(), "{name}");
    let files: Vec<(&str, &str)> = before
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let is = |word: &'static str| blocks.iter().filter(move |block| block.is(word));
    let tags: Vec<&str> = is("setup")
        .flat_map(|block| block.text.lines())
        .map(|line| line.strip_prefix("git tag ").unwrap())
        .collect();
    let sandbox = repository(&files, &tags);
    let mut said = String::new();
    for block in is("run") {
        let expected = block.value("exit=").unwrap_or_else(|| "0".to_owned());
        for line in block.text.lines() {
            let args: Vec<&str> = line.strip_prefix("cascade ").unwrap().split(' ').collect();
            let run = sandbox.run_in(HERE, &args);
            assert_eq!(run.code.to_string(), expected, "{name}: {line}\n{run}");
            said.push_str(&run.stdout);
        }
    }
    assert!(!said.is_empty(), "{name}");
    for line in is("says").flat_map(|block| block.text.lines()) {
        assert!(
            said.lines().any(|each| each.trim() == line),
            "{name}: {line}\n{said}"
        );
    }
    for (path, text) in after {
        assert_eq!(
            sandbox.read(&format!("{HERE}/{path}")),
            text,
            "{name}: {path}"
        );
    }
    for path in is("removed").flat_map(|block| block.text.lines()) {
        assert!(!sandbox.exists(&format!("{HERE}/{path}")), "{name}: {path}");
    }
    assert_eq!(sandbox.run_in(HERE, &["lint"]).code, 0, "{name}");
}
