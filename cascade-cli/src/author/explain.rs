//! `explain`: a rule's page.

use crate::cli::diagnostic::json;
use crate::cli::error::{CommandResult, Failure};
use crate::cli::status::ExitStatus;
use crate::cli::terminal::Terminal;
use cascade_core::finding::{Rule, Surface, rules, suggest};
use serde::Serialize;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The rule, like `C014` or `misplaced-key`; without it every rule is listed
    rule: Option<String>,
}

#[derive(Debug, Serialize)]
struct Page {
    code: &'static str,
    name: &'static str,
    title: &'static str,
    severity: String,
    surfaces: Vec<&'static str>,
    page: String,
}

pub(crate) fn run(args: &Args, terminal: &Terminal) -> CommandResult {
    let text = match &args.rule {
        Some(wanted) => {
            let rule = find(wanted)?;
            match terminal.json() {
                true => json::pretty(&page(rule)),
                false => rule.text(),
            }
        }
        None if terminal.json() => {
            let pages: Vec<Page> = rules::ALL.iter().map(|rule| page(rule)).collect();
            json::pretty(&pages)
        }
        None => rules::ALL.iter().map(|rule| line(rule)).collect(),
    };
    terminal.out(&text)?;
    Ok(ExitStatus::Success)
}

fn find(wanted: &str) -> Result<&'static Rule, Failure> {
    let named = |rule: &&&Rule| rule.name.eq_ignore_ascii_case(wanted);
    if let Some(rule) = rules::find(wanted).or_else(|| rules::ALL.iter().find(named).copied()) {
        return Ok(rule);
    }
    let names = rules::ALL.iter().flat_map(|rule| [rule.name, rule.code]);
    let failure = Failure::new(format!("there is no rule `{wanted}`"));
    Err(match suggest::nearest(wanted, names) {
        Some(near) => failure.help(format!(
            "did you mean `{near}`? `cascade explain` lists every rule"
        )),
        None => failure.help("`cascade explain` lists every rule"),
    })
}

fn line(rule: &Rule) -> String {
    format!(
        "{}  {:<7}  {:<width$}  {}\n",
        rule.code,
        rule.severity.to_string(),
        rule.name,
        rule.title(),
        width = rules::ALL
            .iter()
            .map(|rule| rule.name.len())
            .max()
            .unwrap_or_default()
    )
}

fn page(rule: &Rule) -> Page {
    let surface = |surface: &Surface| match surface {
        Surface::Yaml => "yaml",
        Surface::Rust => "rust",
    };
    Page {
        code: rule.code,
        name: rule.name,
        title: rule.title(),
        severity: rule.severity.to_string(),
        surfaces: rule.surfaces.iter().map(surface).collect(),
        page: rule.text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_code_and_by_name() {
        let rule = find("C203").unwrap();
        assert_eq!(find("c203").unwrap().code, "C203");
        assert_eq!(find(&rule.name.to_uppercase()).unwrap().code, "C203");
    }

    #[test]
    fn a_rule_that_does_not_exist_has_a_neighbour() {
        let failure = find("C20").unwrap_err().to_string();
        assert!(failure.contains("there is no rule `C20`"), "{failure}");
        assert!(failure.contains("did you mean `C020`"), "{failure}");
        let far = find("something else entirely").unwrap_err().to_string();
        assert!(!far.contains("did you mean"), "{far}");
    }

    #[test]
    fn names_stand_below_each_other() {
        let at = |rule: &Rule| line(rule).find(rule.name).unwrap();
        let places: Vec<usize> = rules::ALL.iter().map(|rule| at(rule)).collect();
        assert!(
            places.windows(2).all(|pair| pair[0] == pair[1]),
            "{places:?}"
        );
    }
}
