//! Repositories that come from other tools, and what `migrate` makes of them.

pub(crate) mod go_tool;
pub(crate) mod please;
pub(crate) mod refused;
pub(crate) mod semantic;
pub(crate) mod workflows;

pub(crate) use go_tool::{GO_NEW, MARKED};

/// A repository that comes from another tool.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) files: &'static [(&'static str, &'static str)],
    pub(crate) tags: &'static [&'static str],
    pub(crate) args: &'static [&'static str],
    pub(crate) code: i32,
    /// Texts of the report.
    pub(crate) says: &'static [&'static str],
    /// Texts of the manifest.
    pub(crate) manifest: &'static [&'static str],
    /// Files that are removed.
    pub(crate) removes: &'static [&'static str],
    /// True if the manifest breaks no rule.
    pub(crate) lints: bool,
}

impl Case {
    /// A repository about which nothing is expected yet.
    pub(crate) const NEW: Self = Self {
        name: "",
        files: &[],
        tags: &[],
        args: &[],
        code: 0,
        says: &[],
        manifest: &[],
        removes: &[],
        lints: true,
    };
}

/// Every repository.
pub(crate) static CASES: &[&Case] = &[
    &go_tool::OLD,
    &go_tool::MIDDLE,
    &go_tool::NEW,
    &go_tool::REMOVED,
    &go_tool::DONE,
    &please::SINGLE,
    &please::WITHOUT_V,
    &please::WITH_COMPONENT,
    &please::MONOREPO,
    &please::ONE_PART,
    &please::SAME_TAGS,
    &please::ODD,
    &please::IN_THE_WORKFLOW,
    &semantic::JSON,
    &semantic::YAML,
    &semantic::RELEASERC,
    &semantic::PACKAGE,
    &semantic::PROGRAM,
    &semantic::MONOREPO,
    &workflows::ONE_FILE,
    &workflows::CALLABLE,
    &workflows::ONE_ROLE,
    &workflows::ON_TAGS,
    &workflows::MIXED,
    &workflows::GO_AND_PLEASE,
    &workflows::BROKEN,
];
