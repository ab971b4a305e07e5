//! Workflows that nobody can call: which of their jobs become which callbacks.

use crate::author::scaffold::adopt::{free, remark};
use crate::author::scaffold::survey::{self, Survey, Workflow};
use crate::author::scaffold::{Remark, Scaffold};
use cascade_core::contract::{Existing, Job, Released, Role};
use cascade_core::manifest::yaml::write::Writer;
use cascade_core::migration::{Note, Outcome, Place};

/// The workflows that do what cascade would do, or that it would call.
///
/// Source of what is said about tags: GitHub, "Triggering a workflow", "Triggering a workflow from a
/// workflow".
#[derive(Debug, Default)]
pub(super) struct Jobs {
    /// The workflows whose jobs become callbacks, by path.
    found: Vec<Found>,
    /// True if something can be called as it is.
    callable: bool,
    /// Jobs that run a release tool and do something else, too.
    beside: Vec<(String, Job)>,
    /// Workflows that cannot be read, and why.
    unreadable: Vec<(String, String)>,
    /// The environments that jobs deploy to, in order, and where.
    pub(super) environments: Vec<(String, Place)>,
}

#[derive(Debug)]
struct Found {
    path: String,
    jobs: Vec<(Job, Role)>,
    released: Option<Released>,
    /// True if only pull requests start it.
    only_requests: bool,
    remark: Option<Remark>,
}

impl Jobs {
    /// Reads the workflows; jobs in which a note stands belong to a release tool.
    pub(super) fn find(survey: &Survey, tools: &[Note]) -> Self {
        let mut all = Self::default();
        for workflow in &survey.workflows {
            let read = match &workflow.read {
                Ok(read) => read,
                Err(why) => {
                    all.unreadable.push((workflow.path.clone(), why.clone()));
                    continue;
                }
            };
            let (of_tools, jobs) = jobs(workflow, read, tools);
            let path = || workflow.path.clone();
            all.beside
                .extend(of_tools.into_iter().map(|job| (path(), job)));
            all.note_environments(&workflow.path, &jobs);
            if read.contract.is_some() {
                all.callable |= Role::of_name(workflow.stem()).is_some();
                continue;
            }
            all.found.extend(found(workflow, read, jobs, tools));
        }
        all
    }

    /// Returns true if no workflow has a part in a pipeline.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && !self.callable
    }

    fn note_environments(&mut self, path: &str, jobs: &[(Job, Role)]) {
        for (job, _) in jobs {
            let Some(name) = &job.environment else {
                continue;
            };
            let known = self.environments.iter().any(|(known, _)| known == name);
            if !known {
                let place = Place::line(path, job.line);
                self.environments.push((name.clone(), place));
            }
        }
    }

    /// Returns what to do with each job.
    pub(super) fn notes(&self, scaffold: &Scaffold, survey: &Survey) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut taken = survey.taken.clone();
        for found in &self.found {
            found.tell(scaffold, &mut taken, &mut notes);
        }
        for (path, job) in &self.beside {
            notes.push(beside(path, job));
        }
        for (path, why) in &self.unreadable {
            let message = format!("this workflow cannot be read: {why}");
            let note = Note::new(Outcome::LeftOut, Place::file(path), message);
            notes.push(note.help("it stays as it is; correct it, and migrate again"));
        }
        notes
    }
}

/// Returns the jobs that run a release tool and something else, and those that play a part.
fn jobs(workflow: &Workflow, read: &Existing, tools: &[Note]) -> (Vec<Job>, Vec<(Job, Role)>) {
    let is_of_tool = |job: &&Job| {
        tools.iter().any(|note| {
            let line = note.place.line.unwrap_or_default();
            note.place.path == workflow.path && (job.line..=job.last).contains(&line)
        })
    };
    let (of_tools, others): (Vec<&Job>, Vec<&Job>) = read.jobs.iter().partition(is_of_tool);
    let others = others.into_iter();
    let others = others.filter_map(|job| Some((job.clone(), job.role?)));
    let besides = of_tools.into_iter().filter(|job| !job.does.is_empty());
    (besides.cloned().collect(), others.collect())
}

fn found(
    workflow: &Workflow,
    read: &Existing,
    jobs: Vec<(Job, Role)>,
    tools: &[Note],
) -> Option<Found> {
    let starts = |event: &str| read.events.iter().any(|each| each == event);
    let released = read.released.clone();
    if !starts("push") && !starts("pull_request") && released.is_none() {
        return None;
    }
    let of_tool = tools.iter().any(|note| note.place.path == workflow.path);
    if jobs.is_empty() && (of_tool || remark(workflow).is_none()) {
        return None;
    }
    let several = roles(&jobs).len() > 1 || of_tool || released.is_some();
    Some(Found {
        path: workflow.path.clone(),
        remark: if several { None } else { remark(workflow) },
        only_requests: !starts("push") && released.is_none(),
        released,
        jobs,
    })
}

fn roles(jobs: &[(Job, Role)]) -> Vec<Role> {
    let mut roles: Vec<Role> = jobs.iter().map(|(_, role)| *role).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

impl Found {
    fn tell(&self, scaffold: &Scaffold, taken: &mut Vec<String>, notes: &mut Vec<Note>) {
        let outcome = match self.only_requests {
            true => Outcome::LeftOut,
            false => Outcome::ByHand,
        };
        if let Some(Released { event, line }) = &self.released {
            let message = format!("`{event}` starts this workflow");
            let note = Note::new(Outcome::ByHand, Place::line(&self.path, *line), message);
            notes.push(note.help(
                "tags and releases that a run makes with GITHUB_TOKEN start no workflow: make its jobs \
                 the publish callback, or name it under `release_build.workflow` and let \
                 `workflow_dispatch` start it, which cascade does on the released tag",
            ));
        }
        if let Some(remark) = &self.remark {
            let line = match remark {
                Remark::NotCallable { insertion, .. } => Some(insertion.line),
                Remark::Unfit { .. } | Remark::Unreadable { .. } => None,
            };
            let place = Place {
                path: self.path.clone(),
                line,
            };
            let note = Note::new(outcome, place, remark.message());
            notes.push(note.help(remark.advice().join("\n")));
            return;
        }
        let mut build = None;
        let own = |(job, _): &&(Job, Role)| !scaffold_calls(scaffold, job);
        let (own, called): (Vec<_>, Vec<_>) = self.jobs.iter().partition(own);
        for (job, _) in called {
            notes.push(self.called(job, outcome));
        }
        let own: Vec<(Job, Role)> = own.into_iter().cloned().collect();
        for role in roles(&own) {
            let target = free(role, scaffold.name.as_str(), taken);
            let name = target.rsplit('/').next().unwrap_or(&target).to_lowercase();
            taken.push(name);
            let of_role = own.iter().filter(|(_, of)| *of == role);
            for (position, (job, _)) in of_role.enumerate() {
                let to = Target {
                    role,
                    path: &target,
                    build: build.as_deref(),
                    is_there: position > 0,
                };
                notes.push(self.job(job, &to, outcome));
            }
            if role == Role::Build {
                build = Some(survey::stem(&target).to_owned());
            }
        }
    }

    /// Returns what to do with a job whose workflow the pipeline calls.
    fn called(&self, job: &Job, outcome: Outcome) -> Note {
        let message = format!(
            "the job `{}` ({}) calls a workflow, which the pipeline calls from now on",
            job.id,
            lines(job)
        );
        let note = Note::new(outcome, Place::line(&self.path, job.line), message);
        note.help(
            "remove it; what `with` and `secrets` give goes to `inputs` and `secrets` of the callback",
        )
    }

    fn job(&self, job: &Job, to: &Target<'_>, outcome: Outcome) -> Note {
        let Target { role, path, .. } = to;
        let message = format!(
            "the job `{}` ({}) becomes the {role} callback",
            job.id,
            lines(job)
        );
        let note = Note::new(outcome, Place::line(&self.path, job.line), message);
        if to.is_there {
            let more = match role {
                Role::Deploy => {
                    "; one callback deploys to each environment, and what differs follows from \
                     `inputs.environment`"
                }
                Role::Validate | Role::Build | Role::Publish => "",
            };
            return note.help(format!("move it to `{path}`, too{more}"));
        }
        let mut help = format!("move it to `{path}`, below these lines:\n{}", head(*role));
        if !job.needs.is_empty() {
            let needs = job.needs.join(", ");
            help.push_str(&format!("\n`needs: {needs}` goes: {}", order(*role)));
        }
        help.push_str(&format!("\nthen write in the manifest:\n{}", to.entry()));
        note.help(help)
    }
}

/// Returns what to do with the steps of a job besides that of a release tool.
fn beside(path: &str, job: &Job) -> Note {
    let roles: Vec<String> = job
        .does
        .iter()
        .map(|role| format!("the {role} callback"))
        .collect();
    let message = format!(
        "other steps of the job `{}` ({}) belong in {}",
        job.id,
        lines(job),
        roles.join(" and ")
    );
    let note = Note::new(Outcome::ByHand, Place::line(path, job.line), message);
    note.help(
        "move them to a workflow with `on: workflow_call` for each, and name it in the manifest",
    )
}

fn lines(job: &Job) -> String {
    match job.line == job.last {
        true => format!("line {}", job.line),
        false => format!("lines {} to {}", job.line, job.last),
    }
}

/// Returns true if a job only calls a workflow that is a callback of the pipeline.
fn scaffold_calls(scaffold: &Scaffold, job: &Job) -> bool {
    let path = job
        .calls
        .as_deref()
        .and_then(|path| path.strip_prefix("./"));
    path.is_some_and(|path| scaffold.callbacks.iter().any(|each| each.workflow == path))
}

/// The file that jobs of one part go to.
struct Target<'a> {
    role: Role,
    path: &'a str,
    /// The build that a deploy depends on.
    build: Option<&'a str>,
    /// True if another job goes there first.
    is_there: bool,
}

impl Target<'_> {
    /// Returns the entry of the manifest.
    fn entry(&self) -> String {
        let Self { role, path, .. } = self;
        let mut yaml = Writer::new();
        let named = |yaml: &mut Writer| {
            yaml.item_of("{}", |yaml| {
                yaml.text("name", survey::stem(path));
                yaml.text("workflow", path);
                if let (Role::Deploy, Some(build)) = (role, self.build) {
                    yaml.flow_list("depends_on", &[build]);
                }
            });
        };
        match role {
            Role::Validate | Role::Publish => {
                yaml.map(&role.to_string(), |yaml| yaml.text("workflow", path));
            }
            Role::Build => yaml.list("builds", named),
            Role::Deploy => yaml.list("deploys", named),
        }
        let entry = yaml.finish();
        let lines: Vec<String> = entry.lines().map(|line| format!("  {line}")).collect();
        lines.join("\n")
    }
}

/// Returns the lines that a callback's file begins with.
fn head(role: Role) -> String {
    let environment = match role {
        Role::Deploy => "        environment: { type: string, required: true }\n",
        Role::Validate | Role::Build | Role::Publish => "",
    };
    format!(
        "  on:\n    workflow_call:\n      inputs:\n{environment}        sha: {{ type: string, required: true }}\n  jobs:\n\
         and check out `ref: ${{{{ inputs.sha }}}}` in it"
    )
}

const fn order(role: Role) -> &'static str {
    match role {
        Role::Validate => "nothing comes before the validate callback",
        Role::Build => "the validate callback comes first",
        Role::Deploy => {
            "`depends_on` names the builds, and their outputs become inputs of the same names"
        }
        Role::Publish => "it runs when a release is published, once for each build",
    }
}

/// Returns what to do with something that is published.
pub(super) fn publish_help(survey: &Survey, name: &str) -> String {
    let path = free(Role::Publish, name, &survey.taken);
    let to = Target {
        role: Role::Publish,
        path: &path,
        build: None,
        is_there: false,
    };
    format!(
        "write it into `{path}`, with `on: workflow_call` and the input `new_version`, and name that \
         file in the manifest:\n{}",
        to.entry()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_deploy_callback_is_told_an_environment() {
        assert!(head(Role::Deploy).contains("environment: { type: string, required: true }"));
        for role in [Role::Validate, Role::Build, Role::Publish] {
            let head = head(role);
            assert!(!head.contains("environment"), "{head}");
            assert!(head.contains("sha: { type: string"), "{head}");
        }
    }
}
