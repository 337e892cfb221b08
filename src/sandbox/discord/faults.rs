//! Faults a test switches on: refused, lost and slow REST answers, and a gateway that drops, doubles, freezes or lies.
//! Never active unless asked for.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::Value;
use tokio::sync::broadcast;

/// Immediate gateway faults that may wait for the sockets to take them.
const ORDERS_MAX: usize = 64;

/// How an answer gets lost after the work was done.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LostAnswer {
    /// The TCP connection is reset.
    Reset,
    /// A 500 comes instead.
    Status500,
    /// Nothing comes (the connection stays open for two minutes).
    Hang,
}

/// What happens to a REST call.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RestFault {
    /// Refused with this status before any work.
    Fail {
        /// 500, 502, ...
        status: u16,
    },
    /// 429 before any work.
    RateLimited {
        /// Seconds.
        retry_after: f64,
        /// Whether it claims the global limit.
        #[serde(default)]
        global: bool,
    },
    /// The work is done, the answer is lost.
    LoseAnswer {
        /// How.
        how: LostAnswer,
    },
    /// Waits that long (wall time, milliseconds) before the work.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
}

/// A REST fault for the next `times` calls that match.
#[derive(Clone, Debug, Deserialize)]
pub struct RestFaultRule {
    /// HTTP method; absent = all.
    #[serde(default)]
    pub method: Option<String>,
    /// Part of the path ("/messages"); absent = all.
    #[serde(default)]
    pub path: Option<String>,
    /// How many calls it hits.
    #[serde(default = "one")]
    pub times: u32,
    /// What happens.
    pub fault: RestFault,
}

fn one() -> u32 {
    1
}

/// What happens to one dispatch.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DispatchFault {
    /// Never sent, not even on RESUME; its sequence number is used up.
    Drop,
    /// Sent twice with the same sequence number.
    Double,
    /// Sent that much later (wall time).
    Delay {
        /// Milliseconds.
        ms: u64,
    },
    /// Sent after the following one.
    Reorder,
}

/// What happens to all open gateway sockets at once.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SocketFault {
    /// Close frame with this code, or without one.
    Close {
        /// 4000, 1001, ...; absent = an empty Close frame.
        code: Option<u16>,
    },
    /// TCP reset, no Close frame.
    Reset,
    /// TCP end without a Close frame.
    Cut,
    /// Nothing is read or sent any more, the connection stays open.
    Freeze,
    /// Heartbeats are read and never acknowledged; events still come.
    NoAcks,
    /// op 7.
    Reconnect,
    /// op 9.
    InvalidSession {
        /// Whether the session may be resumed; otherwise it is forgotten.
        resumable: bool,
    },
    /// op 1 from the server.
    RequestHeartbeat,
    /// A dispatch of a type nobody knows.
    UnknownEvent,
    /// A dispatch of a known type with a body of the wrong form.
    MalformedEvent {
        /// "MESSAGE_CREATE", ...
        event: String,
    },
    /// This text as it is.
    RawFrame {
        /// The frame.
        text: String,
    },
}

/// A fault as the page posts it: `{"what": "dispatch", "times": 3, "how": {"kind": "drop"}}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum DiscordFault {
    /// See [`RestFaultRule`].
    Rest(RestFaultRule),
    /// The next `times` dispatches.
    Dispatch {
        /// How many.
        #[serde(default = "one")]
        times: u32,
        /// What happens.
        how: DispatchFault,
    },
    /// All open sockets, now.
    Socket {
        /// What happens.
        how: SocketFault,
    },
    /// The next `times` IDENTIFYs get op 9.
    RefuseIdentify {
        /// How many.
        times: u32,
    },
    /// The next `times` RESUMEs get op 9 (not resumable).
    RefuseResume {
        /// How many.
        times: u32,
    },
    /// The next `times` gateway connections get HTTP 503.
    RefuseConnections {
        /// How many.
        times: u32,
    },
    /// Everything off again; frozen sockets are cut.
    Clear,
}

#[derive(Debug, Default)]
struct Plan {
    rest: Vec<RestFaultRule>,
    dispatch: VecDeque<(DispatchFault, u32)>,
    refuse_identify: u32,
    refuse_resume: u32,
    refuse_connections: u32,
}

/// The faults in force.
#[derive(Debug)]
pub struct DiscordFaults {
    plan: Mutex<Plan>,
    orders: broadcast::Sender<SocketFault>,
}

impl Default for DiscordFaults {
    fn default() -> Self {
        Self { plan: Mutex::default(), orders: broadcast::Sender::new(ORDERS_MAX) }
    }
}

impl DiscordFaults {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Switches a fault on.
    pub fn add(&self, fault: DiscordFault) {
        match fault {
            DiscordFault::Rest(rule) => self.plan().rest.push(rule),
            DiscordFault::Dispatch { times, how } => self.plan().dispatch.push_back((how, times)),
            DiscordFault::Socket { how } => self.sockets(how),
            DiscordFault::RefuseIdentify { times } => self.plan().refuse_identify = times,
            DiscordFault::RefuseResume { times } => self.plan().refuse_resume = times,
            DiscordFault::RefuseConnections { times } => self.plan().refuse_connections = times,
            DiscordFault::Clear => {
                *self.plan() = Plan::default();
            }
        }
    }

    /// The next `times` calls whose method and path match get `fault`. `route` is "POST /channels" or only a part of the
    /// path; "" matches all.
    pub fn rest(&self, route: &str, times: u32, fault: RestFault) {
        let (method, path) = match route.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path),
            None => (None, route),
        };
        let path = (!path.is_empty()).then(|| path.to_owned());
        self.plan().rest.push(RestFaultRule { method, path, times, fault });
    }

    /// The next `times` dispatches.
    pub fn dispatches(&self, times: u32, how: DispatchFault) {
        self.plan().dispatch.push_back((how, times));
    }

    /// All open gateway sockets, now.
    pub fn sockets(&self, how: SocketFault) {
        // Without a socket there is nobody to hit.
        let _ = self.orders.send(how);
    }

    /// The next `times` IDENTIFYs get op 9.
    pub fn refuse_identify(&self, times: u32) {
        self.plan().refuse_identify = times;
    }

    /// The next `times` RESUMEs get op 9, d false.
    pub fn refuse_resume(&self, times: u32) {
        self.plan().refuse_resume = times;
    }

    /// The next `times` gateway connections get HTTP 503.
    pub fn refuse_connections(&self, times: u32) {
        self.plan().refuse_connections = times;
    }

    /// Everything off again.
    pub fn clear(&self) {
        *self.plan() = Plan::default();
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<SocketFault> {
        self.orders.subscribe()
    }

    /// Takes the fault for one REST call; slowness may come with another one.
    pub(super) fn next_rest(&self, method: &str, path: &str) -> Vec<RestFault> {
        let mut plan = self.plan();
        let mut hits = Vec::new();
        for rule in &mut plan.rest {
            let fits = rule.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && rule.path.as_deref().is_none_or(|wanted| path.contains(wanted));
            let slow = matches!(rule.fault, RestFault::Slow { .. });
            if fits && rule.times > 0 && (slow || !hits.iter().any(|hit| !matches!(hit, RestFault::Slow { .. }))) {
                rule.times -= 1;
                hits.push(rule.fault);
            }
        }
        plan.rest.retain(|rule| rule.times > 0);
        hits
    }

    pub(super) fn next_dispatch(&self) -> Option<DispatchFault> {
        let mut plan = self.plan();
        let (how, left) = plan.dispatch.front_mut()?;
        let how = *how;
        *left = left.saturating_sub(1);
        if *left == 0 {
            plan.dispatch.pop_front();
        }
        Some(how)
    }

    pub(super) fn refuses_identify(&self) -> bool {
        take(&mut self.plan().refuse_identify)
    }

    pub(super) fn refuses_resume(&self) -> bool {
        take(&mut self.plan().refuse_resume)
    }

    pub(super) fn refuses_connection(&self) -> bool {
        take(&mut self.plan().refuse_connections)
    }
}

fn take(left: &mut u32) -> bool {
    let hit = *left > 0;
    *left = left.saturating_sub(1);
    hit
}

/// Reads one fault or a list of them.
pub(super) fn read_faults(body: Value) -> Result<Vec<DiscordFault>, serde_json::Error> {
    if body.is_array() { serde_json::from_value(body) } else { serde_json::from_value(body).map(|fault| vec![fault]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rest_fault_hits_only_its_route_and_only_so_often() {
        let faults = DiscordFaults::default();
        faults.rest("POST /messages", 2, RestFault::Fail { status: 500 });
        assert!(faults.next_rest("GET", "/channels/1/messages").is_empty());
        assert_eq!(faults.next_rest("POST", "/channels/1/messages").len(), 1);
        assert_eq!(faults.next_rest("POST", "/channels/1/messages").len(), 1);
        assert!(faults.next_rest("POST", "/channels/1/messages").is_empty());
    }

    #[test]
    fn the_page_posts_faults_as_json() {
        for (body, count) in [
            (r#"{"what":"socket","how":{"kind":"close","code":4000}}"#, Some(1)),
            (
                r#"[{"what":"rest","method":"POST","path":"/messages","times":2,"fault":{"kind":"fail","status":502}},
                 {"what":"dispatch","times":3,"how":{"kind":"delay","ms":20}}, {"what":"clear"}]"#,
                Some(3),
            ),
            (r#"{"what":"rest","fault":{"kind":"lose_answer","how":"reset"}}"#, Some(1)),
            (r#"{"what":"weather"}"#, None),
        ] {
            let read = serde_json::from_str(body).and_then(read_faults);
            assert_eq!(read.ok().map(|list| list.len()), count, "{body}");
        }
    }
}
