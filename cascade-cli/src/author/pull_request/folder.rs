//! The folder that a check leaves its report in, and a companion finds it in.

use crate::cli::error::Failure;
use cascade_core::pull_request::Report;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The most bytes that are read of a report: one more than any has.
const MOST: u64 = 1024 * 1024 + 1;

/// Writes the report of a check.
pub(crate) fn write<R: Report>(folder: &Path, report: &R) -> Result<(), Failure> {
    let file = folder.join(R::KIND.file());
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, report.written()));
    written.map_err(|error| {
        Failure::new(format!("cannot write {}", file.display()))
            .cause(error)
            .help("check the permissions of its folder")
    })
}

/// Reads the report of a check, which anybody may have written; `None` if there is no file.
///
/// No link is followed, and no more is read than a report can have.
pub(crate) fn read<R: Report>(folder: &Path) -> Result<Option<R>, Failure> {
    let file = folder.join(R::KIND.file());
    let refused = |why: String| {
        Failure::new("the report is not one of cascade's")
            .cause(why)
            .help("the run that left it may have been changed by its pull request: look at its log")
    };
    match fs::symlink_metadata(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refused(error.to_string())),
        Ok(data) if !data.is_file() => return Err(refused("it is not a file".to_owned())),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let opened = File::open(&file).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    opened.map_err(|error| refused(error.to_string()))?;
    R::read(&bytes)
        .map(Some)
        .map_err(|rejected| refused(rejected.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cascade_core::pull_request::{Drift, Kind};

    #[test]
    fn a_report_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        assert_eq!(read::<Drift>(&folder).unwrap(), None);
        write(&folder, &Drift::default()).unwrap();
        assert_eq!(read(&folder).unwrap(), Some(Drift::default()));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_report_is_refused_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(Kind::Drift.file());
        let refusal = || read::<Drift>(folder.path()).unwrap_err().to_string();
        std::os::unix::fs::symlink("/etc/passwd", &file).unwrap();
        assert!(refusal().contains("it is not a file"));
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        assert!(refusal().contains("it is not a file"));
        fs::remove_dir(&file).unwrap();
        fs::write(&file, "{\"\\n::error::secret\": 1}").unwrap();
        let text = refusal();
        assert!(
            text.contains("line 1") && !text.contains("secret"),
            "{text}"
        );
        fs::write(&file, vec![b' '; 3 * 1024 * 1024]).unwrap();
        assert!(refusal().contains("more than"));
    }
}
