//! Telling a webhook what happened. Whatever becomes of that, the operation is what it was.

use super::actions::Actions;
use super::session::Session;
use crate::cli::error::Failure;
use crate::cli::http::{self, Patience};
use crate::cli::pause::Attempts;
use crate::cli::runner::{self, Token};
use crate::cli::terminal::Terminal;
use cascade_core::manifest::TelemetryAdapter;
use cascade_core::pipeline::{Telemetry, Webhook};
use cascade_core::protocol::variable::TELEMETRY_SECRET;
use cascade_core::summary::{Summary, Table};
use cascade_core::telemetry::{Event, MEDIA_TYPE, Origin, SIGNATURE};
use ring::hmac;
use std::time::Duration;

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    silence: Duration::from_secs(10),
};
/// The longest time that one delivery may take.
const ONCE: Duration = Duration::from_secs(15);
/// The first pause before a delivery is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// The most attempts, and the longest time that they may take together.
const ATTEMPTS: (u32, Duration) = (4, Duration::from_secs(60));

/// Reports what happened, if the pipeline wants that. A failure is told and changes nothing.
pub(crate) fn report(
    session: &Session,
    (actions, terminal): (&Actions, &Terminal),
    event: impl FnOnce(Origin<'_>) -> Event,
) {
    let Some(telemetry) = session.settings.telemetry.as_ref() else {
        return;
    };
    if session.dry_run {
        return;
    }
    let environment = &session.environment;
    let name = environment.repository.as_deref().unwrap_or_default();
    let repository = format!("{}/{name}", environment.server_url);
    let stamp = session.stamp();
    let event = event(Origin {
        repository: &repository,
        component: session.component.name(),
        run: environment.run_url.as_deref(),
        attempt: environment.attempt,
        stamp: &stamp,
    });
    let delivered = deliver(telemetry, &event);
    if let Err(failure) = &delivered {
        terminal.failure(failure);
    }
    if telemetry.job_summary {
        // The page of the run has the failure of a later step that cannot write to it.
        let _ = actions.summarise(&summary(&event, &delivered));
    }
}

/// Sends an event to whoever receives events; returns false if nobody does.
fn deliver(telemetry: &Telemetry, event: &Event) -> Result<bool, Failure> {
    let webhook = telemetry.webhook.as_ref();
    match webhook.filter(|_| telemetry.adapter == TelemetryAdapter::Webhook) {
        Some(webhook) => post(webhook, event).map(|()| true),
        None => Ok(false),
    }
}

fn post(webhook: &Webhook, event: &Event) -> Result<(), Failure> {
    let url = webhook.url.as_str();
    let failed = || Failure::new(format!("`telemetry.webhook` did not take {}", event.kind()));
    let body = serde_json::to_vec(event).map_err(|error| failed().cause(error))?;
    let signature = match &webhook.secret_name {
        Some(name) => {
            let secret = runner::token(TELEMETRY_SECRET).ok_or_else(|| {
                failed()
                    .cause(format!("the secret {name} is empty"))
                    .help("an event without its signature is not sent: set the secret")
            })?;
            Some(signature(&secret, &body))
        }
        None => None,
    };
    let (most, patience) = ATTEMPTS;
    let mut attempts = Attempts::new(PAUSE, patience).at_most(most);
    loop {
        let why = match once(url, signature.as_deref(), &body) {
            Ok(status) if (200..300).contains(&status) => return Ok(()),
            // Asking again would be answered the same.
            Ok(status) if status < 500 && !matches!(status, 408 | 425 | 429) => {
                return Err(failed().cause(format!("HTTP {status}")));
            }
            Ok(status) => format!("HTTP {status}"),
            Err(why) => why,
        };
        if !attempts.wait() {
            return Err(failed().cause(why));
        }
    }
}

/// Sends a body; returns the status of the answer.
fn once(url: &str, signature: Option<&str>, body: &[u8]) -> Result<u16, String> {
    let agent = http::agent(PATIENCE);
    let request = agent.post(url).header("Content-Type", MEDIA_TYPE);
    let request = match signature {
        Some(signature) => request.header(SIGNATURE, signature),
        None => request,
    };
    let request = request.config().timeout_global(Some(ONCE)).build();
    let answered = request.send(body).map_err(|error| error.to_string())?;
    Ok(answered.status().as_u16())
}

/// `sha256=` and the HMAC-SHA256 of a body, as GitHub signs its own webhooks.
///
/// Source: GitHub, "Validating webhook deliveries".
fn signature(secret: &Token, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let tag = hmac::sign(&key, body);
    let hex = tag.as_ref().iter().map(|byte| format!("{byte:02x}"));
    format!("sha256={}", hex.collect::<String>())
}

fn summary(event: &Event, delivered: &Result<bool, Failure>) -> Summary {
    let stands = match delivered {
        Ok(true) => "delivered".to_owned(),
        Ok(false) => "not sent: there is no receiver".to_owned(),
        Err(failure) => format!("not delivered: {failure}"),
    };
    let row = [event.kind(), event.subject(), &stands];
    Summary::titled("Telemetry").table(Table::new(["event", "subject", ""]).row(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_signed_as_github_signs_its_own() {
        let secret = Token::new("It's a Secret to Everybody").unwrap();
        let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assert_eq!(signature(&secret, b"Hello, World!"), expected);
    }
}
