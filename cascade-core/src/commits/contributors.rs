//! The people who contributed to a version.

use super::{Commit, Person};
use crate::markdown::plain;
use std::fmt::Write;

/// Somebody who wrote a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributor {
    /// The name and address.
    pub person: Person,
    /// The login on GitHub, as far as it is known.
    pub login: Option<String>,
    /// A commit by this author, which a host can be asked about; `None` of somebody who is named as a
    /// further author only.
    pub commit: Option<String>,
}

impl Contributor {
    fn is(&self, person: &Person) -> bool {
        self.person.name == person.name
            || self.person.email.eq_ignore_ascii_case(&person.email)
            || self.login.is_some() && self.login.as_deref() == person.login()
    }

    /// Returns true if it is an App.
    #[must_use]
    pub fn is_bot(&self) -> bool {
        let login = self.login.as_deref().unwrap_or_default();
        self.person.is_bot() || login.ends_with("[bot]")
    }

    fn markdown(&self) -> String {
        let name = plain(&self.person.name);
        match self.login.as_deref() {
            Some(login) if login != self.person.name => format!("{name} ({})", plain(login)),
            _ => name,
        }
    }
}

/// Adds the authors of a commit to those of commits before, each of them once.
pub(super) fn add(contributors: &mut Vec<Contributor>, commit: &Commit) {
    let author = (&commit.author, Some(&commit.sha));
    let others = commit.co_authors.iter().map(|person| (person, None));
    for (person, sha) in std::iter::once(author).chain(others) {
        match contributors.iter_mut().find(|known| known.is(person)) {
            Some(known) => known.commit = known.commit.take().or_else(|| sha.cloned()),
            None => contributors.push(Contributor {
                person: person.clone(),
                login: person.login().map(str::to_owned),
                commit: sha.cloned(),
            }),
        }
    }
}

/// Returns the contributors as Markdown; people and Apps on lines of their own.
pub(super) fn markdown(contributors: &[Contributor]) -> String {
    let mut text = String::new();
    let mut shown: Vec<&Contributor> = Vec::new();
    for contributor in contributors {
        let login = contributor.login.as_ref();
        if login.is_none() || !shown.iter().any(|other| other.login.as_ref() == login) {
            shown.push(contributor);
        }
    }
    let (bots, people): (Vec<&Contributor>, Vec<&Contributor>) =
        shown.into_iter().partition(|each| each.is_bot());
    for (label, group) in [("", people), ("Bots: ", bots)] {
        if group.is_empty() {
            continue;
        }
        let names: Vec<String> = group.into_iter().map(Contributor::markdown).collect();
        let _ = write!(text, "\n{label}{}\n", names.join(", "));
    }
    text
}
