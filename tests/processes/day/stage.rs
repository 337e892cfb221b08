//! The stage of a day: an office whose every rhythm beats each minute, its chats and its network, and the process that
//! is killed over and over. Never judges; that is `proof.rs`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use vigie::domain::decide::Decider;
use vigie::domain::desk::opening::{Customer, Opening};
use vigie::domain::desk::ticket::{Event, Ticket};
use vigie::domain::time::{DAY_MS, HOUR_MS, Timestamp};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::network::{BrandAccount, MessageKind, NetworkAuthor, NetworkMessage, NetworkSandbox, NetworkSetup};
use vigie::store::{Store, aggregates, journal};

use super::super::count;
use super::super::office::{Office, Vigie, secret, slack_act};
use super::{BURNING, CALM, DRAFTS};

/// A process in the storm lives for at most so long; one that is born must be able to do something.
const LIFE_MS: std::ops::Range<u64> = 200..4_000;
/// After an act the process dies within so many milliseconds, twice.
const DIES_WITHIN_MS: u64 = 250;
/// The ticket of the week before, far from the numbers of the day.
const LAST_WEEK: i64 = 901;
/// Something that a person waits for.
const PATIENCE: Duration = Duration::from_secs(40);
/// Everything must have left so long after the last start.
const SETTLED_WITHIN: Duration = Duration::from_secs(120);

fn office_file(network_url: &str) -> String {
    let mut text = String::from(
        "name = \"Kill tests\"\nzone = \"Europe/Paris\"\nlanguage = \"en\"\ndefault_role = \"care\"\n\
         hours = [\"mon-sun 00:00-24:00\"]\n",
    );
    for priority in 1..=4 {
        text.push_str(&format!("[targets.p{priority}]\nfirst_response = \"4h\"\nresolution = \"16h\"\n"));
    }
    text.push_str("[roles.care]\npost = \"head_of_social\"\nrotation = true\n");
    for (name, backup) in [("p-00", "p-01"), ("p-01", "p-02"), ("p-02", "")] {
        let backup = if backup.is_empty() { String::new() } else { format!("backup = \"{backup}\"\n") };
        text.push_str(&format!(
            "[members.{name}]\nroles = [\"care\"]\nlanguage = \"en\"\n{backup}handles = {{ slack = \"{name}\", discord = \"{name}\" }}\n"
        ));
    }
    text.push_str(
        "[[desks]]\nname = \"desk-00\"\nlanguage = \"en\"\nchannels = { slack = \"desk-00\", discord = \"desk-00\" }\n",
    );
    for network in [CALM, BURNING] {
        text.push_str(&format!(
            "[accounts.{network}]\nhandle = \"@brand\"\napprove_replies = true\npublish_url = \"{network_url}/{network}\"\n"
        ));
    }
    text.push_str(
        "[[series]]\nname = \"minute\"\ntitle = { en = \"Minute meeting\" }\ncron = \"* * * * *\"\ndesk = \"desk-00\"\n\
         roles = [\"care\"]\nask_before = \"1m\"\nagenda_before = \"1m\"\n\
         [reporting]\ndesk = \"desk-00\"\ndaily = \"* * * * *\"\nweekly = \"* * * * *\"\n\
         [crisis]\nlead = \"p-00\"\ndeputy = \"p-01\"\nalert_roles = [\"care\"]\nack = { l2 = \"1m\", l3 = \"1m\" }\n",
    );
    text
}

/// A running day: the office, its network, and the process that is killed.
pub struct Day {
    pub office: Arc<Office>,
    pub network: Arc<NetworkSandbox>,
    pub store: Store,
    vigie: Option<Vigie>,
    chance: StdRng,
    kills: usize,
    began: Instant,
}

/// A message of Vigie's that stays.
#[derive(Clone, Debug)]
pub struct Written {
    /// `slack` or `discord`.
    pub chat: &'static str,
    /// Channel, or Discord thread.
    pub channel: String,
    /// The message a Slack thread hangs on; empty at the channel's own level.
    pub thread: String,
    /// The whole message.
    pub message: Value,
}

impl Written {
    /// Its readable words, without ids and dates of the message itself.
    pub fn words(&self) -> String {
        words(&self.message)
    }
}

impl Day {
    pub async fn new(database: Option<String>) -> Self {
        let seed = std::env::var("VIGIE_SEED").ok().and_then(|text| text.parse().ok());
        let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
        println!("VIGIE_SEED={seed}");
        let accounts = [CALM, BURNING].map(|network| BrandAccount { network: network.into(), handle: "@brand".into() });
        let setup = NetworkSetup { secret: secret(), accounts: accounts.into(), ..NetworkSetup::default() };
        let network = NetworkSandbox::start(setup, SandboxClock::real()).await.expect("a local network");
        let file = office_file(network.base_url().trim_end_matches('/'));
        let settings = "allow_loopback_replies = true\n";
        let office = Arc::new(Office::with_files(3, database, &file, settings).await);
        network.set_target_url(Some(format!("http://127.0.0.1:{}/hooks/test", office.port)));
        let store = Store::open(&office.database).await.expect("the database opens");
        store.migrate().await.expect("the schema is made");
        had_a_customer_last_week(&store).await;
        let vigie = office.start().await;
        office.connected().await;
        let chance = StdRng::seed_from_u64(seed);
        Self { office, network, store, vigie: Some(vigie), chance, kills: 0, began: Instant::now() }
    }

    /// Says how far the day is, for whoever reads a failure.
    pub fn tell(&self, what: &str) {
        println!("{:>6.1} s, {} kills: {what}", self.began.elapsed().as_secs_f64(), self.kills);
    }

    /// Types a command until Slack says that it was taken; the process may be down.
    pub async fn types(&self, who: &str, line: &str) {
        let channel = self.office.slack.channel_id("desk-00").expect("the desk's channel");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let act = json!({"act": "slash", "channel": channel, "text": format!("/vigie {line}")});
            if slack_act(&self.office, who, act).await.expect("typed")["delivered"] == true {
                return;
            }
            assert!(Instant::now() < deadline, "{line:?} was never taken\n{}", self.office.log_tail());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until something of Vigie's with these words is to be seen in Slack.
    pub async fn sees(&self, words: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let fits = |one: &Written| {
                let text = one.message.to_string();
                one.chat == "slack" && words.iter().all(|words| text.contains(words))
            };
            if self.written().iter().any(fits) {
                return;
            }
            assert!(Instant::now() < deadline, "never seen: {words:?}\n{}", self.office.log_tail());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lets the process live for a moment, kills it and starts it again.
    async fn kill_after(&mut self, life: Duration) {
        tokio::time::sleep(life).await;
        let mut vigie = self.vigie.take().expect("a process");
        assert!(vigie.runs(), "vigie ended by itself:\n{}", self.office.log_tail());
        vigie.kill_hard().await;
        self.kills += 1;
        self.vigie = Some(self.office.spawn());
    }

    /// A person acts, and the process dies within the next moments, twice.
    pub async fn dies_over(&mut self, who: &str, line: &str) {
        self.types(who, line).await;
        for _ in 0..2 {
            let life = Duration::from_millis(self.chance.random_range(0..DIES_WITHIN_MS));
            self.kill_after(life).await;
        }
    }

    /// Kills at random moments, again and again, for so long.
    pub async fn storm(&mut self, length: Duration) {
        let until = Instant::now() + length;
        while Instant::now() < until {
            let life = Duration::from_millis(self.chance.random_range(LIFE_MS));
            self.kill_after(life).await;
        }
        self.tell("the storm is over");
    }

    /// Waits until everything has left; nothing may have been set aside.
    pub async fn rests(&self) {
        self.office.ready(self.vigie.as_ref().expect("a process")).await;
        let held = count::settled(&self.office, &self.store, DRAFTS, SETTLED_WITHIN).await;
        assert_eq!((held.outbox_parked, held.inbox_odd), (0, 0), "set aside\n{}", self.office.log_tail());
        self.tell("everything has left");
    }

    /// The end: everything has left, and the process leaves when it is asked to. A minute that struck in between has
    /// made a new digest; then it goes on until that has left too.
    pub async fn ends(&mut self) {
        loop {
            self.rests().await;
            let (_, well) = self.vigie.take().expect("a process").terminate().await;
            assert!(well, "it did not leave well\n{}", self.office.log_tail());
            let held = count::held(&self.store).await;
            if held.outbox_unfinished == 0 && held.inbox_waiting == 0 {
                break;
            }
            self.vigie = Some(self.office.spawn());
        }
        self.tell("the day is over");
    }

    /// Everything that Vigie wrote and that stays, in the order it was written.
    pub fn written(&self) -> Vec<Written> {
        let mut all = BTreeMap::new();
        for index in 0..3 {
            let name = self.office.member(index);
            let slack = self.office.slack.snapshot(&self.office.slack.user_id(&name).expect("a member"));
            collect("slack", &slack, "ts", &mut all);
            collect("discord", &self.office.discord.snapshot(&name), "id", &mut all);
        }
        all.into_values().collect()
    }

    /// A customer writes on the calm network; returns when the card stands in Slack.
    pub async fn customer_writes(&self, number: usize) {
        let id = format!("c{number}");
        let author = NetworkAuthor { id, name: format!("Customer {number}"), url: None, followers: 5 };
        let text = format!("Where is parcel {number}?");
        let message = NetworkMessage { author, kind: MessageKind::Comment, text, parent_id: None, attachments: vec![] };
        self.network.customer_writes(CALM, message).await.expect("written");
        self.sees(&[&format!("T-{number}"), "Where is parcel"]).await;
    }
}

/// A customer wrote last week and was answered: without it the week was quiet, and a quiet week has no picture.
async fn had_a_customer_last_week(store: &Store) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
    let received_at = Timestamp(i64::try_from(now).expect("a time")).plus_ms(-7 * DAY_MS);
    let answered_at = received_at.plus_ms(HOUR_MS);
    let mut tx = store.begin().await.expect("a transaction");
    let id = LAST_WEEK;
    let opening = Opening {
        network: CALM.into(),
        kind: "comment".into(),
        customer: Customer { id: "last-week".into(), name: "Customer of last week".into(), ..Customer::default() },
        topic: "other".into(),
        role: "care".into(),
        desk: "desk-00".into(),
        received_at,
        ..Opening::default()
    };
    let by = vigie::domain::office::MemberId("p-00".into());
    let events = [
        ("opened", Event::Opened { id, opening: Box::new(opening) }),
        ("answered", Event::Answered { at: answered_at }),
        ("resolved", Event::Resolved { by, at: answered_at, outcome: None, note: None }),
    ];
    let ticket = events.iter().fold(Ticket::default(), |ticket, (_, event)| ticket.evolve(event));
    let row = aggregates::NewRow {
        kind: "ticket".into(),
        id,
        status: "resolved".into(),
        network: Some(CALM.into()),
        role: Some("care".into()),
        opened_at: received_at,
        closed_at: Some(answered_at),
        updated_at: answered_at,
        state: serde_json::to_string(&ticket).expect("a state"),
        ..aggregates::NewRow::default()
    };
    aggregates::insert(&mut tx, &row).await.expect("inserted");
    for (version, (name, event)) in (1..).zip(&events) {
        let at = if version == 1 { received_at } else { answered_at };
        let payload = serde_json::to_string(event).expect("an event");
        let entry = [(*name, payload.as_str())];
        journal::append(&mut tx, "ticket", id, version, at, "system", &entry).await.expect("written");
    }
    tx.commit().await.expect("committed");
}

type Kept = BTreeMap<(&'static str, String, String), Written>;

fn collect(chat: &'static str, snapshot: &Value, id: &str, all: &mut Kept) {
    for (channel, messages) in snapshot["messages"].as_object().into_iter().flatten() {
        for message in messages.as_array().into_iter().flatten() {
            let by_app = message["bot_id"].is_string() || message["author"]["bot"] == true;
            if by_app && message["ephemeral"] != true {
                let key = (chat, channel.clone(), message[id].as_str().unwrap_or_default().to_owned());
                let thread = message["thread_ts"].as_str().unwrap_or_default().to_owned();
                let written = Written { chat, channel: channel.clone(), thread, message: message.clone() };
                all.insert(key, written);
            }
        }
    }
}

fn words(value: &Value) -> String {
    const READ: [&str; 6] = ["text", "content", "title", "description", "name", "value"];
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "author" | "reactions" | "thread"))
            .map(|(key, member)| match member {
                Value::String(text) if READ.contains(&key.as_str()) => format!("{text}\n"),
                Value::String(_) => String::new(),
                _ => words(member),
            })
            .collect(),
        Value::Array(items) => items.iter().map(words).collect(),
        _ => String::new(),
    }
}
