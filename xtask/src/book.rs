//! The book of the docs.

use crate::{links, root};
use anyhow::Context;
use mdbook_driver::MDBook;
use mdbook_driver::book::{Book, BookItem};
use mdbook_driver::config::Config;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The place of the book, and of the sources that it links.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder
    #[arg(long, value_name = "FOLDER", default_value = "target/book")]
    pub output: PathBuf,
    /// The repository on GitHub
    #[arg(
        long,
        value_name = "OWNER/REPO",
        env = "GITHUB_REPOSITORY",
        default_value = "OWNER/cascade"
    )]
    pub repository: String,
}

/// Builds the book.
///
/// # Errors
/// A page that is missing, or a folder that cannot be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = root();
    let mut config = Config::from_disk(root.join("book.toml"))?;
    config.build.build_dir = root.join(&args.output);
    let address = format!("https://github.com/{}", args.repository);
    config.set("output.html.git-repository-url", &address)?;
    let mut book = MDBook::load_with_config(&root, config)?;
    book.with_preprocessor(Sources { address });
    book.build()
}

/// Leads links out of the docs to the sources on GitHub.
struct Sources {
    address: String,
}

impl Preprocessor for Sources {
    fn name(&self) -> &str {
        "sources"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> anyhow::Result<Book> {
        book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && let Some(path) = &chapter.source_path
            {
                chapter.content = self.lead(&chapter.content, path);
            }
        });
        Ok(book)
    }
}

impl Sources {
    fn lead(&self, page: &str, path: &Path) -> String {
        let mut text = page.to_owned();
        let from = Path::new("docs").join(path);
        for link in links::links(page).into_iter().rev() {
            let Some((file, anchor)) = links::target(&from, &link.destination) else {
                continue;
            };
            if file.starts_with("docs") {
                continue;
            }
            let anchor = anchor
                .map(|anchor| format!("#{anchor}"))
                .unwrap_or_default();
            let address = format!("{}/blob/main/{}{anchor}", self.address, file.display());
            let shown = &page[link.range.clone()];
            let leads = shown.replace(&format!("({})", link.destination), &format!("({address})"));
            text.replace_range(link.range, &leads);
        }
        text
    }
}

/// A part of the book: its title, and its pages in order.
type Part = (&'static str, &'static [&'static str]);

const PARTS: [Part; 4] = [
    ("Learn", &["tutorial", "getting-started"]),
    (
        "Guides",
        &[
            "rehearse",
            "graph",
            "promote",
            "rollback",
            "hotfix",
            "strategies",
            "components",
            "multi-repo",
            "deploy-targets",
            "checks",
            "integration",
            "state",
            "status",
            "metrics",
            "telemetry",
            "github-enterprise-server",
            "migrate-go-tool",
            "migrate-release-please",
            "migrate-semantic-release",
            "migrate-workflows",
        ],
    ),
    (
        "Reference",
        &[
            "configuration",
            "dsl",
            "cli-reference",
            "callbacks",
            "migrate/go",
            "errors/README",
        ],
    ),
    (
        "Explanation",
        &[
            "how-it-works",
            "security",
            "limits",
            "cost",
            "comparison",
            "architecture",
            "testing",
        ],
    ),
];

/// The subjects of the hundreds of the codes.
const FAMILIES: [(&str, &str); 10] = [
    ("C0xx", "keys and values of the manifest, one at a time"),
    (
        "C1xx",
        "settings, environments and tools, together with GitHub and the runners",
    ),
    ("C2xx", "builds and deploys, and what they wait for"),
    (
        "C3xx",
        "callbacks: their files, inputs, outputs, secrets and permissions",
    ),
    ("C4xx", "strategies and deploy targets"),
    ("C5xx", "other repositories"),
    ("C6xx", "releases, rollback signals and optional workflows"),
    ("C7xx", "the integration of an upstream"),
    ("C8xx", "components"),
    ("C9xx", "the state"),
];

/// Returns the contents of the book.
///
/// # Errors
/// A page that cannot be read or has no title.
pub fn summary() -> anyhow::Result<String> {
    let mut text = "# Summary\n\n[cascade](introduction.md)\n".to_owned();
    for (title, pages) in PARTS {
        write!(text, "\n# {title}\n\n")?;
        for page in pages {
            writeln!(text, "- [{}]({page}.md)", page_title(page)?)?;
            if *page == "errors/README" {
                for rule in rules()? {
                    writeln!(text, "  - [{}]({rule}.md)", page_title(&rule)?)?;
                }
            }
        }
    }
    Ok(text)
}

/// Returns the page that lists the rules.
///
/// # Errors
/// See [`summary`].
pub fn rule_index() -> anyhow::Result<String> {
    let mut text = "# Rules\n\n\
        A finding names the rule that it is about. `cascade explain C203` shows the page of a rule in the\n\
        terminal.\n\n\
        | codes | about |\n|---|---|\n"
        .to_owned();
    for (codes, about) in FAMILIES {
        writeln!(text, "| {codes} | {about} |")?;
    }
    text.push_str("\n| rule | title |\n|---|---|\n");
    for rule in rules()? {
        let title = page_title(&rule)?;
        let (code, title) = title.split_once(": ").unwrap_or((&title, ""));
        writeln!(text, "| [{code}]({code}.md) | {title} |")?;
    }
    Ok(text)
}

/// Writes the contents of the book, and the list of rules.
///
/// # Errors
/// A file that cannot be written; see [`summary`].
pub fn write_summary() -> anyhow::Result<()> {
    let write = |name: &str, text: String| {
        fs::write(root().join(name), text).with_context(|| format!("cannot write {name}"))
    };
    write("docs/errors/README.md", rule_index()?)?;
    write("docs/SUMMARY.md", summary()?)
}

fn page_title(page: &str) -> anyhow::Result<String> {
    let path = root().join(format!("docs/{page}.md"));
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let title = text.lines().next().and_then(|line| line.strip_prefix("# "));
    Ok(title
        .with_context(|| format!("{} has no title", path.display()))?
        .to_owned())
}

fn rules() -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("docs/errors"))? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('C') {
            found.push(format!("errors/{name}"));
        }
    }
    found.sort();
    Ok(found)
}
