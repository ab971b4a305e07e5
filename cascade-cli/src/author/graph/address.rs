//! The addresses to which the links of a picture lead.

use crate::cli::runner::Runner;
use crate::uri::encoded;
use cascade_core::graph::Link;
use cascade_core::manifest::WorkflowRef;
use std::path::{Component, Path, PathBuf};

/// The beginnings of addresses.
pub(super) struct Addresses {
    /// The way to the root of the repository; empty, or with a slash at its end.
    root: String,
    /// The address of GitHub.
    server: String,
}

impl Addresses {
    /// Returns addresses for a picture that is written into a file, by default in the root.
    pub(super) fn from(file: Option<&Path>, root: &Path) -> Self {
        let folder = file.map(|file| file.parent().unwrap_or(Path::new("")));
        let folder = folder.map(|folder| match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        });
        let folder = folder.and_then(|folder| folder.canonicalize().ok());
        let way = folder.map_or_else(|| Some(String::new()), |folder| way(&folder, root));
        way.map_or_else(|| Self::absolute(root), Self::with)
    }

    /// Returns addresses for a picture that is far away from the repository.
    pub(super) fn absolute(root: &Path) -> Self {
        let path = encoded(&root.to_string_lossy().replace('\\', "/"));
        Self::with(match path.starts_with('/') {
            true => format!("file://{path}/"),
            false => format!("file:///{path}/"),
        })
    }

    fn with(root: String) -> Self {
        Self {
            root,
            server: Runner::read().server_url,
        }
    }

    /// Returns the address of a link; what is neither a file nor a web page has none.
    pub(super) fn of(&self, link: &Link) -> Option<String> {
        let Self { root, server } = self;
        match link {
            Link::Workflow(WorkflowRef::Local(path)) => Some(format!("{root}{}", encoded(path))),
            Link::Workflow(WorkflowRef::Remote {
                repository,
                path,
                reference,
            }) => {
                let (reference, path) = (encoded(reference), encoded(path));
                Some(format!("{server}/{repository}/blob/{reference}/{path}"))
            }
            Link::Repository(repository) => Some(format!("{server}/{repository}")),
            Link::Address(address) => {
                let is_page = ["https://", "http://"]
                    .iter()
                    .any(|it| address.starts_with(it));
                is_page.then(|| address.clone())
            }
        }
    }
}

/// Returns the relative way from a folder to another one; none if they share no beginning.
fn way(from: &Path, to: &Path) -> Option<String> {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other);
    let shared = shared.count();
    if shared == 0 {
        return None;
    }
    let down: PathBuf = to[shared..].iter().collect();
    let up = from[shared..]
        .iter()
        .filter(|part| matches!(part, Component::Normal(_)));
    let mut way = "../".repeat(up.count());
    if !down.as_os_str().is_empty() {
        way.push_str(&encoded(&down.to_string_lossy().replace('\\', "/")));
        way.push('/');
    }
    Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_goes_up_and_down() {
        let way = |from: &str, to: &str| way(Path::new(from), Path::new(to)).unwrap();
        assert_eq!(way("/a/b", "/a/b"), "");
        assert_eq!(way("/a/b/docs/images", "/a/b"), "../../");
        assert_eq!(way("/a/x", "/a/b c/d"), "../b%20c/d/");
    }

    #[test]
    fn links_lead_to_files_and_to_the_web_only() {
        let addresses = Addresses {
            root: "../".to_owned(),
            server: "https://github.example".to_owned(),
        };
        let of = |workflow: &str| addresses.of(&Link::Workflow(workflow.parse().unwrap()));
        let local = "../.github/workflows/deploy%20web.yaml".to_owned();
        assert_eq!(of("deploy web.yaml"), Some(local));
        let remote = "https://github.example/acme/ci/blob/v1/.github/workflows/a.yaml".to_owned();
        assert_eq!(of("acme/ci/.github/workflows/a.yaml@v1"), Some(remote));
        let script = Link::Address("javascript:alert(1)".to_owned());
        assert_eq!(addresses.of(&script), None);
    }
}
