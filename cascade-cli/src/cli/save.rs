//! Writing a result to a file that somebody named.

use crate::cli::error::Failure;
use crate::cli::staged::whole;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file: readers see the old one or the new one, never a part.
///
/// Something else than a file, such as a pipe or `/dev/stdout`, is written to as it is.
pub(crate) fn save(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let special = fs::metadata(file).is_ok_and(|found| !found.is_file());
    let written = match special {
        true => open(file, bytes),
        false => folder_of(file).and_then(|()| whole(&followed(file), bytes)),
    };
    written.map_err(|error| unwritten(file, error))
}

/// Adds to a file.
pub(crate) fn append(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let opened = OpenOptions::new().create(true).append(true).open(file);
    let written = opened.and_then(|mut opened| opened.write_all(bytes));
    written.map_err(|error| unwritten(file, error))
}

fn open(file: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).open(file)?.write_all(bytes)
}

/// Returns the file that a link leads to, which stays a link.
fn followed(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| file.to_owned())
}

/// Fails if the folder of a file is not there: a misspelt one is not made.
fn folder_of(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    folder.map_or(Ok(()), |folder| fs::metadata(folder).map(drop))
}

fn unwritten(file: &Path, error: io::Error) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "name a file in a folder that exists",
        io::ErrorKind::PermissionDenied => "name a file that you may write",
        _ => "nothing was written; what stood there stands there still",
    };
    Failure::new(format!("cannot write {}", file.display()))
        .cause(error)
        .help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_or_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.html");
        save(&file, b"old").unwrap();
        save(&file, b"new").unwrap();
        append(&file, b"er").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"newer");
        let there: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(there.len(), 1);
        let failure = save(&folder.path().join("no/page"), b"x").unwrap_err();
        assert!(
            failure.to_string().contains("a folder that exists"),
            "{failure}"
        );
    }
}
