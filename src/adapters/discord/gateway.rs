//! The gateway: keeps one session alive, watches it, and hands every event on.
//!
//! Start reading at [`run`]. Never gives up; never identifies more often than Discord likes; says when it is not connected.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::Rng;
use serde_json::{Value, json};
use serenity::all::{Event, Interaction};
use tokio_util::sync::CancellationToken;

use super::answer::ReplyTo;
use super::decode_interaction::{ask, reply_to, typed};
use super::lock::locked;
use super::pump::{Load, Pump};
use super::rest::RestError;
use super::session::{Ended, Session, TICK};
use super::snowflake::id_at;
use super::wrap::{Wrapping, envelope, wrapped};
use super::{DiscordChat, errors};
use crate::domain::time::{MINUTE_MS, Timestamp};
use crate::ports::chat::SendError;
use crate::ports::envelope::{Intake, Urgency};

/// At most so many IDENTIFYs (Discord allows 1,000 a day and then resets the token) ...
const IDENTIFIES_MAX: usize = 5;
/// ... within so long.
const IDENTIFIES_WINDOW_MS: i64 = 10 * MINUTE_MS;
/// First wait before a new session; doubles up to [`BACKOFF_MAX_MS`].
const BACKOFF_FIRST_MS: u64 = 500;
/// See [`BACKOFF_FIRST_MS`].
const BACKOFF_MAX_MS: u64 = 60_000;
/// Wait when only the operator can help (token, intents).
const OPERATOR_MS: u64 = 5 * 60_000;
/// A session that was up for so long was a good one: the next back-off starts anew.
const GOOD_MS: u64 = 60_000;
/// Discord's usual heartbeat interval (Discord docs: Gateway, about 41.25 s), until the real one is seen.
const HEARTBEAT_MS: u64 = 41_250;
/// Longest time for a session to come up.
const CONNECT_MS: u64 = 30_000;
/// A thread that shows no life for so long spins (see `session`).
const STUCK_MS: u64 = 5_000;
/// After a nudge the session must live again within this.
const NUDGE_MS: u64 = 5_000;

/// Keeps the gateway connected until `shutdown`; hands every event to `intake`. Ends only after what arrived is stored
/// (at most 5 s after `shutdown`).
pub async fn run(chat: Arc<DiscordChat>, intake: Arc<dyn Intake>, shutdown: CancellationToken) {
    let pump = Arc::new(Pump::start(Arc::clone(&chat), intake));
    let mut identified: Vec<Timestamp> = Vec::new();
    let mut failures = 0u32;
    while !shutdown.is_cancelled() {
        let (ended, up_ms) = tokio::select! {
            outcome = one_session(&chat, &pump, &mut identified) => outcome,
            () = shutdown.cancelled() => break,
        };
        chat.set_connected(false);
        failures = if up_ms >= GOOD_MS { 0 } else { failures.saturating_add(1) };
        let wait_ms = match ended {
            Ended::TokenRefused => {
                tracing::error!(
                    "Discord refuses the token: make a new one in the developer portal and set DISCORD_TOKEN"
                );
                OPERATOR_MS
            }
            Ended::IntentsRefused => {
                tracing::error!(
                    "Discord refuses the intents: switch on Message Content and Server Members in the developer portal"
                );
                OPERATOR_MS
            }
            Ended::Stopped => backoff_ms(failures),
            Ended::Failed(cause) => {
                tracing::warn!(cause, failures, "the Discord gateway is not connected");
                backoff_ms(failures)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            () = shutdown.cancelled() => break,
        }
    }
    chat.set_connected(false);
    pump.finish().await;
}

/// Doubling, capped, with jitter over the upper half, so that many bots do not come back at once.
fn backoff_ms(failures: u32) -> u64 {
    if failures == 0 {
        return 0;
    }
    let full = BACKOFF_FIRST_MS.saturating_mul(1 << failures.min(16)).min(BACKOFF_MAX_MS);
    rand::rng().random_range(full / 2..=full)
}

/// How long to wait before one more IDENTIFY is decent.
fn identify_wait_ms(identified: &mut Vec<Timestamp>, now: Timestamp) -> u64 {
    identified.retain(|at| now.since(*at) < IDENTIFIES_WINDOW_MS);
    if identified.len() < IDENTIFIES_MAX {
        return 0;
    }
    let oldest = identified[identified.len() - IDENTIFIES_MAX];
    u64::try_from(IDENTIFIES_WINDOW_MS - now.since(oldest)).unwrap_or(0)
}

/// One session from discovery to its end; tells why it ended and how long it was up.
async fn one_session(chat: &Arc<DiscordChat>, pump: &Arc<Pump>, identified: &mut Vec<Timestamp>) -> (Ended, u64) {
    let wait_ms = identify_wait_ms(identified, chat.clock.now());
    if wait_ms > 0 {
        tracing::warn!(wait_ms, "the Discord gateway was joined too often; waiting");
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
    let url = match discover(chat).await {
        Ok(url) => url,
        Err(ended) => return (ended, 0),
    };
    let feed = Feed::new(Arc::clone(chat), Arc::clone(pump));
    let runtime = tokio::runtime::Handle::current();
    let sink = Arc::new(move |event| {
        // Completions and guards are spawned on the main runtime, not on the session's thread.
        let _entered = runtime.enter();
        feed.take(event);
    });
    let mut session = match Session::start(&chat.settings, url, Arc::clone(&chat.clock), sink) {
        Ok(session) => session,
        Err(error) => return (Ended::Failed(format!("no thread: {error}")), 0),
    };
    watch(chat, &mut session, identified).await
}

/// Asks the configured API for the gateway; nothing else may name it.
async fn discover(chat: &DiscordChat) -> Result<String, Ended> {
    let found = chat.rest.get("gateway/bot").await;
    let found = match found {
        Err(error) if error.is_missing() => chat.rest.get("gateway").await,
        other => other,
    };
    let found = found.map_err(|error| match error {
        RestError::Refused { status: 401, .. } => Ended::TokenRefused,
        error => Ended::Failed(SendError::to_string(&error.repeatable())),
    })?;
    let url = found.get("url").and_then(Value::as_str);
    let url = url.ok_or_else(|| Ended::Failed(errors::unreadable("gateway").to_string()))?;
    chat.settings.gateway_url(url).map_err(Ended::Failed)
}

/// What the watchdog sees at one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sight {
    ticks: u64,
    life: u64,
    acks: u64,
    connected: bool,
}

/// What the watchdog wants.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    Go,
    Nudge,
    Rebuild(&'static str),
}

/// Judges a session by what it shows, tick by tick.
#[derive(Debug)]
struct Watchdog {
    seen: Sight,
    interval_ms: u64,
    since_tick_ms: u64,
    since_ack_ms: u64,
    last_gap_ms: u64,
    since_up_ms: u64,
    down_ms: u64,
    nudged_for_ms: Option<u64>,
}

impl Watchdog {
    fn new() -> Self {
        Self {
            seen: Sight::default(),
            interval_ms: HEARTBEAT_MS,
            since_tick_ms: 0,
            since_ack_ms: 0,
            last_gap_ms: 0,
            since_up_ms: 0,
            down_ms: 0,
            nudged_for_ms: None,
        }
    }

    fn judge(&mut self, sight: Sight, passed_ms: u64) -> Order {
        self.since_tick_ms = if sight.ticks == self.seen.ticks { self.since_tick_ms + passed_ms } else { 0 };
        self.learn_interval(sight, passed_ms);
        self.nudged_for_ms = self.nudged_for_ms.filter(|_| sight.life == self.seen.life).map(|ms| ms + passed_ms);
        self.since_up_ms += if sight.connected { passed_ms } else { 0 };
        self.down_ms = if sight.connected { 0 } else { self.down_ms + passed_ms };
        self.seen = sight;
        let silent_ms = self.interval_ms * 5 / 4 + 2 * TICK_MS;
        if self.since_tick_ms >= STUCK_MS {
            Order::Rebuild("the session spins")
        } else if self.down_ms >= CONNECT_MS {
            Order::Rebuild("the session does not come up")
        } else if self.nudged_for_ms.is_some_and(|ms| ms >= NUDGE_MS) {
            Order::Rebuild("the session is silent")
        } else if sight.connected && self.since_ack_ms >= silent_ms && self.nudged_for_ms.is_none() {
            self.nudged_for_ms = Some(0);
            self.since_ack_ms = 0;
            // If the interval was misjudged, the next nudge comes later.
            self.interval_ms = (self.interval_ms * 2).min(HEARTBEAT_MS);
            Order::Nudge
        } else {
            Order::Go
        }
    }

    /// serenity keeps to itself how often Discord wants a heartbeat: two alike times between acknowledged heartbeats (or
    /// the start and the first) tell. A single one may be a heartbeat that Discord asked for out of turn.
    fn learn_interval(&mut self, sight: Sight, passed_ms: u64) {
        self.since_ack_ms += passed_ms;
        if sight.connected && !self.seen.connected {
            self.since_ack_ms = 0;
        }
        if sight.acks == self.seen.acks {
            return;
        }
        let (now, before) = (self.since_ack_ms, self.last_gap_ms);
        if now.abs_diff(before) <= before / 5 + TICK_MS {
            self.interval_ms = now.max(before).clamp(TICK_MS, HEARTBEAT_MS);
        }
        self.last_gap_ms = now;
        self.since_ack_ms = 0;
    }
}

const TICK_MS: u64 = TICK.as_millis() as u64;

async fn watch(chat: &DiscordChat, session: &mut Session, identified: &mut Vec<Timestamp>) -> (Ended, u64) {
    let mut watchdog = Watchdog::new();
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut looked = tokio::time::Instant::now();
    loop {
        let ended = tokio::select! {
            ended = &mut session.ended => Some(ended.unwrap_or_else(|_| Ended::Failed("the session panicked".to_owned()))),
            _ = tick.tick() => None,
        };
        let pulse = &session.pulse;
        identified.extend(pulse.take_identified());
        if let Some(ended) = ended {
            return (ended, watchdog.since_up_ms);
        }
        let sight =
            Sight { ticks: pulse.ticks(), life: pulse.life(), acks: pulse.acks(), connected: pulse.connected() };
        chat.set_connected(sight.connected && watchdog.since_tick_ms < STUCK_MS);
        let passed = std::mem::replace(&mut looked, tokio::time::Instant::now());
        let passed_ms = u64::try_from(looked.duration_since(passed).as_millis()).unwrap_or(TICK_MS);
        match watchdog.judge(sight, passed_ms) {
            Order::Go => {}
            Order::Nudge => {
                tracing::warn!("the Discord gateway is silent; asking for a new socket");
                pulse.nudge();
            }
            Order::Rebuild(why) => return (Ended::Failed(why.to_owned()), watchdog.since_up_ms),
        }
        // serenity identifies anew by itself, every five seconds if need be.
        if !sight.connected && identify_wait_ms(identified, chat.clock.now()) > 0 {
            return (Ended::Failed("the session is refused again and again".to_owned()), watchdog.since_up_ms);
        }
    }
}

/// Turns a session's events into envelopes. Called in order, from the session's thread; never waits.
struct Feed {
    chat: Arc<DiscordChat>,
    pump: Arc<Pump>,
    session: std::sync::Mutex<String>,
    count: AtomicU64,
}

impl Feed {
    fn new(chat: Arc<DiscordChat>, pump: Arc<Pump>) -> Self {
        Self { chat, pump, session: std::sync::Mutex::default(), count: AtomicU64::new(0) }
    }

    fn take(&self, event: Event) {
        self.count.fetch_add(1, Ordering::AcqRel);
        match event {
            Event::Ready(ready) => {
                locked(&self.session).clone_from(&ready.ready.session_id);
                let (user, application) = (ready.ready.user.id, ready.ready.application.id);
                self.chat.introduce(Some(user.to_string()), Some(application.to_string()));
                self.pump.gap();
            }
            Event::Resumed(_) => self.pump.gap(),
            Event::GuildCreate(created) => self.guild_created(&created.guild),
            Event::InteractionCreate(created) => self.interaction(&created.interaction),
            Event::MessageDeleteBulk(bulk) => {
                for id in bulk.ids {
                    let one = json!({ "id": id.to_string(), "channel_id": bulk.channel_id.to_string(),
                        "guild_id": bulk.guild_id.map(|guild| guild.to_string()) });
                    self.event("MESSAGE_DELETE", one);
                }
            }
            Event::TypingStart(_) | Event::PresenceUpdate(_) | Event::GuildMembersChunk(_) => {}
            other => match serde_json::to_value(&other) {
                Ok(mut both) => {
                    let kind = both.get("t").and_then(Value::as_str).unwrap_or("UNKNOWN").to_owned();
                    let event = both.get_mut("d").map(Value::take).unwrap_or_default();
                    self.event(&kind, event);
                }
                Err(error) => tracing::error!(%error, "an event cannot be written down"),
            },
        }
    }

    fn guild_created(&self, guild: &serenity::all::Guild) {
        let id = guild.id.to_string();
        let directory = &self.chat.directory;
        let channels = guild.channels.values().chain(&guild.threads).filter_map(|c| serde_json::to_value(c).ok());
        for channel in channels {
            directory.learn_channel(&channel, Some(&id));
        }
        for role in guild.roles.values().filter_map(|role| serde_json::to_value(role).ok()) {
            directory.learn_role(&role);
        }
        for member in guild.members.values().filter_map(|member| serde_json::to_value(member).ok()) {
            directory.learn_member(&member);
        }
        // The whole server was just read; only that it changed is worth keeping.
        self.event("GUILD_CREATE", json!({ "id": id }));
    }

    fn learn(&self, kind: &str, event: &Value) {
        let directory = &self.chat.directory;
        match kind {
            "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "THREAD_CREATE" | "THREAD_UPDATE" => {
                directory.learn_channel(event, None)
            }
            "THREAD_LIST_SYNC" => {
                for thread in event.get("threads").and_then(Value::as_array).into_iter().flatten() {
                    directory.learn_channel(thread, None);
                }
            }
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                if let Some(id) = id_at(event, "id") {
                    directory.forget_channel(&id);
                }
            }
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => directory.learn_role(event.get("role").unwrap_or(event)),
            "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" => directory.learn_member(event),
            "MESSAGE_CREATE" => self.chat.saw_own(event),
            _ => {}
        }
    }

    fn event(&self, kind: &str, event: Value) {
        self.learn(kind, &event);
        let me = locked(&self.chat.identity).user.clone().unwrap_or_default();
        if kind.starts_with("MESSAGE_") && is_own(&event, &me) {
            return;
        }
        let channel = id_at(&event, "channel_id").unwrap_or_default();
        let session = locked(&self.session).clone();
        let count = self.count.load(Ordering::Acquire);
        let wrapping = Wrapping { kind, me: &me, guild: None, session: &session, count };
        let made = envelope(&wrapping, event, &self.chat.directory, Urgency::Live, self.chat.clock.now());
        self.pump.live(&channel, made);
    }

    fn interaction(&self, interaction: &Interaction) {
        let kind = match interaction {
            Interaction::Command(_) => 2,
            Interaction::Component(_) => 3,
            Interaction::Autocomplete(_) => 4,
            Interaction::Modal(_) => 5,
            _ => 1,
        };
        let Ok(mut event) = serde_json::to_value(interaction) else { return };
        if let Some(members) = event.as_object_mut() {
            // serenity keeps the type in its own enum, not in what it writes.
            members.insert("type".into(), kind.into());
        }
        let now = self.chat.clock.now();
        let channel = id_at(&event, "channel_id").unwrap_or_default();
        let Some(reply) = reply_to(&event, kind, &channel, now) else { return };
        match kind {
            4 => {
                if let Some(ask) = ask(&event) {
                    self.pump.complete(ask, reply, is_integer(&event));
                }
            }
            2 | 3 | 5 => self.interactive(event, kind, reply, now),
            _ => {}
        }
    }

    fn interactive(&self, event: Value, kind: i64, reply: ReplyTo, now: Timestamp) {
        let me = locked(&self.chat.identity).user.clone().unwrap_or_default();
        let wrapping = Wrapping { kind: "INTERACTION_CREATE", me: &me, guild: None, session: "", count: 0 };
        let data = event.get("data").cloned().unwrap_or_default();
        let form = data.get("custom_id").and_then(Value::as_str).unwrap_or_default();
        let resolved = if kind == 5 {
            self.chat.forms.resolved(form, &typed(&data), &self.chat.directory)
        } else {
            serde_json::Map::new()
        };
        let made = wrapped(&wrapping, event, &self.chat.directory, resolved, Urgency::Interactive, now);
        self.pump.guard(reply.clone());
        self.pump.interactive(if kind == 5 { Load::Form(made, Box::new(reply)) } else { Load::Event(made) });
    }
}

fn is_own(event: &Value, me: &str) -> bool {
    let author = event.get("author").and_then(|author| id_at(author, "id")).or_else(|| id_at(event, "user_id"));
    author.is_some_and(|author| author == me)
}

/// Whether the focused option takes a whole number.
fn is_integer(event: &Value) -> bool {
    fn focused(options: &Value) -> Option<&Value> {
        options.as_array()?.iter().find_map(|option| {
            let here = option.get("focused").and_then(Value::as_bool) == Some(true);
            if here { Some(option) } else { focused(option.get("options")?) }
        })
    }
    let option = event.pointer("/data/options").and_then(focused);
    option.and_then(|option| option.get("type")).and_then(Value::as_i64) == Some(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateway_is_never_joined_more_than_five_times_in_ten_minutes() {
        let mut identified: Vec<Timestamp> = (0..4).map(|n| Timestamp(n * 1_000)).collect();
        assert_eq!(identify_wait_ms(&mut identified, Timestamp(5_000)), 0);
        identified.push(Timestamp(5_000));
        assert_eq!(identify_wait_ms(&mut identified, Timestamp(60_000)), 540_000);
        assert_eq!(identify_wait_ms(&mut identified, Timestamp(600_000)), 0);
        assert_eq!(identified.len(), 4);
    }

    #[test]
    fn back_off_grows_and_is_bounded() {
        assert_eq!(backoff_ms(0), 0);
        for failures in 1..40 {
            let wait = backoff_ms(failures);
            assert!((BACKOFF_FIRST_MS..=BACKOFF_MAX_MS).contains(&wait), "{failures}: {wait}");
        }
        assert!(backoff_ms(30) >= BACKOFF_MAX_MS / 2);
    }

    /// Lets the watchdog look for `ms` milliseconds while `change` moves what it sees; returns what it wanted and when.
    fn looked(ms: u64, mut change: impl FnMut(u64, &mut Sight)) -> Vec<(u64, Order)> {
        let mut watchdog = Watchdog::new();
        let mut sight = Sight::default();
        let mut orders = Vec::new();
        for at in (TICK_MS..=ms).step_by(usize::try_from(TICK_MS).unwrap_or(1)) {
            change(at, &mut sight);
            let order = watchdog.judge(sight, TICK_MS);
            let rebuild = matches!(order, Order::Rebuild(_));
            if order != Order::Go {
                orders.push((at, order));
            }
            if rebuild {
                break;
            }
        }
        orders
    }

    #[test]
    fn a_living_session_is_left_alone() {
        let orders = looked(600_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = at > 1_000;
            if at % 41_250 == 0 {
                sight.acks += 1;
                sight.life += 1;
            }
        });
        assert_eq!(orders, []);
    }

    #[test]
    fn heartbeats_out_of_turn_do_not_make_the_watchdog_nervous() {
        let orders = looked(600_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = at > 1_000;
            if at % 41_250 == 0 || at % 41_250 == 3_000 {
                sight.acks += 1;
                sight.life += 1;
            }
        });
        assert_eq!(orders, []);
    }

    #[test]
    fn events_do_not_hide_that_heartbeats_are_no_longer_acknowledged() {
        let orders = looked(60_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = true;
            sight.life += 1;
            if at % 5_000 == 0 && at <= 20_000 {
                sight.acks += 1;
            }
        });
        assert!(matches!(orders.first(), Some((at, Order::Nudge)) if at - 20_000 < 7_500), "{orders:?}");
    }

    #[test]
    fn a_silent_session_is_nudged_before_one_and_a_half_intervals_and_then_rebuilt() {
        let orders = looked(100_000, |at, sight| {
            sight.ticks += 1;
            sight.connected = true;
            if at % 5_000 == 0 && at <= 20_000 {
                sight.acks += 1;
                sight.life += 1;
            }
        });
        assert_eq!(orders.len(), 2);
        assert!(orders[0].1 == Order::Nudge && orders[0].0 - 20_000 < 7_500, "{orders:?}");
        assert!(matches!(orders[1].1, Order::Rebuild(_)) && orders[1].0 - orders[0].0 <= NUDGE_MS, "{orders:?}");
    }

    #[test]
    fn a_spinning_or_hanging_session_is_rebuilt() {
        let spinning = looked(100_000, |at, sight| {
            sight.connected = true;
            if at < 10_000 {
                sight.ticks += 1;
                sight.life += 1;
            }
        });
        assert!(matches!(spinning[..], [(at, Order::Rebuild("the session spins"))] if at <= 10_000 + STUCK_MS));
        let hanging = looked(100_000, |_, sight| sight.ticks += 1);
        assert_eq!(hanging, [(CONNECT_MS, Order::Rebuild("the session does not come up"))]);
    }
}
