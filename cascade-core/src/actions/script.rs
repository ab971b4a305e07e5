//! Scripts that cannot hold an expression.

use std::borrow::Cow;

use super::WorkflowError;

/// The text of a `run:` step. Data reaches it through `env` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script(Cow<'static, str>);

impl Script {
    /// `text`, unless it holds `${{`.
    ///
    /// # Errors
    /// [`WorkflowError::ExpressionInScript`].
    pub fn new(text: impl Into<String>) -> Result<Self, WorkflowError> {
        let text = text.into();
        if text.contains("${{") {
            return Err(WorkflowError::ExpressionInScript);
        }
        Ok(Self(Cow::Owned(text)))
    }

    /// A command line of `words`, each quoted for a POSIX shell where it needs to be.
    ///
    /// # Errors
    /// [`WorkflowError::ExpressionInScript`].
    pub fn command<T: AsRef<str>>(
        words: impl IntoIterator<Item = T>,
    ) -> Result<Self, WorkflowError> {
        let words: Vec<_> = words
            .into_iter()
            .map(|word| shell_word(word.as_ref()))
            .collect();
        Self::new(words.join(" "))
    }

    /// Makes a script of a constant; [`script!`](crate::script) expands to this.
    ///
    /// # Panics
    /// When `text` holds `${{`; in a constant that is a compile error.
    #[doc(hidden)]
    #[must_use]
    pub const fn fixed(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at + 2 < bytes.len() {
            assert!(
                !(bytes[at] == b'$' && bytes[at + 1] == b'{' && bytes[at + 2] == b'{'),
                "a script must not hold an expression: pass the value through `env`"
            );
            at += 1;
        }
        Self(Cow::Borrowed(text))
    }

    /// The script's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn shell_word(word: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&b);
    if !word.is_empty() && word.bytes().all(bare) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A [`Script`](crate::actions::Script) known at compile time, checked at compile time.
///
/// ```
/// let script = cascade_core::script!("cascade orchestrate setup");
/// assert_eq!(script.as_str(), "cascade orchestrate setup");
/// ```
/// ```compile_fail
/// let script = cascade_core::script!("echo ${{ github.event.issue.title }}");
/// ```
#[macro_export]
macro_rules! script {
    ($text:expr) => {
        const { $crate::actions::Script::fixed($text) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_refused() {
        assert_eq!(
            Script::new("echo ${{ github.ref }}"),
            Err(WorkflowError::ExpressionInScript)
        );
        assert!(Script::command(["echo", "${{"]).is_err());
        assert!(Script::new("echo ${HOME} $(date)").is_ok());
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        let script = Script::command(["cascade", "rollout", "--name", "it's $x", ""]).unwrap();
        assert_eq!(script.as_str(), r"cascade rollout --name 'it'\''s $x' ''");
    }
}
