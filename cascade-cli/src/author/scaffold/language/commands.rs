//! The commands of each language, as GitHub's own Linux runners have their tools.

use super::{Folder, Language};
use serde_json::Value;

/// Returns the commands that check a project.
pub(super) fn check(language: Language, folder: &Folder) -> Vec<String> {
    match language {
        Language::Node => {
            let (install, run) = node(folder);
            let scripts = scripts(folder, &["lint", "test"]);
            lines(install, scripts.map(|script| format!("{run} {script}")))
        }
        Language::Python => python_check(folder),
        Language::Rust => own(&[&format!("cargo test{}", locked(folder))]),
        Language::Go => own(&["go vet ./...", "go test ./..."]),
        Language::Maven => own(&[&format!("{} --batch-mode verify", maven(folder))]),
        Language::Gradle => own(&[&format!("{} check", gradle(folder))]),
        Language::DotNet => own(&["dotnet test"]),
        Language::Ruby if folder.has("Rakefile") => own(&["bundle install", "bundle exec rake"]),
        Language::Ruby => own(&["bundle install"]),
        Language::Php => own(&["composer validate", "composer install --no-interaction"]),
        Language::Docker => Vec::new(),
    }
}

/// Returns the commands that build a project.
pub(super) fn build(language: Language, folder: &Folder) -> Vec<String> {
    match language {
        Language::Node => {
            let (install, run) = node(folder);
            let scripts: Vec<String> = scripts(folder, &["build"]).collect();
            match scripts.is_empty() {
                true => Vec::new(),
                false => lines(install, scripts.iter().map(|each| format!("{run} {each}"))),
            }
        }
        Language::Python if packaged(folder) => {
            own(&["python -m pip wheel --no-deps --wheel-dir dist ."])
        }
        Language::Python | Language::Ruby | Language::Php => Vec::new(),
        Language::Rust => own(&[&format!("cargo build --release{}", locked(folder))]),
        Language::Go => own(&["go build ./..."]),
        Language::Maven => own(&[&format!(
            "{} --batch-mode package -DskipTests",
            maven(folder)
        )]),
        Language::Gradle => own(&[&format!("{} assemble", gradle(folder))]),
        Language::DotNet => own(&["dotnet build --configuration Release"]),
        Language::Docker if folder.has("Dockerfile") => {
            own(&["docker build --tag \"app:$VERSION\" ."])
        }
        Language::Docker => own(&["docker build --tag \"app:$VERSION\" --file Containerfile ."]),
    }
}

fn own(commands: &[&str]) -> Vec<String> {
    commands.iter().map(|&command| command.to_owned()).collect()
}

fn lines(first: &[&str], rest: impl Iterator<Item = String>) -> Vec<String> {
    own(first).into_iter().chain(rest).collect()
}

/// Returns the commands that install what a Node.js project needs, and the one that runs a script.
fn node(folder: &Folder) -> (&'static [&'static str], &'static str) {
    let package = folder.package_json.as_deref().unwrap_or_default();
    let manager = |name: &str| package.contains(&format!("\"packageManager\": \"{name}@"));
    if folder.has("pnpm-lock.yaml") || manager("pnpm") {
        (&["npm install --global pnpm", "pnpm install"], "pnpm run")
    } else if manager("yarn") {
        (&["corepack enable", "yarn install"], "yarn run")
    } else if folder.has("yarn.lock") {
        (&["yarn install --frozen-lockfile"], "yarn run")
    } else if folder.has_any(&["bun.lock", "bun.lockb"]) {
        (
            &["npm install --global bun", "bun install --frozen-lockfile"],
            "bun run",
        )
    } else if folder.has_any(&["package-lock.json", "npm-shrinkwrap.json"]) {
        (&["npm ci"], "npm run")
    } else {
        (&["npm install"], "npm run")
    }
}

/// Returns those of the scripts `wanted` that the project has; not the one that `npm init` writes.
fn scripts<'a>(folder: &Folder, wanted: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    let package = folder.package_json.as_deref().unwrap_or_default();
    let package: Value = serde_json::from_str(package).unwrap_or_default();
    let scripts = package.get("scripts").cloned().unwrap_or_default();
    let is_real = move |name: &&str| {
        let script = scripts.get(*name).and_then(Value::as_str);
        script.is_some_and(|script| !script.contains("no test specified"))
    };
    wanted.iter().copied().filter(is_real).map(str::to_owned)
}

fn python_check(folder: &Folder) -> Vec<String> {
    if folder.has("uv.lock") {
        let sync = ["pipx install uv", "uv sync --locked"];
        return match tested(folder) {
            true => own(&[sync[0], sync[1], "uv run --with pytest pytest"]),
            false => own(&sync),
        };
    }
    let mut commands = Vec::new();
    if folder.has("requirements.txt") {
        commands.push("python -m pip install --requirement requirements.txt");
    } else if packaged(folder) {
        commands.push("python -m pip install .");
    }
    match tested(folder) {
        true => commands.extend(["python -m pip install pytest", "python -m pytest"]),
        false => commands.push("python -m compileall -q ."),
    }
    own(&commands)
}

/// Returns true if pytest finds something: without a test it fails.
fn tested(folder: &Folder) -> bool {
    let is_test = |name: &String| {
        let module = name.strip_suffix(".py").unwrap_or_default();
        module.starts_with("test_") || module.ends_with("_test")
    };
    folder.has_any(&["tests", "test"]) || folder.names.iter().any(is_test)
}

fn packaged(folder: &Folder) -> bool {
    let described = folder.pyproject.as_deref().unwrap_or_default();
    described.contains("[build-system]") || folder.has("setup.py")
}

fn locked(folder: &Folder) -> &'static str {
    if folder.has("Cargo.lock") {
        " --locked"
    } else {
        ""
    }
}

fn maven(folder: &Folder) -> &'static str {
    if folder.has("mvnw") { "sh mvnw" } else { "mvn" }
}

fn gradle(folder: &Folder) -> &'static str {
    if folder.has("gradlew") {
        "sh gradlew"
    } else {
        "gradle"
    }
}
