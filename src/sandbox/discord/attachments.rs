//! Uploaded files: stored, listed under their message, or shown inside its embeds and components.

use axum::body::Bytes;
use serde_json::{Value, json};

use super::embeds;
use super::ids::sid;
use super::model::{Message, StoredFile};
use super::state::State;

/// Discord docs, "Uploading Files": 10 MiB a file without boosts.
pub(super) const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Uploads kept; the oldest are forgotten first.
const FILES_KEPT: usize = 2_000;

/// One file of a multipart call.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    /// The n of `files[n]`.
    pub key: String,
    pub filename: String,
    pub content_type: String,
    pub bytes: Bytes,
}

impl State {
    /// Puts new files under a message and lets go of those an edit no longer lists.
    pub fn attach(&mut self, message: &mut Message, entries: Option<Vec<Value>>, files: &[Upload]) {
        let mut all: Vec<Value> = message.attachments.drain(..).chain(message.inline_attachments.drain(..)).collect();
        if let Some(entries) = &entries {
            all.retain(|old| entries.iter().any(|entry| entry["id"] == old["id"]));
        }
        for file in files {
            let entry = entries.iter().flatten().find(|entry| {
                entry["id"].as_str() == Some(&file.key)
                    || entry["id"].as_u64().is_some_and(|n| n.to_string() == file.key)
            });
            all.push(self.store_file(message, file, entry));
        }
        let url_of = |name: &str| {
            all.iter()
                .find(|one| one["filename"].as_str() == Some(name))
                .and_then(|one| one["url"].as_str())
                .map(str::to_owned)
        };
        let mut used = embeds::resolve_attachments(&mut message.embeds, &url_of);
        resolve_media(&mut message.components, &url_of, &mut used);
        let shown = |one: &Value| one["filename"].as_str().is_some_and(|name| used.iter().any(|other| other == name));
        // Also what an earlier version of the message already showed by its final address.
        let addresses = json!([message.embeds, message.components]).to_string();
        let (inline, listed) = all
            .into_iter()
            .partition(|one| shown(one) || one["url"].as_str().is_some_and(|url| addresses.contains(url)));
        message.inline_attachments = inline;
        message.attachments = listed;
    }

    fn store_file(&mut self, message: &Message, file: &Upload, entry: Option<&Value>) -> Value {
        let id = self.new_id();
        let wanted = entry.and_then(|entry| entry["filename"].as_str()).unwrap_or(&file.filename);
        let name: String =
            wanted.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
        let url = format!("{}/attachments/{}/{id}/{name}", self.origin, message.channel);
        let mut value = json!({
            "id": sid(id), "filename": name, "size": file.bytes.len(), "url": url, "proxy_url": url,
            "content_type": file.content_type, "content_scan_version": 0, "placeholder_version": 1,
        });
        if let Some(words) = entry.and_then(|entry| entry["description"].as_str()) {
            value["description"] = json!(words);
        }
        if message.ephemeral_for.is_some() {
            value["ephemeral"] = json!(true);
        }
        if let Some((width, height)) = png_size(&file.bytes) {
            value["width"] = json!(width);
            value["height"] = json!(height);
        }
        while self.files.len() >= FILES_KEPT {
            self.files.pop_first();
        }
        self.files.insert(id, StoredFile { content_type: file.content_type.clone(), bytes: file.bytes.clone() });
        value
    }
}

/// Width and height of a PNG, from its header.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(..24).filter(|head| head.starts_with(b"\x89PNG\r\n\x1a\n"))?;
    let number = |from: usize| header[from..from + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    Some((number(16), number(20)))
}

/// Points `attachment://name` in V2 components at the uploaded files.
fn resolve_media(parts: &mut [Value], url_of: &dyn Fn(&str) -> Option<String>, used: &mut Vec<String>) {
    for item in parts {
        for key in ["media", "file"] {
            let name =
                item.get(key).and_then(|media| media["url"].as_str()).and_then(|url| url.strip_prefix("attachment://"));
            if let Some((name, url)) = name.map(str::to_owned).and_then(|name| url_of(&name).map(|url| (name, url))) {
                item[key]["url"] = json!(url);
                used.push(name);
            }
        }
        for key in ["components", "items"] {
            if let Some(children) = item.get_mut(key).and_then(Value::as_array_mut) {
                resolve_media(children, url_of, used);
            }
        }
        if let Some(extra) = item.get_mut("accessory") {
            resolve_media(std::slice::from_mut(extra), url_of, used);
        }
    }
}
