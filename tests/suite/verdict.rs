//! What must hold whenever a scene ends.

use crate::office::{Oddity, Office};
use crate::seen::{Chat, Seen};

/// Everybody in the sample office.
const TEAM: [&str; 9] = ["lea", "hugo", "ines", "sam", "nora", "tom", "olivia", "marc", "zoe"];

impl Office {
    fn has(&self, oddity: Oddity) -> bool {
        self.expected.lock().unwrap().contains(&oddity)
    }

    /// Fails on anything that an office in order does not have.
    pub async fn look_over(&self) {
        assert_eq!(self.waiting().await, Vec::<String>::new(), "something still waits");
        let parked = "SELECT delivery_id || ': ' || COALESCE(error, '') FROM inbox WHERE state = 'parked'";
        assert_eq!(self.probe.texts(parked).await, Vec::<String>::new(), "parked envelopes");
        if !self.has(Oddity::UnknownEnvelopes) {
            let unknown = "SELECT delivery_id || ': ' || COALESCE(error, '') FROM inbox WHERE state = 'unknown'";
            assert_eq!(self.probe.texts(unknown).await, Vec::<String>::new(), "unknown envelopes");
        }
        if !self.has(Oddity::DeadLetters) {
            let dead = "SELECT key || ': ' || COALESCE(error, '') FROM outbox WHERE state = 'parked'";
            assert_eq!(self.probe.texts(dead).await, Vec::<String>::new(), "dead letters");
        }
        if !self.has(Oddity::ExpiredAnswers) {
            let expired = "SELECT key || ': ' || COALESCE(error, '') FROM outbox WHERE state = 'expired'";
            assert_eq!(self.probe.texts(expired).await, Vec::<String>::new(), "answers that came too late");
        }
        if !self.has(Oddity::Pings) {
            self.nobody_pinged();
        }
        self.calls_in_order();
        self.one_card_each().await;
        self.no_toasts();
    }

    fn nobody_pinged(&self) {
        let slack = self.demo().slack.pings();
        assert!(slack.is_empty(), "pinged on Slack: {slack:?}");
        // What people themselves write may of course ping.
        let by_people: Vec<String> = TEAM.iter().flat_map(|name| self.written_by_people(name)).collect();
        let mut discord = self.demo().discord.pings();
        discord.retain(|ping| !by_people.contains(&ping.message_id));
        assert!(discord.is_empty(), "pinged on Discord: {discord:?}");
    }

    /// Ids of the messages of people that a member sees in Discord.
    fn written_by_people(&self, name: &str) -> Vec<String> {
        let snapshot = self.snapshot(Chat::Discord, name);
        let channels = snapshot["messages"].as_object().cloned().unwrap_or_default();
        let all = channels.values().flat_map(|messages| messages.as_array().cloned().unwrap_or_default());
        let by_people = all.filter(|message| message["author"]["bot"] != true);
        by_people.map(|message| message["id"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// No chat refused a call.
    fn calls_in_order(&self) {
        if self.has(Oddity::RefusedCalls) {
            return;
        }
        for call in self.demo().slack.calls() {
            assert!(call.ok, "Slack refused {} ({:?}, {}): {}", call.method, call.error, call.status, call.args);
        }
        for call in self.demo().discord.calls() {
            let fine = (200..300).contains(&call.status);
            assert!(fine, "Discord refused {} {} ({}): {}", call.method, call.path, call.status, call.answer);
        }
    }

    /// Each ticket has exactly one card in each chat.
    async fn one_card_each(&self) {
        if self.has(Oddity::Cards) {
            return;
        }
        let tickets = self.ticket_count().await;
        for chat in [Chat::Slack, Chat::Discord] {
            let cards: Vec<Seen> =
                ["social", "support"].iter().flat_map(|name| self.channel(chat, name).cards()).collect();
            let mut numbers: Vec<i64> = cards.iter().filter_map(Seen::ticket).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (1..=tickets).collect::<Vec<i64>>(), "cards on {chat:?}");
        }
    }

    fn no_toasts(&self) {
        if self.has(Oddity::Toasts) {
            return;
        }
        for chat in [Chat::Slack, Chat::Discord] {
            for name in TEAM {
                let toasts = self.person(chat, name).toasts();
                assert!(toasts.is_empty(), "{name} on {chat:?} saw {toasts:?}");
            }
        }
    }
}
