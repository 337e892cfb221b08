//! The networks as the page shows them: conversations with the brand's answers beneath.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Core;
use super::limits::LIMITS;
use super::state::{Publication, StoredMessage};

/// Conversations and posts shown, newest first.
const SHOWN_MAX: usize = 100;

pub(super) fn of(core: &Core) -> Value {
    let state = core.state();
    let shown = newest_roots(state.messages.iter().rev());
    let mut entries: BTreeMap<&str, Vec<(i64, Value)>> = BTreeMap::new();
    let mut root_of: BTreeMap<&str, &str> = BTreeMap::new();
    let mut roots: BTreeMap<&str, &StoredMessage> = BTreeMap::new();
    for stored in state.messages.iter().filter(|stored| shown.contains(stored.root_id.as_str())) {
        root_of.insert(&stored.id, &stored.root_id);
        roots.entry(&stored.root_id).or_insert(stored);
        entries.entry(&stored.root_id).or_default().push((stored.at_ms, customer_entry(core, stored)));
    }
    let mut posts = Vec::new();
    for publication in &state.publications {
        match publication.in_reply_to.as_deref().map(|answered| root_of.get(answered)) {
            Some(Some(root)) => entries.entry(root).or_default().push((publication.at_ms, brand_entry(publication))),
            Some(None) => {}
            None => posts.push(publication),
        }
    }
    let mut threads: Vec<(i64, Value)> = entries
        .into_iter()
        .filter_map(|(root, mut list)| {
            list.sort_by_key(|(at_ms, _)| *at_ms);
            let last_ms = list.last().map_or(0, |(at_ms, _)| *at_ms);
            let first = roots.get(root)?;
            let list: Vec<Value> = list.into_iter().map(|(_, entry)| entry).collect();
            let thread = json!({"id": root, "network": first.network, "kind": first.message.kind,
                "author": first.message.author, "last_ms": last_ms, "entries": list});
            Some((last_ms, thread))
        })
        .collect();
    threads.sort_by_key(|(last_ms, _)| std::cmp::Reverse(*last_ms));
    json!({
        "version": state.version,
        "clock_ms": core.clock.now_ms(),
        "networks": LIMITS.map(|rule| json!({"name": rule.network, "label": rule.label, "limit": rule.max})),
        "accounts": core.accounts,
        "threads": threads.into_iter().map(|(_, thread)| thread).collect::<Vec<_>>(),
        "posts": posts.into_iter().rev().take(SHOWN_MAX).collect::<Vec<_>>(),
        "faults": core.faults.waiting(),
        "messages_total": state.messages.len(),
    })
}

/// The conversations with the newest messages.
fn newest_roots<'a>(newest_first: impl Iterator<Item = &'a StoredMessage>) -> BTreeSet<&'a str> {
    let mut roots = BTreeSet::new();
    for stored in newest_first {
        if roots.len() >= SHOWN_MAX {
            break;
        }
        roots.insert(stored.root_id.as_str());
    }
    roots
}

fn customer_entry(core: &Core, stored: &StoredMessage) -> Value {
    json!({"from": "customer", "id": stored.id, "kind": stored.message.kind, "author": stored.message.author,
        "text": stored.message.text, "attachments": stored.message.attachments, "at_ms": stored.at_ms,
        "url": stored.url(&core.base_url), "delivery": stored.delivery, "visibility": stored.visibility})
}

fn brand_entry(publication: &Publication) -> Value {
    json!({"from": "brand", "id": publication.id, "account": publication.account, "text": publication.text,
        "visibility": publication.visibility, "at_ms": publication.at_ms, "url": publication.url})
}
