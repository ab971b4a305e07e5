//! The keys that attributes take: the blocks of the manifest, and what only Rust has.

use cascade_core::finding::suggest;
use cascade_core::manifest::draft::{Block, BlockSpec};
use cascade_core::manifest::{
    BuildBlock, ComponentKeys, DeployBlock, ExternalBlock, PublishBlock, ValidateBlock,
};

/// The kind of part that a field of a pipeline declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Validate,
    Build,
    Deploy,
    Publish,
    External,
    Component,
}

impl Kind {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Validate,
        Self::Build,
        Self::Deploy,
        Self::Publish,
        Self::External,
        Self::Component,
    ];

    /// The attribute.
    pub(crate) const fn attribute(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Build => "build",
            Self::Deploy => "deploy",
            Self::Publish => "publish",
            Self::External => "external",
            Self::Component => "component",
        }
    }

    /// The type of the field; a component's is its own.
    pub(crate) const fn type_name(self) -> Option<&'static str> {
        match self {
            Self::Validate => Some("Validate"),
            Self::Build => Some("Build"),
            Self::Deploy => Some("Deploy"),
            Self::Publish => Some("Publish"),
            Self::External => Some("External"),
            Self::Component => None,
        }
    }

    /// The key of the configuration that it stands under.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Validate => "validate",
            Self::Build => "builds",
            Self::Deploy => "deploys",
            Self::Publish => "publish",
            Self::External => "external",
            Self::Component => "components",
        }
    }

    /// Returns true if a pipeline has one of them at most.
    pub(crate) const fn is_single(self) -> bool {
        matches!(self, Self::Validate | Self::Publish)
    }

    /// The keys that the attribute takes.
    pub(crate) const fn spec(self) -> &'static BlockSpec {
        match self {
            Self::Validate => ValidateBlock::SPEC,
            Self::Build => BuildBlock::SPEC,
            Self::Deploy => DeployBlock::SPEC,
            Self::Publish => PublishBlock::SPEC,
            Self::External => ExternalBlock::SPEC,
            Self::Component => ComponentKeys::SPEC,
        }
    }

    pub(crate) fn of_attribute(name: &str) -> Option<Self> {
        let fits = |kind: &&Self| kind.attribute() == name;
        Self::ALL.iter().find(fits).copied()
    }

    /// The kind of the fields that have a type.
    pub(crate) fn of_type(name: &str) -> Option<Self> {
        let fits = |kind: &&Self| kind.type_name() == Some(name);
        Self::ALL.iter().find(fits).copied()
    }

    /// The kind that a misspelled attribute was meant to be.
    pub(crate) fn nearest(name: &str) -> Option<Self> {
        /// The other attributes that may stand on a field.
        const FOREIGN: &[&str] = &["allow", "deny", "deprecated", "doc", "expect", "warn"];
        let names = Self::ALL.iter().map(|kind| kind.attribute());
        let near = suggest::nearest(name, names).filter(|_| !FOREIGN.contains(&name))?;
        Self::of_attribute(near)
    }

    pub(crate) fn of_key(key: &str) -> Option<Self> {
        Self::ALL.iter().find(|kind| kind.key() == key).copied()
    }
}
