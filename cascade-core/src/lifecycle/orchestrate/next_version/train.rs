//! The tags of a train: its members always have the same version, under prefixes of their
//! own.

use super::{Released, highest_release};
use crate::lifecycle::history::Tag;
use crate::pipeline::{TagGrammar, Train};
use crate::version::Version;

/// The tags of a train.
pub(super) struct Tagged<'a> {
    train: &'a Train,
    /// Each version with its commit.
    versions: Vec<(Version, &'a str)>,
    released: Option<Released>,
}

impl<'a> Tagged<'a> {
    pub(super) fn of(train: &'a Train, tags: &'a [Tag]) -> Self {
        let grammars = train.members.iter().map(|member| &member.tag_grammar);
        let version = |grammar: &TagGrammar, tag: &'a Tag| {
            let version = grammar.tagged(&tag.name)?.version()?;
            Some((version, tag.sha.as_str()))
        };
        let versions = grammars
            .clone()
            .flat_map(|grammar| tags.iter().filter_map(move |tag| version(grammar, tag)));
        let mut tagged = Self {
            train,
            versions: versions.collect(),
            released: None,
        };
        let released = grammars.filter_map(|grammar| highest_release(grammar, tags));
        tagged.released = released.max_by_key(|released| tagged.version(&released.version));
        tagged
    }

    /// Returns the highest release of any member; the component's own one before others that are
    /// no higher.
    pub(super) fn released(&self, grammar: &TagGrammar, own: Option<Released>) -> Option<Released> {
        let held = own.as_ref().and_then(|own| grammar.parse(&own.version));
        let highest = self.released.clone();
        let version = highest
            .as_ref()
            .and_then(|each| self.version(&each.version));
        if version > held { highest } else { own }
    }

    /// Returns the version that a tag of any member stands for.
    pub(super) fn version(&self, tag: &str) -> Option<Version> {
        let mut members = self.train.members.iter();
        members.find_map(|member| member.tag_grammar.tagged(tag)?.version())
    }

    /// Returns the highest version that any member has.
    pub(super) fn highest(&self) -> Option<Version> {
        self.versions.iter().map(|(version, _)| *version).max()
    }

    /// Returns the version of the candidate that another member has at this commit already.
    pub(super) fn at(&self, sha: &str) -> Option<Version> {
        let here = self.versions.iter().filter(|(_, commit)| *commit == sha);
        let here = here.map(|(version, _)| *version);
        here.filter(|version| !version.is_release()).max()
    }
}
