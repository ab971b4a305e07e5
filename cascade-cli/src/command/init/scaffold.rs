//! The files of a new repository.

use crate::repository::WORKFLOWS;
use cascade_core::pipeline::Name;
use cascade_core::yaml::write::Writer;

const BUILD: &str = "package";

/// What a new repository delivers, and where to.
#[derive(Debug)]
pub(super) struct Scaffold {
    pub(super) name: Name,
    pub(super) environments: Vec<String>,
}

impl Scaffold {
    /// The manifest.
    pub(super) fn manifest(&self) -> String {
        let mut yaml = Writer::new();
        yaml.comment(&format!(
            "The delivery pipeline of {}. `cascade generate` compiles it to workflows,\n\
             `cascade lint` checks it, `cascade explain` tells what a rule wants.",
            self.name
        ));
        yaml.map("ci", |yaml| yaml.map("config", |yaml| self.config(yaml)));
        yaml.finish()
    }

    fn config(&self, yaml: &mut Writer) {
        yaml.raw("schema_version", "1");
        yaml.text("description", self.name.as_str());
        yaml.text("trunk_branch", "main");
        if !self.environments.is_empty() {
            yaml.flow_list("environments", &self.environments);
        }
        yaml.blank();
        yaml.comment("The runners have cascade. `release` and `workspace` install it.");
        yaml.map("cli", |yaml| yaml.text("source", "preinstalled"));
        yaml.blank();
        yaml.map("validate", |yaml| callback(yaml, "validate.yaml"));
        yaml.blank();
        yaml.list("builds", |yaml| {
            yaml.item_of("{}", |yaml| {
                yaml.text("name", BUILD);
                callback(yaml, "build.yaml");
            });
        });
        yaml.blank();
        if self.environments.is_empty() {
            yaml.map("publish", |yaml| callback(yaml, "publish.yaml"));
            return;
        }
        yaml.list("deploys", |yaml| {
            yaml.item_of("{}", |yaml| {
                yaml.text("name", self.name.as_str());
                callback(yaml, "deploy.yaml");
                yaml.comment("Its output `artifact` becomes the input of the same name.");
                yaml.flow_list("depends_on", &[BUILD]);
                yaml.raw("supports_dry_run", "true");
            });
        });
    }

    /// The reusable workflows that the manifest names.
    pub(super) fn callbacks(&self) -> Vec<(String, String)> {
        let last = if self.environments.is_empty() {
            ("publish.yaml", include_str!("publish.yaml"))
        } else {
            ("deploy.yaml", include_str!("deploy.yaml"))
        };
        let all = [
            ("validate.yaml", include_str!("validate.yaml")),
            ("build.yaml", include_str!("build.yaml")),
            last,
        ];
        all.map(|(name, text)| (format!("{WORKFLOWS}/{name}"), text.to_owned()))
            .into()
    }
}

fn callback(yaml: &mut Writer, file: &str) {
    yaml.text("workflow", &format!("{WORKFLOWS}/{file}"));
    yaml.map("permissions", |yaml| yaml.text("contents", "read"));
}
