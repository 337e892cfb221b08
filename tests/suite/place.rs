//! Where things are seen: channels, cards, networks.

use serde_json::json;
use vigie::sandbox::network::{MessageKind, NetworkAuthor, NetworkMessage};

use crate::office::Office;
use crate::seen::{self, Chat, Seen};

/// Whose screen is looked at when it does not matter: everybody sees the channels.
const ANYBODY: &str = "lea";

/// A channel of one chat.
#[derive(Clone)]
pub struct Channel<'o> {
    pub office: &'o Office,
    pub chat: Chat,
    pub id: String,
}

/// A ticket's card in one chat.
#[derive(Clone)]
pub struct Card<'o> {
    pub office: &'o Office,
    pub chat: Chat,
    pub channel: String,
    pub message: String,
    pub ticket: i64,
}

impl Office {
    /// All messages of a channel on somebody's screen, threads of Slack included.
    pub fn screen(&self, chat: Chat, user: &str, channel: &str) -> Vec<Seen> {
        let user = match chat {
            Chat::Slack => self.demo().slack.user_id(user).unwrap_or_else(|| user.to_owned()),
            Chat::Discord => user.to_owned(),
        };
        let snapshot = self.snapshot(chat, &user);
        let messages = snapshot["messages"][channel].as_array().cloned().unwrap_or_default();
        let read = match chat {
            Chat::Slack => seen::slack,
            Chat::Discord => seen::discord,
        };
        messages.iter().map(|raw| read(channel, raw)).collect()
    }
}

impl<'o> Channel<'o> {
    /// Messages that stand in the channel itself, oldest first.
    pub fn messages(&self) -> Vec<Seen> {
        let all = self.office.screen(self.chat, ANYBODY, &self.id);
        all.into_iter().filter(|message| message.thread.is_none() && !message.only_me).collect()
    }

    /// The cards that stand here, oldest first.
    pub fn cards(&self) -> Vec<Seen> {
        self.messages().into_iter().filter(|message| message.ticket().is_some()).collect()
    }

    /// The one card with these words.
    pub fn expect_card(&self, words: &str) -> Card<'o> {
        let found: Vec<Seen> = self.cards().into_iter().filter(|card| card.text.contains(words)).collect();
        assert_eq!(found.len(), 1, "cards with {words:?} in {:?}: {}", self.chat, self.transcript());
        let card = &found[0];
        Card {
            office: self.office,
            chat: self.chat,
            channel: self.id.clone(),
            message: card.id.clone(),
            ticket: card.ticket().unwrap(),
        }
    }

    /// The card of a ticket.
    pub fn card_of(&self, ticket: i64) -> Card<'o> {
        self.expect_card(&format!(" · T-{ticket} · "))
    }

    /// No card stands here.
    pub fn expect_no_card(&self) -> &Self {
        assert_eq!(self.cards().len(), 0, "{}", self.transcript());
        self
    }

    /// The newest message with these words.
    pub fn expect(&self, words: &str) -> Seen {
        let found = self.messages().into_iter().rev().find(|message| message.text.contains(words));
        found.unwrap_or_else(|| panic!("no {words:?} in {}", self.transcript()))
    }

    /// The channel as text, for failures.
    pub fn transcript(&self) -> String {
        let all = self.office.screen(self.chat, ANYBODY, &self.id);
        let lines: Vec<String> = all.iter().map(|one| format!("<{}> {}", one.author, one.text.trim())).collect();
        format!("{:?} {}:\n{}", self.chat, self.id, lines.join("\n---\n"))
    }
}

impl Card<'_> {
    /// The card as it is now.
    pub fn now(&self) -> Seen {
        let all = self.office.screen(self.chat, ANYBODY, &self.channel);
        let found = all.into_iter().find(|message| message.id == self.message);
        found.unwrap_or_else(|| panic!("the card of T-{} is gone from {:?}", self.ticket, self.chat))
    }

    /// A field has this value.
    pub fn assert_field(&self, name: &str, value: &str) -> &Self {
        let now = self.now();
        assert_eq!(now.field(name), Some(value), "{name} of T-{} on {:?}: {}", self.ticket, self.chat, now.text);
        self
    }

    /// The buttons, in order.
    pub fn assert_buttons<const N: usize>(&self, labels: [&str; N]) -> &Self {
        assert_eq!(self.now().labels(), labels, "buttons of T-{} on {:?}", self.ticket, self.chat);
        self
    }

    /// The card says this somewhere.
    pub fn assert_says(&self, words: &str) -> &Self {
        let now = self.now();
        assert!(now.text.contains(words), "no {words:?} on the card of T-{}: {}", self.ticket, now.text);
        self
    }

    /// Lines under the card, oldest first.
    pub fn thread(&self) -> Vec<Seen> {
        match self.chat {
            Chat::Slack => {
                let all = self.office.screen(self.chat, ANYBODY, &self.channel);
                all.into_iter().filter(|one| one.thread.as_deref() == Some(&self.message)).collect()
            }
            // A thread that hangs on a message has the message's id; its first message only points to the card.
            Chat::Discord => {
                let all = self.office.screen(self.chat, ANYBODY, &self.message);
                all.into_iter().filter(|one| !one.text.is_empty()).collect()
            }
        }
    }

    /// Exactly so many lines under the card have these words.
    pub fn assert_lines(&self, words: &str, count: usize) -> &Self {
        let thread = self.thread();
        let found = thread.iter().filter(|line| plain(&line.text).contains(&plain(words))).count();
        let lines: Vec<&str> = thread.iter().map(|line| line.text.trim()).collect();
        assert_eq!(found, count, "lines with {words:?} under T-{} on {:?}: {lines:#?}", self.ticket, self.chat);
        self
    }
}

/// Words with plain spaces: French has a space before `:` that may not break the line.
#[must_use]
pub fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}

/// A social network on which customers write.
pub struct Network<'o> {
    pub office: &'o Office,
    pub name: String,
}

impl Network<'_> {
    /// A comment beneath a post of the brand; returns its id.
    pub async fn comment(&self, author: &str, text: &str) -> String {
        self.write(MessageKind::Comment, author, 100, text).await
    }

    /// A message that names the brand.
    pub async fn mention(&self, author: &str, text: &str) -> String {
        self.write(MessageKind::Mention, author, 100, text).await
    }

    /// A private message.
    pub async fn dm(&self, author: &str, text: &str) -> String {
        self.write(MessageKind::Dm, author, 100, text).await
    }

    /// Anything; the office settles afterwards.
    pub async fn write(&self, kind: MessageKind, author: &str, followers: u64, text: &str) -> String {
        let id = self.write_unsettled(kind, author, followers, text).await;
        self.office.settle().await;
        id
    }

    /// As [`Network::write`], taken in and not worked on yet.
    pub async fn write_unsettled(&self, kind: MessageKind, author: &str, followers: u64, text: &str) -> String {
        let author = NetworkAuthor {
            id: author.trim_start_matches('@').to_owned(),
            name: author.to_owned(),
            url: None,
            followers,
        };
        let message = NetworkMessage { author, kind, text: text.to_owned(), parent_id: None, attachments: Vec::new() };
        self.office.demo().network.customer_writes(&self.name, message).await.unwrap()
    }
}

/// A message of another app, such as a feed, in a channel of Slack or Discord.
impl Channel<'_> {
    /// The feed posts; returns the message.
    pub async fn feed_posts(&self, app: &str, text: &str) -> Seen {
        match self.chat {
            Chat::Slack => {
                let act = json!({"act": "post_as_app", "channel": self.id, "app_name": app, "text": text});
                let lea = self.office.person(Chat::Slack, ANYBODY).id;
                self.office.slack_act(&lea, act).await;
            }
            Chat::Discord => {
                let act = json!({"act": "post_as_webhook", "channel": self.id, "username": app, "content": text});
                self.office.discord_act(ANYBODY, act).await;
            }
        }
        self.office.settle().await;
        let posted = self.messages().into_iter().rev().find(|message| message.author == app);
        posted.unwrap_or_else(|| panic!("{app} posted nothing: {}", self.transcript()))
    }
}
