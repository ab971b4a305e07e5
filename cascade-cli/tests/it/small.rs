//! `explain`, `export`, `version`, `completions`, usage, and the reference page.

use crate::support::{MANIFEST, Sandbox};
use serde_json::Value;

#[test]
fn rules_are_explained_by_code_and_name() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run(&["explain", "C014"]);
    assert!(run.stdout.starts_with("# C014: Misplaced key\n"), "{run}");
    assert!(run.stdout.contains("\n```yaml\n"), "{run}");
    assert_eq!(run, sandbox.run(&["explain", "misplaced-key"]));
    assert_eq!(run, sandbox.run(&["explain", "c014"]));
    let json: Value =
        serde_json::from_str(&sandbox.run(&["explain", "C014", "--json"]).stdout).unwrap();
    assert_eq!(
        (&json["code"], &json["severity"]),
        (&"C014".into(), &"error".into())
    );
    let list = sandbox.run(&["explain"]).stdout;
    assert!(
        list.contains("C101  warning  no-schema-version            No schema version\n"),
        "{list}"
    );
    assert_eq!(
        list.lines().count(),
        cascade_core::finding::rules::ALL.len()
    );
}

#[test]
fn rules_that_there_are_not() {
    let run = Sandbox::empty().run(&["explain", "misplacd-key"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(
        run.stderr,
        "error: there is no rule `misplacd-key`\n  \
         help: did you mean `misplaced-key`? `cascade explain` lists every rule\n"
    );
}

#[test]
fn manifests_are_normalised() {
    let sandbox = Sandbox::new(
        "# x\nci:\n  config: &a { trunk_branch: 'main', triggers: [\"**\"] }\n  state: {}\n",
    );
    let run = sandbox.run(&["export"]);
    assert_eq!(
        run.stdout,
        "ci:\n  config:\n    trunk_branch: main\n    triggers:\n      - \"**\"\n"
    );
    assert_eq!(run.code, 0);
}

#[test]
fn the_version_can_be_required() {
    let sandbox = Sandbox::empty();
    let version = env!("CARGO_PKG_VERSION");
    let run = sandbox.run(&["version", "--require", version]);
    assert_eq!((run.code, run.stdout), (0, format!("cascade {version}\n")));
    assert_eq!(
        sandbox
            .run(&["version", "--require", &format!("v{version}")])
            .code,
        0
    );
    let run = sandbox.run(&["version", "--require", "9.9.9"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        format!(
            "this is cascade {version}, and 9.9.9 is required\n  \
             help: install 9.9.9, or generate the workflows with {version}\n"
        )
    );
    let json = sandbox.run(&["version", "--json"]).stdout;
    assert_eq!(
        json,
        format!("{{\n  \"version\": \"{version}\",\n  \"origin\": null\n}}\n")
    );
    let run = sandbox.run(&["version", "--rev", &"0".repeat(40)]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("built from a commit that is not known"),
        "{run}"
    );
}

#[test]
fn shells_complete() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Sandbox::empty().run(&["completions", shell]);
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("CASCADE_COMPLETE"), "{shell}: {run}");
    }
}

#[test]
fn completions_know_the_pipeline_and_the_rules() {
    let sandbox = Sandbox::new(MANIFEST).variable("CASCADE_COMPLETE", "fish");
    let offered = |line: &[&str]| {
        let run = sandbox.run(&[&["--", "cascade"], line].concat());
        assert_eq!(run.code, 0, "{run}");
        let lines = run.stdout.lines().filter(|line| !line.starts_with('-'));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(offered(&["rollback", "--env", ""]), ["dev", "prod"]);
    assert_eq!(offered(&["status", "env", "p"]), ["prod"]);
    assert_eq!(offered(&["explain", "C203"]), ["C203\tUnknown callback"]);
    assert_eq!(offered(&["status", "deploy", ""]), ["web"]);
    sandbox.write(".github/manifest.yaml", "ci: [");
    assert_eq!(offered(&["rollback", "--env", ""]), [""; 0]);
}

#[test]
fn usage_errors_end_with_two() {
    let sandbox = Sandbox::new(MANIFEST);
    for args in [
        &[][..],
        &["lnt"],
        &["lint", "--format", "x"],
        &["lint", "-v", "-q"],
        &["verify", "x"],
    ] {
        assert_eq!(sandbox.run(args).code, 2, "{args:?}");
    }
    let run = sandbox.run(&["generate", "--component", "api"]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            2,
            "error: `generate` always covers every component\n  help: leave `--component` out\n"
        )
    );
    assert_eq!(sandbox.run(&["--help"]).code, 0);
    assert_eq!(sandbox.run(&["--version"]).code, 0);
}

#[test]
fn details_are_on_standard_error() {
    let run = Sandbox::new(MANIFEST).run(&["lint", "--trace"]);
    assert_eq!(
        run.stderr,
        "trace: root [ROOT]\ntrace: manifest [ROOT]/.github/manifest.yaml\n"
    );
}

#[test]
fn the_reference_names_every_command_and_option() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("../docs/cli-reference.md")).unwrap();
    let names = commands(&[]);
    assert!(names.len() >= 11, "{names:?}");
    for name in names {
        assert!(
            page.contains(&format!("\n## `{name}`")),
            "{name} is not on the page"
        );
        for word in help(&[name.as_str(), "--help"]).split_whitespace() {
            let option = word.trim_end_matches([']', ',', '.', '`']);
            let is_option = option.starts_with("--") && option.len() > 2 && option != "--help";
            assert!(
                !is_option || page.contains(option),
                "{name} {option} is not on the page"
            );
        }
    }
}

/// Lines are not broken where the terminal ends, so that nothing has to ask for its width.
#[test]
fn help_fits_into_a_hundred_columns() {
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let shown = help(&[path.as_slice(), &["-h".to_owned()]].concat());
        for line in shown.lines() {
            assert!(line.chars().count() <= 100, "{path:?}: {line}");
        }
        let below = commands(&path).into_iter();
        open.extend(below.map(|name| [path.as_slice(), &[name]].concat()));
    }
}

/// The names of the commands under a command.
fn commands(path: &[String]) -> Vec<String> {
    let shown = help(&[path, &["-h".to_owned()]].concat());
    // The program's own commands stand in groups, before its options.
    let listed = match path {
        [] => shown.split("\nOptions:\n").next(),
        _ => shown.split("Commands:\n").nth(1),
    };
    let listed = listed.unwrap_or_default();
    let listed = match path {
        [] => listed,
        _ => listed.split("\n\n").next().unwrap_or_default(),
    };
    let names = listed.lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        name.starts_with(char::is_alphabetic).then_some(name)
    });
    let names = names.filter(|name| *name != "help");
    names.map(str::to_owned).collect()
}

fn help(args: &[impl AsRef<str>]) -> String {
    let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
    Sandbox::empty().run(&args).stdout
}
