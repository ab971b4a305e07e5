//! The refusals of GitHub to move a ref, and the way out of each.
//!
//! Sources: GitHub's "Available rules for rulesets", "About protected branches" and
//! "Troubleshooting rules"; the texts are those of pushes (GH006, GH013) and of the API.

use crate::cli::error::Failure;

/// GitHub's words for a rule, and the rule's name in the settings.
const RULES: [(&str, &str); 9] = [
    ("creations being restricted", "Restrict creations"),
    ("update this protected ref", "Restrict updates"),
    ("delete this protected ref", "Restrict deletions"),
    (
        "through a pull request",
        "Require a pull request before merging",
    ),
    ("verified signatures", "Require signed commits"),
    ("equired status check", "Require status checks to pass"),
    ("force-push", "Block force pushes"),
    ("merge commits", "Require linear history"),
    ("merge queue", "Require merge queue"),
];

/// A refusal, by what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    /// Rules of a ruleset, as GitHub says them, and the page that lists them.
    Rules {
        broken: Vec<String>,
        page: Option<String>,
    },
    /// The older protection of a branch.
    Protection,
    /// The commit has other workflow files, and the token may not bring those.
    Workflows { personal: bool },
    /// The token may not write at all.
    Permission,
    /// Something else.
    Other,
}

impl Refusal {
    fn read(said: &str) -> Self {
        let has = |sign: &str| said.contains(sign);
        if has("refusing to allow") && has("workflow") {
            let personal = has("Personal Access Token") || has("OAuth App");
            return Self::Workflows { personal };
        }
        if has("GH013") || has("rule violations found") {
            let (broken, page) = (broken(said), page(said));
            return Self::Rules { broken, page };
        }
        if has("GH006") || has("protected branch hook declined") {
            return Self::Protection;
        }
        let denied = ["denied to", "access to repository not granted"];
        match denied.iter().any(|sign| has(sign)) {
            true => Self::Permission,
            false => Self::Other,
        }
    }
}

/// The rules that a refusal names, one a line: a push puts a dash before each.
fn broken(said: &str) -> Vec<String> {
    // In the details of a validation the text is JSON.
    let said = said.replace("\\n", "\n");
    let (_, after) = said.split_once("iolations found").unwrap_or(("", &said));
    let lines: Vec<&str> = after
        .lines()
        .skip(1)
        .map(|line| line.trim().trim_start_matches("remote:").trim())
        .collect();
    let dashed: Vec<String> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("- "))
        .map(str::to_owned)
        .collect();
    if !dashed.is_empty() {
        return dashed;
    }
    let own = lines
        .iter()
        .take_while(|line| !line.contains('"') && !line.starts_with('!'));
    own.filter(|line| !line.is_empty())
        .map(|line| (*line).to_owned())
        .collect()
}

/// The page of the rules, which a push is told.
fn page(said: &str) -> Option<String> {
    let (_, after) = said.split_once("repository rules at ")?;
    after.split_whitespace().next().map(str::to_owned)
}

/// A rule as people find it: its name, and what GitHub says of it.
fn named(said: &str) -> String {
    let known = RULES.iter().find(|(sign, _)| said.contains(sign));
    match known {
        Some((_, name)) => format!("\"{name}\" ({said})"),
        None => said.to_owned(),
    }
}

/// Returns true if GitHub names a reason that has a known remedy.
pub(crate) fn is_known(said: &str) -> bool {
    Refusal::read(said) != Refusal::Other
}

/// A ref that was to be moved, and the token that moves it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move<'a> {
    /// `trunk`, `branch` or `tag`.
    pub(crate) what: &'a str,
    /// The setting of the token that moves it.
    pub(crate) token: &'a str,
}

/// The failure with why, and with the way out.
pub(crate) fn explained(failure: Failure, said: &str, moved: Move<'_>) -> Failure {
    let Move { what, token } = moved;
    let told = failure.clone().cause(said.trim());
    match Refusal::read(said) {
        Refusal::Rules { broken, page } => {
            let rules: Vec<String> = broken.iter().map(|rule| named(rule)).collect();
            let cause = match rules.as_slice() {
                [] => said.trim().to_owned(),
                rules => format!("GH013, a rule of the repository: {}", rules.join(", ")),
            };
            let page = page.map_or_else(String::new, |page| format!("; {page} lists them"));
            failure.cause(cause).help(format!(
                "on a protected {what} the token must be on the bypass list of the ruleset (Settings, Rules, Rulesets{page}): set {token} to one that is"
            ))
        }
        Refusal::Protection => told.help(format!(
            "the protection of the branch (Settings, Branches) must let the token bypass pull requests, and it has no bypass for required checks, as a ruleset has (`cascade branch-protection`): set {token}"
        )),
        Refusal::Workflows { personal: true } => told.help(
            "the commit's workflow files differ from the trunk's: give the token the scope `workflow`, or the permission `workflows: write`",
        ),
        Refusal::Workflows { personal: false } => told.help(format!(
            "the commit's workflow files differ from the trunk's, and GITHUB_TOKEN may not bring those: use a token with `workflows: write` ({token})"
        )),
        Refusal::Permission => told.help("the token needs `contents: write` in this repository"),
        Refusal::Other => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUSH: &str = "remote: error: GH013: Repository rule violations found for refs/tags/v1.0.0.\nremote: Review all repository rules at https://github.com/acme/app/rules?ref=refs%2Ftags%2Fv1.0.0\nremote:\nremote: - Cannot create ref due to creations being restricted.\nremote:\nremote: - A rule of tomorrow.\n! refs/tags/v1.0.0 [remote rejected] (push declined due to repository rule violations)";

    fn told(said: &str) -> String {
        let moved = Move {
            what: "tag",
            token: "`release_token_app`",
        };
        explained(Failure::new("refused"), said, moved).to_string()
    }

    #[test]
    fn a_rule_is_told_by_its_name_with_the_way_to_its_bypass_list() {
        let said = told(PUSH);
        for part in [
            "GH013",
            "\"Restrict creations\" (Cannot create ref due to creations being restricted.)",
            "A rule of tomorrow.",
            "on a protected tag the token must be on the bypass list",
            "Rulesets; https://github.com/acme/app/rules?ref=refs%2Ftags%2Fv1.0.0 lists them",
            "`release_token_app`",
        ] {
            assert!(said.contains(part), "`{part}` in {said}");
        }
        assert!(!said.contains("workflow"), "{said}");
    }

    #[test]
    fn the_api_says_the_same_in_other_words() {
        for said in [
            "Repository rule violations found\n\nChanges must be made through a pull request.\n\n",
            r#"Validation Failed [{"code":"custom","message":"pre_receive Repository rule violations found\n\nChanges must be made through a pull request.\n\n"},{"message":"Published releases must have a valid tag"}]"#,
        ] {
            let said = told(said);
            let rule = "\"Require a pull request before merging\" (Changes must be made through a pull request.)\n";
            assert!(said.contains(rule), "{said}");
            assert!(said.contains("(Settings, Rules, Rulesets)"), "{said}");
        }
    }

    #[test]
    fn the_remedy_for_workflow_files_is_for_their_refusal_alone() {
        let refusal = |noun: &str, lacks: &str| {
            format!(
                "! [remote rejected] (refusing to allow a {noun} to create or update workflow `.github/workflows/x.yaml` without {lacks})"
            )
        };
        let app = told(&refusal("GitHub App", "`workflows` permission"));
        assert!(
            app.contains("`workflows: write` (`release_token_app`)"),
            "{app}"
        );
        let person = told(&refusal("Personal Access Token", "`workflow` scope"));
        assert!(person.contains("the scope `workflow`"), "{person}");
        let others = [
            (PUSH, "Rulesets"),
            (
                "remote: error: GH006: Protected branch update failed for refs/heads/main.",
                "Settings, Branches",
            ),
            (
                "remote: Permission to acme/app.git denied to github-actions[bot].",
                "`contents: write`",
            ),
            (
                "remote: fatal: pack exceeds maximum allowed size",
                "pack exceeds",
            ),
        ];
        for (said, expected) in others {
            let told = told(said);
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains("workflow files"), "{told}");
            assert_eq!(is_known(said), expected != "pack exceeds");
        }
    }

    #[test]
    fn a_rule_that_is_not_known_is_told_in_githubs_words() {
        assert_eq!(named("A rule of tomorrow."), "A rule of tomorrow.");
        let known = named("Commits must have verified signatures.");
        assert_eq!(
            known,
            "\"Require signed commits\" (Commits must have verified signatures.)"
        );
    }

    #[test]
    fn the_page_of_the_rules_is_an_address_alone() {
        let said = "remote: Review all repository rules at https://x/rules?ref=a\nremote: next";
        assert_eq!(page(said).as_deref(), Some("https://x/rules?ref=a"));
        assert_eq!(page("no page"), None);
    }

    #[test]
    fn a_token_that_may_not_write_at_all_is_told_so() {
        let said = told("remote: Write access to repository not granted.");
        assert!(said.contains("needs `contents: write`"), "{said}");
    }
}
