//! Signatures of commits and tags.
//!
//! Sources: git's documentation, "git-config", `gpg.format` and `user.signingKey`; GnuPG's manual,
//! `--homedir` and `--with-colons`; OpenSSH's manual, "ssh-keygen", `-Y sign`.

use super::command::{finish, text};
use crate::cli::error::Failure;
use crate::cli::runner::Token;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

const FAILURE: &str = "commits cannot be signed";

/// The signer of commits and tags.
#[derive(Debug, Clone, Default)]
pub(crate) enum Signer {
    /// Nobody.
    #[default]
    Nobody,
    /// git, with the key that it is configured with.
    Configured,
    /// A key that this run was given.
    Key(Arc<SigningKey>),
}

/// A private key in a folder of its own, which is gone when the key is dropped.
#[derive(Debug)]
pub(crate) struct SigningKey {
    folder: TempDir,
    format: Format,
    /// The key as git names it: an id of GnuPG, or a file.
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    OpenPgp,
    Ssh,
}

impl Signer {
    /// Returns true if commits and tags are signed.
    pub(crate) const fn signs(&self) -> bool {
        !matches!(self, Self::Nobody)
    }

    /// Makes a command of git sign with this signer.
    pub(super) fn lend(&self, command: &mut Command) {
        if let Self::Key(key) = self {
            key.lend(command);
        }
    }
}

impl SigningKey {
    /// Takes a private key: of OpenPGP, of which `id` names one of several, or of OpenSSH.
    pub(crate) fn new(key: &Token, id: Option<&str>) -> Result<Self, Failure> {
        let format = Format::of(key.expose()).ok_or_else(|| {
            Failure::new(FAILURE)
                .cause("the secret of `git.gpg_key_secret` holds no private key")
                .help("store the text of `gpg --armor --export-secret-keys`, or of an SSH key")
        })?;
        let folder = tempfile::Builder::new().prefix("cascade-").tempdir();
        let folder = folder.map_err(|error| Failure::new(FAILURE).cause(error))?;
        let mut own = Self {
            folder,
            format,
            name: String::new(),
        };
        own.name = match format {
            Format::OpenPgp => own.import(key, id)?,
            Format::Ssh => own.write(key)?,
        };
        Ok(own)
    }

    fn import(&self, key: &Token, id: Option<&str>) -> Result<String, Failure> {
        close(self.folder.path()).map_err(|error| Failure::new(FAILURE).cause(error))?;
        let import = self.gpg(&["--import"]);
        finish(import, Some(key.expose().as_bytes()), FAILURE)?;
        let mut list = self.gpg(&["--with-colons", "--list-secret-keys"]);
        list.args(id);
        let listed = list.output().map_err(missing)?;
        let listed = text(&listed.stdout);
        let fingerprint = listed.lines().find_map(|line| line.strip_prefix("fpr:"));
        let fingerprint = fingerprint.and_then(|line| line.trim_matches(':').split(':').next());
        match (fingerprint, id) {
            (Some(_), Some(id)) => Ok(id.to_owned()),
            (Some(first), None) => Ok(first.to_owned()),
            (None, _) => Err(Failure::new(FAILURE)
                .cause(format!("the key has no secret part named `{}`", id.unwrap_or_default()))
                .help("`gpg --list-secret-keys --keyid-format long` shows the id for `git.gpg_key_id`")),
        }
    }

    /// Writes the key to a file, which nobody else reads: it is a temporary one.
    fn write(&self, key: &Token) -> Result<String, Failure> {
        let write = || -> io::Result<_> {
            let mut file = tempfile::NamedTempFile::new_in(self.folder.path())?;
            file.write_all(key.expose().trim().as_bytes())?;
            file.write_all(b"\n")?;
            let (_, path) = file.keep()?;
            Ok(path.display().to_string())
        };
        write().map_err(|error| Failure::new(FAILURE).cause(error))
    }

    fn gpg(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("gpg");
        command
            .args(["--batch", "--no-tty", "--quiet"])
            .args(arguments)
            .env("GNUPGHOME", self.folder.path())
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    /// Hands the key to a command of git, which then reaches no server: the settings take the place
    /// of those with its token.
    fn lend(&self, command: &mut Command) {
        let format = match self.format {
            Format::OpenPgp => "openpgp",
            Format::Ssh => "ssh",
        };
        let settings = [
            ("gpg.format", format),
            ("user.signingKey", &self.name),
            ("gpg.program", "gpg"),
            ("gpg.ssh.program", "ssh-keygen"),
        ];
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (place, (key, value)) in settings.into_iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{place}"), key);
            command.env(format!("GIT_CONFIG_VALUE_{place}"), value);
        }
        if self.format == Format::OpenPgp {
            command.env("GNUPGHOME", self.folder.path());
        }
    }
}

impl Drop for SigningKey {
    fn drop(&mut self) {
        if self.format == Format::OpenPgp {
            // GnuPG leaves an agent running, which would keep the key in memory.
            let mut stop = Command::new("gpgconf");
            stop.args(["--kill", "all"])
                .env("GNUPGHOME", self.folder.path());
            let _ = stop.stdout(Stdio::null()).stderr(Stdio::null()).status();
        }
    }
}

impl Format {
    fn of(key: &str) -> Option<Self> {
        let first = key.trim_start().lines().next()?.trim_end();
        match first {
            "-----BEGIN PGP PRIVATE KEY BLOCK-----" => Some(Self::OpenPgp),
            _ if first.starts_with("-----BEGIN ") && first.ends_with(" PRIVATE KEY-----") => {
                Some(Self::Ssh)
            }
            _ => None,
        }
    }
}

/// Lets nobody else into a folder, as GnuPG asks of its home.
#[cfg(unix)]
fn close(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// A temporary folder is the user's own.
#[cfg(not(unix))]
fn close(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn missing(error: io::Error) -> Failure {
    Failure::new(FAILURE)
        .cause(error)
        .help("install GnuPG, and put `gpg` on PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_its_format() {
        let pgp = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxxx";
        assert_eq!(Format::of(pgp), Some(Format::OpenPgp));
        for ssh in [
            "\n-----BEGIN OPENSSH PRIVATE KEY-----\r\nxxx",
            "-----BEGIN RSA PRIVATE KEY-----\nxxx",
        ] {
            assert_eq!(Format::of(ssh), Some(Format::Ssh));
        }
        for other in [
            "",
            "ssh-ed25519 AAAA",
            "-----BEGIN PGP PUBLIC KEY BLOCK-----",
        ] {
            assert_eq!(Format::of(other), None, "{other}");
        }
    }
}
