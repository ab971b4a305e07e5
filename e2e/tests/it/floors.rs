//! Modules stand on floors: each uses those below it, and none above.
//!
//! The order of each list is the order of the floors in `docs/architecture.md`, the lowest first.

use super::sizes::sources;
use std::collections::BTreeSet;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, ItemUse, Path, UseTree};

const CORE: &[&str] = &[
    "time",
    "scalar",
    "key_path",
    "finding",
    "changes",
    "manifest",
    "normalize",
    "contract",
    "pipeline",
    "protocol",
    "check",
    "version",
    "markdown",
    "commits",
    "pull_request",
    "state",
    "actions",
    "lifecycle",
    "delivery",
    "board",
    "gitops",
    "telemetry",
    "generate",
    "graph",
    "summary",
    "rust_source",
    "schema",
    "builder",
    "migration",
];

const CLI: &[&str] = &[
    "uri",
    "page",
    "cli",
    "repository",
    "git",
    "github",
    "project",
    "files",
    "origin",
    "run",
    "operation",
    "author",
    "command",
];

const GENERATE: &[&str] = &[
    "installation",
    "context",
    "checkout",
    "third_party",
    "credentials",
    "build_cascade",
    "setup_cascade",
    "triggers",
    "inputs",
    "calls",
    "approval",
    "gate",
    "deploying",
    "rollout",
    "target",
    "cascade_deploy",
    "deploy_call",
    "builds",
    "pull",
    "external_update",
    "orchestrate",
    "promote",
    "rollback",
    "hotfix",
    "poll",
    "integration",
    "companion",
    "board",
    "drift_check",
    "pr_preview",
    "reconcile",
    "pins",
];

#[test]
fn the_core_has_floors() {
    assert_floors("cascade-core/src/", &["crate"], CORE);
}

#[test]
fn the_command_line_has_floors() {
    assert_floors("cascade-cli/src/", &["crate"], CLI);
}

#[test]
fn generators_have_floors() {
    assert_floors(
        "cascade-core/src/generate/",
        &["crate", "generate"],
        GENERATE,
    );
}

/// Nothing that a test alone uses counts.
#[test]
fn uses_are_found() {
    let text = "
        use crate::{git, github::{self, client::X}};
        fn f() { crate::run::x(); }
        #[cfg(test)]
        mod tests { use crate::command::Cli; }
    ";
    let found = uses(&syn::parse_file(text).unwrap(), &["crate"]);
    let expected = ["git", "github", "run"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from(expected));
}

fn assert_floors(folder: &str, root: &[&str], floors: &[&str]) {
    let floor = |module: &str| floors.iter().position(|each| *each == module);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (name, text) in sources() {
        let Some(own) = name.strip_prefix(folder).map(module_of) else {
            continue;
        };
        let Some(own_floor) = floor(own) else {
            continue;
        };
        seen.insert(own.to_owned());
        if name.ends_with("/tests.rs") || name.contains("/tests/") {
            continue;
        }
        let file = syn::parse_file(&text).unwrap();
        for used in uses(&file, root).iter().filter(|used| *used != own) {
            if floor(used).is_some_and(|floor| floor > own_floor) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let gone: Vec<_> = floors
        .iter()
        .filter(|each| !seen.contains(**each))
        .collect();
    assert!(gone.is_empty(), "no such modules: {gone:?}");
}

fn module_of(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The modules right below `root` that a file uses, without its tests.
fn uses(file: &syn::File, root: &[&str]) -> BTreeSet<String> {
    let mut uses = Uses {
        root,
        found: BTreeSet::new(),
    };
    uses.visit_file(file);
    uses.found
}

struct Uses<'a> {
    root: &'a [&'a str],
    found: BTreeSet<String>,
}

impl Uses<'_> {
    fn take(&mut self, path: &[String]) {
        let (root, rest) = path.split_at(self.root.len().min(path.len()));
        if root == self.root
            && let Some(first) = rest.first()
        {
            self.found.insert(first.clone());
        }
    }

    fn tree(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                self.tree(&step.tree, path);
                path.pop();
            }
            UseTree::Name(name) => self.leaf(name.ident.to_string(), path),
            UseTree::Rename(name) => self.leaf(name.ident.to_string(), path),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, path);
                }
            }
            _ => self.take(path),
        }
    }

    fn leaf(&mut self, name: String, path: &mut Vec<String>) {
        path.push(name);
        self.take(path);
        path.pop();
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !module.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&item.tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let steps: Vec<String> = path
            .segments
            .iter()
            .map(|step| step.ident.to_string())
            .collect();
        self.take(&steps);
        visit::visit_path(self, path);
    }
}

fn is_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Ident>()
            .is_ok_and(|argument| argument == "test")
}
