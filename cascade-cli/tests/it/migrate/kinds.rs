//! Repositories of every kind.

use super::{MANIFEST, migrate, repository};
use crate::migrated::refused::REFUSED;
use crate::migrated::{CASES, Case};
use crate::support::Sandbox;
use crate::support::tree::{Contents, HERE, contents, link};

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
