//! The callbacks of a new pipeline: workflows of the repository, and samples for the rest.

use super::language::Project;
use cascade_core::contract::InputType;
use cascade_core::contract::{Contract, Role};
use cascade_core::manifest::Access;
use cascade_core::manifest::yaml::write::Writer;

/// A callback of a new pipeline.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::author) struct Callback {
    /// Its part.
    pub(in crate::author) role: Role,
    /// Its name in the pipeline.
    pub(in crate::author) name: String,
    /// Its file.
    pub(in crate::author) workflow: String,
    /// The contract of its file, if the repository has it already.
    pub(in crate::author) existing: Option<Contract>,
}

/// The input of a sample deploy that every build's output of the same name fills.
const ARTIFACT: &str = "artifact";
/// Inputs that cascade fills itself.
const STANDARD: [&str; 5] = ["environment", "sha", "version", "deploy_name", "dry_run"];
/// Parts of the names of outputs that tell what was built.
const TELLING: [&str; 7] = [
    "artifact", "image", "tag", "digest", "package", "archive", "url",
];

impl Callback {
    /// Returns the secrets that its file takes.
    pub(in crate::author) fn secrets(&self) -> impl Iterator<Item = &String> {
        self.existing
            .iter()
            .flat_map(|contract| contract.secrets.keys())
    }

    /// Returns what it is granted: what the jobs of its file ask for, and reading where they do not
    /// say.
    pub(in crate::author) fn permissions(&self) -> Vec<(&'static str, Access)> {
        let asked = self.existing.as_ref().map(|contract| &contract.permissions);
        let mut granted: Vec<(&'static str, Access)> = asked
            .into_iter()
            .flat_map(|asked| asked.set.0.iter().map(|(scope, access)| (*scope, *access)))
            .collect();
        let says = granted.iter().any(|(scope, _)| *scope == "contents");
        if !says && asked.is_none_or(|asked| asked.undeclared) {
            granted.push(("contents", Access::Read));
        }
        granted
    }

    /// Returns true if it understands `dry_run`.
    pub(in crate::author) fn has_dry_run(&self) -> bool {
        self.existing.as_ref().is_none_or(|contract| {
            let input = contract.inputs.get("dry_run");
            input.is_some_and(|input| input.kind == InputType::Boolean)
        })
    }

    fn outputs(&self) -> Vec<String> {
        let Some(contract) = &self.existing else {
            return vec![ARTIFACT.to_owned()];
        };
        let tells = |name: &&String| {
            let lower = name.to_ascii_lowercase();
            TELLING.iter().any(|word| lower.contains(word))
        };
        contract.outputs.keys().filter(tells).cloned().collect()
    }
}

/// Returns the outputs of builds that a sample deploy takes: those that only one build has.
pub(in crate::author) fn outputs(callbacks: &[Callback]) -> Vec<String> {
    let builds = callbacks.iter().filter(|each| each.role == Role::Build);
    let all: Vec<String> = builds.flat_map(Callback::outputs).collect();
    let is_one = |name: &String| all.iter().filter(|other| *other == name).count() == 1;
    let names = all.iter().filter(|name| is_one(name));
    names
        .filter(|name| !STANDARD.contains(&name.as_str()))
        .cloned()
        .collect()
}

/// Returns the text of a sample; `outputs` are those that a deploy takes.
pub(in crate::author) fn sample(role: Role, projects: &[Project], outputs: &[String]) -> String {
    match role {
        Role::Validate => {
            let steps = steps("Check", projects, |project| &project.check);
            let (note, steps) = match steps.is_empty() {
                true => (
                    "Replace the last step with your checks.",
                    "      - name: Check\n        run: echo \"replace this step with your checks\"\n"
                        .to_owned(),
                ),
                false => ("Its steps are a proposal: make them yours.", steps),
            };
            filled(include_str!("validate.yaml"), note, &steps)
        }
        Role::Build => {
            let steps = steps("Build", projects, |project| &project.build);
            let note = match steps.is_empty() {
                true => "Replace the step `Package`.",
                false => {
                    "Its steps are a proposal:\n# let `Package` put out what a deployment needs."
                }
            };
            filled(include_str!("build.yaml"), note, &steps)
        }
        Role::Deploy => deploy(outputs),
        Role::Publish => include_str!("publish.yaml").to_owned(),
    }
}

fn filled(text: &str, note: &str, steps: &str) -> String {
    text.replace("@NOTE@", note).replace("@STEPS@", steps)
}

/// Returns a step for each project that has commands, as entries of a job's `steps`.
fn steps(task: &str, projects: &[Project], commands: fn(&Project) -> &Vec<String>) -> String {
    let mut yaml = Writer::new();
    yaml.list("steps", |yaml| {
        for project in projects {
            let commands = commands(project);
            if !commands.is_empty() {
                yaml.item_of("{}", |yaml| step(task, project, commands, yaml));
            }
        }
    });
    let lines = yaml.finish();
    let entries = lines.lines().skip(1);
    entries.map(|line| format!("    {line}\n")).collect()
}

fn step(task: &str, project: &Project, commands: &[String], yaml: &mut Writer) {
    yaml.text("name", &format!("{task}: {project}"));
    if !project.folder.is_empty() {
        yaml.text("working-directory", &project.folder);
    }
    if commands.iter().any(|command| command.contains("$VERSION")) {
        yaml.map("env", |yaml| {
            yaml.text("VERSION", "${{ inputs.version }}");
        });
    }
    yaml.text("run", &format!("{}\n", commands.join("\n")));
}

fn deploy(outputs: &[String]) -> String {
    let (mut inputs, mut env, mut echo) = (String::new(), String::new(), String::new());
    for output in outputs {
        inputs.push_str(&format!(
            "      {output}:\n        description: What was built\n        type: string\n        required: true\n"
        ));
        let variable = format!("INPUT_{}", output.to_ascii_uppercase().replace('-', "_"));
        env.push_str(&format!(
            "          {variable}: ${{{{ inputs.{output} }}}}\n"
        ));
        echo.push_str(&format!(" \"${variable}\""));
    }
    let text = include_str!("deploy.yaml");
    text.replace("@INPUTS@", &inputs)
        .replace("@ENV@", &env)
        .replace("@ECHO@", &echo)
}
