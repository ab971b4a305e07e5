//! The page about pipelines in Rust: its examples compile.

use crate::support::crates::{self, NONE, STUB, write};
use crate::support::fences::blocks;
use std::fs;

/// Each example is a module, beside the workflows that it calls.
#[test]
fn the_examples_of_the_page_compile() {
    let folder = crates::folder("page");
    let page = fs::read_to_string(crates::repository().join("docs/dsl.md")).unwrap();
    let is_callback =
        |path: &&str| path.starts_with(".github/workflows/") && path.ends_with(".yaml");
    for path in page.split('"').filter(is_callback) {
        write(&folder.join(path), STUB);
    }
    let blocks = blocks(&page);
    let examples = blocks.iter().filter(|block| block.is("rust")).enumerate();
    let modules = examples.map(|(number, example)| {
        write(&folder.join(format!("src/page_{number}.rs")), &example.text);
        format!("mod page_{number};\n")
    });
    let modules: Vec<String> = modules.collect();
    assert!(modules.len() >= 8, "{modules:?}");
    let main = format!(
        "#![allow(dead_code)]\n{}\nfn main() {{}}\n",
        modules.concat()
    );
    write(&folder.join("src/main.rs"), &main);
    crates::manifest(&folder, "page", "cascade");
    let run = crates::pipeline(&folder, NONE, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
}
