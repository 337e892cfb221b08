//! Faults a test or the page can order. Start reading at [`SlackFault`].

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::delivery::disconnect;
use super::event_faults::{EventChoice, Fate};
use super::hub::{Frame, Hub};

/// How an answer gets lost after the work was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostAnswer {
    /// The connection is reset.
    Reset,
    /// HTTP 500 instead of the answer.
    Error500,
    /// No answer at all; the connection stays open.
    Hang,
}

/// One fault. In JSON: `{"fault": "fail_http", "method": "chat.postMessage", "next": 3, "status": 500}`.
///
/// `method` absent means every method; `response_url` and `upload` name the other two addresses. `next` defaults to 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[allow(missing_docs)] // The fields read as the sentence above each variant.
pub enum SlackFault {
    /// The next `next` calls answer with HTTP `status`, undone.
    FailHttp {
        method: Option<String>,
        #[serde(default = "one")]
        next: u32,
        status: u16,
    },
    /// The next `next` calls answer `ok: false` with `error`, undone.
    FailOk {
        method: Option<String>,
        #[serde(default = "one")]
        next: u32,
        error: String,
    },
    /// The next `next` calls answer 429 with `Retry-After: retry_after_s`, undone.
    RateLimit {
        method: Option<String>,
        #[serde(default = "one")]
        next: u32,
        retry_after_s: i64,
    },
    /// The next `next` calls are done, but their answer is lost.
    LoseAnswer {
        method: Option<String>,
        #[serde(default = "one")]
        next: u32,
        how: LostAnswer,
    },
    /// The next `next` calls take `ms` of wall time longer.
    Slow {
        method: Option<String>,
        #[serde(default = "one")]
        next: u32,
        ms: u64,
    },
    /// `apps.connections.open` fails `next` times.
    FailOpen {
        #[serde(default = "one")]
        next: u32,
    },
    /// Events are never sent.
    DropEvents {
        #[serde(flatten)]
        choice: EventChoice,
    },
    /// Events are sent `copies` times (2 when absent), each on the next socket; with a new `event_id` each if asked.
    DoubleEvents {
        #[serde(flatten)]
        choice: EventChoice,
        copies: Option<u32>,
        #[serde(default)]
        new_ids: bool,
    },
    /// Events are sent `ms` later on the sandbox clock.
    DelayEvents {
        #[serde(flatten)]
        choice: EventChoice,
        ms: i64,
    },
    /// The next `next` events are kept back, then all sent, newest first.
    ReorderEvents { next: u32 },
    /// All sockets end, with a close frame or as by a broken network.
    CutSockets { close_frame: bool },
    /// The first `count` sockets stop answering but stay open.
    FreezeSockets {
        #[serde(default = "one")]
        count: u32,
    },
    /// The first `count` sockets (all when absent) are told to go: `warning`, `refresh_requested`, `link_disabled`, ...
    Disconnect {
        reason: String,
        count: Option<u32>,
        #[serde(default)]
        close: bool,
    },
    /// All sockets get this text as a frame.
    SendRaw { text: String },
    /// All orders are forgotten; what is cut stays cut.
    Clear,
}

fn one() -> u32 {
    1
}

/// What happens to one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Effect {
    Http(u16),
    Error(String),
    RateLimited(i64),
    Lost(LostAnswer),
    Slow(u64),
}

#[derive(Debug)]
struct Rule {
    method: Option<String>,
    left: u32,
    effect: Effect,
}

/// Orders for faults; see [`SlackFault`].
pub struct SlackFaults {
    rules: Mutex<Vec<Rule>>,
    hub: Arc<Hub>,
}

impl SlackFaults {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { rules: Mutex::new(Vec::new()), hub }
    }

    /// Orders a fault.
    pub fn order(&self, fault: SlackFault) {
        match fault {
            SlackFault::FailHttp { method, next, status } => self.rule(method, next, Effect::Http(status)),
            SlackFault::FailOk { method, next, error } => self.rule(method, next, Effect::Error(error)),
            SlackFault::RateLimit { method, next, retry_after_s } => {
                self.rule(method, next, Effect::RateLimited(retry_after_s));
            }
            SlackFault::LoseAnswer { method, next, how } => self.rule(method, next, Effect::Lost(how)),
            SlackFault::Slow { method, next, ms } => self.rule(method, next, Effect::Slow(ms)),
            SlackFault::FailOpen { next } => {
                self.rule(Some("apps.connections.open".to_owned()), next, Effect::Error("internal_error".to_owned()));
            }
            SlackFault::DropEvents { choice } => self.event(choice, Fate::Drop),
            SlackFault::DoubleEvents { choice, copies, new_ids } => {
                self.event(choice, Fate::Copies { copies: copies.unwrap_or(2), new_ids });
            }
            SlackFault::DelayEvents { choice, ms } => self.event(choice, Fate::Delay(ms)),
            SlackFault::ReorderEvents { next } => {
                let choice = EventChoice { next: Some(next), ..EventChoice::default() };
                self.event(choice, Fate::Hold { last: false });
            }
            SlackFault::CutSockets { close_frame: true } => self.hub.order(usize::MAX, || Frame::Close(1000)),
            SlackFault::CutSockets { close_frame: false } => self.hub.order(usize::MAX, || Frame::Reset),
            SlackFault::FreezeSockets { count } => self.hub.order(count as usize, || Frame::Freeze),
            SlackFault::Disconnect { reason, count, close } => {
                let count = count.map_or(usize::MAX, |count| count as usize);
                self.hub.order(count, || Frame::Text(disconnect(&reason)));
                if close {
                    self.hub.order(count, || Frame::Close(1000));
                }
            }
            SlackFault::SendRaw { text } => self.hub.order(usize::MAX, || Frame::Text(text.clone())),
            SlackFault::Clear => {
                self.rules.lock().unwrap_or_else(PoisonError::into_inner).clear();
                self.hub.faults(super::event_faults::EventFaults::clear);
            }
        }
    }

    fn rule(&self, method: Option<String>, left: u32, effect: Effect) {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner).push(Rule { method, left, effect });
    }

    fn event(&self, choice: EventChoice, fate: Fate) {
        self.hub.faults(|faults| faults.add(choice, fate));
    }

    /// The effects ordered for one call of `method`: at most one slowness and one failure, each used up by one.
    pub(super) fn take(&self, method: &str) -> (u64, Option<Effect>) {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut slow_ms, mut failure) = (0, None);
        for rule in rules.iter_mut().filter(|rule| rule.method.as_deref().is_none_or(|wanted| wanted == method)) {
            match &rule.effect {
                Effect::Slow(ms) if slow_ms == 0 => slow_ms = *ms,
                effect if failure.is_none() && !matches!(effect, Effect::Slow(_)) => failure = Some(effect.clone()),
                _ => continue,
            }
            rule.left = rule.left.saturating_sub(1);
        }
        rules.retain(|rule| rule.left > 0);
        (slow_ms, failure)
    }
}
