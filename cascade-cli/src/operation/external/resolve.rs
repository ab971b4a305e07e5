//! `external resolve`.

mod text;

use super::cache::Cache;
use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::progress::Progress;
use crate::cli::request::Request;
use crate::cli::runner::raw;
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use crate::github::producer::{Listing, ReadToken, Reader};
use crate::operation::{dispatch, plans};
use crate::run::{Actions, Session};
use cascade_core::finding::suggest;
use cascade_core::lifecycle::external::{Answer, Answers, Found, Search, decide, recorded};
use cascade_core::pipeline::{PullCadence, PullSource, PulledVersion};
use cascade_core::protocol;
use cascade_core::protocol::output;
use cascade_core::state::{External, Managed, State};
use clap::ValueEnum;
use indexmap::IndexMap;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// The number of producers that are asked at the same time.
const AT_ONCE: usize = 32;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this entry
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Only the entries that are resolved then
    #[arg(long, value_enum, value_name = "WHEN")]
    cadence: Option<When>,
    /// Only the polled entries that are due on this schedule
    #[arg(long, value_name = "CRON", env = protocol::variable::SCHEDULE.as_str())]
    due: Option<String>,
    /// Remember answers here, and ask only whether they changed
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// Write outputs and a summary for the workflow
    #[arg(long)]
    gha_output: bool,
}

/// The occasion on which entries are resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// In every run.
    NextRun,
    /// On a schedule of their own.
    Poll,
}

impl When {
    fn is(self, source: &PullSource) -> bool {
        (self == Self::NextRun) == (source.cadence == PullCadence::NextRun)
    }
}

pub(super) fn run(args: &Args, request: &Request, terminal: &Terminal) -> CommandResult {
    let session = Session::open(request, terminal)?;
    let actions = Actions::new(args.gha_output)?;
    let sources = chosen(args, &session)?;
    let managed = session.managed()?;
    let cache = Cache::new(args.cache.clone());
    let asks = format!("asking {} for versions", repositories(sources.len()));
    let progress = Progress::begin(terminal, &asks);
    let answers = resolve(&session, &managed, &sources, &cache)?;
    drop(progress);
    actions.put_out(
        &output::EXTERNAL_RESOLVE,
        &plans::outputs(&json!({ "answers": answers })),
    )?;
    actions.summarise(&text::summary(&sources, &answers, &managed))?;
    match terminal.json() {
        true => terminal.out(&json::pretty(&json!(answers)))?,
        false => terminal.out(&text::spoken(&sources, &answers))?,
    }
    // In a workflow, each entry's failure is told where all of them are together.
    let failed = answers.values().any(|answer| answer.error.is_some());
    Ok(match failed && !args.gha_output {
        true => ExitStatus::No,
        false => ExitStatus::Success,
    })
}

/// The entries that are asked for: by name, by cadence, by schedule, by this job's credential.
fn chosen<'a>(args: &Args, session: &'a Session) -> Result<Vec<&'a PullSource>, Failure> {
    let given = dispatch::given()?;
    let by_hand = args.name.clone();
    let name = match by_hand {
        Some(name) => name,
        None => dispatch::text(&given, "name")?,
    };
    let due = args.due.as_deref().filter(|due| !due.is_empty());
    let credential = raw(protocol::variable::CREDENTIAL);
    let of_cadence = |source: &&PullSource| args.cadence.is_none_or(|when| when.is(source));
    let known = || session.component.pull_sources.iter().filter(of_cadence);
    if !name.is_empty() && !known().any(|source| source.name.as_str() == name) {
        let names: Vec<&str> = known().map(|source| source.name.as_str()).collect();
        let asked: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        let help = suggest::among(&name, names.iter().copied(), "the entries are");
        return Err(Failure::new(format!("no repository is pulled as `{asked}`")).help(help));
    }
    let is_due = |source: &PullSource| match (due, &source.cadence) {
        (Some(due), PullCadence::Poll(cron)) => cron.as_str() == due,
        (Some(_), PullCadence::NextRun) => false,
        (None, _) => true,
    };
    let is_mine = |source: &PullSource| {
        let own = source
            .read_token
            .as_ref()
            .map_or("", |token| token.as_str());
        credential
            .as_deref()
            .is_none_or(|credential| credential == own)
    };
    let wanted = |source: &&PullSource| {
        (name.is_empty() || source.name.as_str() == name) && is_due(source) && is_mine(source)
    };
    Ok(known().filter(wanted).collect())
}

fn repositories(count: usize) -> String {
    match count {
        1 => "1 repository".to_owned(),
        count => format!("{count} repositories"),
    }
}

/// Asks every producer at once; each answer is that of its own producer.
pub(crate) fn resolve(
    session: &Session,
    managed: &Managed,
    sources: &[&PullSource],
    cache: &Cache,
) -> Result<Answers, Failure> {
    let readers = readers(session, sources)?;
    let questions = questions(sources, &managed.state);
    let mut found = ask(&questions, |question| {
        question.ask(&readers[&question.credential], cache)
    });
    let names = sources.iter().map(|source| source.name.as_str());
    Ok(names
        .filter_map(|name| found.swap_remove_entry(name))
        .collect())
}

/// Asks all questions, many of them at the same time.
fn ask<'a>(
    questions: &[Question<'a>],
    one: impl Fn(&Question<'a>) -> Vec<(String, Answer)> + Sync,
) -> IndexMap<String, Answer> {
    let (sender, answers) = mpsc::channel();
    let place = AtomicUsize::new(0);
    let work = |sender: mpsc::Sender<_>| {
        while let Some(question) = questions.get(place.fetch_add(1, Ordering::Relaxed)) {
            for answer in one(question) {
                // Whoever waits for the answers waits for all of them.
                let _ = sender.send(answer);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(questions.len()) {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        answers.into_iter().collect()
    })
}

/// One client for each credential: making one takes longer than asking.
fn readers(
    session: &Session,
    sources: &[&PullSource],
) -> Result<IndexMap<String, Reader>, Failure> {
    let mut readers = IndexMap::new();
    for source in sources {
        let secret = credential(source);
        if !readers.contains_key(&secret) {
            let by_hand = match secret.as_str() {
                "" => "GITHUB_TOKEN",
                secret => secret,
            };
            let token = ReadToken::of_job().or_else(|| ReadToken::by_hand(by_hand));
            let reader = Reader::new(&session.environment, token.as_ref())?;
            readers.insert(secret, reader);
        }
    }
    Ok(readers)
}

fn credential(source: &PullSource) -> String {
    let token = source.read_token.as_ref();
    token.map_or_else(String::new, ToString::to_string)
}

/// A question to one producer, for all the entries that need the same answer.
struct Question<'a> {
    credential: String,
    repository: String,
    what: What<'a>,
    entries: Vec<(&'a PullSource, Option<&'a External>)>,
}

#[derive(PartialEq)]
enum What<'a> {
    Tags(&'a str),
    Head(Option<&'a str>),
}

fn questions<'a>(sources: &[&'a PullSource], state: &'a State) -> Vec<Question<'a>> {
    let mut questions: Vec<Question<'a>> = Vec::new();
    for source in sources {
        let what = match &source.version {
            PulledVersion::Tag { prefix, .. } => What::Tags(prefix.as_str()),
            PulledVersion::Commit { branch } => {
                What::Head(branch.as_ref().map(|branch| branch.as_str()))
            }
        };
        let environment = source.environment.as_ref();
        let held = environment.and_then(|name| state.environments.get(name.as_str()));
        let held = held.and_then(|held| recorded(source, &held.held.external));
        let (credential, repository) = (credential(source), source.repo.to_string());
        let same = questions.iter_mut().find(|question| {
            question.credential == credential
                && question.repository == repository
                && question.what == what
        });
        match same {
            Some(question) => question.entries.push((source, held)),
            None => questions.push(Question {
                credential,
                repository,
                what,
                entries: vec![(source, held)],
            }),
        }
    }
    questions
}

impl Question<'_> {
    fn ask(&self, reader: &Reader, cache: &Cache) -> Vec<(String, Answer)> {
        match &self.what {
            What::Head(branch) => {
                let head = reader.head(&self.repository, *branch);
                let answer = match head {
                    Ok(sha) => Answer::found(Found {
                        version: sha.clone(),
                        sha,
                    }),
                    Err(why) => Answer::error(why),
                };
                self.all(|_, _| answer.clone())
            }
            What::Tags(prefix) => match self.search(reader, cache, prefix) {
                Ok(answers) => answers,
                Err(why) => self.all(|_, _| Answer::error(why.clone())),
            },
        }
    }

    fn all(
        &self,
        answer: impl Fn(&PullSource, Option<&External>) -> Answer,
    ) -> Vec<(String, Answer)> {
        let entries = self.entries.iter();
        let one = |(source, held): &(&PullSource, Option<&External>)| {
            (source.name.to_string(), answer(source, *held))
        };
        entries.map(one).collect()
    }

    fn search(
        &self,
        reader: &Reader,
        cache: &Cache,
        prefix: &str,
    ) -> Result<Vec<(String, Answer)>, String> {
        let mut searches: Vec<Search<'_>> = self.entries.iter().filter_map(search).collect();
        let mut known = cache.read(&self.repository, prefix);
        let etag = known.as_ref().map(|known| known.etag.clone());
        let mut shown = cache.recorder(prefix);
        let listing = reader.tags(
            &self.repository,
            prefix,
            etag.as_deref(),
            |name, object, annotated| {
                shown.see(name, object, annotated);
                for search in &mut searches {
                    search.see(name, object, annotated);
                }
            },
        )?;
        match listing {
            Listing::Shown(etag) => cache.write(&self.repository, prefix, etag, shown),
            Listing::Unchanged => {
                let tags = known.take().map(|known| known.tags).unwrap_or_default();
                for tag in &tags {
                    for search in &mut searches {
                        search.see(&tag.name, &tag.object, tag.annotated);
                    }
                }
            }
        }
        let mut answers = Vec::new();
        for ((source, held), search) in self.entries.iter().zip(searches) {
            let looked = search.end();
            let commit = match &looked.best {
                Some(best) if best.annotated => reader.annotated(&self.repository, &best.object)?,
                Some(best) => best.object.clone(),
                None => String::new(),
            };
            let answer = decide(source, *held, &looked, &commit);
            answers.push((source.name.to_string(), answer));
        }
        Ok(answers)
    }
}

fn search<'a>((source, held): &(&'a PullSource, Option<&'a External>)) -> Option<Search<'a>> {
    let PulledVersion::Tag {
        requirement,
        prefix,
    } = &source.version
    else {
        return None;
    };
    let version = held.and_then(|external| external.version.as_deref());
    Some(Search::new(prefix, requirement.as_ref(), version))
}
