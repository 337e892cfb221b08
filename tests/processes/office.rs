//! A whole office around a real `vigie serve` process: local chats in this process, a configuration folder, senders of
//! signed webhooks that keep trying as real ones do. Time is real here: these tests are about processes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::process::{Child, Command};
use vigie::sandbox::SandboxClock;
use vigie::sandbox::discord::{DiscordSandbox, DiscordSetup, DiscordSetupChannel, DiscordSetupUser};
use vigie::sandbox::slack::{ChannelSetup, CommandSetup, RateSetup, SlackSandbox, SlackSetup, UserSetup};

/// What webhooks of these tests are signed with.
const KEY: &[u8] = b"a key of thirty-two bytes, good.";
/// A process that is not ready after this has failed.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// Pause between two tries of a sender.
const SEND_AGAIN: Duration = Duration::from_millis(25);
/// First port tried; below the range from which the kernel takes source ports, so that nobody sits on it after a restart.
const PORT_FROM: u16 = 21_000;

/// Chats, configuration and database of one test.
pub struct Office {
    pub slack: Arc<SlackSandbox>,
    pub discord: Arc<DiscordSandbox>,
    pub desks: usize,
    pub folder: tempfile::TempDir,
    pub database: String,
    pub port: u16,
    starts: AtomicU64,
}

/// A running `vigie serve`.
pub struct Vigie {
    child: Child,
    pub pid: u32,
    pub spawned: Instant,
}

fn place(kind: &str, index: usize) -> String {
    format!("{kind}-{index:02}")
}

/// Desks and people enough that one card a second and channel is not what the test waits for.
fn office_file(desks: usize) -> String {
    let mut text = String::from(
        "name = \"Process tests\"\nzone = \"Europe/Paris\"\nlanguage = \"en\"\ndefault_role = \"care\"\n\
         hours = [\"mon-sun 00:00-24:00\"]\n",
    );
    for priority in 1..=4 {
        let _ = writeln!(text, "[targets.p{priority}]\nfirst_response = \"4h\"\nresolution = \"16h\"");
    }
    text.push_str("[roles.care]\npost = \"social_media_manager\"\nrotation = true\n");
    for index in 0..desks {
        let name = place("p", index);
        let _ = writeln!(
            text,
            "[members.{name}]\nroles = [\"care\"]\nlanguage = \"en\"\nhandles = {{ slack = \"{name}\", discord = \"{name}\" }}"
        );
    }
    for index in 0..desks {
        let (desk, incoming, network) = (place("desk", index), place("in", index), place("net", index));
        let _ = writeln!(
            text,
            "[[desks]]\nname = \"{desk}\"\nlanguage = \"en\"\nchannels = {{ slack = \"{desk}\", discord = \"{desk}\" }}\n\
             watch = {{ slack = [\"{incoming}\"], discord = [\"{incoming}\"] }}\nnetworks = [\"{network}\"]"
        );
    }
    for index in 0..desks {
        let _ = writeln!(text, "[accounts.{}]\nhandle = \"@brand\"", place("net", index));
    }
    text
}

fn slack_setup(desks: usize) -> SlackSetup {
    let mut names: Vec<String> = (0..desks).map(|index| place("p", index)).collect();
    names.push("kim".to_owned());
    let mut members: Vec<&str> = names.iter().map(String::as_str).collect();
    members.push("vigie");
    let channels = (0..desks).flat_map(|index| [place("desk", index), place("in", index)]);
    SlackSetup {
        users: names.iter().map(|name| UserSetup::new(name, name, "en-US")).collect(),
        channels: channels.map(|name| ChannelSetup::new(&name, &members)).collect(),
        commands: vec![
            CommandSetup::new("/assign", "Assign", "T-1 next"),
            CommandSetup::new("/vigie", "Vigie", "help"),
        ],
        // Vigie keeps to one post a second and channel by itself; what is off here are the limits that a restart forgets.
        rates: RateSetup { enforced: false, ..RateSetup::default() },
        ..SlackSetup::default()
    }
}

fn discord_setup(desks: usize) -> DiscordSetup {
    let user = |name: String| DiscordSetupUser { real_name: name.clone(), name, ..DiscordSetupUser::default() };
    let channels = (0..desks).flat_map(|index| [place("desk", index), place("in", index)]);
    DiscordSetup {
        users: std::iter::once("kim".to_owned()).chain((0..desks).map(|index| place("p", index))).map(user).collect(),
        channels: channels.map(|name| DiscordSetupChannel { name, ..DiscordSetupChannel::default() }).collect(),
        enforce_rate_limits: false,
        identify_window_ms: 0,
        ..DiscordSetup::default()
    }
}

/// What webhooks are signed with, as a settings file and a network write it.
pub fn secret() -> String {
    format!("whsec_{}", STANDARD.encode(KEY))
}

fn free_port() -> u16 {
    let seed = std::process::id() as u16 % 8_000;
    (0..8_000u16)
        .map(|step| PORT_FROM + (seed + step * 7) % 8_000)
        .find(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

impl Office {
    /// An office with so many desks on this database.
    pub async fn new(desks: usize, database: Option<String>) -> Self {
        Self::with_files(desks, database, &office_file(desks), "").await
    }

    /// An office with an office file of its own, and more lines for `vigie.toml`; its chats have so many desks.
    pub async fn with_files(desks: usize, database: Option<String>, office: &str, settings: &str) -> Self {
        // Another test of this process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        file("office.toml", office);
        file("triage.toml", "[defaults]\ntopic = \"other\"\npriority = \"p3\"\n");
        file("vigie.toml", &format!("{settings}[hooks.test]\nsecret = \"{}\"\n", secret()));
        let database = database.unwrap_or_else(|| format!("sqlite:{}", folder.path().join("vigie.db").display()));
        let clock = SandboxClock::real();
        Self {
            slack: SlackSandbox::start(slack_setup(desks), clock.clone()).await.expect("a local Slack"),
            discord: DiscordSandbox::start(discord_setup(desks), clock).await.expect("a local Discord"),
            desks,
            folder,
            database,
            port: free_port(),
            starts: AtomicU64::new(0),
        }
    }

    pub fn desk_channel(&self, index: usize) -> String {
        place("desk", index % self.desks)
    }

    pub fn incoming_channel(&self, index: usize) -> String {
        place("in", index % self.desks)
    }

    pub fn member(&self, index: usize) -> String {
        place("p", index % self.desks)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("vigie.log")
    }

    /// The end of what the process said, for failures.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// Starts `vigie serve`; does not wait for anything.
    pub fn spawn(&self) -> Vigie {
        self.starts.fetch_add(1, Ordering::Relaxed);
        let log = std::fs::File::options().create(true).append(true).open(self.log()).expect("a log file");
        let child = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(["serve", "--config"])
            .arg(self.folder.path())
            .env_clear()
            .env("RUST_LOG", std::env::var("VIGIE_TEST_LOG").unwrap_or_else(|_| "warn".to_owned()))
            .env("SLACK_BOT_TOKEN", self.slack.bot_token())
            .env("SLACK_APP_TOKEN", self.slack.app_token())
            .env("SLACK_SIGNING_SECRET", self.slack.signing_secret())
            .env("SLACK_API_URL", self.slack.api_url())
            .env("DISCORD_TOKEN", self.discord.token())
            .env("DISCORD_API_URL", self.discord.api_url())
            .env("DATABASE_URL", &self.database)
            .env("VIGIE_LISTEN", format!("127.0.0.1:{}", self.port))
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect("vigie starts");
        Vigie { pid: child.id().expect("a running process"), child, spawned: Instant::now() }
    }

    /// Starts `vigie serve` and waits until `/readyz` says so.
    pub async fn start(&self) -> Vigie {
        let vigie = self.spawn();
        self.ready(&vigie).await;
        vigie
    }

    /// Waits until `/readyz` answers 200; returns how long after the start that was.
    pub async fn ready(&self, vigie: &Vigie) -> Duration {
        while vigie.spawned.elapsed() < READY_WITHIN {
            if raw_get(self.port, "/readyz").await.is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return vigie.spawned.elapsed();
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("vigie was not ready within {READY_WITHIN:?}:\n{}", self.log_tail());
    }

    /// Waits until both chats are connected and their directories are known, as seen from outside.
    pub async fn connected(&self) {
        let deadline = Instant::now() + READY_WITHIN;
        while Instant::now() < deadline {
            let answer = raw_get(self.port, "/readyz").await.unwrap_or_default();
            if answer.contains("\"slack\":true") && answer.contains("\"discord\":true") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the chats were not connected within {READY_WITHIN:?}:\n{}", self.log_tail());
    }

    /// A signed webhook as its sender makes it.
    pub fn hook(&self, token: &str, index: usize) -> Hook {
        let body = json!({
            "id": token,
            "network": place("net", index % self.desks),
            "kind": "comment",
            "author": {"id": format!("customer-{index}"), "name": format!("Customer {index}"), "followers": 10},
            "text": format!("My parcel never came, order {token}"),
            "url": format!("https://social.example/{token}"),
        });
        Hook::new(token, body.to_string())
    }
}

/// A webhook ready to be sent.
#[derive(Clone)]
pub struct Hook {
    pub id: String,
    pub body: String,
    pub timestamp: String,
    pub signature: String,
}

impl Hook {
    fn new(id: &str, body: String) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any length");
        mac.update(format!("{id}.{now}.{body}").as_bytes());
        let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        Self { id: id.to_owned(), body, timestamp: now.to_string(), signature }
    }

    /// The status of one try; `None` when there was no answer.
    pub async fn send(&self, http: &reqwest::Client, port: u16) -> Option<u16> {
        let request = http
            .post(format!("http://127.0.0.1:{port}/hooks/test"))
            .header("content-type", "application/json")
            .header("webhook-id", &self.id)
            .header("webhook-timestamp", &self.timestamp)
            .header("webhook-signature", &self.signature)
            .body(self.body.clone());
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        // The connection is used again only when the answer was read to its end.
        answer.bytes().await.ok()?;
        Some(status)
    }

    /// Sends until it is accepted, as a real sender does.
    pub async fn deliver(&self, http: &reqwest::Client, port: u16) {
        loop {
            match self.send(http, port).await {
                Some(202) => return,
                Some(status) if (400..500).contains(&status) => panic!("the webhook {} was refused: {status}", self.id),
                _ => tokio::time::sleep(SEND_AGAIN).await,
            }
        }
    }
}

/// A client for senders.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("an HTTP client")
}

async fn raw_get(port: u16, path: &str) -> Option<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: t\r\nconnection: close\r\n\r\n").as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
}

impl Vigie {
    /// `kill -9`, and waits until the process is gone.
    pub async fn kill_hard(mut self) {
        self.child.kill().await.expect("killed");
    }

    /// SIGTERM; how long the process took to leave, and whether it said that all went well.
    pub async fn terminate(mut self) -> (Duration, bool) {
        let asked = Instant::now();
        let told =
            std::process::Command::new("kill").args(["-TERM", &self.pid.to_string()]).status().expect("kill runs");
        assert!(told.success());
        let status = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await;
        let status = status.expect("it leaves within 20 s").expect("waited for");
        (asked.elapsed(), status.success())
    }

    /// Whether the process still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

/// Bytes of a file.
pub fn size_of(path: &Path) -> u64 {
    std::fs::metadata(path).map(|found| found.len()).unwrap_or_default()
}

/// A field of `/proc/PID/status` in kB.
pub fn memory_kb(pid: u32, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// CPU time that a process has used so far.
pub fn cpu(pid: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Fields are counted behind the name, which may hold spaces: utime and stime are then the 12th and 13th.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
    // USER_HZ is 100 on every Linux that Rust runs on.
    Duration::from_millis(ticks * 10)
}

/// Act of a person in the local Slack.
pub async fn slack_act(office: &Office, user: &str, act: Value) -> Result<Value, String> {
    let user = office.slack.user_id(user).ok_or("no such user")?;
    let act = serde_json::from_value(act).map_err(|error| error.to_string())?;
    office.slack.act(&user, act).await.map_err(|error| error.to_string())
}

/// Act of a person in the local Discord.
pub async fn discord_act(office: &Office, user: &str, act: Value) -> Result<Value, String> {
    let act = serde_json::from_value(act).map_err(|error| error.to_string())?;
    office.discord.act(user, act).await.map_err(|error| error.to_string())
}
