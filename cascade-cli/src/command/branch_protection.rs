//! `branch-protection`: what keeps the trunk safe and still lets cascade write state.

use crate::args::Request;
use crate::diagnostic::json;
use crate::error::{Failure, Outcome};
use crate::run::Session;
use crate::status::ExitStatus;
use crate::terminal::Terminal;
use cascade_core::pipeline::{Credential, Settings};
use serde_json::{Value, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Set it, with the token of the environment
    ///
    /// This replaces what is set now.
    #[arg(long)]
    apply: bool,
    /// A check that a pull request must pass; may be repeated
    #[arg(long = "check", value_name = "NAME")]
    checks: Vec<String>,
    /// The slug of the App that writes state
    ///
    /// It may pass by pull requests. May be repeated.
    #[arg(long = "bypass-app", value_name = "SLUG")]
    apps: Vec<String>,
    /// The login of the account that writes state
    ///
    /// It may pass by pull requests. May be repeated.
    #[arg(long = "bypass-user", value_name = "LOGIN")]
    users: Vec<String>,
}

pub(crate) fn run(args: &Args, request: &Request, terminal: &Terminal) -> Outcome {
    let session = Session::open(request, terminal)?;
    let protection = protection(args);
    let trunk = session.settings.trunk.to_string();
    let advice = advice(args, &session.settings);
    let applies = args.apply && !session.dry_run;
    if applies {
        apply(&session, &trunk, &protection)?;
    }
    let document = json!({
        "version": json::VERSION,
        "branch": trunk,
        "protection": protection,
        "advice": advice,
        "applied": applies,
    });
    let text = match terminal.json() {
        true => json::pretty(&document),
        false => spoken(&trunk, args, &advice, applies),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

/// Source: GitHub's REST API, "Update branch protection".
fn protection(args: &Args) -> Value {
    let checks = match args.checks.is_empty() {
        true => Value::Null,
        false => json!({ "strict": false, "contexts": args.checks }),
    };
    let mut reviews = json!({ "required_approving_review_count": 1 });
    if !args.apps.is_empty() || !args.users.is_empty() {
        reviews["bypass_pull_request_allowances"] =
            json!({ "apps": args.apps, "users": args.users, "teams": [] });
    }
    json!({
        "required_status_checks": checks,
        "enforce_admins": false,
        "required_pull_request_reviews": reviews,
        "restrictions": null,
        "allow_force_pushes": false,
        "allow_deletions": false,
    })
}

fn advice(args: &Args, settings: &Settings) -> Vec<String> {
    if !args.apps.is_empty() || !args.users.is_empty() {
        return Vec::new();
    }
    vec![match &settings.state_token {
        token if token.is_github() => {
            "GITHUB_TOKEN writes state, and cannot pass by required pull \
             requests: set `state_token_app` or `state_token`, and name its owner with \
             `--bypass-app` or `--bypass-user`"
                .to_owned()
        }
        Credential::App { app_id, .. } => {
            format!("the App of {app_id} writes state: name its slug with `--bypass-app`")
        }
        Credential::Secret(name) => {
            format!("the secret {name} writes state: name its owner with `--bypass-user`")
        }
    }]
}

fn apply(session: &Session, trunk: &str, protection: &Value) -> Result<(), Failure> {
    let github = session.github()?.ok_or_else(|| {
        Failure::new("`--apply` needs GITHUB_REPOSITORY and GITHUB_TOKEN")
            .help("the token must be able to administer the repository")
    })?;
    let path = github.path(&format!("/branches/{trunk}/protection"));
    github
        .change("PUT", &path, protection)?
        .accepted("PUT", &path)
        .map(|_| ())
}

fn spoken(trunk: &str, args: &Args, advice: &[String], applied: bool) -> String {
    let list = |names: &[String]| {
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    };
    let bypass: Vec<String> = args.apps.iter().chain(&args.users).cloned().collect();
    let mut text = format!(
        "Branch             {trunk}\n\
         Pull requests      required, with one approval\n\
         Checks             {}\n\
         May pass by        {}\n\
         Force pushes       refused\n\
         Deletion           refused\n",
        list(&args.checks),
        list(&bypass),
    );
    for line in advice {
        text.push_str(&format!("\nNote: {line}\n"));
    }
    text.push_str(if applied {
        "\nSet.\n"
    } else {
        "\nNothing was set; `--apply` does.\n"
    });
    text
}
