//! External versions, hotfixes, integrations.

use super::super::collect::Part;
use super::super::document::standing;
use super::{Links, moment, named};
use crate::page::wide;
use maud::{Markup, html};

pub(super) fn externals(part: &Part) -> Markup {
    let places = part.board.places.iter();
    let all = places.flat_map(|place| place.external.iter().map(move |each| (place, each)));
    let all: Vec<_> = all.collect();
    let table = html! {
        table {
            thead { tr { th { "Name" } th { "Environment" } th { "Version" } th { "Commit" } th { "Repository" } th { "Deployed" } } }
            tbody {
                @for (place, each) in &all {
                    tr {
                        td { (each.name) }
                        td { (place.name) }
                        td { (each.version.as_deref().unwrap_or_default()) }
                        td { @if let Some(sha) = &each.sha { code { (cascade_core::commits::short(sha)) } } }
                        td { (each.repository.as_deref().unwrap_or_default()) }
                        td { @if let Some(at) = &each.at { (moment(at)) } }
                    }
                }
            }
        }
    };
    html! {
        @if !all.is_empty() {
            h2 { "Versions of other repositories" }
            (wide(&named("Versions of other repositories", part.component.name()), &table))
        }
    }
}

pub(super) fn hotfixes(part: &Part, links: &Links) -> Markup {
    html! {
        @match &part.board.hotfixes {
            Some(none) if none.is_empty() => {}
            Some(all) => {
                h2 { "Open hotfixes" }
                ul {
                    @for pull in all {
                        li class="warning" {
                            (links.number("pull", pull.number)) " into " (pull.environment) " by " (pull.author)
                            @if pull.conflict { " " span class="badge" { "conflict" } }
                        }
                    }
                }
            }
            None => p class="quiet" { "Open hotfixes are unknown: GitHub was not asked." },
        }
    }
}

pub(super) fn integrations(part: &Part, links: &Links) -> Markup {
    html! {
        @match &part.board.integrations {
            Some(none) if none.is_empty() => {}
            Some(all) => {
                h2 { "Integrations" }
                ul {
                    @for issue in all {
                        li {
                            (links.number("issues", issue.number)) " "
                            span class="badge" { (standing(issue)) }
                            " since " (moment(&issue.updated.to_string()))
                        }
                    }
                }
            }
            None => p class="quiet" { "Integrations are unknown: GitHub was not asked." },
        }
    }
}
