//! People, as commits name them.

/// Who wrote a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The email address.
    pub email: String,
}
