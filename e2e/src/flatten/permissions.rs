//! The permissions of each job's token.
//!
//! Facts: GitHub's "Workflow syntax", `permissions` (what is not named is `none`, a job's own go
//! before the workflow's); "Reusing workflows" (a called workflow keeps its caller's permissions or
//! lowers them, and is refused if it asks for more); "`GITHUB_TOKEN` reference" (the restricted
//! default reads contents and packages).

use anyhow::{Context, bail};
use cascade_core::actions::{Level, Permissions, Scope};
use serde_yaml::{Mapping, Value};

/// Returns the permissions of a job. The caller of a called workflow has `granted`.
pub(super) fn of_job(
    job: &Value,
    workflow: &Mapping,
    granted: Option<&Permissions>,
) -> anyhow::Result<Permissions> {
    let said = job
        .get("permissions")
        .or_else(|| workflow.get("permissions"));
    let asked = match (said, granted) {
        (Some(said), _) => read(said)?,
        (None, Some(granted)) => granted.clone(),
        (None, None) => Permissions::none()
            .read(Scope::Contents)
            .read(Scope::Packages),
    };
    let beyond = granted.and_then(|granted| Some((granted, granted.missing(&asked).next()?)));
    if let Some((granted, (scope, level))) = beyond {
        bail!(
            "the workflow requests `{}: {}`, but is only allowed `{}: {}`",
            scope.name(),
            level.name(),
            scope.name(),
            granted.level(scope).name()
        );
    }
    Ok(asked)
}

/// The permissions that the file gives.
pub(super) fn read(value: &Value) -> anyhow::Result<Permissions> {
    let all = |level| {
        let scopes = Scope::ALL.into_iter();
        scopes.fold(Permissions::none(), |all, scope| all.grant(scope, level))
    };
    match value {
        Value::String(word) if word == "read-all" => Ok(all(Level::Read)),
        Value::String(word) if word == "write-all" => Ok(all(Level::Write)),
        Value::Mapping(given) => given.iter().try_fold(Permissions::none(), one),
        _ => bail!("`permissions` is {value:?}"),
    }
}

fn one(permissions: Permissions, (scope, level): (&Value, &Value)) -> anyhow::Result<Permissions> {
    let scope = scope.as_str().and_then(Scope::from_name);
    let level = level.as_str().and_then(Level::from_name);
    let (scope, level) = scope.zip(level).context("an unknown permission")?;
    Ok(permissions.grant(scope, level))
}

/// The permissions as they stand in a file.
pub(super) fn written(permissions: &Permissions) -> Value {
    let granted = permissions.iter();
    let granted = granted.map(|(scope, level, _)| (scope.name().into(), level.name().into()));
    Value::Mapping(granted.collect())
}
