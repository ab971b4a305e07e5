//! The pipeline of a new repository, and its manifest.

use super::callback::{Callback, outputs, sample};
use super::language::Project;
use cascade_core::check::{Checked, check};
use cascade_core::contract::{Contracts, MemorySource, Role};
use cascade_core::finding::Finding;
use cascade_core::manifest::draft::{Map, Node};
use cascade_core::manifest::yaml::Manifest;
use cascade_core::manifest::yaml::write::Writer;
use cascade_core::manifest::{Branch, MANIFEST_KEY, Name, STATE_BRANCH};
use std::str::FromStr;

/// The label that runners of one's own have.
///
/// Source: GitHub, "Using self-hosted runners in a workflow".
const OWN_RUNNERS: &str = "self-hosted";

/// A new pipeline: its name, trunk, environments and callbacks.
#[derive(Debug, Clone)]
pub(in crate::author) struct Scaffold {
    pub(in crate::author) name: Name,
    pub(in crate::author) trunk: Branch,
    pub(in crate::author) environments: Vec<String>,
    /// The block `cli`.
    pub(in crate::author) cli: Map,
    /// The folder of the generated action, unless it is the usual one.
    pub(in crate::author) action_folder: Option<String>,
    /// Further settings of the configuration, by key.
    pub(in crate::author) settings: Map,
    pub(in crate::author) callbacks: Vec<Callback>,
}

impl Scaffold {
    /// Returns a pipeline without environments and callbacks.
    pub(in crate::author) fn new(name: Name, trunk: Branch) -> Self {
        Self {
            name,
            trunk,
            environments: Vec::new(),
            cli: Map::new(),
            action_folder: None,
            settings: Map::new(),
            callbacks: Vec::new(),
        }
    }

    /// Returns the manifest; `schema` is the path of the schema beside it, if there is one.
    pub(in crate::author) fn manifest(&self, schema: Option<&str>) -> String {
        let mut yaml = Writer::new();
        if let Some(schema) = schema {
            yaml.comment(&format!("yaml-language-server: $schema={schema}"));
        }
        yaml.comment(&format!(
            "The delivery pipeline of {}. `cascade generate` compiles it to workflows,\n\
             `cascade lint` checks it, and `cascade explain` explains a rule.",
            self.name
        ));
        yaml.map(MANIFEST_KEY, |yaml| {
            yaml.map("config", |yaml| self.config(yaml));
        });
        yaml.finish()
    }

    /// Returns the configuration that the manifest holds.
    pub(in crate::author) fn draft(&self) -> Option<Map> {
        let text = self.manifest(None);
        let manifest = Manifest::read(text.as_bytes(), MANIFEST_KEY).ok()?;
        match manifest.config() {
            Node::Map(config) => Some(config.clone()),
            _ => None,
        }
    }

    /// Returns the samples: the callbacks that the repository does not have.
    pub(in crate::author) fn samples(&self, projects: &[Project]) -> Vec<(String, String)> {
        let outputs = outputs(&self.callbacks);
        let new = self.callbacks.iter().filter(|each| each.existing.is_none());
        new.map(|each| (each.workflow.clone(), sample(each.role, projects, &outputs)))
            .collect()
    }

    /// Checks the pipeline; `workflows` are those of the repository.
    pub(in crate::author) fn check(
        &self,
        projects: &[Project],
        workflows: &[(String, Vec<u8>)],
    ) -> Checked {
        let samples = self.samples(projects).into_iter();
        let samples = samples.map(|(path, text)| (path, text.into_bytes()));
        let source: MemorySource = workflows.iter().cloned().chain(samples).collect();
        let draft = self.draft().map_or(Node::Null, Node::Map);
        check(&draft, &Contracts::new(&source))
    }

    /// Returns the position of the callback that a finding is about.
    pub(in crate::author) fn concerned(&self, finding: &Finding) -> Option<usize> {
        let at = finding.at.to_string();
        (0..self.callbacks.len()).find(|position| {
            let key = self.key(*position);
            let rest = at.strip_prefix(&key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    fn key(&self, position: usize) -> String {
        let role = self.callbacks[position].role;
        let before = self.callbacks[..position].iter();
        let index = before.filter(|each| each.role == role).count();
        match role {
            Role::Validate => "validate".to_owned(),
            Role::Build => format!("builds[{index}]"),
            Role::Deploy => format!("deploys[{index}]"),
            Role::Publish => "publish".to_owned(),
        }
    }

    /// Returns the label of runners that have cascade, or can get it.
    pub(in crate::author) fn runs_on(&self) -> &'static str {
        match self.is_preinstalled() {
            true => OWN_RUNNERS,
            false => "ubuntu-latest",
        }
    }

    fn is_preinstalled(&self) -> bool {
        self.cli.get("source") == Some(&"preinstalled".into())
    }

    fn of(&self, role: Role) -> Vec<&Callback> {
        let all = self.callbacks.iter();
        all.filter(|each| each.role == role).collect()
    }

    fn config(&self, yaml: &mut Writer) {
        yaml.raw("schema_version", "1");
        yaml.text("description", self.name.as_str());
        yaml.text("trunk_branch", self.trunk.as_str());
        if !self.environments.is_empty() {
            yaml.flow_list("environments", &self.environments);
        }
        if let Some(folder) = &self.action_folder {
            yaml.text("action_folder", folder);
        }
        for (key, value) in &self.settings {
            yaml.node(key, value);
        }
        yaml.blank();
        yaml.comment("How runs get cascade.");
        yaml.map("cli", |yaml| node(&self.cli, yaml));
        if self.is_preinstalled() {
            yaml.text("runs_on", OWN_RUNNERS);
        }
        yaml.blank();
        yaml.comment("What runs record goes to a branch of its own; the trunk gets no commits.");
        yaml.map("state", |yaml| yaml.text("branch", STATE_BRANCH));
        for each in self.of(Role::Validate) {
            yaml.blank();
            yaml.map("validate", |yaml| call(each, yaml));
        }
        self.section(Role::Build, "builds", yaml);
        self.section(Role::Deploy, "deploys", yaml);
        for each in self.of(Role::Publish) {
            yaml.blank();
            yaml.map("publish", |yaml| call(each, yaml));
        }
    }

    fn section(&self, role: Role, key: &str, yaml: &mut Writer) {
        let all = self.of(role);
        if all.is_empty() {
            return;
        }
        let builds = self.of(Role::Build);
        let builds: Vec<&str> = builds.iter().map(|each| each.name.as_str()).collect();
        yaml.blank();
        yaml.list(key, |yaml| {
            for each in all {
                yaml.item_of("{}", |yaml| {
                    yaml.text("name", &each.name);
                    call(each, yaml);
                    if role == Role::Deploy && !builds.is_empty() {
                        yaml.comment("Outputs of builds become inputs of the same names.");
                        yaml.flow_list("depends_on", &builds);
                    }
                    if role == Role::Deploy && each.has_dry_run() {
                        yaml.raw("supports_dry_run", "true");
                    }
                });
            }
        });
    }
}

fn call(callback: &Callback, yaml: &mut Writer) {
    yaml.text("workflow", &callback.workflow);
    yaml.map("permissions", |yaml| {
        for (scope, access) in callback.permissions() {
            yaml.text(scope, &access.to_string());
        }
    });
    if callback.secrets().next().is_some() {
        yaml.map("secrets", |yaml| {
            for secret in callback.secrets() {
                yaml.text(secret, secret);
            }
        });
    }
}

/// Writes the entries of a block of texts.
fn node(block: &Map, yaml: &mut Writer) {
    for (key, value) in block {
        match value {
            Node::Scalar(scalar) => yaml.text(key, &scalar.text()),
            Node::Map(inner) => yaml.map(key, |yaml| node(inner, yaml)),
            _ => {}
        }
    }
}

/// Makes a text a name: what cannot be in one becomes `-`.
pub(in crate::author) fn name_like(text: &str) -> Option<Name> {
    let fit = |c: char| match c.is_ascii_alphanumeric() || c == '_' {
        true => c,
        false => '-',
    };
    let name: String = text.chars().map(fit).take(100).collect();
    Name::from_str(name.trim_matches('-')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_name_if_something_is_left_of_it() {
        let name = |text: &str| name_like(text).map(|name| name.to_string());
        assert_eq!(name("my shop!"), Some("my-shop".to_owned()));
        assert_eq!(name("--a_b--"), Some("a_b".to_owned()));
        assert_eq!(name("é"), None);
        assert_eq!(name(&"x".repeat(300)).unwrap().len(), 100);
    }
}
