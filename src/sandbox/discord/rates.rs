//! Rate limits: a bucket per route and major resource, the global limit, and the ban for too many refused calls. All
//! windows are measured on the sandbox clock.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

use super::ids::Id;

/// Discord docs, "Global Rate Limit": 50 requests per second.
const GLOBAL_PER_S: u32 = 50;
/// Discord docs, "Invalid Request Limit": 10,000 answers 401, 403 or 429 in 10 minutes.
const INVALID_MAX: usize = 10_000;
const INVALID_WINDOW_MS: i64 = 600_000;
/// Buckets kept before idle ones are forgotten.
const BUCKETS_MAX: usize = 10_000;

/// Method, route template, calls, window in milliseconds. Discord sends these numbers in headers instead of documenting
/// them; they are what its answers show (second-hand for the rarer ones).
const LIMITS: &[(&str, &str, u32, i64)] = &[
    ("POST", "/channels/{}/messages", 5, 5_000),
    ("PATCH", "/channels/{}/messages/:id", 5, 5_000),
    ("DELETE", "/channels/{}/messages/:id", 5, 1_000),
    ("GET", "/channels/{}/messages", 5, 5_000),
    ("POST", "/channels/{}/messages/bulk-delete", 1, 3_000),
    ("PUT", "/channels/{}/messages/:id/reactions/:emoji/@me", 1, 250),
    ("DELETE", "/channels/{}/messages/:id/reactions/:emoji/@me", 1, 250),
    ("POST", "/channels/{}/typing", 5, 5_000),
    ("PUT", "/channels/{}/messages/pins/:id", 5, 4_000),
    ("PUT", "/channels/{}/pins/:id", 5, 4_000),
    ("PATCH", "/channels/{}", 5, 15_000),
    ("POST", "/channels/{}/messages/:id/threads", 50, 300_000),
    ("POST", "/channels/{}/threads", 50, 300_000),
    ("POST", "/webhooks/{}", 5, 2_000),
    ("PATCH", "/webhooks/{}/messages/:id", 5, 2_000),
    ("DELETE", "/webhooks/{}/messages/:id", 5, 2_000),
    ("POST", "/users/@me/channels", 10, 10_000),
    ("GET", "/gateway/bot", 2, 5_000),
];
/// Every other route (Discord's commonest bucket is of this order).
const DEFAULT_LIMIT: (u32, i64) = (50, 10_000);
/// Second-hand, widely reported: name and topic of one channel change twice in 10 minutes.
const RENAME_LIMIT: (u32, i64) = (2, 600_000);

/// A route as its bucket sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Route {
    pub method: String,
    /// Ids replaced; `{}` stands for the major resource.
    pub template: String,
    /// channels/:id, guilds/:id or webhooks/:id/:token, verbatim.
    pub major: String,
}

impl Route {
    /// The route of a path without `/api/v10`.
    pub fn of(method: &str, segments: &[String]) -> Self {
        let mut template = String::new();
        let mut major = String::new();
        let count = match segments.first().map(String::as_str) {
            Some("channels" | "guilds") => 2,
            Some("webhooks") => 3,
            _ => 0,
        };
        for (index, segment) in segments.iter().enumerate() {
            let after_reactions = index > 0 && segments[index - 1] == "reactions";
            if index > 0 && index < count {
                major.push_str(segment);
                if index + 1 == count.min(segments.len()) {
                    template.push_str("/{}");
                }
            } else if after_reactions {
                template.push_str("/:emoji");
            } else if segment == "@original" || (index > 0 && segment.bytes().all(|b| b.is_ascii_digit())) {
                template.push_str("/:id");
            } else {
                template.push('/');
                template.push_str(segment);
            }
        }
        Self { method: method.to_owned(), template, major }
    }

    /// Outside the global limit (Discord docs: interaction endpoints).
    fn is_interaction(&self) -> bool {
        self.template.starts_with("/interactions") || self.template.starts_with("/webhooks")
    }
}

/// A refused call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limited {
    pub retry_after_ms: i64,
    pub global: bool,
    /// Cloudflare's ban: no JSON.
    pub banned: bool,
}

/// What the limits say to one call.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub headers: Vec<(&'static str, String)>,
    pub limited: Option<Limited>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    started_ms: i64,
    used: u32,
}

impl Window {
    /// Takes one use; returns what is left, or the milliseconds to wait.
    fn take(&mut self, limit: u32, window_ms: i64, now_ms: i64) -> Result<u32, i64> {
        if now_ms - self.started_ms >= window_ms {
            *self = Self { started_ms: now_ms, used: 0 };
        }
        if self.used >= limit {
            return Err((self.started_ms + window_ms - now_ms).max(1));
        }
        self.used += 1;
        Ok(limit - self.used)
    }
}

/// All buckets.
#[derive(Debug)]
pub(super) struct Rates {
    enabled: bool,
    global: Window,
    buckets: HashMap<Route, Window>,
    renames: HashMap<Id, Window>,
    invalid: VecDeque<i64>,
}

impl Rates {
    /// Empty buckets; `enabled` false lets everything pass (headers stay).
    pub fn new(enabled: bool) -> Self {
        let global = Window { started_ms: 0, used: 0 };
        Self { enabled, global, buckets: HashMap::new(), renames: HashMap::new(), invalid: VecDeque::new() }
    }

    /// Counts one call.
    pub fn check(&mut self, route: &Route, now_ms: i64) -> Verdict {
        if self.banned(now_ms) {
            let limited = Limited { retry_after_ms: INVALID_WINDOW_MS, global: false, banned: true };
            return Verdict { headers: Vec::new(), limited: Some(limited) };
        }
        if self.enabled
            && !route.is_interaction()
            && let Err(wait) = self.global.take(GLOBAL_PER_S, 1_000, now_ms)
        {
            let limited = Limited { retry_after_ms: wait, global: true, banned: false };
            let headers = vec![("x-ratelimit-global", "true".into()), ("x-ratelimit-scope", "global".into())];
            return Verdict { headers, limited: Some(limited) };
        }
        if route.template.starts_with("/interactions") {
            return Verdict::default();
        }
        self.check_bucket(route, now_ms)
    }

    fn check_bucket(&mut self, route: &Route, now_ms: i64) -> Verdict {
        let (limit, window_ms) = limit_of(route);
        if self.buckets.len() >= BUCKETS_MAX {
            self.buckets.retain(|_, window| now_ms - window.started_ms < INVALID_WINDOW_MS);
        }
        let window = self.buckets.entry(route.clone()).or_insert(Window { started_ms: now_ms, used: 0 });
        // Switched off, nothing is used up: a client that reads the headers must not wait either.
        let taken = if self.enabled { window.take(limit, window_ms, now_ms) } else { Ok(limit - 1) };
        let reset_ms = window.started_ms + window_ms;
        let left = taken.unwrap_or(0);
        let mut headers = bucket_headers(&bucket_name(route), limit, left, reset_ms, now_ms);
        let limited = match taken {
            Err(wait) => {
                headers.push(("x-ratelimit-scope", "user".into()));
                Some(Limited { retry_after_ms: wait, global: false, banned: false })
            }
            Ok(_) => None,
        };
        Verdict { headers, limited }
    }

    /// Counts a change of a channel's name or topic; the wait in milliseconds when there were too many.
    pub fn rename(&mut self, channel: Id, now_ms: i64) -> Result<(), i64> {
        if !self.enabled {
            return Ok(());
        }
        let window = self.renames.entry(channel).or_insert(Window { started_ms: now_ms, used: 0 });
        window.take(RENAME_LIMIT.0, RENAME_LIMIT.1, now_ms).map(|_| ())
    }

    /// Counts an answer 401, 403 or 429.
    pub fn count_invalid(&mut self, now_ms: i64) {
        self.invalid.push_back(now_ms);
        while self.invalid.len() > INVALID_MAX {
            self.invalid.pop_front();
        }
    }

    fn banned(&self, now_ms: i64) -> bool {
        self.enabled
            && self.invalid.len() >= INVALID_MAX
            && self.invalid.front().is_some_and(|first| now_ms - first < INVALID_WINDOW_MS)
    }
}

fn limit_of(route: &Route) -> (u32, i64) {
    LIMITS
        .iter()
        .find(|limit| limit.0 == route.method && limit.1 == route.template)
        .map_or(DEFAULT_LIMIT, |limit| (limit.2, limit.3))
}

/// A stable opaque name, as Discord's bucket hashes are.
fn bucket_name(route: &Route) -> String {
    let shared = route.template.contains("/reactions/");
    let method = if shared { "PUT" } else { route.method.as_str() };
    hex::encode(&Sha256::digest(format!("{method} {}", route.template))[..16])
}

fn bucket_headers(bucket: &str, limit: u32, left: u32, reset_ms: i64, now_ms: i64) -> Vec<(&'static str, String)> {
    vec![
        ("x-ratelimit-limit", limit.to_string()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-reset", seconds(reset_ms)),
        ("x-ratelimit-reset-after", seconds((reset_ms - now_ms).max(0))),
        ("x-ratelimit-bucket", bucket.to_owned()),
    ]
}

/// Milliseconds as seconds with three decimals.
pub(super) fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(method: &str, path: &str) -> Route {
        let segments: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Route::of(method, &segments)
    }

    #[test]
    fn routes_share_a_bucket_by_template_and_major_resource() {
        for (path, template, major) in [
            ("/channels/12/messages/34", "/channels/{}/messages/:id", "12"),
            ("/channels/12", "/channels/{}", "12"),
            ("/channels/1/messages/2/reactions/%F0/@me", "/channels/{}/messages/:id/reactions/:emoji/@me", "1"),
            ("/webhooks/9/tok/messages/@original", "/webhooks/{}/messages/:id", "9tok"),
            ("/users/5", "/users/:id", ""),
        ] {
            let route = route("GET", path);
            assert_eq!((route.template.as_str(), route.major.as_str()), (template, major), "{path}");
        }
    }

    #[test]
    fn the_sixth_message_in_five_seconds_waits_and_another_channel_does_not() {
        let mut rates = Rates::new(true);
        let here = route("POST", "/channels/1/messages");
        for _ in 0..5 {
            assert!(rates.check(&here, 1_000).limited.is_none());
        }
        let refused = rates.check(&here, 2_500).limited;
        assert_eq!(refused, Some(Limited { retry_after_ms: 3_500, global: false, banned: false }));
        assert!(rates.check(&route("POST", "/channels/2/messages"), 2_500).limited.is_none());
        assert!(rates.check(&here, 6_000).limited.is_none(), "the window is over");
    }

    #[test]
    fn fifty_calls_a_second_in_all_but_interactions_are_free() {
        let mut rates = Rates::new(true);
        for user in 0..50 {
            assert!(rates.check(&route("GET", &format!("/guilds/{user}")), 0).limited.is_none());
        }
        let refused = rates.check(&route("GET", "/guilds/77"), 10).limited;
        assert!(refused.is_some_and(|limited| limited.global && limited.retry_after_ms == 990));
        assert!(rates.check(&route("POST", "/interactions/1/tok/callback"), 10).limited.is_none());
    }

    #[test]
    fn ten_thousand_refusals_in_ten_minutes_ban() {
        let mut rates = Rates::new(true);
        for _ in 0..INVALID_MAX {
            rates.count_invalid(1_000);
        }
        let calm = route("GET", "/gateway");
        assert!(rates.check(&calm, 2_000).limited.is_some_and(|limited| limited.banned));
        assert!(rates.check(&calm, 1_000 + INVALID_WINDOW_MS).limited.is_none());
    }

    #[test]
    fn a_channel_is_renamed_twice_in_ten_minutes() {
        let mut rates = Rates::new(true);
        assert_eq!((rates.rename(1, 0), rates.rename(1, 0)), (Ok(()), Ok(())));
        assert_eq!(rates.rename(1, 60_000), Err(540_000));
    }
}
