//! Expressions that read a context.

use super::{Context, Expr, Read, push_property};

impl Expr {
    /// `github.<path>`; dots in `path` separate properties.
    #[must_use]
    pub fn github(path: &str) -> Self {
        Self::context(Context::Github, path)
    }

    /// `github.token`, the token of this run.
    #[must_use]
    pub fn token() -> Self {
        Self::github("token")
    }

    /// `inputs.<name>`; a trigger of the workflow must declare it.
    #[must_use]
    pub fn input(name: &str) -> Self {
        Self::member("inputs", name, Read::Input(name.to_owned()))
    }

    /// `vars.<name>`.
    #[must_use]
    pub fn var(name: &str) -> Self {
        Self::member("vars", name, Read::Context(Context::Vars))
    }

    /// `secrets.<name>`.
    #[must_use]
    pub fn secret(name: &str) -> Self {
        Self::member("secrets", name, Read::Secret(name.to_owned()))
    }

    /// `env.<name>`.
    #[must_use]
    pub fn env(name: &str) -> Self {
        Self::member("env", name, Read::Context(Context::Env))
    }

    /// `matrix.<name>`.
    #[must_use]
    pub fn matrix(name: &str) -> Self {
        Self::member("matrix", name, Read::Context(Context::Matrix))
    }

    /// `runner.<path>`.
    #[must_use]
    pub fn runner(path: &str) -> Self {
        Self::context(Context::Runner, path)
    }

    /// `job.<path>`.
    #[must_use]
    pub fn job(path: &str) -> Self {
        Self::context(Context::Job, path)
    }

    /// `strategy.<path>`.
    #[must_use]
    pub fn strategy(path: &str) -> Self {
        Self::context(Context::Strategy, path)
    }

    fn context(context: Context, path: &str) -> Self {
        let mut text = context.name().to_owned();
        for name in path.split('.') {
            push_property(&mut text, name);
        }
        Self::reading(text, Read::Context(context))
    }

    pub(in crate::actions) fn member(context: &str, name: &str, read: Read) -> Self {
        let mut text = context.to_owned();
        push_property(&mut text, name);
        Self::reading(text, read)
    }
}
