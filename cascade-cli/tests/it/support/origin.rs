//! The origin of cascade, as tests name it.

/// Flags of `init` that name a commit.
pub(crate) const COMMIT: [&str; 4] = [
    "--cascade-git",
    "https://git.example/acme/cascade",
    "--cascade-rev",
    "0123456789abcdef0123456789abcdef01234567",
];
