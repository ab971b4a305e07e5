//! Names that the setup action, the job that builds cascade and their callers share.

use crate::actions::Script;
use crate::script;

/// The input of the setup action for the token that reads cascade's repository.
pub(super) const TOKEN: &str = "token";
/// The artifact that holds the binary.
pub(super) const ARTIFACT: &str = "cascade-cli";
/// The input and the output that hold its SHA-256.
pub(super) const SHA256: &str = "sha256";
/// The check that the right cascade is there.
pub(super) const REQUIRE: Script = script!("cascade version --require \"$CASCADE_VERSION\"");
