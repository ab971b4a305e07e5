//! The manifest of a pipeline that was declared in code.

use super::{Disk, Entry, State, VERSION, plain};
use crate::cli::error::Failure;
use crate::project::Project;
use crate::project::code::{Code, generated_manifest};
use cascade_core::manifest::yaml::Manifest;
use cascade_core::manifest::yaml::splice::{Edit, Edits, splice};
use cascade_core::state::Managed;

/// The manifest beside what is on disk; recorded state is kept and never counts as a difference.
pub(super) fn entry(project: &Project, code: &Code, disk: &Disk) -> Result<Entry, Failure> {
    let location = &project.location;
    let shown = location.shown();
    if !location.manifest.starts_with(&location.root) {
        let message = format!("the manifest {shown} is outside of its repository");
        return Err(Failure::new(message).help("name one inside with `--config`"));
    }
    let text = generated_manifest(code.draft(), &project.key, VERSION);
    let Some(old) = disk.read(&shown)? else {
        return Ok(Entry::new(shown, None, text));
    };
    if old == text {
        return Ok(Entry::new(shown, Some(old), text));
    }
    let same = keeps(&plain(&old), &text, project, code, &shown)?;
    let new = match same {
        true => plain(&old),
        false => with_state(&plain(&old), &text, &project.key, &shown)?,
    };
    let state = State::of(&old, &new);
    Ok(Entry {
        path: shown,
        old: Some(old),
        new,
        state,
    })
}

/// Returns true if a manifest holds the configuration already.
fn keeps(
    old: &str,
    text: &str,
    project: &Project,
    code: &Code,
    shown: &str,
) -> Result<bool, Failure> {
    let manifest = read(old, &project.key, shown)?;
    let remove = Edits {
        state: Edit::Remove,
        latest_release: Edit::Remove,
    };
    let is_text = splice(old, &project.key, remove).is_ok_and(|authored| authored == text);
    // Where it came from YAML, its keys may stand in another order.
    let header = old.lines().take(2).eq(text.lines().take(2));
    Ok(is_text || (header && manifest.config() == code.draft()))
}

/// Returns `text` with the state that `old` holds.
pub(crate) fn with_state(old: &str, text: &str, key: &str, shown: &str) -> Result<String, Failure> {
    let manifest = read(old, key, shown)?;
    Managed::read(&manifest)
        .and_then(|managed| managed.write(text, key))
        .map_err(|error| cannot_keep(shown, &error))
}

fn read(old: &str, key: &str, shown: &str) -> Result<Manifest, Failure> {
    Manifest::read(old.as_bytes(), key).map_err(|errors| match errors.first() {
        Some(error) => cannot_keep(shown, error),
        None => cannot_keep(shown, &"the file cannot be read"),
    })
}

fn cannot_keep(shown: &str, cause: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("the state in `{shown}` cannot be kept"))
        .cause(cause)
        .help("repair the file, or restore it from its history; `cascade lint --config` shows what is wrong")
}
