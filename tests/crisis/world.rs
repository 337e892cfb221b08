//! An office with two chats in memory: hands to act in it, and eyes to see what stands there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use vigie::app::courier::Courier;
use vigie::app::{App, Progress};
use vigie::domain::crisis::Crisis;
use vigie::domain::time::{MINUTE_MS, SECOND_MS, Timestamp};
use vigie::ports::Registry;
use vigie::ports::chat::{Chat, MessageRef};
use vigie::ports::clock::Clock;
use vigie::ports::envelope::{Envelope, Intake, Urgency};
use vigie::ports::inbound::{Author, Caller, ChatMessage, Inbound, Mark};
use vigie::ports::social::{SocialAuthor, SocialKind, SocialMessage};
use vigie::runtime::demo::sample_setup;
use vigie::store::{Store, aggregates, outbox, settings};

use crate::fake::{FakeChat, FakeHooks, ManualClock, text_of};
use crate::postgres;

/// Saturday 14 March 2026, 12:00 in Paris.
pub const START: Timestamp = Timestamp(1_773_486_000_000);
/// Most turns until everything must have come to rest.
const TURNS_MAX: usize = 400;
/// A row that waits longer than this waits for something that will not come by itself.
const PATIENCE_MS: i64 = 90 * SECOND_MS;

/// The office.
pub struct World {
    pub slack: Arc<FakeChat>,
    pub discord: Arc<FakeChat>,
    pub app: Arc<App>,
    clock: Arc<ManualClock>,
    couriers: Vec<Arc<Courier>>,
    url: String,
    lives: usize,
    deliveries: usize,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("vigie.db").display());
        Self::open(url, Some(folder)).await
    }

    pub async fn postgres() -> Self {
        Self::open(postgres::database().await, None).await
    }

    async fn open(url: String, folder: Option<tempfile::TempDir>) -> Self {
        let (slack, discord) = (Arc::new(FakeChat::new("slack")), Arc::new(FakeChat::new("discord")));
        let clock = Arc::new(ManualClock::at(START));
        let app = start(&url, &slack, &discord, &clock).await;
        let couriers = couriers(&app, 1);
        let world = Self { slack, discord, app, clock, couriers, url, lives: 1, deliveries: 0, _folder: folder };
        world.read_directories();
        world.settle().await;
        world
    }

    fn read_directories(&self) {
        self.app.directory_stale("slack");
        self.app.directory_stale("discord");
    }

    /// The process ends and another begins on the same database.
    pub async fn restart(&mut self) {
        self.settle().await;
        self.app.store.close().await;
        self.lives += 1;
        self.app = start(&self.url, &self.slack, &self.discord, &self.clock).await;
        self.couriers = couriers(&self.app, self.lives);
        self.read_directories();
        self.settle().await;
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass, a minute at a time as timers see it.
    pub async fn minutes(&mut self, minutes: i64) {
        let end = self.now().plus_ms(minutes * MINUTE_MS);
        while self.now() < end {
            self.clock.set(self.now().plus_ms(MINUTE_MS).min(end));
            self.settle().await;
        }
    }

    /// Lets much time pass at once, as while the machine was off.
    pub async fn skip(&mut self, minutes: i64) {
        self.clock.set(self.now().plus_ms(minutes * MINUTE_MS));
        self.settle().await;
    }

    /// Turns every loop until nothing moves; rows that wait for a moment get it, but for those of a chat that is away.
    pub async fn settle(&self) {
        for _ in 0..TURNS_MAX {
            let mut moved = self.app.intake_once().await.unwrap() == Progress::Worked;
            moved |= self.app.tick_once().await.unwrap() == Progress::Worked;
            if self.app.upkeep_waits() {
                self.app.upkeep_once().await.unwrap();
            }
            let mut next = None;
            for (chat, courier) in [&self.slack, &self.discord].into_iter().zip(&self.couriers) {
                match courier.run_once().await.unwrap() {
                    Progress::Worked => moved = true,
                    Progress::Idle(at) => {
                        let at = at.filter(|_| !chat.state().down);
                        next = [next, at].into_iter().flatten().min();
                    }
                }
                courier.settled().await;
            }
            match next.filter(|next| next.since(self.now()) <= PATIENCE_MS) {
                _ if moved => {}
                Some(next) => self.clock.set(next.max(self.now().plus_ms(1))),
                None => return,
            }
        }
        self.never_rests().await;
    }

    async fn never_rests(&self) {
        let mut tx = self.app.store.read().await.unwrap();
        let mut waiting = Vec::new();
        for id in 1..500 {
            let row = outbox::by_id(&mut tx, id).await.unwrap();
            waiting.extend(row.filter(|row| row.done_at.is_none()).map(|row| (row.key, row.attempts, row.error)));
        }
        panic!("it never comes to rest: {waiting:#?}");
    }

    /// Lets a chat that was away come back.
    pub async fn reconnect(&mut self) {
        self.slack.state().down = false;
        self.discord.state().down = false;
        self.settle().await;
    }

    async fn deliver(&mut self, source: &str, id: Option<String>, inbound: &Inbound) {
        self.deliveries += 1;
        let envelope = Envelope {
            source: source.to_owned(),
            delivery_id: id.unwrap_or_else(|| self.deliveries.to_string()),
            urgency: Urgency::Live,
            received_at: self.now(),
            body: serde_json::to_string(inbound).unwrap(),
        };
        self.app.accept(envelope).await.unwrap();
    }

    fn caller(&self, chat: &FakeChat, who: &str, channel: &str) -> Caller {
        Caller {
            user: chat.user(who),
            name: who.to_owned(),
            locale: None,
            channel: channel.to_owned(),
            thread: None,
            reply_to: "r".into(),
            answer_by: self.now().plus_ms(3 * SECOND_MS),
            muted: false,
        }
    }

    fn chat(&self, key: &str) -> Arc<FakeChat> {
        if key == "slack" { Arc::clone(&self.slack) } else { Arc::clone(&self.discord) }
    }

    /// Somebody types a command in #social; returns what only they see.
    pub async fn types(&mut self, chat: &str, who: &str, line: &str) -> String {
        let chat = self.chat(chat);
        let channel = chat.channel("social");
        self.types_in(&chat, who, &channel, line).await
    }

    pub async fn types_in(&mut self, chat: &FakeChat, who: &str, channel: &str, line: &str) -> String {
        let (name, text) = line.trim_start_matches('/').split_once(' ').unwrap_or((line, ""));
        let caller = self.caller(chat, who, channel);
        let inbound = Inbound::Command { name: name.to_owned(), text: text.to_owned(), caller };
        self.interact(chat, inbound).await
    }

    /// Somebody presses a button of a crisis.
    pub async fn presses(&mut self, chat: &str, who: &str, action: &str) -> String {
        let chat = self.chat(chat);
        let inbound = Inbound::Press {
            action: format!("crisis.{action}"),
            value: "C-1:1".into(),
            chosen: Vec::new(),
            at: None,
            caller: self.caller(&chat, who, &chat.channel("social")),
        };
        self.interact(&chat, inbound).await
    }

    /// Somebody sends a form.
    pub async fn sends(&mut self, chat: &str, who: &str, form: &str, state: &str, fields: &[(&str, &str)]) -> String {
        let chat = self.chat(chat);
        let fields: BTreeMap<String, String> =
            fields.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        let caller = self.caller(&chat, who, &chat.channel("social"));
        let inbound = Inbound::Form { form: form.to_owned(), state: state.to_owned(), fields, caller };
        self.interact(&chat, inbound).await
    }

    async fn interact(&mut self, chat: &FakeChat, inbound: Inbound) -> String {
        let before = chat.state().answers.len();
        self.deliver(chat.key(), None, &inbound).await;
        self.settle().await;
        let state = chat.state();
        state.answers[before..].iter().map(text_of).collect::<Vec<_>>().join("\n")
    }

    fn message(&self, chat: &FakeChat, who: &str, channel: &str, id: &str, text: &str) -> ChatMessage {
        ChatMessage {
            at: MessageRef { channel: channel.to_owned(), message: id.to_owned() },
            thread: None,
            author: Author { id: chat.user(who), name: who.to_owned(), automated: false },
            text: text.to_owned(),
            url: String::new(),
            written_at: self.now(),
            edited_at: None,
            direct: false,
            to_bot: None,
            attachments: Vec::new(),
        }
    }

    /// Somebody writes in a channel.
    pub async fn writes(&mut self, chat: &str, who: &str, channel: &str, id: &str, text: &str) {
        let chat = self.chat(chat);
        let message = self.message(&chat, who, channel, id, text);
        self.deliver(chat.key(), None, &Inbound::Message(message)).await;
        self.settle().await;
    }

    /// Somebody changes a message.
    pub async fn edits(&mut self, chat: &str, who: &str, channel: &str, id: &str, text: &str) {
        let chat = self.chat(chat);
        let message = self.message(&chat, who, channel, id, text);
        self.deliver(chat.key(), None, &Inbound::Edited(message)).await;
        self.settle().await;
    }

    /// Somebody puts 📌 on a message.
    pub async fn pins(&mut self, chat: &str, who: &str, channel: &str, id: &str) {
        let chat = self.chat(chat);
        let at = MessageRef { channel: channel.to_owned(), message: id.to_owned() };
        let inbound = Inbound::Reaction { at, user: chat.user(who), mark: Mark::Timeline, added: true };
        self.deliver(chat.key(), None, &inbound).await;
        self.settle().await;
    }

    /// A customer writes on a network; the same id twice is the same message.
    pub async fn customer(&mut self, network: &str, id: &str, at: Timestamp) {
        let message = SocialMessage {
            id: id.to_owned(),
            network: network.to_owned(),
            kind: SocialKind::Comment,
            author: SocialAuthor { id: format!("c{id}"), name: "Kim".into(), url: String::new(), followers: None },
            text: "où est mon colis ?".into(),
            url: String::new(),
            parent_id: None,
            created_at: Some(at),
            attachments: Vec::new(),
            reply_url: None,
        };
        self.deliver("hook:inbox", None, &Inbound::Social(Box::new(message))).await;
    }

    /// The crises, by number.
    pub async fn crises(&self) -> Vec<Crisis> {
        let mut tx = self.app.store.read().await.unwrap();
        let filter = aggregates::Filter {
            kind: "crisis",
            order: aggregates::Order::Oldest,
            limit: 50,
            ..aggregates::Filter::default()
        };
        let rows = aggregates::list(&mut tx, &filter).await.unwrap();
        rows.iter().map(|row| serde_json::from_str(row.state()).unwrap()).collect()
    }

    /// The only crisis.
    pub async fn crisis(&self) -> Crisis {
        let crises = self.crises().await;
        assert_eq!(crises.len(), 1, "{crises:?}");
        crises.into_iter().next().unwrap()
    }

    /// The gate as publishing reads it.
    pub async fn gate(&self) -> Value {
        let mut tx = self.app.store.read().await.unwrap();
        let json = settings::get(&mut tx, "freeze").await.unwrap();
        json.map_or(Value::Null, |json| serde_json::from_str(&json).unwrap())
    }

    /// Nothing was set aside on the way.
    pub async fn nothing_failed(&self) {
        let mut tx = self.app.store.read().await.unwrap();
        let dead = outbox::dead_letters(&mut tx, 10).await.unwrap();
        assert!(dead.is_empty(), "{dead:#?}");
        let odd = vigie::store::inbox::counts(&mut tx).await.unwrap();
        assert!(odd.iter().all(|count| !["parked", "unknown"].contains(&count.state.as_str())), "{odd:?}");
    }
}

async fn start(url: &str, slack: &Arc<FakeChat>, discord: &Arc<FakeChat>, clock: &Arc<ManualClock>) -> Arc<App> {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    let mut registry = Registry::default();
    registry.chats.insert("slack".into(), Arc::clone(slack) as Arc<dyn Chat>);
    registry.chats.insert("discord".into(), Arc::clone(discord) as Arc<dyn Chat>);
    registry.hooks = Some(Arc::new(FakeHooks));
    let setup = sample_setup(None).unwrap();
    App::new(store, Arc::clone(clock) as Arc<dyn Clock>, registry, setup)
}

fn couriers(app: &Arc<App>, life: usize) -> Vec<Arc<Courier>> {
    let holder = format!("life{life}");
    ["slack", "discord"].iter().map(|target| Courier::new(Arc::clone(app), target, &holder)).collect()
}
