//! The ref of a run: state is read, and secrets are used, on the trunk only.
//!
//! Source: GitHub's reference of default environment variables. `GITHUB_REF` is the fully formed
//! ref of the branch or tag that started the run, and `GITHUB_WORKFLOW_REF` the path of the
//! workflow file with the ref that it was read at, like `octo/app/.github/workflows/x.yaml@REF`.
//! Schedules, `repository_dispatch` and `workflow_run` have the default branch in both.

use std::fmt;

/// The refs of a run, as the runner says them.
#[derive(Debug, Clone, Copy)]
pub struct RunRefs<'a> {
    /// `GITHUB_REF`.
    pub reference: Option<&'a str>,
    /// `GITHUB_WORKFLOW_REF`, which older servers do not set.
    pub workflow: Option<&'a str>,
}

/// A run that is not of the trunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffTrunk {
    what: &'static str,
    trunk: String,
    found: Option<String>,
}

/// Refuses a run of any ref but the trunk.
///
/// # Errors
/// [`OffTrunk`], if the run or its workflow file is of another ref, or the runner names none.
pub fn require_trunk(trunk: &str, refs: RunRefs<'_>) -> Result<(), OffTrunk> {
    let expected = format!("refs/heads/{trunk}");
    let off = |what, found: Option<&str>| OffTrunk {
        what,
        trunk: trunk.to_owned(),
        found: found.map(super::eligible::shown),
    };
    if refs.reference != Some(expected.as_str()) {
        return Err(off("this run", refs.reference));
    }
    match refs.workflow.map(read_at) {
        Some(found) if found != expected => Err(off("this run's workflow file", Some(found))),
        _ => Ok(()),
    }
}

/// The ref of a workflow file, after the `@` that follows its path: refs may have one, too.
fn read_at(workflow: &str) -> &str {
    let marks = [".yaml@", ".yml@"];
    let refs = marks.iter().filter_map(|mark| workflow.split_once(mark));
    let first = refs.min_by_key(|(path, _)| path.len());
    first.map_or(workflow, |(_, reference)| reference)
}

impl fmt::Display for OffTrunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not on `{}`", self.what, self.trunk)?;
        match &self.found {
            Some(found) => write!(f, ": it is of `{found}`"),
            None => f.write_str(": the variable GITHUB_REF is not set"),
        }
    }
}

impl std::error::Error for OffTrunk {}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(reference: Option<&str>, workflow: Option<&str>) -> Result<(), String> {
        let refs = RunRefs {
            reference,
            workflow,
        };
        require_trunk("main", refs).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn the_trunk_is_let_through() {
        let file = "octo/app/.github/workflows/promote.yaml@refs/heads/main";
        assert_eq!(judged(Some("refs/heads/main"), Some(file)), Ok(()));
        assert_eq!(judged(Some("refs/heads/main"), None), Ok(()));
    }

    #[test]
    fn other_refs_are_refused_by_name() {
        for reference in [
            "refs/heads/topic",
            "refs/heads/main/x",
            "refs/tags/main",
            "refs/pull/1/merge",
            "main",
        ] {
            let why = format!("this run is not on `main`: it is of `{reference}`");
            assert_eq!(judged(Some(reference), None), Err(why));
        }
        let unset = "this run is not on `main`: the variable GITHUB_REF is not set";
        assert_eq!(judged(None, None), Err(unset.to_owned()));
    }

    #[test]
    fn a_workflow_file_of_another_ref_is_refused() {
        let file = "octo/app/.github/workflows/a.yml@refs/heads/x.yaml@refs/heads/main";
        let why = "this run's workflow file is not on `main`: it is of `refs/heads/x.yaml@refs/heads/main`";
        assert_eq!(
            judged(Some("refs/heads/main"), Some(file)),
            Err(why.to_owned())
        );
    }
}
