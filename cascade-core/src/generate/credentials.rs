//! Tokens that jobs hold, and the permissions that go with them.

use super::context::{Command, Context, WORKFLOWS, reading};
use super::third_party::APP_TOKEN;
use crate::actions::{Expr, Permissions, Scope, Step, StepsJob};
use crate::manifest::{Repository, SecretName, Stored};
use crate::pipeline::Credential;
use crate::protocol::variable;

impl Context<'_> {
    /// Returns what a job needs to write the repository's contents with a credential: the permission of
    /// GitHub's own token, or none besides reading.
    pub(super) fn writing(&self, credential: &Credential, why: &str) -> Permissions {
        reading().union(&self.writing_also(credential, Scope::Contents, why))
    }

    /// Returns what a job needs to write one more thing with a credential: permission for GitHub's own
    /// token. An App's token is minted with it instead.
    pub(super) fn writing_also(
        &self,
        credential: &Credential,
        scope: Scope,
        why: &str,
    ) -> Permissions {
        match credential.is_github() {
            true => Permissions::none().write(scope, why),
            false => Permissions::none(),
        }
    }

    /// Returns what a job needs to write state and releases.
    pub(super) fn releasing(&self, why: &str) -> Permissions {
        let settings = self.settings;
        self.writing(&settings.state_token, why)
            .union(&self.writing(settings.release_token(), why))
    }

    /// A step with the tokens that write state and releases; an App's are minted before it, and
    /// that for releases may write `more`, too.
    pub(super) fn with_tokens(&self, job: &mut StepsJob, step: Command, more: &[Scope]) -> Command {
        let settings = self.settings;
        let one = *settings.release_token() == settings.state_token;
        let mut releasing = vec!["contents"];
        if settings.tags_foreign_workflows() {
            releasing.push(WORKFLOWS);
        }
        releasing.extend(more.iter().map(|scope| scope.name()));
        let scopes = if one {
            releasing.as_slice()
        } else {
            &["contents"]
        };
        let state = self.token_for(job, "state-token", &settings.state_token, scopes);
        let release = match one {
            true => state.clone(),
            false => self.token_for(job, "release-token", settings.release_token(), &releasing),
        };
        self.signing(step.env(variable::GITHUB_TOKEN, state))
            .env(variable::RELEASE_TOKEN, release)
    }

    /// Gives a step that pushes commits or tags the key that signs them, if there is one.
    pub(super) fn signing(&self, step: Command) -> Command {
        match &self.settings.git.gpg_key_secret {
            Some(name) => step.env(variable::SIGNING_KEY, Expr::secret(name.as_str())),
            None => step,
        }
    }

    /// Gives a step that reports what happened the secret that signs its events, if there is one.
    pub(super) fn reporting(&self, step: Command) -> Command {
        match self.telemetry_secret() {
            Some(name) => step.env(variable::TELEMETRY_SECRET, Expr::secret(name)),
            None => step,
        }
    }

    /// The secret that signs events.
    pub(super) fn telemetry_secret(&self) -> Option<&str> {
        let webhook = self.settings.telemetry.as_ref()?.webhook.as_ref()?;
        webhook.secret_name.as_ref().map(SecretName::as_str)
    }

    /// Lets a step that only reads fetch the state, where a branch of its own keeps it; the manifest
    /// is checked out already.
    pub(super) fn reads_state(&self, step: Command) -> Command {
        match self.settings.state_branch {
            Some(_) => step.env(variable::GITHUB_TOKEN, Expr::token()),
            None => step,
        }
    }

    /// The secrets that a credential is made of.
    pub(super) fn secrets_of(credential: &Credential) -> Vec<String> {
        match credential {
            _ if credential.is_github() => Vec::new(),
            Credential::Secret(name) => vec![name.as_str().to_owned()],
            Credential::App {
                app_id,
                private_key,
            } => [app_id, private_key]
                .into_iter()
                .filter_map(|stored| Some(stored.secret()?.to_string()))
                .collect(),
        }
    }

    /// A credential's token; an App's is minted by a step of its own.
    pub(super) fn token(&self, job: &mut StepsJob, id: &str, credential: &Credential) -> Expr {
        self.token_for(job, id, credential, &["contents"])
    }

    /// The same; an App's may write these scopes.
    pub(super) fn token_for(
        &self,
        job: &mut StepsJob,
        id: &str,
        credential: &Credential,
        scopes: &[&str],
    ) -> Expr {
        self.token_in(job, id, credential, (scopes, None))
    }

    /// The same; an App's may write these scopes of a repository, of this one if none is named.
    ///
    /// Source: the inputs `owner` and `repositories` of actions/create-github-app-token: without
    /// them a token is for the repository of the run alone.
    pub(super) fn token_in(
        &self,
        job: &mut StepsJob,
        id: &str,
        credential: &Credential,
        (scopes, repository): (&[&str], Option<&Repository>),
    ) -> Expr {
        match credential {
            _ if credential.is_github() => Expr::token(),
            Credential::Secret(name) => Expr::secret(name.as_str()),
            Credential::App {
                app_id,
                private_key,
            } => {
                let mint = Step::uses(self.action(APP_TOKEN))
                    .name("Mint a token")
                    .with(self.app_id_input(), read(app_id))
                    .with("private-key", read(private_key));
                let mint = match repository {
                    Some(repository) => mint
                        .with("owner", repository.owner())
                        .with("repositories", repository.name()),
                    None => mint,
                };
                let mint = scopes.iter().fold(mint, |mint, scope| {
                    mint.with(format!("permission-{scope}"), "write")
                });
                job.step_as(id, mint).output("token")
            }
        }
    }
}

fn read(stored: &Stored) -> Expr {
    match stored {
        Stored::Secret(name) => Expr::secret(name.as_str()),
        Stored::Variable(name) => Expr::var(name.as_str()),
    }
}
