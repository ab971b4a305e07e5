//! The workflows of a repository that become callbacks, and remarks about the others.

use super::callback::Callback;
use super::pipeline::{Scaffold, name_like};
use super::remark::Remark;
use super::survey::{Survey, Workflow};
use crate::cli::error::Failure;
use crate::repository::WORKFLOWS;
use cascade_core::contract::{Contract, Role};
use cascade_core::finding::Finding;
use cascade_core::generate::DEPLOY_STEM;

/// A workflow that can be called, and the part that it would play.
#[derive(Debug, Clone)]
pub(in crate::author) struct Offer {
    pub(in crate::author) path: String,
    pub(in crate::author) role: Role,
    pub(in crate::author) stem: String,
    pub(in crate::author) contract: Contract,
    /// True if somebody named it by a flag.
    pub(in crate::author) is_named: bool,
}

/// Returns the workflows that can be called, by part and path.
pub(in crate::author) fn offers(survey: &Survey) -> Vec<Offer> {
    let mut offers: Vec<Offer> = survey.workflows.iter().filter_map(offer).collect();
    offers.sort_by(|a, b| (a.role, &a.path).cmp(&(b.role, &b.path)));
    offers
}

fn offer(workflow: &Workflow) -> Option<Offer> {
    let read = workflow.read.as_ref().ok()?;
    let named = || Role::of_name(read.name.as_deref()?);
    Some(Offer {
        // What it does says too little: it may be a part of something else.
        role: Role::of_name(workflow.stem()).or_else(named)?,
        contract: read.contract.clone()?,
        path: workflow.path.clone(),
        stem: workflow.stem().to_owned(),
        is_named: false,
    })
}

/// Reads `ROLE=FILE` of a flag.
pub(in crate::author) fn named(text: &str, survey: &Survey) -> Result<Offer, Failure> {
    let failure = |message: String| Failure::new(format!("`--callback`: {message}"));
    let help = "write `ROLE=FILE`, such as `build=.github/workflows/ci.yaml`; the roles are \
                validate, build, deploy and publish";
    let (role, file) = text
        .split_once('=')
        .ok_or_else(|| failure(format!("`{text}` names no role")).help(help))?;
    let role = Role::ALL.into_iter().find(|each| each.to_string() == role);
    let role = role.ok_or_else(|| failure(format!("`{text}` names no role")).help(help))?;
    let file = file.trim_start_matches("./");
    let is_it = |each: &&Workflow| {
        each.path == file || each.path.strip_prefix(WORKFLOWS) == Some(&format!("/{file}"))
    };
    let found = survey.workflows.iter().find(is_it);
    let found = found.ok_or_else(|| {
        failure(format!("there is no workflow `{file}`"))
            .help(format!("name a file below `{WORKFLOWS}`"))
    })?;
    let read = found.read.as_ref().map_err(|why| {
        failure(format!("`{file}`"))
            .cause(why)
            .help("repair the file")
    })?;
    let Some(contract) = read.contract.clone() else {
        let lines = read.insertion().lines.join("\n");
        let what = format!("`{file}` cannot be called: it has no `workflow_call`");
        return Err(failure(what).help(format!("its `on` needs these lines:\n{lines}")));
    };
    Ok(Offer {
        path: found.path.clone(),
        role,
        stem: found.stem().to_owned(),
        contract,
        is_named: true,
    })
}

/// Returns what to say about workflows that cannot be called.
pub(in crate::author) fn remarks(survey: &Survey) -> Vec<Remark> {
    survey.workflows.iter().filter_map(remark).collect()
}

/// Returns what to say about a workflow that cannot be called.
pub(in crate::author) fn remark(workflow: &Workflow) -> Option<Remark> {
    let path = workflow.path.clone();
    let read = match &workflow.read {
        Ok(read) => read,
        Err(why) => {
            let why = why.clone();
            return Some(Remark::Unreadable { path, why });
        }
    };
    let is_push = |event: &String| event == "push" || event == "pull_request";
    let events: Vec<String> = read.events.iter().filter(|e| is_push(e)).cloned().collect();
    if read.contract.is_some() || events.is_empty() {
        return None;
    }
    Some(Remark::NotCallable {
        path,
        role: read.role(workflow.stem())?,
        events,
        insertion: read.insertion(),
    })
}

/// The substitute for callbacks that no workflow of the repository can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::author) enum Missing {
    /// A sample.
    Sampled,
    /// Nothing.
    LeftOut,
}

/// Fills the callbacks of a scaffold with the chosen workflows, as far as they fit. Returns what to
/// say about those that do not fit.
pub(in crate::author) fn fill(
    scaffold: &mut Scaffold,
    mut chosen: Vec<Offer>,
    (survey, missing): (&Survey, Missing),
    check: impl Fn(&Scaffold) -> Vec<Finding>,
) -> Vec<Remark> {
    let mut remarks = Vec::new();
    keep_possible(scaffold, &mut chosen, &mut remarks);
    loop {
        scaffold.callbacks = callbacks(scaffold, &chosen, survey, missing);
        let findings = check(scaffold);
        let unfit = findings.iter().find_map(|finding| {
            let callback = &scaffold.callbacks[scaffold.concerned(finding)?];
            let is_it =
                |offer: &Offer| offer.path == callback.workflow && offer.role == callback.role;
            let position = chosen.iter().position(is_it)?;
            Some((position, finding))
        });
        let Some((position, finding)) = unfit else {
            return remarks;
        };
        let Offer { path, role, .. } = chosen.remove(position);
        remarks.push(Remark::Unfit {
            path,
            role,
            why: finding.message.to_string(),
            help: finding.help.as_ref().map(ToString::to_string),
        });
    }
}

/// Leaves out deploys where there is no environment, and second workflows where one can be.
fn keep_possible(scaffold: &Scaffold, chosen: &mut Vec<Offer>, remarks: &mut Vec<Remark>) {
    let mut seen: Vec<Role> = Vec::new();
    chosen.retain(|offer| {
        let single = matches!(offer.role, Role::Validate | Role::Publish);
        let several = scaffold.environments.len() > 1;
        let tells = offer.is_named || offer.contract.inputs.contains_key("environment");
        let why = if offer.role == Role::Deploy && scaffold.environments.is_empty() {
            "there is no environment to deploy to"
        } else if offer.role == Role::Deploy && several && !tells {
            "it has no input `environment`, so that it cannot tell one environment from another"
        } else if single && seen.contains(&offer.role) {
            "a pipeline has one of them, and another file comes first"
        } else {
            seen.push(offer.role);
            return true;
        };
        remarks.push(Remark::Unfit {
            path: offer.path.clone(),
            role: offer.role,
            why: why.to_owned(),
            help: None,
        });
        false
    });
}

/// The name of a sample's build.
const BUILD: &str = "package";

fn callbacks(
    scaffold: &Scaffold,
    chosen: &[Offer],
    survey: &Survey,
    missing: Missing,
) -> Vec<Callback> {
    let mut callbacks: Vec<Callback> = Vec::new();
    let roles = match (missing, scaffold.environments.is_empty()) {
        (Missing::LeftOut, _) => vec![],
        (Missing::Sampled, true) => vec![Role::Validate, Role::Build, Role::Publish],
        (Missing::Sampled, false) => vec![Role::Validate, Role::Build, Role::Deploy],
    };
    for role in Role::ALL {
        let own = chosen.iter().filter(|offer| offer.role == role);
        let own: Vec<&Offer> = own.collect();
        for offer in &own {
            callbacks.push(Callback {
                role,
                name: unique(&preferred(offer, scaffold), &offer.stem, &callbacks),
                workflow: offer.path.clone(),
                existing: Some(offer.contract.clone()),
            });
        }
        if own.is_empty() && roles.contains(&role) {
            let name = match role {
                Role::Build => BUILD,
                _ => scaffold.name.as_str(),
            };
            callbacks.push(Callback {
                role,
                name: unique(name, &format!("{name}-{role}"), &callbacks),
                workflow: free(role, scaffold.name.as_str(), &survey.taken),
                existing: None,
            });
        }
    }
    callbacks
}

fn preferred(offer: &Offer, scaffold: &Scaffold) -> String {
    match (offer.role.rest_of(&offer.stem), offer.role) {
        (rest, _) if !rest.is_empty() => rest,
        (_, Role::Build) => BUILD.to_owned(),
        _ => scaffold.name.to_string(),
    }
}

/// Returns a name that no build or deploy has yet.
fn unique(preferred: &str, other: &str, callbacks: &[Callback]) -> String {
    let is_free = |name: &String| {
        let mut named = callbacks.iter().filter(|each| each.is_named());
        !named.any(|each| {
            each.name
                .replace('-', "_")
                .eq_ignore_ascii_case(&name.replace('-', "_"))
        })
    };
    let numbered = (2..).map(|number| format!("{other}-{number}"));
    let mut all = [preferred.to_owned(), other.to_owned()]
        .into_iter()
        .chain(numbered);
    let found = all.find_map(|text| {
        let name = name_like(&text)?.to_string();
        is_free(&name).then_some(name)
    });
    found.unwrap_or_else(|| preferred.to_owned())
}

/// Returns a path of a workflow that nobody has, and that cascade does not generate.
pub(in crate::author) fn free(role: Role, name: &str, taken: &[String]) -> String {
    let role = role.to_string();
    let first = [
        role.clone(),
        format!("cascade-{role}"),
        format!("{role}-{name}"),
    ];
    let more = (2..).map(|number| format!("cascade-{role}-{number}"));
    let all = first.into_iter().chain(more);
    // No other generated workflow is named like a part.
    let mut fits = all.filter(|stem| stem != DEPLOY_STEM);
    let found = fits.find(|stem| is_free(stem, taken));
    format!("{WORKFLOWS}/{}.yaml", found.unwrap_or(role))
}

/// Returns true if no workflow has this name, whatever its ending and case.
pub(in crate::author) fn is_free(stem: &str, taken: &[String]) -> bool {
    let stem = stem.to_lowercase();
    !taken.iter().any(|name| {
        name.strip_suffix(".yaml")
            .or_else(|| name.strip_suffix(".yml"))
            == Some(&stem)
    })
}

impl Callback {
    const fn is_named(&self) -> bool {
        matches!(self.role, Role::Build | Role::Deploy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_not_written_over() {
        let taken = ["deploy.yaml".to_owned(), "cascade-deploy.yml".to_owned()];
        assert!(!is_free("Deploy", &taken));
        assert!(!is_free("cascade-deploy", &taken));
        assert!(is_free("deploy-web", &taken));
        assert_eq!(
            free(Role::Build, "web", &taken),
            ".github/workflows/build.yaml"
        );
        assert_eq!(
            free(Role::Deploy, "web", &taken),
            ".github/workflows/deploy-web.yaml"
        );
    }

    #[test]
    fn the_name_of_the_deploy_path_is_never_proposed() {
        let taken = ["deploy.yaml", "deploy-web.yaml"].map(str::to_owned);
        let file = free(Role::Deploy, "web", &taken);
        assert_eq!(file, ".github/workflows/cascade-deploy-2.yaml");
    }
}
