//! Every checkout has the line breaks that scripts and generated files need.

use std::path::Path;
use std::process::Command;

/// Git for Windows writes `\r\n` where nothing says otherwise: bash does not run such scripts, and
/// a program that contains such texts generates such files.
///
/// Source: git, gitattributes, "Effects", "eol".
#[test]
fn a_checkout_on_windows_has_the_same_texts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let clone = e2e::scratch::folder().unwrap();
    let git = |folder: &Path, arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(folder)
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let folder = clone.path();
    git(folder, &["init", "--quiet"]);
    git(folder, &["config", "core.autocrlf", "true"]);
    let files = [
        ".github/scripts/archive.sh",
        "cascade-core/src/generate/setup_cascade/build.sh",
        "cascade-cli/src/author/init/check.yaml",
        "docs/errors/C109.md",
    ];
    for file in files.iter().chain(&[".gitattributes"]) {
        let (from, to) = (root.join(file), folder.join(file));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        let _ = from.is_file().then(|| std::fs::copy(&from, &to).unwrap());
    }
    git(folder, &["add", "--all"]);
    for file in files {
        std::fs::remove_file(folder.join(file)).unwrap();
    }
    git(folder, &["checkout", "--", "."]);
    for file in files {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert!(!text.contains('\r'), "{file}");
    }
}
