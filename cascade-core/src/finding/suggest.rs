//! "Did you mean".

use super::Message;
use crate::message;

/// The candidate nearest to `name`, if one is near enough to be a slip of the pen, or the only one
/// that goes on where `name` ends: `trunk_branch` for `trunk`.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    misspelt(name, &candidates).or_else(|| cut_off(name, &candidates))
}

fn cut_off<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let goes_on = |candidate: &&&str| {
        let rest = candidate.strip_prefix(name);
        !name.is_empty() && rest.is_some_and(|rest| rest.starts_with(['_', '-']))
    };
    let mut longer = candidates.iter().filter(goes_on);
    let only = longer.next()?;
    longer.next().is_none().then_some(*only)
}

fn misspelt<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(2);
    candidates
        .iter()
        .map(|candidate| (distance(name, candidate), *candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The most candidates that help lists all of: a hundred names would bury the one that is meant.
const SHORT_LIST: usize = 6;

/// The candidates that help names of a longer list.
const NEAREST: usize = 3;

/// Returns help that names the nearest candidate and the few that resemble it most: ``did you mean
/// `a`? `lead` a, b``.
#[must_use]
pub fn among<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    lead: impl Into<Message>,
) -> Message {
    let all: Vec<&str> = candidates.into_iter().collect();
    let list = message!("{} {}", part = lead, text = few(written, &all));
    match nearest(written, all) {
        Some(near) => message!("did you mean {}? {}", name = near, part = list),
        None => list,
    }
}

fn few(written: &str, all: &[&str]) -> String {
    if all.is_empty() {
        return "none".to_owned();
    }
    if all.len() <= SHORT_LIST {
        return all.join(", ");
    }
    let mut nearest = all.to_vec();
    nearest.sort_by_key(|candidate| {
        let goes_on = !written.is_empty() && candidate.starts_with(written);
        (!goes_on, distance(written, candidate))
    });
    let more = all.len() - NEAREST;
    format!("{} and {more} more", nearest[..NEAREST].join(", "))
}

fn distance(name: &str, candidate: &str) -> usize {
    let fold = |text: &str| text.to_lowercase().replace('_', "-");
    strsim::damerau_levenshtein(&fold(name), &fold(candidate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found_and_a_stranger_is_not() {
        assert_eq!(nearest("imgae", ["infra", "image"]), Some("image"));
        assert_eq!(
            nearest("id_tokn", ["contents", "id-token"]),
            Some("id-token")
        );
        assert_eq!(nearest("frontend", ["db", "api"]), None);
    }

    #[test]
    fn the_only_name_that_goes_on_is_found() {
        let keys = ["trunk_branch", "manifest_file", "manifest_key"];
        assert_eq!(nearest("trunk", keys), Some("trunk_branch"));
        assert_eq!(nearest("manifest", keys), None);
        assert_eq!(nearest("", keys), None);
    }

    #[test]
    fn help_lists_what_exists() {
        assert_eq!(
            among("x", ["aa", "bbbb"], "there are").to_string(),
            "did you mean `aa`? there are aa, bbbb"
        );
        assert_eq!(among("zzzz", [], "there are").to_string(), "there are none");
    }

    #[test]
    fn of_many_candidates_help_lists_the_nearest() {
        let names = ["billing", "search", "web", "webs", "wab", "mail", "db"];
        assert_eq!(
            among("wbe", names, "deploys are").to_string(),
            "did you mean `web`? deploys are web, webs, wab and 4 more"
        );
    }
}
