//! The archives of a release of cascade.

use super::choice::choice;

choice! {
    /// A platform that releases of cascade have an archive for, by its Rust target.
    pub enum ArchiveTarget {
        /// Linux on x86-64, linked statically.
        LinuxX64 = "x86_64-unknown-linux-musl",
        /// Linux on 64-bit ARM, linked statically.
        LinuxArm64 = "aarch64-unknown-linux-musl",
        /// macOS on Intel.
        MacX64 = "x86_64-apple-darwin",
        /// macOS on Apple silicon.
        MacArm64 = "aarch64-apple-darwin",
        /// Windows on x86-64.
        WindowsX64 = "x86_64-pc-windows-msvc",
    }
}

/// The file of a release that names the SHA-256 of each archive.
pub const CHECKSUMS: &str = "SHA256SUMS";

impl ArchiveTarget {
    /// Every platform.
    pub const ALL: [Self; 5] = [
        Self::LinuxX64,
        Self::LinuxArm64,
        Self::MacX64,
        Self::MacArm64,
        Self::WindowsX64,
    ];

    /// Returns the name of the archive: `cascade-x86_64-apple-darwin.tar.gz`.
    #[must_use]
    pub fn archive(self) -> String {
        format!("cascade-{self}.tar.gz")
    }

    /// Returns the variables `RUNNER_OS` and `RUNNER_ARCH` of runners of this platform.
    ///
    /// Source: GitHub, "Variables reference", default environment variables.
    #[must_use]
    pub const fn runner(self) -> (&'static str, &'static str) {
        match self {
            Self::LinuxX64 => ("Linux", "X64"),
            Self::LinuxArm64 => ("Linux", "ARM64"),
            Self::MacX64 => ("macOS", "X64"),
            Self::MacArm64 => ("macOS", "ARM64"),
            Self::WindowsX64 => ("Windows", "X64"),
        }
    }

    /// Returns the platform of GitHub's own runners with a label such as `ubuntu-24.04-arm`; `None`
    /// if there is no archive for it, or the label alone does not say.
    ///
    /// Source: GitHub, "GitHub-hosted runners reference".
    #[must_use]
    pub fn of_hosted(label: &str) -> Option<Self> {
        let arm = label.ends_with("-arm");
        match label.split('-').next()? {
            "ubuntu" if arm => Some(Self::LinuxArm64),
            "ubuntu" => Some(Self::LinuxX64),
            "windows" if !arm => Some(Self::WindowsX64),
            _ => None,
        }
    }

    /// Reads `SHA256SUMS`: lines of a checksum, two characters, and a file's name, as `sha256sum`
    /// writes them. Lines about other files are left out.
    #[must_use]
    pub fn checksums(text: &str) -> Vec<(Self, String)> {
        let named = |name: &str| {
            Self::ALL
                .into_iter()
                .find(|target| target.archive() == name)
        };
        text.lines()
            .filter_map(|line| {
                let (sum, name) = line.split_once(' ')?;
                let name = name.strip_prefix([' ', '*'])?.trim_end();
                let is_sum = sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
                Some((named(name)?, sum.to_ascii_lowercase())).filter(|_| is_sum)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_hosted_runners_name_platforms() {
        for (label, platform) in [
            ("ubuntu-latest", Some(ArchiveTarget::LinuxX64)),
            ("ubuntu-24.04-arm", Some(ArchiveTarget::LinuxArm64)),
            ("windows-2025", Some(ArchiveTarget::WindowsX64)),
            ("windows-11-arm", None),
            ("macos-15", None),
        ] {
            assert_eq!(ArchiveTarget::of_hosted(label), platform, "{label}");
        }
    }

    #[test]
    fn checksums_are_those_of_archives() {
        let sum = "AB".repeat(32);
        let text = format!(
            "{sum}  cascade-x86_64-unknown-linux-musl.tar.gz\r\n\
             {sum} *cascade-x86_64-pc-windows-msvc.tar.gz\n\
             {sum}  other.tar.gz\nshort  cascade-x86_64-apple-darwin.tar.gz\n\n"
        );
        let lower = sum.to_lowercase();
        assert_eq!(
            ArchiveTarget::checksums(&text),
            [
                (ArchiveTarget::LinuxX64, lower.clone()),
                (ArchiveTarget::WindowsX64, lower)
            ]
        );
    }
}
