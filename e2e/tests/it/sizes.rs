//! No file is longer than 400 lines, and no function longer than 60.

use std::path::{Path, PathBuf};
use std::process::Command;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Macro, TraitItemFn};

const FILE: usize = 400;
const FUNCTION: usize = 60;

/// Files that are still longer.
const LONG_FILES: [&str; 0] = [];

/// Functions that are still longer.
const LONG_FUNCTIONS: [(&str, &str); 0] = [];

/// A file or a function, and how many lines it has.
type Long = (String, usize);

#[test]
fn files_are_short() {
    let long = sources().filter_map(|(name, text)| {
        let lines = text.lines().count();
        (lines > FILE).then_some((name, lines))
    });
    let allowed = LONG_FILES.map(str::to_owned);
    only_these_are_long(&long.collect::<Vec<_>>(), &allowed, FILE);
}

#[test]
fn functions_are_short() {
    let mut long: Vec<Long> = Vec::new();
    for (name, text) in sources() {
        let found = functions(&text).into_iter();
        let found = found.filter(|(_, lines)| *lines > FUNCTION);
        long.extend(found.map(|(function, lines)| (format!("{name}: {function}"), lines)));
    }
    let allowed = LONG_FUNCTIONS.map(|(file, function)| format!("{file}: {function}"));
    only_these_are_long(&long, &allowed, FUNCTION);
}

/// Functions of each kind are counted from `fn` to the closing brace, also in macros.
#[test]
fn lines_of_functions_are_counted() {
    let text = "
        /// Documentation is not counted.
        pub fn free(\n) {\n}
        impl X { fn method() {\n\n} }
        trait T { fn declared(); fn default() {} }
        proptest! {
            #[test]
            fn generated(value in any::<bool>()) {\n\n\n}
        }
        fn outer() { fn inner() {\n} }
    ";
    let expected = [
        ("free", 3),
        ("method", 3),
        ("default", 1),
        ("generated", 4),
        ("outer", 2),
        ("inner", 2),
    ];
    let expected = expected.map(|(name, lines)| (name.to_owned(), lines));
    assert_eq!(functions(text), expected);
}

/// A list that names what is not long any more is wrong, too.
fn only_these_are_long(long: &[Long], allowed: &[String], limit: usize) {
    let is_allowed = |(name, _): &&Long| allowed.contains(name);
    let found = long.iter().filter(|each| !is_allowed(each));
    let found: Vec<&Long> = found.collect();
    assert!(found.is_empty(), "longer than {limit} lines: {found:#?}");
    let gone = allowed
        .iter()
        .filter(|name| !long.iter().any(|(each, _)| each == *name));
    let gone: Vec<&String> = gone.collect();
    assert!(gone.is_empty(), "take these off the list: {gone:#?}");
}

/// Every Rust file that git knows, with its text.
pub(super) fn sources() -> impl Iterator<Item = (String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "*.rs",
        ])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(output.status.success());
    let names = String::from_utf8(output.stdout).unwrap();
    let names: Vec<String> = names.lines().map(str::to_owned).collect();
    assert!(names.len() > 500, "{} files", names.len());
    let there = move |name: String| {
        let path: PathBuf = root.join(&name);
        Some((name, std::fs::read_to_string(path).ok()?))
    };
    names.into_iter().filter_map(there)
}

/// The functions of a file, with their lines. What is no Rust, like a broken example, has none.
fn functions(text: &str) -> Vec<Long> {
    let mut functions = Functions::default();
    if let Ok(file) = syn::parse_file(text) {
        functions.visit_file(&file);
    }
    functions.found
}

#[derive(Default)]
struct Functions {
    found: Vec<Long>,
}

impl Functions {
    fn note(&mut self, signature: &syn::Signature, block: &Block) {
        let begin = signature.fn_token.span.start().line;
        let end = block.span().end().line;
        self.found
            .push((signature.ident.to_string(), end - begin + 1));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.note(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.note(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.note(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    /// Finds `fn name ... { ... }` among the tokens: the parameters of a property are no Rust.
    fn visit_macro(&mut self, called: &'ast Macro) {
        let mut begun: Option<(String, usize)> = None;
        let mut is_fn = None;
        for token in called.tokens.clone() {
            match (token, is_fn.take()) {
                (proc_macro2::TokenTree::Ident(name), Some(line)) => {
                    begun = Some((name.to_string(), line));
                }
                (proc_macro2::TokenTree::Ident(word), None) if word == "fn" => {
                    is_fn = Some(word.span().start().line);
                }
                (proc_macro2::TokenTree::Group(group), _)
                    if group.delimiter() == proc_macro2::Delimiter::Brace =>
                {
                    if let Some((name, line)) = begun.take() {
                        let end = group.span_close().end().line;
                        self.found.push((name, end - line + 1));
                    }
                }
                _ => {}
            }
        }
    }
}
