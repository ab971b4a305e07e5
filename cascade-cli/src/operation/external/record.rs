//! `external record`.

use crate::cli::error::{CommandResult, Failure};
use crate::cli::request::Request;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::operation::plans;
use crate::run::{Actions, Change, Session, needs};
use cascade_core::graph::Kind;
use cascade_core::lifecycle::external::{Answer, Answers, Taken, take};
use cascade_core::lifecycle::outcome::Outcome;
use cascade_core::manifest::SecretName;
use cascade_core::pipeline::PullSource;
use cascade_core::protocol;
use cascade_core::protocol::output;
use cascade_core::state::Managed;
use cascade_core::summary::{Move, Origin, Summary, moved};
use serde_json::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Commit the state and push it to its branch
    #[arg(long)]
    commit_push: bool,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let told = |failure: &Failure| actions.refused("Poll", failure);
    session.require_trunk().inspect_err(told)?;
    let answers = answers(session.component.polled())?;
    let stamp = session.stamp();
    let change = |managed: &Managed| {
        let taken = take(&session.component, &managed.state, &answers, &stamp);
        Ok(Change {
            managed: Managed {
                state: taken.state.clone(),
                ..managed.clone()
            },
            message: format!("external {}", list(&taken)),
            value: taken,
        })
    };
    let taken = match session.dry_run {
        true => change(&session.managed()?)?.value,
        false => session.store(args.commit_push)?.write(change)?.value,
    };
    let failed: Vec<&str> = answers
        .iter()
        .filter(|(_, answer)| answer.error.is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    let document = json!({
        "deploys": taken.arrivals,
        "failed": failed.join(", "),
    });
    actions.put_out(&output::EXTERNAL_RECORD, &plans::outputs(&document))?;
    actions.summarise(&summary(&answers, &taken))?;
    terminal.out(&spoken(&answers, &taken))?;
    Ok(ExitStatus::Success)
}

/// Returns the answers of the jobs that asked; a job that failed answered for none of its entries.
pub(crate) fn answers<'a>(
    sources: impl Iterator<Item = &'a PullSource>,
) -> Result<Answers, Failure> {
    let mut answers = Answers::new();
    for source in sources {
        let id = protocol::job::resolve(source.read_token.as_ref().map(SecretName::as_str));
        let job = needs::job(&id)?;
        let name = source.name.to_string();
        match job.outputs.get("answers").filter(|text| !text.is_empty()) {
            Some(text) => {
                let mut all: Answers = serde_json::from_str(text).map_err(|error| {
                    Failure::new(format!("the job `{id}` put out no answers")).cause(error)
                })?;
                if let Some(answer) = all.swap_remove(&name) {
                    answers.insert(name, answer);
                }
            }
            None if job.result == Outcome::Skipped => {}
            None => {
                let why = format!("the job `{id}` that asks for it ended with {}", job.result);
                answers.insert(name, Answer::error(why));
            }
        }
    }
    Ok(answers)
}

fn list(taken: &Taken) -> String {
    let changed = taken.changed.iter();
    let one = |(environment, name, version): &(String, String, String)| {
        format!("{environment} {name} {version}")
    };
    changed.map(one).collect::<Vec<_>>().join(", ")
}

fn summary(answers: &Answers, taken: &Taken) -> Summary {
    let outcome = match taken.changed.is_empty() {
        true => "nothing new",
        false => "new versions",
    };
    let changed = taken.changed.iter().map(|(environment, name, version)| {
        let what = match taken.arrivals.contains_key(name) {
            true => "recorded, and is deployed now",
            false => "recorded",
        };
        format!("{name} {version} in {environment}: {what}")
    });
    let said = answers.iter().flat_map(|(name, answer)| {
        let said = answer.error.iter().chain(&answer.notice);
        let is_still = answer.error.is_none() && answer.notice.is_none();
        let still = (is_still && taken.changed.is_empty()).then(|| {
            let found = answer.found.as_ref();
            let version = found.map_or("", |found| found.version.as_str());
            format!("{name}: still {version}")
        });
        said.map(move |said| format!("{name}: {said}")).chain(still)
    });
    let moves = taken
        .changed
        .iter()
        .map(|(environment, name, version)| Move {
            from: Origin::Repository(name),
            kind: Kind::Environment,
            to: environment,
            held: None,
            version,
            done: !taken.arrivals.contains_key(name),
        });
    Summary::new("Poll", outcome)
        .points(changed)
        .points(said)
        .picture(moved(moves))
}

fn spoken(answers: &Answers, taken: &Taken) -> String {
    let mut text = format!("{} new: {}\n", taken.changed.len(), list(taken));
    for (name, answer) in answers {
        for said in answer.error.iter().chain(&answer.notice) {
            text.push_str(&format!("{name}: {said}\n"));
        }
    }
    text
}
