//! One office with a chat and a network that can be broken on purpose; time stands still until it is moved.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use vigie::app::courier::Courier;
use vigie::app::{App, Progress, Setup};
use vigie::config::{load_office, load_triage};
use vigie::domain::content::draft::Draft;
use vigie::domain::desk::ticket::Ticket;
use vigie::domain::desk::triage::Sorter;
use vigie::domain::ids::Ref;
use vigie::domain::time::Timestamp;
use vigie::ports::chat::{
    Block, Body, Budget, Call, Channel, Chat, Control, Form, HistoryPage, MessageRef, Person, Receipt, SendError, Span,
};
use vigie::ports::clock::Clock;
use vigie::ports::envelope::{Envelope, Intake, Urgency};
use vigie::ports::inbound::{Author, Caller, ChatMessage, Inbound};
use vigie::ports::network::{Dispatch, Network, NetworkError, Outgoing, Published};
use vigie::ports::social::{SocialAuthor, SocialKind, SocialMessage};
use vigie::ports::{Reader, Registry};
use vigie::store::{Store, aggregates, settings};

/// Tuesday, 17 March 2026, 10:00 in Paris.
pub const START: &str = "2026-03-17T09:00:00Z";
/// Turns of the loops after which a scene is stuck.
const TURNS_MAX: usize = 500;

const OFFICE: &str = r#"
name = "Petit"
zone = "Europe/Paris"
language = "en"
default_role = "community"
hours = ["mon-fri 09:00-18:00"]
[targets]
p1 = { first_response = "15m", resolution = "4h" }
p2 = { first_response = "1h", resolution = "8h" }
p3 = { first_response = "4h", resolution = "16h" }
p4 = { first_response = "8h", resolution = "40h" }
[roles.community]
post = "community_manager"
lead = "lea"
[roles.head]
post = "head_of_social"
lead = "lea"
[roles.content]
post = "creator"
[members.lea]
name = "Léa"
handles = { slack = "lea" }
roles = ["head"]
[members.hana]
name = "Hana"
handles = { slack = "hana" }
roles = ["head"]
[members.hugo]
name = "Hugo"
handles = { slack = "hugo" }
roles = ["community"]
[members.nora]
name = "Nora"
language = "fr"
handles = { slack = "nora" }
roles = ["community"]
[members.marc]
name = "Marc"
handles = { slack = "marc" }
roles = ["content"]
[accounts.instagram]
handle = "@petit"
[accounts.x]
handle = "@petit"
approve_replies = true
[[desks]]
name = "social"
channels = { slack = "social" }
[crisis]
lead = "lea"
"#;

/// Reads an RFC 3339 instant.
pub fn at(text: &str) -> Timestamp {
    chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into()
}

#[derive(Debug)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// What a network does with the next call.
#[derive(Clone, Debug)]
pub enum Mood {
    /// Refuses.
    Refuse(&'static str),
    /// Asks to wait.
    NotNow(i64),
    /// Takes it (or not) and the answer is lost.
    LoseAnswer { taken: bool },
    /// Takes it (or not) and never answers while this process lives.
    Hang { taken: bool },
}

/// A network that knows no keys: whatever is sent twice stands there twice.
#[derive(Debug, Default)]
pub struct FakeNetwork {
    name: String,
    pub moods: Mutex<VecDeque<Mood>>,
    pub out: Mutex<Vec<(Dispatch, String)>>,
    pub calls: AtomicI64,
}

impl FakeNetwork {
    fn take(&self, dispatch: &Dispatch, key: &str) -> Published {
        let mut out = self.out.lock().expect("lock");
        out.push((dispatch.clone(), key.to_owned()));
        let id = out.len().to_string();
        Published { url: format!("https://{}.example/{id}", self.name), id }
    }

    /// The texts that stand there.
    pub fn texts(&self) -> Vec<String> {
        let out = self.out.lock().expect("lock");
        let text = |dispatch: &Dispatch| match dispatch {
            Dispatch::Reply { text, .. } | Dispatch::Post { text, .. } => text.clone(),
        };
        out.iter().map(|(dispatch, _)| text(dispatch)).collect()
    }
}

#[async_trait]
impl Network for FakeNetwork {
    fn name(&self) -> &str {
        &self.name
    }

    fn text_limit(&self) -> usize {
        280
    }

    async fn publish(&self, outgoing: &Outgoing, key: &str) -> Result<Published, NetworkError> {
        let dispatch = outgoing.dispatch();
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mood = self.moods.lock().expect("lock").pop_front();
        match mood {
            None => Ok(self.take(dispatch, key)),
            Some(Mood::Refuse(cause)) => Err(NetworkError::Refused(cause.into())),
            Some(Mood::NotNow(after_ms)) => Err(NetworkError::NotNow { after_ms, cause: "busy".into() }),
            Some(Mood::LoseAnswer { taken }) => {
                if taken {
                    self.take(dispatch, key);
                }
                Err(NetworkError::Unknown("reset".into()))
            }
            Some(Mood::Hang { taken }) => {
                if taken {
                    self.take(dispatch, key);
                }
                std::future::pending().await
            }
        }
    }

    async fn find(&self, _outgoing: &Outgoing, key: &str) -> Result<Option<Published>, NetworkError> {
        let out = self.out.lock().expect("lock");
        let found = out.iter().position(|(_, known)| known == key);
        Ok(found
            .map(|index| Published { id: index.to_string(), url: format!("https://{}.example/{index}", self.name) }))
    }
}

/// A chat that keeps what was said in it.
#[derive(Debug, Default)]
pub struct FakeChat {
    counter: AtomicI64,
    pub messages: Mutex<BTreeMap<MessageRef, Body>>,
    pub threads: Mutex<Vec<(String, String)>>,
    pub answers: Mutex<Vec<Body>>,
    pub forms: Mutex<Vec<Form>>,
    pub directs: Mutex<Vec<(String, MessageRef)>>,
}

#[async_trait]
impl Chat for FakeChat {
    fn key(&self) -> &str {
        "slack"
    }

    fn decode(&self, envelope: &Envelope) -> Inbound {
        serde_json::from_str(&envelope.body).unwrap_or_else(|error| Inbound::Unknown { reason: error.to_string() })
    }

    async fn send(&self, call: &Call, _key: &str) -> Result<Receipt, SendError> {
        let number = self.counter.fetch_add(1, Ordering::SeqCst);
        let place = |channel: &str| MessageRef { channel: channel.to_owned(), message: format!("m{number}") };
        let mut receipt = Receipt::default();
        match call {
            Call::Post { channel, thread, body } => {
                if let Some(thread) = thread {
                    self.threads.lock().expect("lock").push((thread.clone(), words(body)));
                }
                self.messages.lock().expect("lock").insert(place(channel), body.clone());
                receipt.message = Some(place(channel));
            }
            Call::Direct { user, body } => {
                let at = place(&format!("D-{user}"));
                self.messages.lock().expect("lock").insert(at.clone(), body.clone());
                self.directs.lock().expect("lock").push((user.clone(), at.clone()));
                receipt.message = Some(at);
            }
            Call::Edit { at, body } => {
                self.messages.lock().expect("lock").insert(at.clone(), body.clone());
                receipt.message = Some(at.clone());
            }
            Call::Thread { at, .. } => receipt.thread = Some(at.message.clone()),
            Call::Answer { body, .. } => self.answers.lock().expect("lock").push(body.clone()),
            Call::OpenForm { form, .. } => self.forms.lock().expect("lock").push(form.clone()),
            _ => {}
        }
        Ok(receipt)
    }

    async fn find(&self, _: &Call, _: &str, _: Timestamp) -> Result<Option<Receipt>, SendError> {
        Ok(None)
    }

    fn budget(&self, _: &Call) -> Budget {
        Budget { key: "all".into(), refill_ms: 1, burst: 1_000_000 }
    }

    async fn history(&self, _: &str, _: Option<&str>, _: Timestamp) -> Result<HistoryPage, SendError> {
        Ok(HistoryPage::default())
    }

    async fn message(&self, _: &str, _: &str) -> Result<Option<Vec<ChatMessage>>, SendError> {
        Ok(None)
    }

    async fn people(&self) -> Result<Vec<Person>, SendError> {
        let person = |name: &str| Person {
            id: format!("U-{name}"),
            handle: name.to_owned(),
            name: name.to_owned(),
            email: None,
            locale: None,
            automated: false,
            groups: Vec::new(),
        };
        Ok(["lea", "hana", "hugo", "nora", "marc"].map(person).to_vec())
    }

    async fn channels(&self) -> Result<Vec<Channel>, SendError> {
        Ok(vec![Channel { id: "C-social".into(), name: "social".into(), joined: true }])
    }

    fn connected(&self) -> bool {
        true
    }
}

struct JsonReader;

impl Reader for JsonReader {
    fn decode(&self, envelope: &Envelope) -> Inbound {
        serde_json::from_str(&envelope.body).unwrap_or_else(|error| Inbound::Unknown { reason: error.to_string() })
    }
}

/// All words of a message.
pub fn words(body: &Body) -> String {
    let rich = |spans: &[Span]| spans.iter().map(span).collect::<String>();
    let block = |block: &Block| match block {
        Block::Header(text) | Block::Footer(text) => text.clone(),
        Block::Context(line) | Block::Text(line) | Block::Quote(line) => rich(line),
        Block::Fields(fields) => {
            fields.iter().map(|(label, value)| format!("{label}: {}", rich(value))).collect::<Vec<_>>().join("\n")
        }
        Block::Controls(_) | Block::Divider => String::new(),
    };
    body.blocks.iter().map(block).collect::<Vec<_>>().join("\n")
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) | Span::Bold(text) | Span::Code(text) | Span::User(text) | Span::Channel(text) => text.clone(),
        Span::Link { url, label } => format!("{label}<{url}>"),
        Span::Time { fallback, .. } => fallback.clone(),
    }
}

/// The value of a message's button; none when it has no such button.
pub fn button(body: &Body, wanted: &str) -> Option<String> {
    body.blocks.iter().find_map(|block| match block {
        Block::Controls(controls) => controls.iter().find_map(|control| match control {
            Control::Button { action, value, .. } if action == wanted => Some(value.clone()),
            _ => None,
        }),
        _ => None,
    })
}

/// The office at work.
pub struct World {
    folder: tempfile::TempDir,
    clock: Arc<HandClock>,
    pub chat: Arc<FakeChat>,
    pub network: Arc<FakeNetwork>,
    x: Arc<FakeNetwork>,
    pub app: Arc<App>,
    couriers: Vec<Arc<Courier>>,
    deliveries: i64,
    lives: u32,
}

impl World {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(HandClock(AtomicI64::new(at(START).0)));
        let chat = Arc::new(FakeChat::default());
        let network = Arc::new(FakeNetwork { name: "instagram".into(), ..FakeNetwork::default() });
        let x = Arc::new(FakeNetwork { name: "x".into(), ..FakeNetwork::default() });
        let (app, couriers) = Self::start(&folder, &clock, &chat, &[&network, &x], 1).await;
        let mut world = Self { folder, clock, chat, network, x, app, couriers, deliveries: 0, lives: 1 };
        world.settle().await;
        world
    }

    async fn start(
        folder: &tempfile::TempDir,
        clock: &Arc<HandClock>,
        chat: &Arc<FakeChat>,
        networks: &[&Arc<FakeNetwork>],
        life: u32,
    ) -> (Arc<App>, Vec<Arc<Courier>>) {
        let store = Store::open(&folder.path().join("vigie.db").to_string_lossy()).await.expect("opens");
        store.migrate().await.expect("migrates");
        let office = load_office(OFFICE, "office.toml").expect("a right office");
        let triage = load_triage("", "triage.toml", Some(&office)).expect("right rules").compile().expect("compiles");
        let mut registry = Registry::default();
        registry.chats.insert("slack".into(), Arc::clone(chat) as Arc<dyn Chat>);
        registry.hooks = Some(Arc::new(JsonReader));
        for network in networks {
            registry.networks.insert(network.name.clone(), Arc::clone(network) as Arc<dyn Network>);
        }
        let clock = Arc::clone(clock) as Arc<dyn Clock>;
        let app = App::new(
            store,
            clock,
            registry,
            Setup { office, triage: Arc::new(Sorter::of_rules(triage)), playbooks: Arc::default() },
        );
        vigie::app::people::sync_directory(&app, "slack").await.expect("reads the directory");
        let holder = format!("life-{life}");
        let couriers = ["slack", "network"].map(|target| Courier::new(Arc::clone(&app), target, &holder)).to_vec();
        (app, couriers)
    }

    /// Ends the process as `kill -9` does, and starts another one on the same database a minute later.
    pub async fn kill(&mut self) {
        self.lives += 1;
        let networks = [&self.network, &self.x];
        let (app, couriers) = Self::start(&self.folder, &self.clock, &self.chat, &networks, self.lives).await;
        (self.app, self.couriers) = (app, couriers);
        self.pass("61s").await;
    }

    /// Turns the loops until nothing is left to do now.
    pub async fn settle(&mut self) {
        for _ in 0..TURNS_MAX {
            let mut worked = self.app.intake_once().await.expect("takes in") == Progress::Worked;
            worked |= self.app.tick_once().await.expect("ticks") == Progress::Worked;
            for courier in &self.couriers {
                worked |= courier.run_once().await.expect("carries") == Progress::Worked;
                courier.settled().await;
            }
            if !worked {
                return;
            }
        }
        panic!("the loops never come to rest");
    }

    /// Starts what may leave to networks and does not wait for it: the calls may hang.
    pub async fn start_sending(&mut self) {
        self.app.intake_once().await.expect("takes in");
        let calls = self.network.calls.load(Ordering::SeqCst);
        self.couriers[1].run_once().await.expect("starts");
        while self.network.calls.load(Ordering::SeqCst) == calls {
            tokio::task::yield_now().await;
        }
    }

    /// Takes in what arrived, without letting anything leave.
    pub async fn take_in(&mut self) {
        while self.app.intake_once().await.expect("takes in") == Progress::Worked {}
    }

    /// Moves the clock (`90s`, `15m`, `2h`, `3d`) and lets everything happen.
    pub async fn pass(&mut self, length: &str) {
        let (number, unit) = length.split_at(length.len() - 1);
        let unit_ms = match unit {
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => 86_400_000,
        };
        let number: i64 = number.parse().expect("a number");
        self.clock.0.fetch_add(number * unit_ms, Ordering::SeqCst);
        self.settle().await;
    }

    /// Moves the clock to an instant and lets everything happen.
    pub async fn wait_until(&mut self, instant: &str) {
        self.clock.0.store(at(instant).0, Ordering::SeqCst);
        self.settle().await;
    }

    async fn arrive(&mut self, source: &str, inbound: &Inbound) {
        self.deliveries += 1;
        let envelope = Envelope {
            source: source.into(),
            delivery_id: format!("d{}", self.deliveries),
            urgency: Urgency::Interactive,
            received_at: self.clock.now(),
            body: serde_json::to_string(inbound).expect("JSON"),
        };
        self.app.accept(envelope).await.expect("durable");
    }

    fn caller(&self, who: &str) -> Caller {
        Caller {
            user: format!("U-{who}"),
            name: who.into(),
            locale: None,
            channel: "C-social".into(),
            thread: None,
            reply_to: format!("to-{who}"),
            answer_by: Timestamp(self.clock.now().0 + 3_000),
            muted: false,
        }
    }

    /// A customer writes.
    pub async fn customer(&mut self, network: &str, kind: SocialKind, id: &str, text: &str) {
        let message = SocialMessage {
            network: network.into(),
            id: id.into(),
            kind,
            author: SocialAuthor { id: "c1".into(), name: "Camille".into(), url: String::new(), followers: None },
            text: text.into(),
            url: String::new(),
            reply_url: None,
            parent_id: None,
            created_at: None,
            attachments: Vec::new(),
        };
        self.arrive(&format!("hook:{network}"), &Inbound::Social(Box::new(message))).await;
        self.settle().await;
    }

    /// Somebody types a slash command; returns what they are answered.
    pub async fn types(&mut self, who: &str, line: &str) -> String {
        self.send_command(who, line).await;
        self.settle().await;
        self.answer()
    }

    pub async fn send_command(&mut self, who: &str, line: &str) {
        let (name, text) = line.split_once(' ').unwrap_or((line, ""));
        let caller = self.caller(who);
        self.arrive("slack", &Inbound::Command { name: name.into(), text: text.into(), caller }).await;
    }

    /// Somebody presses a button with this value; returns what they are answered.
    pub async fn presses(&mut self, who: &str, action: &str, value: &str) -> String {
        let press = Inbound::Press {
            action: action.into(),
            value: value.into(),
            chosen: Vec::new(),
            at: None,
            caller: self.caller(who),
        };
        self.arrive("slack", &press).await;
        self.settle().await;
        self.answer()
    }

    /// Somebody presses the button of that action on the card of a subject.
    pub async fn presses_on(&mut self, who: &str, subject: &str, action: &str) -> String {
        let card = self.card(subject);
        let value = button(&card, action).unwrap_or_else(|| panic!("no {action} on {}", words(&card)));
        self.presses(who, action, &value).await
    }

    /// Somebody sends the form that was shown last.
    pub async fn sends_form(&mut self, who: &str, form: &Form, fields: &[(&str, &str)]) -> String {
        let fields = fields.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        let caller = self.caller(who);
        let form = Inbound::Form { form: form.name.clone(), state: form.state.clone(), fields, caller };
        self.arrive("slack", &form).await;
        self.settle().await;
        self.answer()
    }

    /// Somebody writes in the thread of a card.
    pub async fn writes_in_thread(&mut self, who: &str, subject: &str, text: &str) {
        let root = self.place(subject).message;
        let message = ChatMessage {
            at: MessageRef { channel: "C-social".into(), message: format!("t{}", self.deliveries) },
            thread: Some(root),
            author: Author { id: format!("U-{who}"), name: who.into(), automated: false },
            text: text.into(),
            url: String::new(),
            written_at: self.clock.now(),
            edited_at: None,
            direct: false,
            to_bot: None,
            attachments: Vec::new(),
        };
        self.arrive("slack", &Inbound::Message(message)).await;
        self.settle().await;
    }

    /// What somebody was answered last.
    pub fn answer(&self) -> String {
        self.chat.answers.lock().expect("lock").last().map(words).unwrap_or_default()
    }

    /// The form shown last.
    pub fn form(&self) -> Form {
        self.chat.forms.lock().expect("lock").last().cloned().expect("a form was shown")
    }

    fn place(&self, subject: &str) -> MessageRef {
        let messages = self.chat.messages.lock().expect("lock");
        let is_card =
            |body: &Body| matches!(body.blocks.first(), Some(Block::Header(title)) if title.contains(subject));
        let cards: Vec<&MessageRef> =
            messages.iter().filter(|(at, body)| at.channel == "C-social" && is_card(body)).map(|(at, _)| at).collect();
        assert_eq!(cards.len(), 1, "one live card of {subject}");
        cards[0].clone()
    }

    /// The card of a subject as it stands.
    pub fn card(&self, subject: &str) -> Body {
        let at = self.place(subject);
        self.chat.messages.lock().expect("lock").get(&at).cloned().expect("stands")
    }

    /// Direct messages of somebody as they stand now, oldest first.
    pub fn directs(&self, who: &str) -> Vec<Body> {
        let messages = self.chat.messages.lock().expect("lock");
        let directs = self.chat.directs.lock().expect("lock");
        let own = directs.iter().filter(|(user, _)| *user == format!("U-{who}"));
        own.filter_map(|(_, at)| messages.get(at).cloned()).collect()
    }

    /// Lines said in threads.
    pub fn lines(&self) -> String {
        let threads = self.chat.threads.lock().expect("lock");
        threads.iter().map(|(_, line)| line.clone()).collect::<Vec<_>>().join("\n")
    }

    /// Freezes, or ends the freeze with an empty text.
    pub async fn freeze(&mut self, json: &str) {
        let mut tx = self.app.store.begin().await.expect("begins");
        settings::put(&mut tx, "freeze", json).await.expect("stores");
        tx.commit().await.expect("commits");
    }

    pub async fn draft(&self, subject: &str) -> Draft {
        let subject = Ref::parse(subject).expect("a reference");
        serde_json::from_str(&self.state(subject).await).expect("a draft")
    }

    pub async fn ticket(&self, id: i64) -> Ticket {
        let subject = Ref::new(vigie::domain::ids::Kind::Ticket, id);
        serde_json::from_str(&self.state(subject).await).expect("a ticket")
    }

    async fn state(&self, subject: Ref) -> String {
        let mut tx = self.app.store.read().await.expect("reads");
        let row = aggregates::load(&mut tx, subject.kind.stored(), subject.id).await.expect("reads");
        row.unwrap_or_else(|| panic!("no {subject}")).state().to_owned()
    }

    /// The network `x`, where every reply needs an approval.
    pub fn x(&self) -> Arc<FakeNetwork> {
        Arc::clone(&self.x)
    }
}
