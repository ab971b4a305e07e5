//! The tags of a clone.

use super::Git;
use crate::cli::error::Failure;
use cascade_core::lifecycle::history::Tag;

const FAILURE: &str = "the tags cannot be listed";

/// The tags of a clone, by what they stand for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Tags {
    /// Those of commits.
    pub(crate) commits: Vec<Tag>,
    /// The names of those of trees and files.
    pub(crate) others: Vec<String>,
}

impl Git {
    /// Returns every tag. One that stands for another tag stands for what that one stands for.
    pub(crate) fn tagged(&self) -> Result<Tags, Failure> {
        self.require_history()?;
        let listed = self.demand(
            &["for-each-ref", "--format=%(refname:strip=2)", "refs/tags"],
            FAILURE,
        )?;
        let names: Vec<&str> = listed.lines().collect();
        let asked: String = names
            .iter()
            .map(|name| format!("refs/tags/{name}^{{}}\n"))
            .collect();
        let arguments = ["cat-file", "--batch-check=%(objecttype) %(objectname)"];
        let objects = self.with_input(&arguments, asked.as_bytes(), FAILURE)?;
        Ok(sorted(names.into_iter().zip(objects.lines())))
    }
}

fn sorted<'a>(objects: impl Iterator<Item = (&'a str, &'a str)>) -> Tags {
    let mut tags = Tags::default();
    for (name, object) in objects {
        let name = name.to_owned();
        match object.strip_prefix("commit ") {
            Some(sha) => tags.commits.push(Tag {
                name,
                sha: sha.to_owned(),
            }),
            None => tags.others.push(name),
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_by_the_kind_of_its_object() {
        let objects = [
            ("v1", "commit 01"),
            ("v2", "tree 02"),
            ("v3", "blob 03"),
            ("v4", "refs/tags/v4^{} missing"),
        ];
        let tags = sorted(objects.into_iter());
        let names: Vec<_> = tags.commits.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!((names, tags.others.len()), (vec!["v1"], 3));
    }
}
