//! People, as commits name them.

/// The host of the addresses that GitHub gives to people who hide theirs: `ID+login@`, or `login@` of
/// older accounts (GitHub's documentation, "Email addresses reference").
const NO_REPLY: &str = "@users.noreply.github.com";
/// The trailer that names a further author (GitHub's documentation, "Creating a commit with multiple
/// authors").
const CO_AUTHOR: &str = "co-authored-by";
/// The end of the names of Apps.
const BOT: &str = "[bot]";

/// The author of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The email address.
    pub email: String,
}

impl Person {
    /// Reads `Name <email>`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, email) = text.trim().strip_suffix('>')?.rsplit_once('<')?;
        let person = Self {
            name: name.trim().to_owned(),
            email: email.trim().to_owned(),
        };
        (!person.name.is_empty()).then_some(person)
    }

    /// Returns the login on GitHub, if the address has it.
    #[must_use]
    pub fn login(&self) -> Option<&str> {
        let local = self.email.strip_suffix(NO_REPLY)?;
        let login = match local.split_once('+') {
            Some((id, login)) if id.bytes().all(|byte| byte.is_ascii_digit()) => login,
            _ => local,
        };
        (!login.is_empty()).then_some(login)
    }

    /// Returns true if it is an App.
    #[must_use]
    pub fn is_bot(&self) -> bool {
        let local = self.email.split('@').next().unwrap_or_default();
        self.name.ends_with(BOT) || local.ends_with(BOT)
    }
}

/// Returns the further authors that a message names, in the last paragraphs as well as in the bodies
/// that a squash put one below the other.
#[must_use]
pub fn co_authors(message: &str) -> Vec<Person> {
    let trailers = message.lines().skip(1).filter_map(|line| {
        let (token, value) = line.split_once(':')?;
        let is_co_author = token.trim_end().eq_ignore_ascii_case(CO_AUTHOR);
        is_co_author.then(|| Person::parse(value)).flatten()
    });
    trailers.collect()
}
