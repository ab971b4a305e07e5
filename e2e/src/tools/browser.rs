//! Pages as a person sees them: one headless Chromium for all that a process looks at.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::{Context, anyhow, bail};
use serde::{Deserialize, Serialize};

use super::Tools;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/serve.mjs");

/// The variable that names another program.
const VARIABLE: &str = "CHROMIUM";
/// The names that distributions give it.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// A colour scheme that a person prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// The way in which a page is looked at.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// The width of the window, in CSS pixels.
    pub width: u32,
    /// The height of the window.
    pub height: u32,
    /// The colour scheme.
    pub scheme: Scheme,
    /// The part of the page that its address names.
    pub anchor: Option<String>,
    /// True if everything that can be opened is open.
    pub open: bool,
    /// The file that gets a picture of the whole page.
    pub screenshot: Option<PathBuf>,
}

impl View {
    /// Returns a view of the whole page as it opens.
    #[must_use]
    pub fn new(width: u32, scheme: Scheme) -> Self {
        Self {
            width,
            height: 900,
            scheme,
            anchor: None,
            open: false,
            screenshot: None,
        }
    }

    /// Returns the views that every page must bear: a telephone and a desk, light and dark, with
    /// everything opened.
    #[must_use]
    pub fn all() -> [Self; 4] {
        [
            (390, Scheme::Light),
            (390, Scheme::Dark),
            (1280, Scheme::Light),
            (1280, Scheme::Dark),
        ]
        .map(|(width, scheme)| Self {
            open: true,
            ..Self::new(width, scheme)
        })
    }
}

/// The things that were seen on a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Look {
    /// Errors of scripts and of the console.
    pub errors: Vec<String>,
    /// Everything beside the page that it wanted to load; none of it was.
    pub requests: Vec<String>,
    /// The pixels by which the page as a whole scrolls sideways.
    pub sideways: i64,
    /// Labels of pictures that leave the shape that they belong to.
    pub overflowing: Vec<String>,
    /// Texts of pictures with too little contrast.
    pub contrast: Vec<String>,
    /// The elements that the Tab key does not come to, or comes to without a sign of it.
    pub keyboard: Vec<String>,
    /// Violations of axe-core's rules.
    pub violations: Vec<String>,
    /// The text that somebody gets who selects everything.
    pub selected: String,
}

impl Look {
    /// Returns everything that is wrong with the page.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let lists = [
            ("error", &self.errors),
            ("request", &self.requests),
            ("label outside of its shape", &self.overflowing),
            ("contrast", &self.contrast),
            ("keyboard", &self.keyboard),
            ("axe", &self.violations),
        ];
        let listed = lists.iter().flat_map(|(what, list)| {
            let list = list.iter();
            list.map(move |one| format!("{what}: {one}"))
        });
        let sideways = (self.sideways > 0).then(|| format!("scrolls by {} pixels", self.sideways));
        listed.chain(sideways).collect()
    }
}

/// The script that drives Chromium.
struct Driver {
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Seen(Look),
    Failed(String),
}

#[derive(Serialize)]
struct Question<'a> {
    file: &'a Path,
    #[serde(flatten)]
    view: &'a View,
}

/// The browser of this process. It ends with the process, at the end of its input.
static DRIVER: OnceLock<Mutex<Option<Driver>>> = OnceLock::new();

/// Looks at an HTML or SVG file.
///
/// # Errors
/// There is no Chromium, or it cannot show the file.
pub(super) fn look(tools: &Tools, page: &Path, view: &View) -> anyhow::Result<Look> {
    let file = page
        .canonicalize()
        .with_context(|| format!("no page {}", page.display()))?;
    let driver = DRIVER.get_or_init(Mutex::default);
    let mut driver = driver.lock().unwrap_or_else(PoisonError::into_inner);
    let driver = match driver.as_mut() {
        Some(driver) => driver,
        None => driver.insert(start(tools)?),
    };
    let question = serde_json::to_string(&Question { file: &file, view })?;
    writeln!(driver.questions, "{question}").context("the browser has ended")?;
    let mut answer = String::new();
    driver.answers.read_line(&mut answer)?;
    match serde_json::from_str(&answer).context("the browser has ended")? {
        Answer::Seen(look) => Ok(look),
        Answer::Failed(why) => bail!("{}: {why}", page.display()),
    }
}

fn start(tools: &Tools) -> anyhow::Result<Driver> {
    let program = program(std::env::var_os(VARIABLE), std::env::var_os("PATH"))?;
    let mut node = Command::new("node")
        .arg(SCRIPT)
        .arg(program)
        .arg(tools.node_module("playwright-core/index.js"))
        .arg(tools.node_module("axe-core/axe.min.js"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("`node` does not start; the end-to-end tests need it")?;
    Ok(Driver {
        questions: node.stdin.take().context("no way to ask")?,
        answers: BufReader::new(node.stdout.take().context("no way to answer")?),
    })
}

fn program(named: Option<OsString>, path: Option<OsString>) -> anyhow::Result<PathBuf> {
    if let Some(named) = named {
        let named = PathBuf::from(named);
        return match named.is_file() {
            true => Ok(named),
            false => Err(anyhow!("{VARIABLE} names no file: {}", named.display())),
        };
    }
    let path = path.unwrap_or_default();
    let folders = std::env::split_paths(&path);
    let mut files = folders.flat_map(|folder| NAMES.map(|name| folder.join(name)));
    files.find(|file| file.is_file()).with_context(|| {
        format!(
            "no Chromium is on the PATH (looked for {}): install it (Debian: `apt-get install \
             chromium`), or let the variable {VARIABLE} name one",
            NAMES.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_browser_is_an_error_that_says_what_to_install() {
        let missing = program(None, Some("/not/there".into())).unwrap_err();
        assert!(missing.to_string().contains("apt-get install chromium"));
        let wrong = program(Some("/not/there".into()), None).unwrap_err();
        assert_eq!(wrong.to_string(), "CHROMIUM names no file: /not/there");
    }
}
