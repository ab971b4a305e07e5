//! Actions, secrets and variables that the generated files need, read from their text.

use cascade_core::expression::{Context, Template};
use cascade_core::generate::File;
use cascade_core::manifest::yaml::{self, Document, View};
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
        for file in files {
            let document = yaml::read(file.text.as_bytes()).ok();
            if let Some(root) = document.as_ref().and_then(Document::root) {
                needs.read(root);
            }
        }
        needs.secrets.remove("GITHUB_TOKEN");
        needs
    }

    fn read(&mut self, value: View<'_>) {
        let used = value.get("uses").and_then(View::text);
        let elsewhere = used.filter(|name| !name.starts_with("./"));
        self.actions.extend(elsewhere);
        for (_, field) in value.entries() {
            self.read(field);
        }
        for item in value.items() {
            self.read(item);
        }
        let text = value.text().filter(|text| text.contains("${{"));
        if let Some(template) = text.and_then(|text| Template::parse(&text).ok()) {
            self.name(&template);
        }
    }

    fn name(&mut self, template: &Template) {
        for read in template.reads() {
            let names = match Context::named(read.context) {
                Some(Context::Secrets) => &mut self.secrets,
                Some(Context::Vars) => &mut self.variables,
                _ => continue,
            };
            names.extend(read.names.first().map(|name| (*name).to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_text_says_what_it_needs() {
        let text = "# secrets.NO\n\
            - uses: actions/checkout@abc # v7\n\
            - uses: ./.github/actions/setup-cascade\n\
            - uses: acme/ci/.github/workflows/x.yaml@v1\n\
            - GITHUB_TOKEN: ${{ secrets.STATE }}\n\
            - X: ${{ secrets.GITHUB_TOKEN || vars.REGION }} ${{ needs.vars.outputs.x }} secrets.PLAIN\n\
            - Y: '${{ format(''secrets.TEXT {0}'', vars[''ZONE'']) }}'\n";
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
        assert_eq!(list(&needs.variables), ["REGION", "ZONE"]);
    }
}
