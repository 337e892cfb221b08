//! `kill -9` in the middle of everything a team does in a day: replies on their way out, planned posts, check-ins,
//! digests and reports, a crisis that is declared and acknowledged. What leaves to a network leaves once, each slot of a
//! digest or report is made once, and no queue is left with anything parked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::network::{BrandAccount, MessageKind, NetworkAuthor, NetworkMessage, NetworkSandbox, NetworkSetup};
use vigie::store::{Store, aggregates};

use super::office::{Office, Vigie, secret, slack_act};
use super::{count, postgres};

/// The network on which customers are answered and posts are planned.
const CALM: &str = "net_00";
/// The network of the crisis: its freeze must not hold the posts of the other.
const BURNING: &str = "net_01";
/// Replies and posts on their way out.
const DRAFTS: usize = 3;
/// Random kills go on for so long: over the posts' time, two meetings, three digests, and the crisis' first escalation.
const STORM: Duration = Duration::from_secs(130);
/// A process in the storm lives for at most so long; one that is born must be able to do something.
const LIFE_MS: std::ops::Range<u64> = 200..4_000;
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
        "[[series]]\nname = \"minute\"\ntitle = { en = \"Minute meeting\" }\ncron = \"*/2 * * * *\"\ndesk = \"desk-00\"\n\
         roles = [\"care\"]\nask_before = \"2m\"\nagenda_before = \"1m\"\n\
         [reporting]\ndesk = \"desk-00\"\ndaily = \"* * * * *\"\nweekly = \"* * * * *\"\n\
         [crisis]\nlead = \"p-00\"\ndeputy = \"p-01\"\nalert_roles = [\"care\"]\nack = { l2 = \"1m\", l3 = \"1m\" }\n",
    );
    text
}

/// A running day: the office, its network, and the process that is killed.
struct Day {
    office: Arc<Office>,
    network: Arc<NetworkSandbox>,
    store: Store,
    vigie: Option<Vigie>,
    chance: StdRng,
}

impl Day {
    async fn new(database: Option<String>) -> Self {
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
        let vigie = office.start().await;
        office.connected().await;
        let store = Store::open(&office.database).await.expect("the database opens");
        Self { office, network, store, vigie: Some(vigie), chance: StdRng::seed_from_u64(seed) }
    }

    /// Types a command until Slack says that it was taken; the process may be down.
    async fn types(&self, who: &str, line: &str) {
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

    async fn until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look(self) {
                return found;
            }
            assert!(Instant::now() < deadline, "never seen: {what}\n{}", self.office.log_tail());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lets the process live for a moment, kills it and starts it again.
    async fn kill_after(&mut self, life: Duration) {
        tokio::time::sleep(life).await;
        let mut vigie = self.vigie.take().expect("a process");
        assert!(vigie.runs(), "vigie ended by itself:\n{}", self.office.log_tail());
        vigie.kill_hard().await;
        self.vigie = Some(self.office.spawn());
    }

    /// A person acts, and the process dies within the next moments, twice.
    async fn dies_over(&mut self, who: &str, line: &str) {
        self.types(who, line).await;
        for _ in 0..2 {
            let life = Duration::from_millis(self.chance.random_range(0..250));
            self.kill_after(life).await;
        }
    }

    async fn rests(&self) {
        self.office.ready(self.vigie.as_ref().expect("a process")).await;
        let held = count::settled(&self.office, &self.store, DRAFTS, SETTLED_WITHIN).await;
        assert_eq!((held.outbox_parked, held.inbox_odd), (0, 0), "set aside\n{}", self.office.log_tail());
    }

    /// Everything that Vigie wrote and that stays: where, and the whole message.
    fn written(&self) -> Vec<(String, Value)> {
        let mut all = BTreeMap::new();
        for index in 0..3 {
            let name = self.office.member(index);
            let slack = self.office.slack.snapshot(&self.office.slack.user_id(&name).expect("a member"));
            collect("slack", &slack, "ts", &mut all);
            collect("discord", &self.office.discord.snapshot(&name), "id", &mut all);
        }
        all.into_values().collect()
    }

    /// How many messages in a chat have these words.
    fn count(&self, chat: &str, words: &[&str]) -> usize {
        let all = self.written();
        let fits = |(place, message): &&(String, Value)| {
            let text = message.to_string();
            place.starts_with(chat) && words.iter().all(|words| text.contains(words))
        };
        all.iter().filter(fits).count()
    }
}

fn collect(chat: &str, snapshot: &Value, id: &str, all: &mut BTreeMap<(String, String), (String, Value)>) {
    for (channel, messages) in snapshot["messages"].as_object().into_iter().flatten() {
        for message in messages.as_array().into_iter().flatten() {
            let by_app = message["bot_id"].is_string() || message["author"]["bot"] == true;
            if by_app && message["ephemeral"] != true {
                let key = (format!("{chat} {channel}"), message[id].as_str().unwrap_or_default().to_owned());
                let thread = message["thread_ts"].as_str().unwrap_or_default();
                all.insert(key, (format!("{chat} {channel} {thread}"), message.clone()));
            }
        }
    }
}

/// The readable words of a message, without ids and dates of the message itself.
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

async fn status_count(day: &Day, kind: &str, status: &str) -> i64 {
    let mut tx = day.store.read().await.expect("the database can be read");
    let counts = aggregates::count_by_status(&mut tx, kind).await.expect("counted");
    counts.into_iter().filter(|(name, _)| name == status).map(|(_, count)| count).sum()
}

/// The newest words about something, for failures.
fn last_words(day: &Day, about: &str) -> Vec<String> {
    let all = day.written();
    let found = all.iter().map(|(_, message)| words(message)).filter(|text| text.contains(about));
    found.collect::<Vec<_>>().into_iter().rev().take(4).collect()
}

async fn prepares(day: &Day) {
    for index in 0..DRAFTS {
        let author =
            NetworkAuthor { id: format!("c{index}"), name: format!("Customer {index}"), url: None, followers: 5 };
        let text = format!("Where is parcel {index}?");
        let message = NetworkMessage { author, kind: MessageKind::Comment, text, parent_id: None, attachments: vec![] };
        day.network.customer_writes(CALM, message).await.expect("written");
        let card = format!("T-{}", index + 1);
        day.until(&card, |day| (day.count("slack", &[&card, "Where is parcel"]) > 0).then_some(())).await;
    }
    for number in 1..=DRAFTS {
        let reply = format!("R-{number}");
        day.types("p-01", &format!("ticket reply T-{number} Answer number {number}.")).await;
        day.until(&reply, |day| (day.count("slack", &[&reply]) > 0).then_some(())).await;
    }
    for number in 1..=DRAFTS {
        let post = format!("P-{number}");
        day.types("p-01", &format!("post new net:{CALM} News number {number}.")).await;
        day.until(&post, |day| (day.count("slack", &[&post, "News number"]) > 0).then_some(())).await;
    }
}

async fn killed_all_day_long(database: Option<String>) {
    let mut day = Day::new(database).await;
    prepares(&day).await;
    day.rests().await;

    for number in 1..=DRAFTS {
        // The time is part of what is approved: it comes first.
        day.types("p-02", &format!("post schedule P-{number} +1m")).await;
        day.types("p-01", &format!("post submit P-{number}")).await;
        day.until("in review", |day| (day.count("slack", &[&format!("P-{number}"), "pproval"]) > 0).then_some(()))
            .await;
        day.types("p-02", &format!("approve P-{number} v1")).await;
    }
    for number in 1..=DRAFTS {
        day.dies_over("p-02", &format!("approve R-{number} v1")).await;
    }
    day.dies_over("p-02", &format!("crisis declare l2 Parcels lost in Lyon net:{BURNING}")).await;
    let until = Instant::now() + STORM;
    while Instant::now() < until {
        let life = Duration::from_millis(day.chance.random_range(LIFE_MS));
        day.kill_after(life).await;
    }
    day.rests().await;
    day.dies_over("p-01", "crisis ack C-1").await;
    day.rests().await;

    everything_left_once(&day).await;
    the_rhythm_was_kept(&day).await;
    let (_, well) = day.vigie.take().expect("a process").terminate().await;
    assert!(well);
}

/// Each reply and post is on the network once; one that nobody can know about was put before a person instead.
async fn everything_left_once(day: &Day) {
    let snapshot = day.network.snapshot().to_string();
    let (mut sent, mut unknown) = (0, 0);
    for kind in ["reply", "post"] {
        sent += status_count(day, kind, "sent").await;
        unknown += status_count(day, kind, "unknown").await;
    }
    let texts: Vec<String> = (1..=DRAFTS)
        .flat_map(|number| [format!("Answer number {number}."), format!("News number {number}.")])
        .collect();
    let times = |text: &String| snapshot.matches(text.as_str()).count();
    let out = texts.iter().filter(|text| times(text) == 1).count();
    assert!(texts.iter().all(|text| times(text) <= 1), "something left twice: {snapshot}");
    let mut tx = day.store.read().await.expect("the database can be read");
    let mut all = Vec::new();
    for kind in ["reply", "post"] {
        all.push((kind, aggregates::count_by_status(&mut tx, kind).await.expect("counted")));
    }
    drop(tx);
    assert_eq!(sent + unknown, 2 * DRAFTS as i64, "{all:?}; P-1 is seen as {:#?}", last_words(day, "P-1"));
    // Whatever is called sent is out there. What is not called sent was looked for in vain: it is not out there.
    assert_eq!(out as i64, sent, "on the network {out}, called sent {sent}: {snapshot}");
}

/// The digests and reports of the storm were made, and a meeting opened.
async fn the_rhythm_was_kept(day: &Day) {
    let mut tx = day.store.read().await.expect("the database can be read");
    let kept = vigie::store::settings::get(&mut tx, "documents").await.expect("read").expect("documents were made");
    drop(tx);
    let kept: Vec<String> = serde_json::from_str(&kept).expect("names");
    for kind in ["daily:", "weekly:"] {
        let names: std::collections::BTreeSet<&String> = kept.iter().filter(|name| name.starts_with(kind)).collect();
        let all = kept.iter().filter(|name| name.starts_with(kind)).count();
        assert!(names.len() >= 2 && names.len() == all, "each slot once: {kept:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_all_day_long_everything_happens_once_on_sqlite() {
    killed_all_day_long(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_all_day_long_everything_happens_once_on_postgres() {
    killed_all_day_long(Some(postgres::database().await)).await;
}
