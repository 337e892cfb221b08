//! Files: the two-step upload and what is known of them.

use serde_json::{Value, json};

use super::super::error::{Answer, ApiError, answer};
use super::super::ids;
use super::super::limits::UPLOAD_BYTES_MAX;
use super::super::messages::{Author, NewMessage};
use super::super::workspace::{File, Workspace};
use super::args::Args;
use super::content::{self, Length};

pub(super) fn upload_url(ws: &mut Workspace, args: &Args) -> Answer {
    let name = args.need("filename")?;
    let length: usize = args.need("length")?.parse().map_err(|_| ApiError::new("invalid_arguments"))?;
    if length == 0 {
        return Err(ApiError::new("file_upload_size_restricted"));
    }
    if length > UPLOAD_BYTES_MAX {
        return Err(ApiError::new("file_upload_size_restricted"));
    }
    let owner = ws.app.bot_user.clone();
    let alt = args.text("alt_txt").or_else(|| args.text("alt_text")).unwrap_or_default();
    let (id, secret) = ws.new_file(&name, &alt, length, &owner);
    answer(json!({"upload_url": format!("{}upload/v1/{secret}", ws.base_url), "file_id": id}))
}

pub(super) fn complete(ws: &mut Workspace, args: &Args) -> Answer {
    let listed = args.json("files", "invalid_arguments")?.unwrap_or_default();
    let listed = listed.as_array().filter(|list| !list.is_empty()).cloned();
    let listed = listed.ok_or_else(|| ApiError::new("no_files"))?;
    for file in &listed {
        let known = ws.files.iter().find(|known| file["id"] == known.id.as_str());
        let known = known.ok_or_else(|| ApiError::new("file_not_found"))?;
        if known.bytes.as_ref().is_none_or(|bytes| bytes.len() != known.length) || known.complete {
            return Err(ApiError::new("file_not_found"));
        }
    }
    let channel = args.text("channel_id").filter(|channel| !channel.is_empty());
    if let Some(channel) = &channel {
        let known = ws.channel(channel).ok_or_else(|| ApiError::new("channel_not_found"))?;
        if !known.has(&ws.app.bot_user) {
            return Err(ApiError::new("not_in_channel"));
        }
    }
    let thread_us = match args.text("thread_ts").filter(|ts| !ts.is_empty()) {
        Some(ts) => Some(ids::parse_ts(&ts).ok_or_else(|| ApiError::new("invalid_thread_ts"))?),
        None => None,
    };
    let mut ids = Vec::new();
    for file in &listed {
        let id = file["id"].as_str().unwrap_or_default();
        if let Some(known) = ws.files.iter_mut().find(|known| known.id == id) {
            known.complete = true;
            if let Some(title) = file["title"].as_str() {
                known.title = title.to_owned();
            }
            known.channels.extend(channel.clone());
        }
        ids.push(id.to_owned());
    }
    let wires: Vec<Value> = ids.iter().filter_map(|id| ws.file_wire(id)).collect();
    if let Some(channel) = channel {
        share(ws, args, &channel, thread_us, &wires)?;
    }
    answer(json!({"files": wires}))
}

fn share(
    ws: &mut Workspace,
    args: &Args,
    channel: &str,
    thread_us: Option<i64>,
    wires: &[Value],
) -> Result<(), ApiError> {
    let comment = args.text("initial_comment").unwrap_or_default();
    let content = if args.has("blocks") && comment.is_empty() {
        content::read(ws, args, Length::Cut)?
    } else {
        content::Content::default()
    };
    let mut message = NewMessage::new(Author::App { username: None }, &comment);
    message.files = wires.to_vec();
    message.blocks = content.blocks;
    message.thread_us = thread_us;
    message.subtype = Some("file_share".to_owned());
    ws.post(channel, message);
    Ok(())
}

pub(super) fn info(ws: &mut Workspace, args: &Args) -> Answer {
    let id = args.need("file")?;
    let wire = ws.file_wire(&id).ok_or_else(|| ApiError::new("file_not_found"))?;
    answer(json!({"file": wire, "comments": [], "response_metadata": {"next_cursor": ""}}))
}

impl Workspace {
    /// Makes room for a file; gives its id and the secret of its upload and download addresses.
    pub(in super::super) fn new_file(&mut self, name: &str, alt: &str, length: usize, owner: &str) -> (String, String) {
        let seed = self.next_seed("file");
        let (id, secret) = (ids::id('F', &seed), ids::secret(&seed, 32));
        self.files.push(File {
            id: id.clone(),
            name: name.to_owned(),
            title: name.to_owned(),
            alt: alt.to_owned(),
            mimetype: mimetype(name).to_owned(),
            length,
            bytes: None,
            owner: owner.to_owned(),
            created_s: self.now_s(),
            complete: false,
            channels: Vec::new(),
            secret: secret.clone(),
        });
        (id, secret)
    }

    /// The file object, once the upload is complete.
    pub(in super::super) fn file_wire(&self, id: &str) -> Option<Value> {
        let file = self.files.iter().find(|file| file.id == id && file.complete)?;
        let kind = file.name.rsplit('.').next().unwrap_or_default();
        let url = format!("{}files-pri/{}-{}/{}", self.base_url, self.team_id, file.id, file.name);
        Some(json!({
            "id": file.id,
            "created": file.created_s,
            "timestamp": file.created_s,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "filetype": kind,
            "pretty_type": kind.to_uppercase(),
            "user": file.owner,
            "user_team": self.team_id,
            "editable": false,
            "size": file.length,
            "mode": "hosted",
            "is_external": false,
            "external_type": "",
            "is_public": true,
            "public_url_shared": false,
            "display_as_bot": false,
            "username": "",
            "url_private": url,
            "url_private_download": format!("{url}?download=1"),
            "permalink": format!("https://{}.slack.com/files/{}/{}", self.setup.team_domain, file.owner, file.id),
            "alt_txt": file.alt,
            "channels": file.channels,
            "groups": [],
            "ims": [],
            "has_rich_preview": false,
            "file_access": "visible",
        }))
    }
}

fn mimetype(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "csv" => "text/csv",
        "txt" | "log" => "text/plain",
        "md" => "text/markdown",
        "ics" => "text/calendar",
        "json" | "jsonl" => "application/json",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}
