//! All diagrams as one page.

use super::Granularity;
use super::address::Addresses;
use crate::page::{frame, wide};
use cascade_core::graph::layout::layout;
use cascade_core::graph::svg::{Picture, Scheme};
use cascade_core::graph::{self, svg};
use cascade_core::pipeline::Pipeline;
use clap::ValueEnum;
use maud::{Markup, PreEscaped, html};

/// Renders the page, with one of the diagrams first.
pub(super) fn page(
    name: &str,
    pipeline: &Pipeline,
    first: Granularity,
    addresses: &Addresses,
) -> String {
    let all = Granularity::value_variants().iter().copied();
    let others = all.filter(|each| *each != first);
    let views: Vec<Granularity> = std::iter::once(first).chain(others).collect();
    let title = format!("Pipeline of {name}");
    let content = html! {
        style { (PreEscaped(svg::style(Scheme::Page))) }
        div class="broad" {
            h1 { (title) }
            @if let Some(description) = &pipeline.settings().description { p { (description) } }
            nav aria-label="Diagrams" {
                @for view in &views { a href={ "#" (view.title()) } { (capital(view.title())) } }
            }
            @for view in &views { (section(pipeline, *view, addresses)) }
            (legend())
        }
    };
    frame(&title, &content)
}

fn section(pipeline: &Pipeline, view: Granularity, addresses: &Addresses) -> Markup {
    let graph = graph::graph(pipeline, view.into());
    let title = capital(view.title());
    let picture = Picture {
        title: &format!("Diagram of {}", view.title()),
        scheme: Scheme::Page,
        address: &|link| addresses.of(link),
    };
    let drawn = svg::render(&graph, &layout(&graph), &picture);
    html! {
        section id=(view.title()) {
            h2 { (title) }
            p class="quiet" { (view.sentence()) }
            (wide(&title, &html! { (PreEscaped(drawn)) }))
        }
    }
}

fn legend() -> Markup {
    html! {
        h2 { "How to read it" }
        ul {
            li { "A rectangle is a job, and leads to the file of its callback. Round corners are an environment, round sides an event, a hexagon a release, a double side a repository." }
            li { "What an arrow leads to waits for where it comes from. A broken line is an order without a need, or a step that a person starts. An arrow that a chain of others implies is left out of pictures." }
            li { "Callbacks that wait for the same, and that the same waits for, stand in one dotted box with one arrow." }
        }
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
