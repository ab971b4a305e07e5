//! Issues; a pull request is one, too.

use super::repository::Repository;
use super::site::Site;

/// An issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its number in the API.
    pub id: u64,
    /// Its number in the repository.
    pub number: u64,
    /// The title.
    pub title: String,
    /// The text.
    pub body: Option<String>,
    /// Not closed.
    pub open: bool,
    /// `completed`, `not_planned`, `reopened`.
    pub state_reason: Option<String>,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// Who opened it.
    pub author: String,
    /// When.
    pub created_at: String,
    /// When it changed last.
    pub updated_at: String,
    /// When it was closed.
    pub closed_at: Option<String>,
    /// Its comments.
    pub comments: Vec<Comment>,
    /// What happened to it besides.
    pub events: Vec<IssueEvent>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its number in the API.
    pub id: u64,
    /// Who wrote it.
    pub author: String,
    /// What.
    pub body: String,
    /// When.
    pub created_at: String,
}

/// Something that happened to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueEvent {
    /// Its number in the API.
    pub id: u64,
    /// `labeled`, `unlabeled`, `closed`, `reopened`.
    pub event: String,
    /// The label.
    pub label: Option<String>,
    /// Whose doing it was.
    pub actor: String,
    /// When.
    pub created_at: String,
}

/// An issue to be.
#[derive(Debug, Clone, Default)]
pub struct NewIssue {
    /// The title.
    pub title: String,
    /// The text.
    pub body: Option<String>,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// Who opens it.
    pub author: String,
}

/// Opens an issue.
pub(super) fn open<'a>(site: &Site, repository: &'a mut Repository, new: NewIssue) -> &'a Issue {
    let now = site.now();
    let at = repository.issues.len();
    let mut issue = Issue {
        id: site.id(),
        number: at as u64 + 1,
        title: new.title,
        body: new.body,
        open: true,
        state_reason: None,
        labels: Vec::new(),
        author: new.author,
        created_at: now.clone(),
        updated_at: now,
        closed_at: None,
        comments: Vec::new(),
        events: Vec::new(),
    };
    issue.labels = new.labels;
    repository.issues.push(issue);
    &repository.issues[at]
}
