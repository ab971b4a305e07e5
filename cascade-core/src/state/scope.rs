//! The part of the managed sections that a command works on.

use super::{Environment, Managed, State};

/// The part of the managed sections that a command works on: everything, or what is recorded of one
/// component.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope(Option<String>);

impl Scope {
    /// Returns the scope of a component; without a name, that of the whole repository.
    #[must_use]
    pub fn of(component: Option<&str>) -> Self {
        Self(component.map(str::to_owned))
    }

    /// Returns the name of the component, if it is one's scope.
    #[must_use]
    pub fn component(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Returns the part of the sections that is in scope.
    #[must_use]
    pub fn part(&self, whole: &Managed) -> Managed {
        let Some(name) = self.component() else {
            return whole.clone();
        };
        let state = whole.state.components.get(name);
        let latest_release = whole.latest_release.components.get(name);
        Managed {
            state: state.cloned().unwrap_or_default(),
            latest_release: latest_release.cloned().unwrap_or_default(),
        }
    }

    /// Puts a part into the sections; what is out of scope stays as it is.
    pub fn put(&self, whole: &mut Managed, part: Managed) {
        let Some(name) = self.component() else {
            *whole = part;
            return;
        };
        let states = &mut whole.state.components;
        match part.state.is_empty() {
            true => drop(states.shift_remove(name)),
            false => drop(states.insert(name.to_owned(), part.state)),
        }
        let releases = &mut whole.latest_release.components;
        match part.latest_release.is_empty() {
            true => drop(releases.shift_remove(name)),
            false => drop(releases.insert(name.to_owned(), part.latest_release)),
        }
    }
}

impl State {
    /// Returns every environment by its path: its name, behind `component/` where it is one's.
    pub fn by_path(&self) -> impl Iterator<Item = (String, &Environment)> {
        let own = self.environments.iter();
        let own = own.map(|(name, environment)| (name.clone(), environment));
        let of_components = self.components.iter().flat_map(|(component, state)| {
            let environments = state.environments.iter();
            environments
                .map(move |(name, environment)| (format!("{component}/{name}"), environment))
        });
        own.chain(of_components)
    }

    /// Returns the environment at a path, which is empty if nothing was recorded there.
    pub fn at_path(&mut self, path: &str) -> &mut Environment {
        match path.split_once('/') {
            None => self.environments.entry(path.to_owned()).or_default(),
            Some((component, name)) => {
                let component = self.components.entry(component.to_owned());
                let environments = &mut component.or_default().environments;
                environments.entry(name.to_owned()).or_default()
            }
        }
    }

    /// Forgets the deployments that began: no manifest has them.
    pub(super) fn forget_begun(&mut self) {
        self.environments.retain(|_, each| !each.is_only_begun());
        self.environments
            .values_mut()
            .for_each(|each| each.begun = None);
        self.components.values_mut().for_each(Self::forget_begun);
        self.components.retain(|_, each| !each.is_empty());
    }

    /// Returns true if nothing of it is written: it has nothing but deployments that began.
    pub(super) fn is_only_begun(&self) -> bool {
        let mut written = self.clone();
        written.forget_begun();
        written.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Begun, LatestRelease};

    fn environment(sha: &str) -> Environment {
        let mut environment = Environment::default();
        environment.held.sha = Some(sha.to_owned());
        environment
    }

    fn whole() -> Managed {
        let mut whole = Managed::default();
        *whole.state.at_path("api/dev") = environment("1");
        *whole.state.at_path("web/dev") = environment("2");
        let released = LatestRelease {
            version: Some("web/v1.0.0".to_owned()),
            ..LatestRelease::default()
        };
        let releases = &mut whole.latest_release.components;
        releases.insert("web".to_owned(), released);
        whole
    }

    #[test]
    fn a_component_sees_its_own_part() {
        let part = Scope::of(Some("web")).part(&whole());
        assert_eq!(part.state.environments["dev"], environment("2"));
        assert_eq!(part.latest_release.version.as_deref(), Some("web/v1.0.0"));
        assert!(part.state.components.is_empty());
        assert!(Scope::of(Some("new")).part(&whole()).is_empty());
        assert_eq!(Scope::of(None).part(&whole()), whole());
    }

    #[test]
    fn what_is_out_of_scope_stays() {
        let scope = Scope::of(Some("api"));
        let mut changed = whole();
        let mut part = scope.part(&changed);
        *part.state.at_path("dev") = environment("3");
        part.latest_release.version = Some("api/v1.0.0".to_owned());
        scope.put(&mut changed, part);
        assert_eq!(*changed.state.at_path("api/dev"), environment("3"));
        let web = Scope::of(Some("web"));
        assert_eq!(web.part(&changed), web.part(&whole()));
        scope.put(&mut changed, Managed::default());
        assert!(!changed.state.components.contains_key("api"));
        assert!(!changed.latest_release.components.contains_key("api"));
    }

    #[test]
    fn environments_have_paths() {
        let mut whole = whole();
        *whole.state.at_path("dev") = environment("4");
        let paths: Vec<String> = whole.state.by_path().map(|(path, _)| path).collect();
        assert_eq!(paths, ["dev", "api/dev", "web/dev"]);
    }

    #[test]
    fn a_component_that_only_began_is_not_written() {
        let mut begun = whole();
        begun.state.at_path("new/dev").begun = Some(Begun::default());
        assert!(begun.is_written_like(&whole()));
        let written = serde_json::to_value(&begun.state).unwrap();
        assert_eq!(written, serde_json::to_value(&whole().state).unwrap());
    }
}
