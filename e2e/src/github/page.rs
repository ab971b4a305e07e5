//! Pagination.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use std::borrow::Cow;

use super::exchange::{Answer, Reply, Request};
use super::site::Site;

/// Source: RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// One page of `items`, as an array.
pub(super) fn list<T>(
    site: &Site,
    request: &Request,
    items: Vec<T>,
    json: impl FnMut(T) -> Value,
) -> Answer {
    wrapped(site, request, items, json, |page, _| page.into())
}

/// One page of `items`; `wrap` receives it and how many items there are.
pub(super) fn wrapped<T>(
    site: &Site,
    request: &Request,
    items: Vec<T>,
    json: impl FnMut(T) -> Value,
    wrap: impl FnOnce(Vec<Value>, usize) -> Value,
) -> Answer {
    let total = items.len();
    let size = number(request, "per_page", 30).clamp(1, 100);
    let page = number(request, "page", 1).max(1);
    let last = total.div_ceil(size).max(1);
    let shown = items
        .into_iter()
        .skip((page - 1).saturating_mul(size))
        .take(size);
    let reply = Reply::ok(wrap(shown.map(json).collect(), total));
    let link = links(page, last)
        .map(|(relation, page)| format!("<{}>; rel=\"{relation}\"", address(site, request, page)))
        .collect::<Vec<_>>()
        .join(", ");
    Ok(if link.is_empty() {
        reply
    } else {
        reply.header("link", link)
    })
}

/// One page of `items` under a name, beside how many there are.
pub(super) fn list_under<T>(
    site: &Site,
    request: &Request,
    field: &str,
    items: Vec<T>,
    json: impl FnMut(T) -> Value,
) -> Answer {
    wrapped(
        site,
        request,
        items,
        json,
        |page, total| serde_json::json!({ "total_count": total, field: page }),
    )
}

fn number(request: &Request, name: &str, default: usize) -> usize {
    request
        .query(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn links(page: usize, last: usize) -> impl Iterator<Item = (&'static str, usize)> {
    let back = (page > 1).then_some([("prev", page.saturating_sub(1)), ("first", 1)]);
    let forward = (page < last).then_some([("next", page + 1), ("last", last)]);
    forward.into_iter().chain(back).flatten()
}

fn address(site: &Site, request: &Request, page: usize) -> String {
    let kept = pairs(request).filter(|pair| !pair.starts_with("page="));
    let query = kept.chain([format!("page={page}")]);
    site.api(&with_query(&encode_path(&request.path), query))
}

/// Returns the pairs in the query of a request, encoded.
pub(super) fn pairs(request: &Request) -> impl Iterator<Item = String> {
    let query = request.query.iter();
    query.map(|(name, value)| format!("{}={}", encode(name), encode(value)))
}

/// A path with a query, if there is one.
pub(super) fn with_query(path: &str, pairs: impl Iterator<Item = String>) -> String {
    let pairs: Vec<_> = pairs.collect();
    match pairs.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", pairs.join("&")),
    }
}

fn encode_path(path: &str) -> String {
    let segments: Vec<_> = path.split('/').map(encode).collect();
    segments.join("/")
}

/// Percent-encoding of everything that is not unreserved.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Decodes percent-encoded text; `None` if it is not UTF-8.
pub(super) fn decode(text: &str, plus_is_space: bool) -> Option<String> {
    let text = match plus_is_space {
        true => text.replace('+', " "),
        false => text.to_owned(),
    };
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded.ok().map(Cow::into_owned)
}
