//! A chat kept in memory: what stands in it, and how it can fail.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use vigie::domain::time::Timestamp;
use vigie::ports::Reader;
use vigie::ports::chat::{
    Block, Body, Budget, Call, Channel, Chat, Control, HistoryPage, MessageRef, Person, Receipt, SendError, Span,
};
use vigie::ports::clock::Clock;
use vigie::ports::envelope::Envelope;
use vigie::ports::inbound::{ChatMessage, Inbound};

/// People of the sample office, by short name; a user id is the chat's letter and the name.
pub const PEOPLE: [&str; 9] = ["lea", "hugo", "ines", "sam", "nora", "tom", "olivia", "marc", "zoe"];

/// A message that stands in a chat.
#[derive(Clone, Debug)]
pub struct Message {
    pub at: MessageRef,
    pub thread: Option<String>,
    pub body: Body,
    pub edits: usize,
}

impl Message {
    /// Everything readable in it.
    pub fn text(&self) -> String {
        // The tests are typed with the space of a keyboard, which French keeps from breaking.
        text_of(&self.body).replace('\u{a0}', " ")
    }

    /// Actions of its buttons.
    pub fn buttons(&self) -> Vec<String> {
        let controls = self.body.blocks.iter().filter_map(|block| match block {
            Block::Controls(controls) => Some(controls.clone()),
            _ => None,
        });
        controls
            .flatten()
            .filter_map(|control| match control {
                Control::Button { action, .. } => Some(action),
                _ => None,
            })
            .collect()
    }
}

fn rich(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Bold(text) | Span::Code(text) => text.clone(),
            Span::User(user) => format!("<@{user}>"),
            Span::Channel(channel) => format!("<#{channel}>"),
            Span::Link { label, .. } => label.clone(),
            Span::Time { fallback, .. } => fallback.clone(),
        })
        .collect()
}

pub fn text_of(body: &Body) -> String {
    let mut text = body.summary.clone();
    for block in &body.blocks {
        text.push('\n');
        text.push_str(&match block {
            Block::Header(words) | Block::Footer(words) => words.clone(),
            Block::Context(spans) | Block::Text(spans) | Block::Quote(spans) => rich(spans),
            Block::Fields(fields) => {
                fields.iter().map(|(label, value)| format!("{label}: {}", rich(value))).collect::<Vec<_>>().join("\n")
            }
            Block::Controls(controls) => controls
                .iter()
                .filter_map(|control| match control {
                    Control::Button { label, .. } => Some(format!("[{label}]")),
                    _ => None,
                })
                .collect::<Vec<_>>()
                .join(" "),
            Block::Divider => String::new(),
        });
    }
    text
}

/// A channel that Vigie made.
#[derive(Clone, Debug)]
pub struct Room {
    pub id: String,
    pub name: String,
    pub topics: Vec<String>,
    pub people: Vec<String>,
    pub closed: bool,
}

#[derive(Default)]
pub struct State {
    pub messages: Vec<Message>,
    pub directs: BTreeMap<String, Vec<usize>>,
    pub rooms: Vec<Room>,
    pub pins: Vec<MessageRef>,
    pub answers: Vec<Body>,
    pub forms: Vec<vigie::ports::chat::Form>,
    /// Nothing gets through.
    pub down: bool,
    /// The next room is made, but its answer is lost.
    pub lose_next_room: bool,
    /// No closed room may be made.
    pub no_closed_rooms: bool,
    done: BTreeMap<String, Receipt>,
    next: usize,
}

/// The chat.
pub struct FakeChat {
    key: &'static str,
    state: Mutex<State>,
}

impl FakeChat {
    pub fn new(key: &'static str) -> Self {
        Self { key, state: Mutex::default() }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn user(&self, who: &str) -> String {
        format!("{}-{who}", self.key)
    }

    pub fn channel(&self, name: &str) -> String {
        format!("{}#{name}", self.key)
    }

    /// Messages of a channel, oldest first.
    pub fn messages(&self, channel: &str) -> Vec<Message> {
        self.state().messages.iter().filter(|message| message.at.channel == channel).cloned().collect()
    }

    /// Direct messages to somebody, oldest first.
    pub fn directs(&self, who: &str) -> Vec<Message> {
        let state = self.state();
        let places = state.directs.get(&self.user(who)).cloned().unwrap_or_default();
        places.into_iter().map(|place| state.messages[place].clone()).collect()
    }

    /// The only room.
    pub fn room(&self) -> Room {
        let rooms = self.state().rooms.clone();
        assert_eq!(rooms.len(), 1, "{}: {rooms:?}", self.key);
        rooms[0].clone()
    }

    fn post(state: &mut State, channel: &str, thread: Option<String>, body: &Body) -> MessageRef {
        state.next += 1;
        let at = MessageRef { channel: channel.to_owned(), message: format!("m{}", state.next) };
        state.messages.push(Message { at: at.clone(), thread, body: body.clone(), edits: 0 });
        at
    }

    fn perform(&self, state: &mut State, call: &Call) -> Result<Receipt, SendError> {
        let refused = |code: &str| Err(SendError::Permanent { code: code.to_owned(), cause: String::new() });
        Ok(match call {
            Call::Post { channel, thread, body } => {
                let at = Self::post(state, channel, thread.clone(), body);
                Receipt { message: Some(at), channel: Some(channel.clone()), ..Receipt::default() }
            }
            Call::Direct { user, body } => {
                let at = Self::post(state, &format!("dm:{user}"), None, body);
                let place = state.messages.len() - 1;
                state.directs.entry(user.clone()).or_default().push(place);
                Receipt { message: Some(at), ..Receipt::default() }
            }
            Call::Edit { at, body } => {
                let Some(message) = state.messages.iter_mut().find(|message| message.at == *at) else {
                    return refused("message_not_found");
                };
                message.body = body.clone();
                message.edits += 1;
                Receipt { message: Some(at.clone()), ..Receipt::default() }
            }
            Call::Thread { at, .. } => {
                Receipt { message: Some(at.clone()), thread: Some(at.message.clone()), ..Receipt::default() }
            }
            Call::CreateRoom { closed: true, .. } if state.no_closed_rooms => return refused("missing_scope"),
            Call::CreateRoom { name, topic, people, closed } => {
                let id = format!("{}-room{}", self.key, state.rooms.len() + 1);
                let topics = vec![topic.clone()];
                let room = Room { id: id.clone(), name: name.clone(), topics, people: people.clone(), closed: *closed };
                state.rooms.push(room);
                Receipt { channel: Some(id), ..Receipt::default() }
            }
            Call::Invite { channel, people } => {
                let room = state.rooms.iter_mut().find(|room| room.id == *channel).unwrap();
                room.people.extend(people.iter().cloned());
                Receipt::default()
            }
            Call::Topic { channel, topic } => {
                let room = state.rooms.iter_mut().find(|room| room.id == *channel).unwrap();
                room.topics.push(topic.clone());
                Receipt::default()
            }
            Call::Pin { at } => {
                state.pins.push(at.clone());
                Receipt::default()
            }
            Call::Answer { body, .. } => {
                state.answers.push(body.clone());
                Receipt::default()
            }
            Call::OpenForm { form, .. } => {
                state.forms.push(form.clone());
                Receipt::default()
            }
            Call::Delete { .. } | Call::Acknowledge { .. } | Call::Upload { .. } | Call::Home { .. } => {
                Receipt::default()
            }
        })
    }
}

#[async_trait]
impl Chat for FakeChat {
    fn key(&self) -> &str {
        self.key
    }

    fn decode(&self, envelope: &Envelope) -> Inbound {
        serde_json::from_str(&envelope.body).unwrap_or_else(|error| Inbound::Unknown { reason: error.to_string() })
    }

    async fn send(&self, call: &Call, key: &str) -> Result<Receipt, SendError> {
        let mut state = self.state();
        if state.down {
            return Err(SendError::Transient("no route".into()));
        }
        let receipt = self.perform(&mut state, call)?;
        let place = match call {
            Call::Post { channel, .. } => channel.clone(),
            Call::Direct { user, .. } => user.clone(),
            Call::CreateRoom { .. } => "room".to_owned(),
            _ => return Ok(receipt),
        };
        state.done.insert(format!("{key}@{place}"), receipt.clone());
        if matches!(call, Call::CreateRoom { .. }) && std::mem::take(&mut state.lose_next_room) {
            return Err(SendError::Unsure("no answer".into()));
        }
        Ok(receipt)
    }

    async fn find(&self, call: &Call, key: &str, _since: Timestamp) -> Result<Option<Receipt>, SendError> {
        let place = match call {
            Call::Post { channel, .. } => channel.clone(),
            Call::Direct { user, .. } => user.clone(),
            _ => "room".to_owned(),
        };
        Ok(self.state().done.get(&format!("{key}@{place}")).cloned())
    }

    fn budget(&self, _call: &Call) -> Budget {
        Budget { key: "all".into(), refill_ms: 1, burst: 10_000 }
    }

    async fn history(&self, _: &str, _: Option<&str>, _: Timestamp) -> Result<HistoryPage, SendError> {
        Ok(HistoryPage::default())
    }

    async fn message(&self, _: &str, _: &str) -> Result<Option<Vec<ChatMessage>>, SendError> {
        Ok(None)
    }

    async fn people(&self) -> Result<Vec<Person>, SendError> {
        if self.state().down {
            return Err(SendError::Transient("no route".into()));
        }
        let person = |name: &&str| Person {
            id: self.user(name),
            handle: (*name).to_owned(),
            name: (*name).to_owned(),
            email: None,
            locale: None,
            automated: false,
            groups: Vec::new(),
        };
        Ok(PEOPLE.iter().map(person).collect())
    }

    async fn channels(&self) -> Result<Vec<Channel>, SendError> {
        if self.state().down {
            return Err(SendError::Transient("no route".into()));
        }
        let named = |name: &str| Channel { id: self.channel(name), name: name.to_owned(), joined: true };
        Ok(["social", "support", "mentions"].map(named).to_vec())
    }

    fn connected(&self) -> bool {
        !self.state().down
    }
}

/// Reads webhooks whose body is already what an adapter would make of it.
pub struct FakeHooks;

impl Reader for FakeHooks {
    fn decode(&self, envelope: &Envelope) -> Inbound {
        serde_json::from_str(&envelope.body).unwrap_or_else(|error| Inbound::Unknown { reason: error.to_string() })
    }
}

/// A clock moved by hand.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
