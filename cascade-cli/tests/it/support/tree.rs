//! Files and git, in the repository of a test.

use crate::support::Sandbox;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The folder of the repository.
pub(crate) const HERE: &str = "repo";

/// Files with their bytes.
pub(crate) type Contents = BTreeMap<String, Vec<u8>>;

/// Every file with its bytes, links as what they say; git's own files are not looked at.
pub(crate) fn contents(sandbox: &Sandbox) -> Contents {
    let root = sandbox.path("");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = path.symlink_metadata().unwrap().file_type();
            let shown = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            if kind.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(shown, target.to_str().unwrap().as_bytes().to_vec());
            } else if kind.is_file() {
                found.insert(shown, fs::read(&path).unwrap());
            } else if !path.ends_with(".git") && !shown.starts_with("windows") {
                folders.push(path);
            }
        }
    }
    found
}

pub(crate) fn write(sandbox: &Sandbox, path: &str, text: &str) {
    sandbox.write(&format!("{HERE}/{path}"), text);
}

pub(crate) fn commit(sandbox: &Sandbox) {
    git(sandbox, &["init", "--quiet", "--initial-branch=main"]);
    git(sandbox, &["add", "--all"]);
    git(sandbox, &["commit", "--quiet", "--message", "Begin"]);
}

pub(crate) fn git(sandbox: &Sandbox, args: &[&str]) -> String {
    fs::create_dir_all(sandbox.path(HERE)).unwrap();
    sandbox.git_in(HERE, args)
}

pub(crate) fn link(target: &str, path: &Path) {
    std::os::unix::fs::symlink(target, path).unwrap();
}
