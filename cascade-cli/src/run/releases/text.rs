//! Texts of releases that a callback writes.

use super::{Releases, Wanted};
use crate::cli::error::Failure;
use crate::github::GitHub;
use crate::run::changelog;
use serde_json::{Value, json};

impl Releases<'_> {
    /// The text of a release: that of the callback in this run, or cascade's own where none writes
    /// it. What the callback did not write in this run is left empty, not made up.
    pub(super) fn text(&self, wanted: Wanted<'_>) -> Result<String, Failure> {
        let callback = self.session.component.changelog.workflow.as_ref();
        if callback.is_none() || wanted.is_hotfix {
            return self.changelog(wanted.since, wanted.sha);
        }
        let written = changelog::written()?;
        let written = written.filter(|written| written.version == wanted.tag);
        Ok(written.map_or_else(String::new, |written| limited(written.text)))
    }

    /// Gives a release without a text the one that a callback wrote since.
    pub(super) fn complete(
        &self,
        github: &GitHub,
        release: &Value,
        wanted: Wanted<'_>,
    ) -> Result<(), Failure> {
        let text = match self.session.component.changelog.workflow {
            Some(_) => self.text(wanted)?,
            None => String::new(),
        };
        let blank = release["body"]
            .as_str()
            .is_none_or(|body| body.trim().is_empty());
        match blank && !text.is_empty() {
            true => self.update(github, release, &json!({ "body": text })),
            false => Ok(()),
        }
    }

    /// Writes the text of a release that is not published yet; returns false if there is none.
    pub(crate) fn describe(&self, tag: &str, text: &str) -> Result<bool, Failure> {
        let Some(github) = &self.github else {
            return Ok(false);
        };
        let release = self.find(tag)?;
        let open = |each: &Value| each["draft"] == true || each["prerelease"] == true;
        match release.filter(open) {
            Some(release) => {
                let body = json!({ "body": limited(text.to_owned()) });
                self.update(github, &release, &body).map(|()| true)
            }
            None => Ok(false),
        }
    }
}

/// GitHub takes bodies of at most 125,000 characters.
pub(super) fn limited(text: String) -> String {
    const LIMIT: usize = 120_000;
    if text.len() <= LIMIT {
        return text;
    }
    let mut short: String = text.chars().take(LIMIT / 4).collect();
    short.push_str("\n\nThe list is too long to show all of it.\n");
    short
}

#[cfg(test)]
mod tests {
    use super::limited;

    #[test]
    fn a_text_that_github_would_refuse_is_cut_and_says_so() {
        let short = "x".repeat(120_000);
        assert_eq!(limited(short.clone()), short);
        let long = limited("\u{1f980}".repeat(40_000));
        assert!(long.len() < 125_000, "{}", long.len());
        assert!(long.ends_with("too long to show all of it.\n"));
    }
}
