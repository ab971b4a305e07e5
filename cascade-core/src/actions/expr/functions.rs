//! Expressions that call a function.

use super::{Context, Expr, Read};

impl Expr {
    /// `toJSON(value)`.
    #[must_use]
    pub fn to_json(value: impl Into<Self>) -> Self {
        Self::call("toJSON", [value.into()])
    }

    /// `fromJSON(text)`.
    #[must_use]
    pub fn from_json(text: impl Into<Self>) -> Self {
        Self::call("fromJSON", [text.into()])
    }

    /// `format(template, ...)`.
    #[must_use]
    pub fn format(template: &str, values: impl IntoIterator<Item = Self>) -> Self {
        Self::call(
            "format",
            std::iter::once(Self::text(template)).chain(values),
        )
    }

    /// `contains(within, item)`.
    #[must_use]
    pub fn contains(within: impl Into<Self>, item: impl Into<Self>) -> Self {
        Self::call("contains", [within.into(), item.into()])
    }

    /// `startsWith(text, prefix)`.
    #[must_use]
    pub fn starts_with(text: impl Into<Self>, prefix: impl Into<Self>) -> Self {
        Self::call("startsWith", [text.into(), prefix.into()])
    }

    /// `endsWith(text, suffix)`.
    #[must_use]
    pub fn ends_with(text: impl Into<Self>, suffix: impl Into<Self>) -> Self {
        Self::call("endsWith", [text.into(), suffix.into()])
    }

    /// `join(list, separator)`.
    #[must_use]
    pub fn join(list: impl Into<Self>, separator: &str) -> Self {
        Self::call("join", [list.into(), Self::text(separator)])
    }

    /// `hashFiles(pattern)`.
    #[must_use]
    pub fn hash_files(pattern: &str) -> Self {
        let mut call = Self::call("hashFiles", [Self::text(pattern)]);
        call.reads.add(Read::Context(Context::HashFiles));
        call
    }

    /// `success()`.
    #[must_use]
    pub fn success() -> Self {
        Self::status("success()")
    }

    /// `failure()`.
    #[must_use]
    pub fn failure() -> Self {
        Self::status("failure()")
    }

    /// `always()`.
    #[must_use]
    pub fn always() -> Self {
        Self::status("always()")
    }

    /// `cancelled()`.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::status("cancelled()")
    }

    /// `!cancelled()`, the usual condition of a job that runs after optional ones.
    #[must_use]
    pub fn not_cancelled() -> Self {
        !Self::cancelled()
    }

    fn status(text: &str) -> Self {
        Self::reading(text.to_owned(), Read::Context(Context::Status))
    }

    fn call(function: &str, values: impl IntoIterator<Item = Self>) -> Self {
        let mut call = Self::primary(format!("{function}("));
        for (position, value) in values.into_iter().enumerate() {
            if position > 0 {
                call.text.push_str(", ");
            }
            call.text.push_str(&value.text);
            call.reads.extend(&value.reads);
        }
        call.text.push(')');
        call
    }
}
