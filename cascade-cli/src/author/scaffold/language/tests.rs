use super::*;

fn folder(path: &str, names: &[&str]) -> Folder {
    Folder {
        path: path.to_owned(),
        names: names.iter().map(ToString::to_string).collect(),
        ..Folder::default()
    }
}

fn commands(folder: Folder) -> (Vec<String>, Vec<String>) {
    let mut found = projects(&[folder]);
    let project = found.remove(0);
    (project.check, project.build)
}

#[test]
fn a_node_project_runs_the_scripts_that_it_has() {
    let mut node = folder("", &["package.json", "package-lock.json"]);
    node.package_json = Some(
        r#"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1", "lint": "eslint ."}}"#
            .to_owned(),
    );
    let (check, build) = commands(node.clone());
    assert_eq!(check, ["npm ci", "npm run lint"]);
    assert!(build.is_empty());

    node.names = vec!["package.json".to_owned(), "pnpm-lock.yaml".to_owned()];
    node.package_json =
        Some(r#"{"scripts": {"test": "vitest", "build": "vite build"}}"#.to_owned());
    let (check, build) = commands(node.clone());
    assert_eq!(check.last().unwrap(), "pnpm run test");
    assert_eq!(build.last().unwrap(), "pnpm run build");

    node.package_json = Some("not JSON".to_owned());
    assert_eq!(commands(node).0.last().unwrap(), "pnpm install");
}

#[test]
fn python_is_tested_only_with_tests() {
    let (check, build) = commands(folder("", &["requirements.txt", "app.py"]));
    assert_eq!(check.last().unwrap(), "python -m compileall -q .");
    assert!(build.is_empty());
    let (check, _) = commands(folder("", &["requirements.txt", "tests"]));
    assert_eq!(check.last().unwrap(), "python -m pytest");
    let mut packaged = folder("", &["pyproject.toml"]);
    packaged.pyproject = Some("[build-system]\nrequires = []\n".to_owned());
    let (check, build) = commands(packaged);
    assert_eq!(check[0], "python -m pip install .");
    assert_eq!(build.len(), 1);
}

#[test]
fn a_lock_file_is_kept() {
    let (check, _) = commands(folder("", &["Cargo.toml", "Cargo.lock"]));
    assert_eq!(check, ["cargo test --locked"]);
    let (check, _) = commands(folder("", &["Cargo.toml"]));
    assert_eq!(check, ["cargo test"]);
}

#[test]
fn folders_below_count_where_the_top_has_no_language() {
    let top = folder("", &["README.md", "Dockerfile"]);
    let below = [
        folder("services/api", &["go.mod"]),
        folder("web", &["package.json"]),
    ];
    let all: Vec<Folder> = [top].into_iter().chain(below.clone()).collect();
    let found: Vec<(Language, String)> = projects(&all)
        .into_iter()
        .map(|project| (project.language, project.folder))
        .collect();
    assert_eq!(
        found,
        [
            (Language::Docker, String::new()),
            (Language::Go, "services/api".to_owned()),
            (Language::Node, "web".to_owned())
        ]
    );
    let top = folder("", &["package.json"]);
    let all: Vec<Folder> = [top].into_iter().chain(below).collect();
    assert_eq!(projects(&all).len(), 1);
}

#[test]
fn every_language_is_found() {
    let cases = [
        ("go.mod", Language::Go),
        ("pom.xml", Language::Maven),
        ("build.gradle.kts", Language::Gradle),
        ("shop.csproj", Language::DotNet),
        ("Gemfile", Language::Ruby),
        ("composer.json", Language::Php),
        ("setup.py", Language::Python),
        ("Containerfile", Language::Docker),
    ];
    for (name, language) in cases {
        let found = projects(&[folder("", &[name])]);
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(found[0].language, language);
        let commands = found[0].check.len() + found[0].build.len();
        assert!(commands > 0, "{name}");
    }
    assert!(projects(&[folder("", &["README.md"])]).is_empty());
}
