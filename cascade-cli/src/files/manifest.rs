//! The manifest of a pipeline that was declared in code.

use super::{Disk, Entry, State, VERSION};
use crate::error::Failure;
use crate::project::Project;
use crate::project::code::{Code, generated_manifest};
use cascade_core::generate::MARKER;
use cascade_core::state::Managed;
use cascade_core::yaml::Manifest;
use cascade_core::yaml::splice::{Edit, Edits, splice};

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
    let kept = |cause: &dyn std::fmt::Display| {
        Failure::new(format!("the state in `{shown}` cannot be kept"))
            .cause(cause)
            .help("repair the file, or restore it from its history; `cascade lint --config` shows what is wrong")
    };
    let manifest =
        Manifest::read(old.as_bytes(), &project.key).map_err(|errors| match errors.first() {
            Some(error) => kept(error),
            None => kept(&"the file cannot be read"),
        })?;
    let remove = Edits {
        state: Edit::Remove,
        latest_release: Edit::Remove,
    };
    let same = splice(&old, &project.key, remove).is_ok_and(|authored| authored == text);
    let new = if same {
        old.clone()
    } else {
        Managed::read(&manifest)
            .and_then(|managed| managed.write(&text, &project.key))
            .map_err(|error| kept(&error))?
    };
    let state = match (same, old.starts_with(MARKER)) {
        (true, _) => State::Same,
        (false, true) => State::Differs,
        (false, false) => State::Foreign,
    };
    Ok(Entry {
        path: shown,
        old: Some(old),
        new,
        state,
    })
}
