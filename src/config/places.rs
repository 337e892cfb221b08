//! `[[desks]]` and `[accounts.*]` of the office file: where tickets are worked on, and where answers leave from.

use std::collections::BTreeMap;

use super::office::{Home, Kind, Notes, named};
use super::people::{CHATS, check_name};
use super::sheet::{At, Section};
use super::values;
use crate::domain::office::{Account, Desk};

/// Longest text by network, in characters, when the account does not say. Sources: X "Counting characters" 280; Instagram
/// Graph API comments and captions 2,200; Facebook Graph API comments 8,000; TikTok comment reply 150; Mastodon default 500;
/// AT Protocol `app.bsky.feed.post` 300; Threads API 500; Google Business Profile review reply 4,096; LinkedIn comments
/// 1,250; YouTube comments 10,000.
const TEXT_LIMITS: [(&str, u32); 10] = [
    ("x", 280),
    ("instagram", 2_200),
    ("facebook", 8_000),
    ("tiktok", 150),
    ("mastodon", 500),
    ("bluesky", 300),
    ("threads", 500),
    ("google_reviews", 4_096),
    ("linkedin", 1_250),
    ("youtube", 10_000),
];
/// For networks without a row: short enough for any of the large ones' comments.
const TEXT_LIMIT_OTHER: u32 = 1_000;

/// All accounts by network.
pub(super) fn accounts(root: &Section<'_>, home: &Home, notes: &mut Notes) -> BTreeMap<String, Account> {
    let mut accounts = BTreeMap::new();
    if !root.has("accounts") {
        return accounts;
    }
    for (network, section) in root.named_sections("accounts") {
        check_name(&section, &network);
        let known = TEXT_LIMITS.iter().find(|(name, _)| *name == network.value);
        let default_limit = known.map_or(TEXT_LIMIT_OTHER, |(_, limit)| *limit);
        let limit = section.number("text_limit", 1..=100_000);
        let account = Account {
            network: network.value.clone(),
            handle: section.need_text("handle", "\"@maison\"").map_or_else(String::new, |handle| handle.value),
            brand: section.text("brand").map(|brand| brand.value),
            language: section.parsed("language", values::language).map_or(home.language, |language| language.value),
            approve_replies: section.flag("approve_replies", false),
            publish_url: section.parsed("publish_url", web_address).map(|url| url.value),
            text_limit: limit.map_or(default_limit, |limit| u32::try_from(limit.value).unwrap_or(default_limit)),
            cover: values::hours(&section, "cover", home.zone, &home.holidays),
            targets: super::promises::own_targets(&section, &network.value, true, &mut notes.promises),
        };
        section.finish();
        notes.networks.push(network);
        accounts.insert(account.network.clone(), account);
    }
    accounts
}

/// All desks, in the file's order.
pub(super) fn desks(root: &Section<'_>, home: &Home, notes: &mut Notes) -> Vec<At<Desk>> {
    if !root.has("desks") {
        root.missing("desks", "a section [[desks]] with name and channels");
        return Vec::new();
    }
    let mut desks = Vec::new();
    for section in root.listed_sections("desks") {
        let name = named(&section);
        let span = name.as_ref().map_or_else(|| section.span().clone(), |name| name.span.clone());
        let desk = Desk {
            name: name.map_or_else(String::new, |name| name.value),
            language: section.parsed("language", values::language).map_or(home.language, |language| language.value),
            channels: channels(&section),
            watch: watch(&section),
            networks: notes.refer(Kind::Network, section.texts("networks")).into_iter().collect(),
        };
        if desk.channels.is_empty() {
            let message = format!("desk `{}` has no channel", desk.name);
            section.sheet().error(&span, message, "add channels = { slack = \"social\", discord = \"social\" }");
        }
        section.finish();
        desks.push(At { value: desk, span });
    }
    desks
}

fn channels(section: &Section<'_>) -> BTreeMap<String, String> {
    let mut channels = BTreeMap::new();
    if !section.has("channels") {
        return channels;
    }
    let Some(inner) = section.section("channels") else { return channels };
    for chat in CHATS {
        if let Some(name) = inner.parsed(chat, channel) {
            channels.insert(chat.to_owned(), name.value);
        }
    }
    inner.finish();
    channels
}

fn watch(section: &Section<'_>) -> BTreeMap<String, Vec<String>> {
    let mut watch = BTreeMap::new();
    if !section.has("watch") {
        return watch;
    }
    let Some(inner) = section.section("watch") else { return watch };
    for chat in CHATS {
        let mut names = Vec::new();
        for At { value, span } in inner.texts(chat) {
            match channel(&value) {
                Ok(name) => names.push(name),
                Err((why, hint)) => section.sheet().error(&span, why, hint),
            }
        }
        if !names.is_empty() {
            watch.insert(chat.to_owned(), names);
        }
    }
    inner.finish();
    watch
}

/// A channel's name or id, without `#`. Chats allow 80 (Slack) and 100 (Discord) characters.
fn channel(text: &str) -> Result<String, (String, String)> {
    let bare = text.strip_prefix('#').unwrap_or(text);
    if bare.is_empty() || bare.chars().count() > 100 || bare.chars().any(char::is_whitespace) {
        let hint = "the channel's name or id, at most 100 characters without spaces".to_owned();
        return Err((format!("`{text}` is not a channel"), hint));
    }
    Ok(bare.to_owned())
}

fn web_address(text: &str) -> Result<String, (String, String)> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => Ok(text.to_owned()),
        _ => Err(("not a web address".to_owned(), "e.g. https://hooks.example.com/instagram".to_owned())),
    }
}
