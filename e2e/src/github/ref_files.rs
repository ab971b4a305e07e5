//! The refs of a bare repository, read from its files: the host looks at them before and after
//! every request, and a process for each look is most of what a scenario would wait for.
//!
//! Source: git's documentation, "gitrepository-layout" (`refs`, `packed-refs`).

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

/// The names and objects of all refs, in the order of the names.
pub(super) fn all(repository: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let mut refs = packed(repository)?;
    loose(repository, "refs", &mut refs)?;
    Ok(refs)
}

/// The object of one ref, which may be a tag's.
pub(super) fn one(repository: &Path, name: &str) -> Option<String> {
    let sound =
        name.starts_with("refs/") && name.split('/').all(|part| !part.is_empty() && part != "..");
    if !sound {
        return None;
    }
    let found = std::fs::read_to_string(repository.join(name)).ok();
    let found = found.map(|text| text.trim().to_owned());
    found.or_else(|| packed(repository).ok()?.remove(name))
}

fn packed(repository: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = match std::fs::read_to_string(repository.join("packed-refs")) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error).context("packed-refs"),
    };
    let refs = text.lines().filter(|line| !line.starts_with(['#', '^']));
    let refs = refs.filter_map(|line| line.split_once(' '));
    Ok(refs
        .map(|(object, name)| (name.to_owned(), object.to_owned()))
        .collect())
}

fn loose(repository: &Path, name: &str, refs: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let place = repository.join(name);
    let entries = match std::fs::read_dir(&place) {
        Ok(entries) => entries,
        // git takes away a folder with the last ref in it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).context(name.to_owned()),
    };
    for entry in entries {
        let entry = entry?;
        let below = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            loose(repository, &below, refs)?;
        } else if !below.ends_with(".lock")
            && let Ok(object) = std::fs::read_to_string(entry.path())
        {
            refs.insert(below, object.trim().to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::git::{Git, Signature};
    use super::*;
    use crate::github::git::NewCommit;

    #[test]
    fn loose_and_packed_refs_are_those_that_git_lists() {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::create(folder.path(), "main").unwrap();
        let tree = git
            .run(&["hash-object", "-t", "tree", "-w", "/dev/null"])
            .unwrap();
        let someone = Signature {
            name: "Ada".to_owned(),
            email: "ada@example.com".to_owned(),
            date: "1767603600 +0000".to_owned(),
        };
        let commit = git
            .commit(&NewCommit {
                tree: &tree,
                parents: &[],
                message: "one",
                author: &someone,
                committer: &someone,
            })
            .unwrap();
        let agree = || {
            let listed = git
                .run(&["for-each-ref", "--format=%(refname) %(objectname)"])
                .unwrap();
            let own = all(folder.path()).unwrap();
            let own: Vec<String> = own
                .iter()
                .map(|(name, object)| format!("{name} {object}"))
                .collect();
            assert_eq!(own.join("\n"), listed);
        };
        agree();
        for name in ["refs/heads/main", "refs/tags/v1", "refs/heads/env/prod"] {
            git.run(&["update-ref", name, &commit]).unwrap();
        }
        agree();
        git.run(&["pack-refs", "--all"]).unwrap();
        git.run(&["update-ref", "refs/heads/late", &commit])
            .unwrap();
        git.run(&["update-ref", "-d", "refs/tags/v1"]).unwrap();
        agree();
        assert_eq!(one(folder.path(), "refs/heads/main"), Some(commit.clone()));
        assert_eq!(one(folder.path(), "refs/heads/late"), Some(commit));
        assert_eq!(one(folder.path(), "refs/tags/v1"), None);
        assert_eq!(one(folder.path(), "refs/../HEAD"), None);
    }
}
