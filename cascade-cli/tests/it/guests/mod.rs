//! Pipelines in crates of every kind: other editions, other names, other people's macros, lints.
//!
//! Each folder of `guests` is a package of one workspace, and each of its programs is one kind.

mod limits;
mod lints;
mod places;

use crate::support::crates;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package: its folder, its edition, and what it depends on besides cascade.
struct Package {
    name: &'static str,
    edition: &'static str,
    dependencies: &'static str,
    /// Cascade among the dependencies, up to its path.
    cascade: &'static str,
    more: &'static str,
}

const PACKAGE: Package = Package {
    name: "code",
    edition: "2024",
    dependencies: "",
    cascade: "cascade-cli = {",
    more: "",
};

const PACKAGES: &[Package] = &[
    Package {
        dependencies: "alien = { path = \"../alien\" }\nalien_derive = { path = \"../alien_derive\" }\n",
        ..PACKAGE
    },
    Package {
        name: "alien",
        ..PACKAGE
    },
    Package {
        name: "alien_derive",
        more: "[lib]\nproc-macro = true\n",
        ..PACKAGE
    },
    Package {
        name: "renamed",
        dependencies: "alien = { path = \"../alien\" }\n",
        cascade: "delivery = { package = \"cascade-cli\",",
        ..PACKAGE
    },
    Package {
        name: "edition-2015",
        edition: "2015",
        ..PACKAGE
    },
    Package {
        name: "edition-2018",
        edition: "2018",
        ..PACKAGE
    },
    Package {
        name: "edition-2021",
        edition: "2021",
        ..PACKAGE
    },
];

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

impl Package {
    /// Writes the package below `folder`; what delivers something has the workflows of the shop.
    fn write(&self, folder: &Path) {
        let Self {
            name,
            edition,
            dependencies,
            cascade,
            more,
        } = self;
        let own = folder.join(name);
        let source = cases().join("guests").join(name);
        crates::copy(&source, &own);
        if !name.starts_with("alien") {
            let shop = cases().join("ui/shop/.github");
            crates::copy(&shop, &own.join(".github"));
            let anything = cases().join("guests/deploy-search.yaml");
            let workflows = own.join(".github/workflows");
            fs::copy(anything, workflows.join("deploy-search.yaml")).unwrap();
        }
        let cli = crates::repository().join("cascade-cli");
        let cargo = format!(
            "[package]\nname = {name:?}\nedition = {edition:?}\n{more}[dependencies]\n{dependencies}\
             {cascade} path = {cli:?} }}\n"
        );
        fs::write(own.join("Cargo.toml"), cargo).unwrap();
    }
}

/// Writes packages as one workspace.
fn workspace<'a>(name: &str, packages: impl IntoIterator<Item = &'a Package>) -> PathBuf {
    let folder = crates::folder(name);
    let mut members = String::new();
    for package in packages {
        package.write(&folder);
        write!(members, "{:?}, ", package.name).unwrap();
    }
    let cargo = format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n");
    fs::write(folder.join("Cargo.toml"), cargo).unwrap();
    crates::lock(&folder);
    folder
}

#[test]
fn expansions_are_good_guests() {
    let folder = workspace("guests", PACKAGES);
    let build = crates::cargo(&folder, &["build", "--quiet", "--bins", "--keep-going"]);
    assert_eq!(build.code, Some(0), "{}", build.stderr);
    assert_eq!(build.stderr, "", "nothing warns");
    let mut count = 0;
    for package in PACKAGES {
        let Ok(programs) = fs::read_dir(cases().join("guests").join(package.name).join("src/bin"))
        else {
            continue;
        };
        for path in programs.map(|entry| entry.unwrap().path()) {
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let program = crates::target()
                .join("debug")
                .join(path.file_stem().unwrap());
            let output = Command::new(&program).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {said}", path.display());
            count += 1;
        }
    }
    assert!(count >= 11, "{count}");
}
