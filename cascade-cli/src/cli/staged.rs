//! Files that are complete beside their place before they move there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is complete but not in its place. Dropped, it goes away.
pub(crate) struct Staged {
    from: PathBuf,
    to: PathBuf,
    moved: bool,
}

/// Writes a file: readers see the old one or the new one, never a part.
pub(crate) fn whole(to: &Path, bytes: &[u8]) -> io::Result<()> {
    stage(to, bytes)?.settle()
}

/// Writes a file beside its place.
pub(crate) fn stage(to: &Path, bytes: &[u8]) -> io::Result<Staged> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder)?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let from = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    let mut file = create(&from)?;
    let staged = Staged {
        from,
        to: to.to_owned(),
        moved: false,
    };
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(to) {
        file.set_permissions(old.permissions())?;
    }
    Ok(staged)
}

/// Never through a link that somebody left at the name.
fn create(path: &Path) -> io::Result<File> {
    let open = || OpenOptions::new().write(true).create_new(true).open(path);
    match open() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            open()
        }
        outcome => outcome,
    }
}

impl Staged {
    /// Moves it there.
    pub(crate) fn settle(mut self) -> io::Result<()> {
        fs::rename(&self.from, &self.to)?;
        self.moved = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.moved {
            let _ = fs::remove_file(&self.from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/folder/a.yaml");
        whole(&file, b"first, and longer").unwrap();
        whole(&file, b"second").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"second");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("run.sh");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o750)).unwrap();
        whole(&file, b"new").unwrap();
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o750
        );
    }
}
