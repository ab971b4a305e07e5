//! One run of a command about a component: the component, and the workspace around it.

use super::workspace::Workspace;
use crate::cli::error::{Error, Failure};
use crate::cli::request::Request;
use crate::cli::terminal::Terminal;
use crate::project::{Project, one};
use cascade_core::lifecycle::orchestrate::{Released, base_release};
use cascade_core::pipeline::Component;
use cascade_core::state::{Managed, Scope, State};
use cascade_core::summary::Links;
use cascade_core::version::Forced;
use indexmap::IndexMap;
use std::ops::Deref;

/// One run of a command about a component; a repository without `components` is one.
#[derive(Debug)]
pub(crate) struct Session {
    /// The component.
    pub(crate) component: Component,
    workspace: Workspace,
}

impl Session {
    /// Reads the pipeline and its surroundings. Where there are several components, the request must
    /// name one.
    pub(crate) fn open(request: &Request, terminal: &Terminal) -> Result<Self, Error> {
        let project = Project::open(request, terminal)?;
        let pipeline = project.pipeline(terminal)?;
        let component = one(&pipeline, request.component.as_deref())?.clone();
        let workspace = Workspace::around(project, pipeline, request);
        Ok(Self::of(component, workspace))
    }

    /// Returns the pages of the repository that summaries link to.
    pub(crate) fn links(&self) -> Links {
        let environment = &self.environment;
        Links::new(&environment.server_url, environment.repository.as_deref())
    }

    /// Returns a run about a component of this workspace.
    pub(crate) fn of(component: Component, workspace: Workspace) -> Self {
        let scope = Scope::of(component.name());
        Self {
            component,
            workspace: Workspace { scope, ..workspace },
        }
    }

    /// Returns the same run in the repository with this name, if there is one.
    pub(crate) fn in_repository(mut self, name: Option<String>) -> Self {
        self.workspace.environment.repository = name.or(self.workspace.environment.repository);
        self
    }

    /// Returns the states of all components, if this one is linked with others.
    pub(crate) fn states(&self) -> Result<IndexMap<String, State>, Failure> {
        if self.component.train().is_none() {
            return Ok(IndexMap::new());
        }
        let whole = Workspace {
            scope: Scope::default(),
            ..self.workspace.clone()
        };
        Ok(whole.managed()?.state.components)
    }

    /// Returns the versions that override files force: files of their folder that are new since the
    /// last release.
    pub(crate) fn forced(&self, managed: &Managed, head: &str) -> Result<Vec<Forced>, Failure> {
        let Some(folder) = &self.component.release_build.version_overrides else {
            return Ok(Vec::new());
        };
        let released = base_release(&self.component, managed, &self.git)?;
        let since = released.as_ref().and_then(|release| release.sha.as_deref());
        let files = self.git.files_since(since, head, folder.as_str())?;
        let mut forced = Vec::new();
        for file in files.iter().filter(|file| forces(file)) {
            if let Some(bytes) = self.git.show(head, file)? {
                let text = String::from_utf8_lossy(&bytes);
                forced.push(self.forced_by(file, &text, released.as_ref())?);
            }
        }
        Ok(forced)
    }

    /// Returns the bump or version that a file forces: a bump, or a version above the last release.
    fn forced_by(
        &self,
        file: &str,
        text: &str,
        released: Option<&Released>,
    ) -> Result<Forced, Failure> {
        let refused = |why: String| {
            Failure::new(format!("`{file}`: {why}")).help("correct the file, or delete it")
        };
        let forced: Forced = text.parse().map_err(refused)?;
        let last = released.map(|released| released.version.as_str());
        let last = last.and_then(|last| Some((last, self.component.tag_grammar.parse(last)?)));
        match (forced, last) {
            (Forced::Version(core), Some((name, last))) if core <= last.core => Err(refused(
                format!("the version {core} is not above the last release, {name}"),
            )),
            _ => Ok(forced),
        }
    }
}

/// Returns true for a file that forces a version: not one that is hidden, or there for its readers.
fn forces(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.starts_with('.') && !name.to_uppercase().starts_with("README")
}

impl Deref for Session {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}
