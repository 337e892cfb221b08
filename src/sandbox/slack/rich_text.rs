//! From message text to the `rich_text` block Slack's client and servers make of it, and from typed text to message text.

use serde_json::{Value, json};

use super::ids;
use super::workspace::Workspace;

/// One piece of message text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    /// The inside of `<...>`.
    Token(&'a str),
}

/// The `blocks` of a message that only has text.
pub(super) fn of(text: &str, seed: i64) -> Value {
    let elements: Vec<Value> = pieces(text).into_iter().map(element).collect();
    json!([{
        "type": "rich_text",
        "block_id": ids::secret(&format!("rich/{seed}"), 5),
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }])
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let Some(length) = rest[open..].find('>') else { break };
        if open > 0 {
            found.push(Piece::Plain(&rest[..open]));
        }
        found.push(Piece::Token(&rest[open + 1..open + length]));
        rest = &rest[open + length + 1..];
    }
    if !rest.is_empty() {
        found.push(Piece::Plain(rest));
    }
    found
}

fn element(piece: Piece<'_>) -> Value {
    let token = match piece {
        Piece::Plain(text) => return json!({"type": "text", "text": unescape(text)}),
        Piece::Token(token) => token,
    };
    let (target, label) = token.split_once('|').map_or((token, None), |(target, label)| (target, Some(label)));
    if let Some(user) = target.strip_prefix('@') {
        return json!({"type": "user", "user_id": user});
    }
    if let Some(channel) = target.strip_prefix('#') {
        return json!({"type": "channel", "channel_id": channel});
    }
    if let Some(group) = target.strip_prefix("!subteam^") {
        return json!({"type": "usergroup", "usergroup_id": group});
    }
    if let Some(range) = target.strip_prefix('!') {
        return json!({"type": "broadcast", "range": range});
    }
    let mut link = json!({"type": "link", "url": unescape(target)});
    if let Some(label) = label {
        link["text"] = json!(unescape(label));
    }
    link
}

/// `&lt;` to `<` and so on.
pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// `<` to `&lt;` and so on, as a client escapes what a person typed.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// How mentions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mentions {
    /// `<@U...>`, as in messages.
    Bare,
    /// `<@U...|name>`, as in slash commands that escape.
    Named,
}

impl Workspace {
    /// Turns what a person typed into message text: `@name` into a mention, `#channel` and addresses into links, `&<>` escaped.
    /// A ready-made `<@U...>` or `<#C...>` of this workspace is kept, as if picked from the client's menu.
    pub(super) fn typed(&self, text: &str, mentions: Mentions) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        let mut boundary = true;
        while let Some(first) = rest.chars().next() {
            if let Some((used, written)) = self.token_at(rest, boundary, mentions) {
                out.push_str(&written);
                rest = &rest[used..];
                boundary = false;
                continue;
            }
            out.push_str(&escape(&rest[..first.len_utf8()]));
            boundary = !first.is_alphanumeric();
            rest = &rest[first.len_utf8()..];
        }
        out
    }

    fn token_at(&self, rest: &str, boundary: bool, mentions: Mentions) -> Option<(usize, String)> {
        match rest.as_bytes().first()? {
            b'<' => self.picked(rest, mentions),
            b'@' if boundary => self.mention(rest, mentions),
            b'#' if boundary => self.channel_link(rest),
            b'h' if boundary && (rest.starts_with("https://") || rest.starts_with("http://")) => {
                let end = rest.find(|letter: char| letter.is_whitespace() || "<>\"".contains(letter));
                let address = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ')', '!', '?', ';', ':']);
                (address.len() > 8).then(|| (address.len(), format!("<{}>", escape(address))))
            }
            _ => None,
        }
    }

    fn picked(&self, rest: &str, mentions: Mentions) -> Option<(usize, String)> {
        let end = rest.find('>')?;
        let inner = rest[1..end].split('|').next()?;
        if let Some(user) = inner.strip_prefix('@').and_then(|id| self.user(id)) {
            return Some((end + 1, written_user(&user.id, &user.name, mentions)));
        }
        let channel = self.channel(inner.strip_prefix('#')?)?;
        Some((end + 1, format!("<#{}|{}>", channel.id, channel.name)))
    }

    fn mention(&self, rest: &str, mentions: Mentions) -> Option<(usize, String)> {
        for range in ["here", "channel", "everyone"] {
            if matches_word(&rest[1..], range) {
                return Some((1 + range.len(), format!("<!{range}>")));
            }
        }
        let named = self.users.iter().flat_map(|user| [(&user.name, user), (&user.real_name, user)]);
        let best = named.filter(|(name, _)| matches_word(&rest[1..], name)).max_by_key(|(name, _)| name.len());
        if let Some((name, user)) = best {
            return Some((1 + name.len(), written_user(&user.id, &user.name, mentions)));
        }
        let group = self.usergroups.iter().find(|group| matches_word(&rest[1..], &group.handle))?;
        Some((1 + group.handle.len(), format!("<!subteam^{}|@{}>", group.id, group.handle)))
    }

    fn channel_link(&self, rest: &str) -> Option<(usize, String)> {
        let named = self.channels.iter().filter(|channel| !channel.is_im() && matches_word(&rest[1..], &channel.name));
        let channel = named.max_by_key(|channel| channel.name.len())?;
        Some((1 + channel.name.len(), format!("<#{}|{}>", channel.id, channel.name)))
    }

    /// `link_names` and `parse=full`: links bare `@group`, `@here` and `#channel` in an app's text, as Slack still does.
    pub(super) fn link_names(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Plain(plain) => out.push_str(&self.typed(&unescape(plain), Mentions::Bare)),
                Piece::Token(token) => out.push_str(&format!("<{token}>")),
            }
        }
        out
    }
}

fn written_user(id: &str, name: &str, mentions: Mentions) -> String {
    match mentions {
        Mentions::Bare => format!("<@{id}>"),
        Mentions::Named => format!("<@{id}|{name}>"),
    }
}

/// Whether `text` starts with `word` (letter case aside) and the word ends there.
fn matches_word(text: &str, word: &str) -> bool {
    let Some(start) = text.get(..word.len()) else { return false };
    let after = text[word.len()..].chars().next();
    !word.is_empty()
        && (start == word || start.to_lowercase() == word.to_lowercase())
        && after.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::SandboxClock;
    use crate::sandbox::slack::setup::{ChannelSetup, SlackSetup, UserSetup};

    #[test]
    fn typed_text_becomes_mentions_links_and_escapes() {
        let setup = SlackSetup {
            users: vec![
                UserSetup { id: Some("U0LEA".into()), ..UserSetup::new("lea", "Léa Martin", "fr-FR") },
                UserSetup { id: Some("U0LEAB".into()), ..UserSetup::new("lea-b", "Lea B", "fr-FR") },
            ],
            channels: vec![ChannelSetup { id: Some("C0CARE".into()), ..ChannelSetup::new("care", &[]) }],
            ..SlackSetup::default()
        };
        let workspace = Workspace::new(setup, SandboxClock::manual(0), String::new());
        let bot = workspace.app.bot_user.clone();
        let cases = [
            ("@vigie assign next", format!("<@{bot}> assign next")),
            ("@Vigie: hello", format!("<@{bot}>: hello")),
            ("hi @lea, and @lea-b", "hi <@U0LEA>, and <@U0LEAB>".to_owned()),
            ("@Léa Martin?", "<@U0LEA>?".to_owned()),
            ("mail a@lea.fr", "mail a@lea.fr".to_owned()),
            ("see #care", "see <#C0CARE|care>".to_owned()),
            ("<!channel> & <@U0LEA>", "&lt;!channel&gt; &amp; <@U0LEA>".to_owned()),
            ("@here now", "<!here> now".to_owned()),
            ("go https://a.example/x?a=1&b=2.", "go <https://a.example/x?a=1&amp;b=2>.".to_owned()),
        ];
        for (typed, expected) in cases {
            assert_eq!(workspace.typed(typed, Mentions::Bare), expected, "{typed}");
        }
        assert_eq!(workspace.typed("@lea", Mentions::Named), "<@U0LEA|lea>");
    }

    #[test]
    fn text_becomes_rich_text() {
        let blocks = of("hi <@U1> &amp; <https://x.example|there>", 1);
        let elements = &blocks[0]["elements"][0]["elements"];
        assert_eq!(elements[1], json!({"type": "user", "user_id": "U1"}));
        assert_eq!(elements[2]["text"], " & ");
        assert_eq!(elements[3], json!({"type": "link", "url": "https://x.example", "text": "there"}));
    }
}
