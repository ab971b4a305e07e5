//! The answers that decide what is written: from flags, else from the person at the terminal, else
//! the proposals.

use super::ask;
use super::{Args, Topology};
use crate::author::pipeline_crate::source::{Source, Sources, leaf};
use crate::author::scaffold::Scaffold;
use crate::author::scaffold::adopt::{self, Offer};
use crate::author::scaffold::place::{Found, Place};
use crate::author::scaffold::survey::Survey;
use crate::cli::error::Failure;
use crate::cli::request::Request;
use cascade_core::manifest::draft::Leaf;
use cascade_core::manifest::{Branch, CommitHash, GitUrl, Name};
use std::cell::Cell;

/// A record of whether somebody can be asked, and was.
#[derive(Debug)]
pub(super) struct Asking {
    possible: bool,
    used: Cell<bool>,
}

/// The name, the trunk and the environments of a new pipeline.
#[derive(Debug)]
pub(super) struct Basics {
    name: Name,
    trunk: Branch,
    environments: Vec<String>,
}

impl Asking {
    pub(super) const fn new(possible: bool) -> Self {
        Self {
            possible,
            used: Cell::new(false),
        }
    }

    /// Returns true if something was asked.
    pub(super) fn was_used(&self) -> bool {
        self.used.get()
    }

    /// Returns true, and remembers that something is asked, if somebody can be.
    fn starts(&self) -> bool {
        self.used.set(self.used.get() || self.possible);
        self.possible
    }

    fn text<T: Leaf>(&self, question: &str, default: &str) -> Result<Option<String>, Failure> {
        if !self.starts() {
            return Ok(None);
        }
        ask::text(question, default, fits::<T>).map(Some)
    }
}

impl Basics {
    pub(super) fn read(args: &Args, place: &Place, asking: &Asking) -> Result<Self, Failure> {
        let default = place.name();
        let name = match &args.name {
            Some(name) => name.clone(),
            None => asking
                .text::<Name>("What is delivered", &default)?
                .unwrap_or(default),
        };
        let name = leaf("--name", &name)?;
        let mut trunk = place.trunk.clone();
        if place.found != Found::Named
            && let Some(answer) =
                asking.text::<Branch>("The branch that releases flow from", trunk.as_str())?
        {
            trunk = leaf("--trunk", &answer)?;
        }
        Ok(Self {
            name,
            trunk,
            environments: environments(args, asking)?,
        })
    }

    /// Returns a scaffold without callbacks.
    pub(super) fn scaffold(self) -> Scaffold {
        Scaffold {
            environments: self.environments,
            ..Scaffold::new(self.name, self.trunk)
        }
    }
}

fn environments(args: &Args, asking: &Asking) -> Result<Vec<String>, Failure> {
    let default: &[&str] = match args.topology {
        Some(Topology::Library) => &[],
        Some(Topology::Single) => &["prod"],
        Some(Topology::Promotion) | None => &["dev", "prod"],
        Some(Topology::ThreeEnv) => &["dev", "test", "prod"],
        Some(Topology::FourEnv) => &["dev", "test", "uat", "prod"],
    };
    let environments = match &args.envs {
        Some(given) => given.clone(),
        None if args.topology.is_none() && asking.starts() => {
            let question = "The environments, in promotion order (`-` for a library)";
            let answer = ask::text(question, &default.join(","), |_| Ok(()))?;
            let parts = answer.split([',', ' ']);
            let parts = parts.filter(|part| !part.is_empty() && *part != "-");
            parts.map(str::to_owned).collect()
        }
        None => default.iter().map(ToString::to_string).collect(),
    };
    let (fits, wanted) = match args.topology {
        None => (true, ""),
        Some(Topology::Library) => (environments.is_empty(), "a library has no environments"),
        Some(Topology::Single) => (
            environments.len() == 1,
            "`single` has exactly one environment",
        ),
        Some(Topology::Promotion | Topology::ThreeEnv | Topology::FourEnv) => (
            environments.len() >= 2,
            "`promotion` needs at least two environments",
        ),
    };
    if fits {
        return Ok(environments);
    }
    let failure = Failure::new(format!(
        "{wanted}, and `--envs` names {}",
        environments.len()
    ));
    Err(failure.help("change `--envs`, or leave `--topology` out"))
}

/// Returns how runs get cascade: what flags say, else where this program came from, else what
/// the person at the terminal says.
pub(super) fn sources(
    args: &Args,
    request: &Request,
    place: &Place,
    asking: &Asking,
) -> Result<Sources, Failure> {
    let mut sources = args.source.read(&request.directory, &place.root)?;
    if sources.are_known(args.rust) {
        return Ok(sources);
    }
    sources.source = Source::of_program(request);
    if !sources.are_known(args.rust) && asking.starts() {
        let about = "The git repository that cascade is built from (its address)";
        let url = ask::text(about, "", fits::<GitUrl>)?;
        let rev = ask::text("The full hash of its commit", "", fits::<CommitHash>)?;
        sources.source = Some(Source::Git {
            url: leaf("--cascade-git", &url)?,
            rev: leaf("--cascade-rev", &rev)?,
        });
    }
    match sources.are_known(args.rust) {
        true => Ok(sources),
        false => Err(Sources::unknown(args.rust)),
    }
}

fn fits<T: Leaf>(text: &str) -> Result<(), String> {
    T::from_str(text)
        .map(|_| ())
        .map_err(|problem| problem.to_string())
}

/// Returns the workflows that become callbacks if they fit.
pub(super) fn callbacks(
    args: &Args,
    survey: &Survey,
    asking: &Asking,
) -> Result<Vec<Offer>, Failure> {
    if args.samples {
        return Ok(Vec::new());
    }
    if !args.callbacks.is_empty() {
        let named = args.callbacks.iter();
        return named.map(|text| adopt::named(text, survey)).collect();
    }
    let offers = adopt::offers(survey);
    if offers.is_empty() || !asking.starts() {
        return Ok(offers);
    }
    ask::callbacks(offers)
}
