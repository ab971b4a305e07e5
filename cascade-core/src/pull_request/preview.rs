//! Builds, deploys and releases that a merge would lead to.

use super::report::table;
use super::{Bounded, Finding, Kind, Report, Untrusted};
use serde::{Deserialize, Serialize};

/// The consequences of a merge.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// The components; a repository without `components` is one, without a name.
    pub components: Bounded<ComponentPreview>,
    /// True if versions of other repositories were not asked for, since no credential is there.
    pub asks_nobody: bool,
    /// The findings of the rules.
    pub findings: Bounded<Finding>,
}

/// The consequences of a merge for a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentPreview {
    /// Its name.
    pub name: Option<Untrusted>,
    /// The reason why nothing would run.
    pub idle: Option<Untrusted>,
    /// The callbacks that would run.
    pub delivery: Option<Delivery>,
}

/// The run of the trunk that would follow, and the promotion after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The version that the commit would get.
    pub version: Untrusted,
    /// The environment, or the record, that it would come to.
    pub environment: Untrusted,
    /// True if the validation would run.
    pub validates: bool,
    /// The callbacks that would run.
    pub runs: Bounded<Concerned>,
    /// The breaking changes of the pull request.
    pub breaking: Bounded<Untrusted>,
    /// The moves of a promotion after it.
    pub promotion: Bounded<Carried>,
    /// The reasons why it would be refused.
    pub refused: Bounded<Untrusted>,
    /// Further notes.
    pub remarks: Bounded<Untrusted>,
}

/// A callback that would run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concerned {
    /// The callback: `build app`.
    pub what: Untrusted,
    /// The reason.
    pub why: Untrusted,
}

/// A step of a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The place that it is from.
    pub from: Untrusted,
    /// The place that it comes to.
    pub to: Untrusted,
    /// The version.
    pub version: Untrusted,
    /// The deploys, separated by commas.
    pub deploys: Untrusted,
}

impl Report for Preview {
    const KIND: Kind = Kind::Preview;

    fn is_clean(&self) -> bool {
        false
    }

    fn markdown(&self) -> String {
        let mut parts = match self.components.items() {
            [only] if only.name.is_none() => only.parts("###", "Preview: "),
            several => {
                let mut parts = vec!["### Preview\n".to_owned()];
                let (running, idle): (Vec<_>, Vec<_>) =
                    several.iter().partition(|each| each.delivery.is_some());
                parts.extend(running.iter().flat_map(|each| each.parts("####", "")));
                let idle = idle.iter().map(|each| each.idle());
                parts.push(idle.collect());
                parts
            }
        };
        parts.push(self.components.rest());
        if self.components.is_empty() {
            parts.push(
                "The pipeline has errors, so nothing can be said of what would run.\n".to_owned(),
            );
        }
        if self.asks_nobody {
            parts.push("Versions of other repositories are not asked for here.\n".to_owned());
        }
        parts.push(table(&self.findings));
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }
}

impl ComponentPreview {
    fn parts(&self, level: &str, title: &str) -> Vec<String> {
        let name = self.name.as_ref().map(|name| format!("{}: ", name.plain()));
        let name = name.unwrap_or_default();
        let heading = |what: &str| format!("{level} {title}{name}{what}\n");
        match (&self.delivery, &self.idle) {
            (Some(delivery), _) => {
                let what = format!(
                    "{} to {}",
                    delivery.version.plain(),
                    delivery.environment.plain()
                );
                let mut parts = vec![heading(&what)];
                parts.extend(delivery.parts());
                parts
            }
            (None, idle) => {
                let why = idle.as_ref().map(Untrusted::plain).unwrap_or_default();
                vec![heading("nothing runs"), format!("{why}\n")]
            }
        }
    }

    /// A line about a component of which nothing runs.
    fn idle(&self) -> String {
        let plain = |text: &Option<Untrusted>| text.as_ref().map(Untrusted::plain);
        let name = plain(&self.name).unwrap_or_default();
        let why = plain(&self.idle).unwrap_or_default();
        format!("- {name}: nothing runs, {why}\n")
    }
}

impl Delivery {
    fn parts(&self) -> Vec<String> {
        let first = match (self.runs.is_empty(), self.validates) {
            (true, true) => "Only the validation runs.\n".to_owned(),
            (true, false) => "No callback runs.\n".to_owned(),
            (false, _) => self.callbacks(),
        };
        vec![
            first,
            list("This breaks something:", &self.breaking),
            self.carried(),
            list("A promotion would be refused:", &self.refused),
            list("To know:", &self.remarks),
        ]
    }

    fn callbacks(&self) -> String {
        let mut text = "| runs | because |\n|---|---|\n".to_owned();
        if self.validates {
            text.push_str("| validate | something runs |\n");
        }
        for Concerned { what, why } in self.runs.items() {
            text.push_str(&format!("| {} | {} |\n", what.cell(), why.cell()));
        }
        text + &self.runs.rest()
    }

    fn carried(&self) -> String {
        if self.promotion.is_empty() {
            return String::new();
        }
        let mut text =
            "A promotion after it would carry:\n\n| from | to | version | deploys |\n|---|---|---|---|\n"
                .to_owned();
        for each in self.promotion.items() {
            text.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                each.from.cell(),
                each.to.cell(),
                each.version.cell(),
                each.deploys.cell()
            ));
        }
        text + &self.promotion.rest()
    }
}

fn list(title: &str, items: &Bounded<Untrusted>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let lines = items.items().iter();
    let lines: String = lines.map(|item| format!("- {}\n", item.plain())).collect();
    format!("{title}\n\n{lines}{}", items.rest())
}
