//! Turning the office's loops by hand: what arrived is taken up, what must leave leaves, and time moves when told to.

use std::pin::pin;

use serde_json::Value;
use vigie::app::Progress;
use vigie::domain::time::{MINUTE_MS, SECOND_MS};
use vigie::sandbox::discord::DiscordAct;
use vigie::sandbox::slack::SlackAct;
use vigie::store::aggregates;

use crate::office::{Office, PATIENCE};

/// Most that the clock may be moved so that everything has left: rate limits and back-off, not deadlines.
const SETTLE_MS_MAX: i64 = 15 * MINUTE_MS;
/// How often what changes without a sign (a connection of a client) is looked at again.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(10);

impl Office {
    /// Waits until something is so; looks again whenever something happened in a chat or in the inbox.
    pub async fn until(&self, what: &str, mut so: impl AsyncFnMut() -> bool) {
        let (mut slack, mut discord) = (self.demo().slack.changed(), self.demo().discord.changed());
        let mut inbox = self.app().inbox.notified();
        let waiting = async {
            while !so().await {
                tokio::select! {
                    _ = slack.changed() => {}
                    _ = discord.changed() => {}
                    _ = inbox.changed() => {}
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                }
            }
        };
        assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "not in time: {what}");
    }

    /// Waits until both chats are connected and know the commands.
    pub async fn connected(&self) {
        let (slack, discord) = (&self.demo().slack, &self.demo().discord);
        self.until("both chats are connected", async || {
            let known = discord.calls().iter().any(|call| call.path.ends_with("/commands") && call.status == 200);
            let up = |chat: &str| self.app().registry.chats[chat].connected();
            known && slack.open_sockets() >= 2 && discord.sessions_online() == 1 && up("slack") && up("discord")
        })
        .await;
        self.until("the guild is known", async || {
            self.probe.count("inbox WHERE source = 'discord' AND body LIKE '%GUILD_CREATE%'").await > 0
        })
        .await;
    }

    /// Lets everything happen that can happen, moving the clock only as far as rate limits and back-off ask for.
    pub async fn settle(&self) {
        let began_ms = self.clock.now_ms();
        loop {
            while self.turn().await {}
            let Some(at_ms) = self.next_wait().await else { return };
            self.clock.advance(at_ms - self.clock.now_ms());
            if self.clock.now_ms() - began_ms > SETTLE_MS_MAX {
                panic!("this does not come to rest:\n{}", self.waiting().await.join("\n"));
            }
        }
    }

    /// One turn of every loop, the clock standing still; true when something was done.
    pub async fn turn(&self) -> bool {
        self.heard_from_slack().await;
        let app = self.app();
        let mut worked = app.upkeep_waits() && app.upkeep_once().await.unwrap();
        while app.intake_once().await.unwrap() == Progress::Worked {
            worked = true;
        }
        while app.tick_once().await.unwrap() == Progress::Worked {
            worked = true;
        }
        for courier in &self.demo().vigie.couriers {
            while courier.run_once().await.unwrap() == Progress::Worked {
                courier.settled().await;
                worked = true;
            }
        }
        worked
    }

    /// Waits until Slack has no delivery under way; what needs an answer is taken up meanwhile.
    async fn heard_from_slack(&self) {
        let mut in_flight = self.demo().slack.in_flight();
        let mut inbox = self.app().inbox.notified();
        let landing = async {
            while *in_flight.borrow_and_update() > 0 {
                tokio::select! {
                    _ = in_flight.changed() => {}
                    _ = inbox.changed() => { self.app().intake_once().await.unwrap(); }
                }
            }
        };
        assert!(tokio::time::timeout(PATIENCE, landing).await.is_ok(), "Slack's deliveries are not answered");
    }

    /// When the next thing may happen that waits for the clock alone; `None` when nothing waits.
    async fn next_wait(&self) -> Option<i64> {
        let now_ms = self.clock.now_ms();
        let mut instants = Vec::new();
        let later = "(CASE WHEN state = 'sending' THEN lease_until ELSE not_before END)";
        let rows = format!("SELECT min({later}) FROM outbox WHERE done_at IS NULL AND {later} > {now_ms}");
        instants.extend(self.probe.number(&rows).await);
        let rows = format!("SELECT min(not_before) FROM inbox WHERE state = 'new' AND not_before > {now_ms}");
        instants.extend(self.probe.number(&rows).await);
        for courier in &self.demo().vigie.couriers {
            if self.probe.count("outbox WHERE done_at IS NULL").await > 0
                && let Progress::Idle(Some(at)) = courier.run_once().await.unwrap()
                && at.0 > now_ms
            {
                instants.push(at.0);
            }
        }
        if self.app().upkeep_waits() {
            instants.push(now_ms + SECOND_MS);
        }
        instants.into_iter().min()
    }

    /// What waits to leave or to be taken up, for people who look for the reason.
    pub async fn waiting(&self) -> Vec<String> {
        let wanted = "SELECT target || ' ' || key || ' ' || state || ' ' || COALESCE(error, '') FROM outbox \
            WHERE done_at IS NULL ORDER BY id";
        let mut waiting = self.probe.texts(wanted).await;
        let arrived =
            "SELECT source || ' ' || delivery_id || ' ' || COALESCE(error, '') FROM inbox WHERE state = 'new'";
        waiting.extend(self.probe.texts(arrived).await);
        if self.app().upkeep_waits() {
            waiting.push("a directory or a gap waits to be read".into());
        }
        waiting
    }

    /// Moves the clock forward; what comes due on the way is done at its time.
    pub async fn advance(&self, ms: i64) {
        let target_ms = self.clock.now_ms() + ms;
        self.settle().await;
        loop {
            let mut tx = self.app().store.read().await.unwrap();
            let next = aggregates::next_wake(&mut tx).await.unwrap();
            drop(tx);
            let Some(at) = next.filter(|at| at.0 <= target_ms) else { break };
            self.clock.advance(at.0 - self.clock.now_ms());
            self.settle().await;
        }
        self.clock.advance(target_ms - self.clock.now_ms());
        self.settle().await;
        self.app().trail_cursors().await.unwrap();
        self.app().drain_backlog_once().await.unwrap();
        self.settle().await;
    }

    /// Somebody does something in Slack; returns when Vigie has stored what came of it. The loops are not turned, except
    /// that a form's verdict is given while its sender waits.
    pub async fn slack_act(&self, user: &str, act: Value) -> Value {
        let wanted: SlackAct = serde_json::from_value(act.clone()).unwrap();
        let mut acting = pin!(self.demo().slack.act(user, wanted));
        let mut inbox = self.app().inbox.notified();
        let result = loop {
            tokio::select! {
                result = &mut acting => break result,
                _ = inbox.changed() => { self.app().intake_once().await.unwrap(); }
            }
        };
        let result = result.unwrap_or_else(|error| panic!("{act}: {error}"));
        self.heard_from_slack().await;
        result
    }

    /// Somebody does something in Discord; returns when Vigie has stored what came of it.
    pub async fn discord_act(&self, user: &str, act: Value) -> Value {
        let known = delivery_of(&act, user, &Value::Null);
        let before = self.arrived(known.as_deref()).await;
        let result = self.discord_act_unheard(user, act.clone()).await;
        if let Some(delivery) = delivery_of(&act, user, &result) {
            let before = if known.is_some() { before } else { 0 };
            let what = format!("Discord's {delivery} arrives");
            self.until(&what, async || self.arrived(Some(&delivery)).await > before).await;
        }
        result
    }

    /// As [`Office::discord_act`] while Vigie does not hear it.
    pub async fn discord_act_unheard(&self, user: &str, act: Value) -> Value {
        let wanted: DiscordAct = serde_json::from_value(act.clone()).unwrap();
        self.demo().discord.act(user, wanted).await.unwrap_or_else(|error| panic!("{act}: {error}"))
    }

    /// How many deliveries of Discord with this id (a pattern) were stored so far.
    async fn arrived(&self, delivery: Option<&str>) -> i64 {
        let Some(delivery) = delivery else { return 0 };
        self.probe.count(&format!("inbox WHERE source = 'discord' AND delivery_id LIKE '{delivery}'")).await
    }
}

/// The delivery that an act will cause, as a pattern; `None` when it causes none, or when only its result tells.
fn delivery_of(act: &Value, user: &str, result: &Value) -> Option<String> {
    let word = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let (channel, message) = (word(act, "channel"), word(act, "message"));
    match act["act"].as_str().unwrap_or_default() {
        "post" | "post_as_webhook" => {
            let (channel, message) = (result["channel"].as_str()?, result["message"].as_str()?);
            Some(format!("msg:{channel}:{message}"))
        }
        "edit" => Some(format!("edit:{channel}:{message}:%")),
        "delete" => Some(format!("del:{channel}:{message}")),
        "react" => Some(format!("react:{channel}:{message}:{user}:%")),
        "slash" | "click" | "select" | "context" | "submit_modal" => {
            Some(format!("interaction:{}", result["interaction"].as_str()?))
        }
        _ => None,
    }
}
