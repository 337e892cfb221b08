//! Which notifications a message of the app would cause, so that a test can say "nobody was pinged".
//!
//! Text objects of type `plain_text` never ping; escaped text (`&lt;!channel&gt;`) never pings.

use serde_json::{Map, Value};

use super::workspace::Ping;

/// The pings in a stored message, in reading order.
pub(super) fn found(channel: &str, ts: &str, wire: &Map<String, Value>) -> Vec<Ping> {
    let mut whats = Vec::new();
    for part in ["text", "blocks", "attachments"] {
        if let Some(value) = wire.get(part) {
            collect(value, &mut whats);
        }
    }
    let mut pings: Vec<Ping> = Vec::new();
    for what in whats {
        if !pings.iter().any(|known| known.what == what) {
            let single_person = what.starts_with("<@");
            pings.push(Ping { channel: channel.to_owned(), ts: ts.to_owned(), what, single_person });
        }
    }
    pings
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.extend(in_text(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(map) => match map.get("type").and_then(Value::as_str) {
            Some("plain_text") => {}
            Some("broadcast") => found.push(format!("<!{}>", text_of(map, "range"))),
            Some("usergroup") => found.push(format!("<!subteam^{}>", text_of(map, "usergroup_id"))),
            Some("user") if map.contains_key("user_id") => found.push(format!("<@{}>", text_of(map, "user_id"))),
            // The plain text of a rich text element is never parsed.
            Some("text") => {}
            _ => map.iter().filter(|(name, _)| shown(name)).for_each(|(_, inner)| collect(inner, found)),
        },
        _ => {}
    }
}

/// Fields that people read; ids, values and links are not parsed for mentions.
fn shown(field: &str) -> bool {
    matches!(field, "text" | "fields" | "elements" | "blocks" | "pretext" | "title" | "value" | "footer" | "rows")
}

fn text_of<'a>(map: &'a Map<String, Value>, name: &str) -> &'a str {
    map.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('<') {
        let Some(end) = text[at..].find('>') else { break };
        let inner = &text[at + 1..at + end];
        let name = inner.split('|').next().unwrap_or_default();
        let pings = matches!(name, "!channel" | "!here" | "!everyone" | "!group")
            || name.strip_prefix("!subteam^").is_some_and(|id| !id.is_empty())
            || name.strip_prefix('@').is_some_and(|id| id.starts_with(['U', 'W']));
        if pings {
            found.push(format!("<{name}>"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn whats(message: Value) -> Vec<String> {
        let map = message.as_object().cloned().unwrap_or_default();
        found("C1", "1.0", &map).into_iter().map(|ping| ping.what).collect()
    }

    #[test]
    fn only_live_mentions_ping() {
        let cases = [
            (json!({"text": "hi <!channel> and <!here|here>"}), vec!["<!channel>", "<!here>"]),
            (json!({"text": "&lt;!channel&gt; @everyone <https://x.example|<!x>"}), vec![]),
            (json!({"text": "<!subteam^S1|@a> <@U1|lea>"}), vec!["<!subteam^S1>", "<@U1>"]),
            (
                json!({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "<!everyone>"}}]}),
                vec!["<!everyone>"],
            ),
            (json!({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!everyone>"}}]}), vec![]),
            (
                json!({"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                {"type": "text", "text": "<!here>"}, {"type": "broadcast", "range": "here"}]}]}]}),
                vec!["<!here>"],
            ),
            (json!({"attachments": [{"pretext": "<!channel>", "color": "<!here>"}]}), vec!["<!channel>"]),
        ];
        for (message, expected) in cases {
            assert_eq!(whats(message.clone()), expected, "{message}");
        }
    }
}
