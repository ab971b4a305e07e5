//! Folders that are gone when they are dropped.
//!
//! A scenario makes and deletes tens of thousands of small files. Where the machine has a file
//! system in memory that programs may be started from, they never reach a disk.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, io};
use tempfile::{Builder, TempDir};

/// The place where Linux keeps files in memory (shm_overview(7)).
const IN_MEMORY: &str = "/dev/shm";
/// The free bytes that a place in memory needs: containers often give it no more than 64 MB.
const ENOUGH: u64 = 4 << 30;

/// The place where folders are made: in memory, or where the variable `TMPDIR` says.
static PLACE: LazyLock<PathBuf> = LazyLock::new(|| {
    let asked = env::var_os("TMPDIR").is_some();
    match !asked && is_usable(Path::new(IN_MEMORY)) {
        true => PathBuf::from(IN_MEMORY),
        false => env::temp_dir(),
    }
});

/// Makes an empty folder.
///
/// # Errors
/// If it cannot be made.
pub fn folder() -> io::Result<TempDir> {
    named("e2e-")
}

/// Makes an empty folder whose name begins so.
///
/// # Errors
/// If it cannot be made.
pub fn named(prefix: &str) -> io::Result<TempDir> {
    Builder::new().prefix(prefix).tempdir_in(&*PLACE)
}

/// Returns true if a place has enough space, and programs may be started from it: Docker mounts
/// `/dev/shm` with `noexec`.
fn is_usable(place: &Path) -> bool {
    let space = fs4::available_space(place).unwrap_or(0);
    space >= ENOUGH && runs_programs(place).unwrap_or(false)
}

fn runs_programs(place: &Path) -> io::Result<bool> {
    let folder = tempfile::tempdir_in(place)?;
    let program = folder.path().join("program");
    fs::write(&program, "#!/bin/sh\n")?;
    fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    Ok(Command::new(&program).status()?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_can_hold_programs_and_goes_with_its_handle() {
        let folder = named("kept-").unwrap();
        let place = folder.path().to_owned();
        assert!(runs_programs(&place).unwrap());
        drop(folder);
        assert!(!place.exists());
    }

    #[test]
    fn a_place_that_is_not_there_is_not_usable() {
        assert!(!is_usable(Path::new("/not/there")));
    }
}
