//! Actions, secrets and variables that the generated files need, read from their text.

use cascade_core::generate::File;
use std::collections::BTreeSet;

/// Actions, secrets and variables that generated files name.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// `owner/name@ref`, and reusable workflows of other repositories.
    pub(super) actions: BTreeSet<String>,
    /// Secrets, without the run's own token.
    pub(super) secrets: BTreeSet<String>,
    pub(super) variables: BTreeSet<String>,
}

impl Needs {
    pub(super) fn of(files: &[File]) -> Self {
        let mut needs = Self::default();
        for line in files.iter().flat_map(|file| file.text.lines()) {
            if line.trim_start().starts_with('#') {
                continue;
            }
            let used = line
                .trim_start()
                .trim_start_matches("- ")
                .strip_prefix("uses: ");
            let action = used.and_then(|used| used.split(' ').next());
            needs.actions.extend(
                action
                    .filter(|name| !name.starts_with("./"))
                    .map(str::to_owned),
            );
            needs.secrets.extend(names(line, "secrets."));
            needs.variables.extend(names(line, "vars."));
        }
        needs.secrets.remove("GITHUB_TOKEN");
        needs
    }
}

/// Returns the names that expressions of a line read from a context.
fn names(line: &str, context: &str) -> Vec<String> {
    let in_word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let mut found = Vec::new();
    for part in line.split("${{").skip(1) {
        let expression = part.split("}}").next().unwrap_or_default();
        for (at, _) in expression.match_indices(context) {
            let before = expression.get(..at).unwrap_or_default();
            let after = expression.get(at + context.len()..).unwrap_or_default();
            let name: String = after
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            if !before.ends_with(in_word) && !name.is_empty() {
                found.push(name);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_text_says_what_it_needs() {
        let text = "# secrets.NO\n\
            - uses: actions/checkout@abc # v7\n\
            uses: ./.github/actions/setup-cascade\n\
            uses: acme/ci/.github/workflows/x.yaml@v1\n\
            GITHUB_TOKEN: ${{ secrets.STATE }}\n\
            X: ${{ secrets.GITHUB_TOKEN || vars.REGION }} ${{ needs.vars.outputs.x }} secrets.PLAIN\n";
        let file = File {
            path: "x.yaml".to_owned(),
            text: text.to_owned(),
        };
        let needs = Needs::of(&[file]);
        let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        assert_eq!(
            list(&needs.actions),
            [
                "acme/ci/.github/workflows/x.yaml@v1",
                "actions/checkout@abc"
            ]
        );
        assert_eq!(list(&needs.secrets), ["STATE"]);
        assert_eq!(list(&needs.variables), ["REGION"]);
    }
}
