//! What a visitor of the network sees in a browser: a conversation, a post, a person. Reached by "original" links.
//!
//! Plain HTML without scripts; every outside word is escaped.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::state::{Publication, StoredMessage, Visibility};
use super::{Core, limits};

/// Messages shown on a person's page.
const SHOWN_MAX: usize = 50;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f4f6;color:#1d1c1d}\
main{max-width:40rem;margin:0 auto;padding:1rem}header{color:#555;margin:.5rem 0 1rem}\
article{background:#fff;border:1px solid #ddd;border-radius:12px;padding:.9rem 1rem;margin:.6rem 0;overflow-wrap:anywhere}\
article.brand{border-left:4px solid #6b2c70;margin-left:1.5rem}p{margin:.3rem 0;white-space:pre-wrap}small{color:#555}\
@media(prefers-color-scheme:dark){body{background:#17171a;color:#eee}article{background:#222226;border-color:#333}\
header,small{color:#aaa}article.brand{border-left-color:#c58fd0}}";

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escape(title);
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><main><header>{title}</header>{body}</main></html>"
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy)], html).into_response()
}

fn not_found() -> Response {
    page(StatusCode::NOT_FOUND, "Nothing here", "<p>This message does not exist in this sandbox.</p>")
}

fn customer(stored: &StoredMessage) -> String {
    // What the public sees: neither the words nor the author of what was hidden.
    let gone = match stored.visibility {
        Visibility::Shown => None,
        Visibility::Hidden => Some("This comment was hidden."),
        Visibility::Deleted => Some("This comment was deleted."),
    };
    if let Some(words) = gone {
        return format!("<article id=\"{}\"><p><small>{words}</small></p></article>", escape(&stored.id));
    }
    let author = &stored.message.author;
    format!(
        "<article id=\"{}\"><strong>{}</strong> <small>{} followers \u{b7} {}</small><p>{}</p></article>",
        escape(&stored.id),
        escape(&author.name),
        author.followers,
        super::state::rfc3339(stored.at_ms),
        escape(&stored.message.text),
    )
}

fn brand(publication: &Publication) -> String {
    let privacy = if publication.visibility == "private" { " \u{b7} in private" } else { "" };
    format!(
        "<article class=\"brand\" id=\"{}\"><strong>{}</strong> <small>{}{privacy}</small><p>{}</p></article>",
        escape(&publication.id),
        escape(&publication.account),
        publication.created_at,
        escape(&publication.text),
    )
}

pub(super) async fn conversation(
    State(core): State<Arc<Core>>,
    Path((network, id)): Path<(String, String)>,
) -> Response {
    let state = core.state();
    let Some(root) = state.message(&network, &id).map(|stored| stored.root_id.clone()) else { return not_found() };
    let ours = |stored: &&StoredMessage| stored.network == network && stored.root_id == root;
    let messages: Vec<&StoredMessage> = state.messages.iter().filter(ours).collect();
    let answers = state.publications.iter().filter(|p| {
        p.in_reply_to
            .as_ref()
            .is_some_and(|answered| messages.iter().any(|m| m.id == *answered && p.network == network))
    });
    let mut entries: Vec<(i64, String)> = messages.iter().map(|stored| (stored.at_ms, customer(stored))).collect();
    entries.extend(answers.map(|answer| (answer.at_ms, brand(answer))));
    entries.sort_by_key(|(at_ms, _)| *at_ms);
    let body: String = entries.into_iter().map(|(_, html)| html).collect();
    page(StatusCode::OK, &format!("{} (sandbox)", limits::of(&network).label), &body)
}

pub(super) async fn post(State(core): State<Arc<Core>>, Path((network, id)): Path<(String, String)>) -> Response {
    let state = core.state();
    let found = state.publications.iter().find(|p| p.network == network && p.id == id);
    found.map_or_else(not_found, |p| {
        page(StatusCode::OK, &format!("{} (sandbox)", limits::of(&network).label), &brand(p))
    })
}

pub(super) async fn person(State(core): State<Arc<Core>>, Path((network, id)): Path<(String, String)>) -> Response {
    let state = core.state();
    let theirs = |stored: &&StoredMessage| stored.network == network && stored.message.author.id == id;
    let shown: Vec<&StoredMessage> = state.messages.iter().rev().filter(theirs).take(SHOWN_MAX).collect();
    let Some(newest) = shown.first() else { return not_found() };
    let title = format!("{} on {} (sandbox)", newest.message.author.name, limits::of(&network).label);
    let body: String = shown.iter().map(|stored| customer(stored)).collect();
    page(StatusCode::OK, &title, &body)
}
