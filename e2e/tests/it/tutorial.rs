//! The tutorial of the docs, as a reader follows it: its commands run in order in an empty folder,
//! and print what the page shows.

use std::path::Path;
use std::process::{Command, Output};

const PAGE: &str = include_str!("../../../docs/tutorial.md");

/// A fenced block of the page.
struct Block<'a> {
    /// The text behind the fence.
    info: &'a str,
    text: String,
    line: usize,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    for (at, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), open) {
            (Some(info), false) => blocks.push(Block {
                info,
                text: String::new(),
                line: at + 1,
            }),
            (None, true) => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            _ => {}
        }
        open ^= line.starts_with("```");
    }
    blocks
}

/// A reader, whose shell is in a folder.
struct Reader {
    folder: tempfile::TempDir,
    programs: std::path::PathBuf,
}

impl Reader {
    fn new() -> Self {
        let folder = e2e::scratch::folder().unwrap();
        let programs = folder.path().join("programs");
        std::fs::create_dir_all(folder.path().join("home")).unwrap();
        std::fs::create_dir(&programs).unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_cascade-rehearse"));
        for name in ["cascade", "cascade-rehearse"] {
            std::os::unix::fs::symlink(program, programs.join(name)).unwrap();
        }
        Self { folder, programs }
    }

    /// Returns the folder of the reader, who enters another one first of all.
    fn place(&self) -> std::path::PathBuf {
        let parcels = self.folder.path().join("parcels");
        match parcels.is_dir() {
            true => parcels,
            false => self.folder.path().to_owned(),
        }
    }

    fn run(&self, script: &str) -> Output {
        let path = std::env::var("PATH").unwrap();
        Command::new("bash")
            .args(["-eu", "-o", "pipefail", "-c", script])
            .current_dir(self.place())
            .env("PATH", format!("{}:{path}", self.programs.display()))
            .env("HOME", self.folder.path().join("home"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "reader")))
            .envs(
                ["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "reader@localhost")),
            )
            .env_remove("GITHUB_TOKEN")
            .env_remove("GH_TOKEN")
            .env_remove("GITHUB_REPOSITORY")
            .output()
            .unwrap()
    }
}

/// A line as it is compared: times differ from one machine to the next, and columns with them.
fn words(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn the_tutorial_does_what_it_says() {
    let reader = Reader::new();
    let mut said: Vec<String> = Vec::new();
    let mut shown = 0;
    for block in blocks(PAGE) {
        let place = format!("docs/tutorial.md:{}", block.line);
        match block.info.split_once(' ').unwrap_or((block.info, "")) {
            ("sh", how) => {
                let output = reader.run(&block.text);
                let text = [output.stdout, output.stderr].concat();
                let text = String::from_utf8(text).unwrap();
                assert_eq!(output.status.success(), how != "fails", "{place}\n{text}");
                said = text.lines().map(words).collect();
            }
            ("yaml", how) => {
                let file = how.strip_prefix("file=").unwrap();
                let file = reader.place().join(file);
                std::fs::write(file, &block.text).unwrap();
            }
            ("text", _) => {
                for line in block.text.lines().map(words) {
                    let found = said.iter().any(|said| said.contains(&line));
                    assert!(found, "{place}: `{line}` is not among\n{}", said.join("\n"));
                    shown += 1;
                }
            }
            (other, _) => panic!("{place}: what to do with a block of `{other}`?"),
        }
    }
    assert!(shown > 10, "{shown}");
}
