//! A report as one page that needs nothing else: no script, no file, no request.

use cascade::page::{frame, wide};
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::picture::picture;
use super::report::{Called, Change, Report, Run};
use super::text::{seconds, value_text, waits};

/// Renders the page.
pub(super) fn page(report: &Report) -> String {
    let result = if report.succeeded() {
        "success"
    } else {
        "failure"
    };
    let short: String = report.head.sha.chars().take(7).collect();
    let content = html! {
        div class=(result) {
            h1 { "Rehearsal of " (report.repository) }
            p { code { (short) } " " (report.head.subject) }
            p {
                span class="result" { (result) }
                " in " (seconds(report.milliseconds)) ", on a simulated GitHub; nothing was pushed."
            }
            @for note in &report.notes { div class="note" { (PreEscaped(markdown(note))) } }
            @for difference in &report.differences {
                p class="note" { "Not as expected: " code { (difference) } }
            }
            @for (at, run) in report.runs.iter().enumerate() { (show_run(run, at + 1)) }
            (asked(report))
            (changes(report))
        }
    };
    frame(&format!("Rehearsal of {}", report.repository), &content)
}

fn show_run(run: &Run, number: usize) -> Markup {
    html! {
        section class=(run.result) {
            h2 { code { (run.workflow) } ", by " (run.event) ": " span class="result" { (run.result) } }
            @if let Some(picture) = picture(run) { (wide(&format!("Jobs of run {number}"), &picture)) }
            (skipped(run))
            @if !run.calls.is_empty() { (calls(&run.calls, number)) }
            @if !run.summary.is_empty() {
                details {
                    summary { "Summary, as GitHub shows it" }
                    (PreEscaped(markdown(&run.summary)))
                }
            }
            @if !run.log.is_empty() {
                details open[run.result != "success"] {
                    summary { "Log" }
                    pre tabindex="0" { (run.log) }
                }
            }
        }
    }
}

fn skipped(run: &Run) -> Markup {
    let skipped = run.jobs.iter().filter(|job| job.result == "skipped");
    let outer: Vec<_> = skipped.filter(|job| !job.path.contains('/')).collect();
    html! {
        @if !outer.is_empty() {
            p class="quiet" {
                "Skipped: "
                @for (at, job) in outer.iter().enumerate() {
                    @if at > 0 { ", " }
                    code { (job.path) }
                }
            }
        }
    }
}

fn calls(calls: &[Called], number: usize) -> Markup {
    let table = html! {
        table {
            thead { tr { th { "Callback" } th { "In" } th { "Called with" } } }
            tbody { @for called in calls { (call(called)) } }
        }
    };
    html! {
        h3 { "Callbacks that stubs stood in for" }
        (wide(&format!("Callbacks of run {number}"), &table))
    }
}

fn call(called: &Called) -> Markup {
    html! {
        tr class=(called.result) {
            td { span class="result" { (called.callback) } br; code { (file(&called.workflow)) } }
            td { code { (called.job) } }
            td {
                @for (name, value) in called.inputs.iter().filter(|(_, value)| *value != "") {
                    code { (name) "=" (value_text(value)) } " "
                }
            }
        }
    }
}

/// The name of a file of this repository; all of another one's.
fn file(path: &str) -> &str {
    match path.contains('@') {
        true => path,
        false => path.rsplit('/').next().unwrap_or(path),
    }
}

fn asked(report: &Report) -> Markup {
    html! {
        @if !report.asked.is_empty() {
            h2 { "Who is asked" }
            ul {
                @for asked in &report.asked {
                    li { (asked.environment) " (" code { (asked.job) } "): " (waits(asked)) }
                }
            }
        }
    }
}

fn changes(report: &Report) -> Markup {
    let changes = &report.changes;
    html! {
        @for (title, list) in changes.lists() { (changed(title, list)) }
        @if !changes.commits.is_empty() {
            h2 { "Commits" }
            ul { @for subject in &changes.commits { li { code { (subject) } } } }
        }
        @if !report.not_run.is_empty() {
            h2 { "Not run" }
            p { "GitHub would start these workflows, too, which cascade did not write." }
            ul { @for workflow in &report.not_run { li { code { (workflow) } } } }
        }
    }
}

fn changed(title: &str, list: &[Change]) -> Markup {
    let short = |text: &Option<String>| {
        let text = text.as_ref()?;
        Some(value_text(&serde_json::Value::from(text.as_str())))
    };
    let table = html! {
        table {
            thead { tr { th { "What" } th { "Before" } th { "After" } } }
            tbody {
                @for change in list {
                    tr {
                        td { code { (change.what) } }
                        td { @if let Some(before) = short(&change.before) { del { (before) } } }
                        td { @if let Some(after) = short(&change.after) { code { (after) } } }
                    }
                }
            }
        }
    };
    html! {
        @if !list.is_empty() {
            h2 { (title) }
            (wide(title, &table))
        }
    }
}

/// Markdown as HTML; HTML inside of it is shown as text.
fn markdown(text: &str) -> String {
    // Headings of a summary stand below those of the page.
    const LEVEL: HeadingLevel = HeadingLevel::H4;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut in_diagram = false;
    let events = Parser::new_ext(text, options).filter(|event| {
        // The page has pictures of its own, and nothing that draws Mermaid.
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                in_diagram = &**language == "mermaid";
            }
            Event::End(TagEnd::CodeBlock) => return !std::mem::take(&mut in_diagram),
            _ => {}
        }
        !in_diagram
    });
    let events = events.map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Heading {
            id, classes, attrs, ..
        }) => Event::Start(Tag::Heading {
            level: LEVEL,
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(LEVEL)),
        other => other,
    });
    let mut rendered = String::new();
    pulldown_cmark::html::push_html(&mut rendered, events);
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_diagram_is_left_out() {
        let rendered = markdown("a\n\n```mermaid\nflowchart LR\n```\n\n```sh\nls\n```\n\nb\n");
        assert!(!rendered.contains("flowchart"), "{rendered}");
        for kept in ["<p>a</p>", "ls", "<p>b</p>"] {
            assert!(rendered.contains(kept), "{rendered}");
        }
    }

    #[test]
    fn markup_in_a_summary_is_shown_and_does_nothing() {
        let rendered = markdown("# Title\n\n<script>alert(1)</script>\n\n**b** <img src=x>\n");
        assert!(rendered.contains("<h4>Title</h4>"), "{rendered}");
        assert!(rendered.contains("<strong>b</strong>"), "{rendered}");
        for tag in ["<script", "<img"] {
            assert!(!rendered.contains(tag), "{rendered}");
        }
    }
}
