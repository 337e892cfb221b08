//! The state of the workspace: one value behind one lock. It knows no network; what must be told to the app is left in `events`.
//!
//! Start reading at [`Workspace`]; [`super::channels`], [`super::messages`] and [`super::views`] add the operations.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::{Value, json};

use super::super::SandboxClock;
use super::error::{ActError, ApiError};
use super::ids;
use super::limits::TOASTS_MAX;
pub(super) use super::model::{
    App, Channel, ChannelKind, File, Message, Note, Ping, ResponseUrl, Toast, User, UserGroup,
};
use super::setup::{SlackSetup, UserSetup};
use super::views::{Trigger, View};

/// Everything the workspace knows.
pub(super) struct Workspace {
    pub(super) clock: SandboxClock,
    pub(super) setup: SlackSetup,
    pub(super) base_url: String,
    pub(super) app: App,
    pub(super) team_id: String,
    pub(super) users: Vec<User>,
    pub(super) usergroups: Vec<UserGroup>,
    pub(super) channels: Vec<Channel>,
    pub(super) files: Vec<File>,
    pub(super) views: Vec<View>,
    pub(super) triggers: HashMap<String, Trigger>,
    pub(super) responses: HashMap<String, ResponseUrl>,
    pub(super) modal_errors: HashMap<String, Value>,
    /// Options an external select showed last, by user and action.
    pub(super) offered: HashMap<String, Vec<Value>>,
    pub(super) toasts: VecDeque<Toast>,
    pub(super) pings: Vec<Ping>,
    /// Events to deliver, outer envelope included, oldest first.
    pub(super) events: Vec<Value>,
    pub(super) version: u64,
    pub(super) dirty: bool,
    last_ts_us: i64,
    counter: u64,
}

impl Workspace {
    pub(super) fn new(setup: SlackSetup, clock: SandboxClock, base_url: String) -> Self {
        let seed = format!("{}/{}", setup.team_domain, setup.app_name);
        let app = App::new(&seed);
        let mut workspace = Self {
            team_id: ids::id('T', &setup.team_domain),
            clock,
            base_url,
            app,
            users: Vec::new(),
            usergroups: Vec::new(),
            channels: Vec::new(),
            files: Vec::new(),
            views: Vec::new(),
            triggers: HashMap::new(),
            responses: HashMap::new(),
            modal_errors: HashMap::new(),
            offered: HashMap::new(),
            toasts: VecDeque::new(),
            pings: Vec::new(),
            events: Vec::new(),
            version: 1,
            dirty: false,
            last_ts_us: 0,
            counter: 0,
            setup,
        };
        workspace.fill();
        workspace
    }

    fn fill(&mut self) {
        let bot = UserSetup {
            id: Some(self.app.bot_user.clone()),
            name: self.setup.bot_name.clone(),
            real_name: self.setup.app_name.clone(),
            ..UserSetup::default()
        };
        self.add_user(&bot, true);
        for user in self.setup.users.clone() {
            self.add_user(&user, false);
        }
        for group in self.setup.usergroups.clone() {
            let members = group.members.iter().filter_map(|member| self.user_named(member)).collect();
            let id = group.id.clone().unwrap_or_else(|| ids::id('S', &group.handle));
            self.usergroups.push(UserGroup { id, handle: group.handle, name: group.name, members });
        }
        let now_s = self.now_s();
        for channel in self.setup.channels.clone() {
            let members: Vec<String> = channel.members.iter().filter_map(|member| self.user_named(member)).collect();
            self.channels.push(Channel {
                id: channel.id.clone().unwrap_or_else(|| ids::id('C', &channel.name)),
                name: channel.name.clone(),
                kind: if channel.private { ChannelKind::Private } else { ChannelKind::Public },
                creator: members.first().cloned().unwrap_or_else(|| self.app.bot_user.clone()),
                members,
                created_s: now_s,
                topic: Note { value: channel.topic.clone(), ..Note::default() },
                purpose: Note::default(),
                archived: false,
                previous_names: Vec::new(),
                messages: Vec::new(),
                threads: BTreeMap::new(),
            });
        }
    }

    /// Adds a person (or a bot) and gives the id.
    pub(super) fn add_user(&mut self, user: &UserSetup, is_bot: bool) -> String {
        let or = |value: &str, other: String| if value.is_empty() { other } else { value.to_owned() };
        let id = user.id.clone().unwrap_or_else(|| ids::id('U', &user.name));
        self.users.push(User {
            id: id.clone(),
            name: user.name.clone(),
            real_name: or(&user.real_name, user.name.clone()),
            email: or(&user.email, format!("{}@{}.example", user.name, self.setup.team_domain)),
            locale: or(&user.locale, "en-US".to_owned()),
            tz: or(&user.tz, "Europe/Paris".to_owned()),
            is_admin: user.is_admin,
            is_bot,
            updated_s: self.now_s(),
        });
        id
    }

    /// Id of a user given by id or user name.
    pub(super) fn user_named(&self, name: &str) -> Option<String> {
        self.users.iter().find(|user| user.id == name || user.name == name).map(|user| user.id.clone())
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A person who may act in the client.
    pub(super) fn person(&self, id: &str) -> Result<User, ActError> {
        let user = self.user(id).ok_or_else(|| ActError::new(format!("There is no user {id} in this workspace.")))?;
        if user.is_bot { Err(ActError::new("Bots cannot use the client.")) } else { Ok(user.clone()) }
    }

    pub(super) fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    pub(super) fn channel_mut(&mut self, id: &str) -> Result<&mut Channel, ApiError> {
        self.channels.iter_mut().find(|channel| channel.id == id).ok_or_else(|| ApiError::new("channel_not_found"))
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(super) fn now_s(&self) -> i64 {
        self.clock.now_ms() / 1_000
    }

    /// A message timestamp nobody else has, in microseconds.
    pub(super) fn next_ts_us(&mut self) -> i64 {
        self.last_ts_us = (self.now_ms() * 1_000).max(self.last_ts_us + 1);
        self.last_ts_us
    }

    /// A seed nobody else has.
    pub(super) fn next_seed(&mut self, what: &str) -> String {
        self.counter += 1;
        format!("{}/{what}/{}", self.setup.team_domain, self.counter)
    }

    /// Shows a notice to one person.
    pub(super) fn toast(&mut self, user: &str, text: impl Into<String>) {
        let id = ids::secret(&self.next_seed("toast"), 8);
        let at_ms = self.now_ms();
        self.toasts.push_back(Toast { id, user: user.to_owned(), at_ms, text: text.into() });
        if self.toasts.len() > TOASTS_MAX {
            self.toasts.pop_front();
        }
        self.dirty = true;
    }

    /// Leaves an event for the app, if it subscribed to it.
    pub(super) fn emit(&mut self, subscription: &str, event: Value) {
        if !self.setup.events.iter().any(|name| name == subscription) {
            return;
        }
        let id = ids::id('E', &self.next_seed("event"));
        let context =
            json!({"et": event["type"], "tid": self.team_id, "aid": self.app.app_id, "cid": event["channel"]});
        let outer = json!({
            "token": self.app.verification_token,
            "team_id": self.team_id,
            "context_team_id": self.team_id,
            "context_enterprise_id": null,
            "api_app_id": self.app.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": format!("Ev{}", &id[1..]),
            "event_time": self.now_s(),
            "authorizations": [{
                "enterprise_id": null,
                "team_id": self.team_id,
                "user_id": self.app.bot_user,
                "is_bot": true,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": false,
            "event_context": format!("4-{}", base64_of(&context.to_string())),
        });
        self.events.push(outer);
    }

    /// `{"id", "username", "name", "team_id"}` as interactive payloads carry it.
    pub(super) fn user_stub(&self, id: &str) -> Value {
        let name = self.user(id).map_or("", |user| user.name.as_str());
        json!({"id": id, "username": name, "name": name, "team_id": self.team_id})
    }

    pub(super) fn team_stub(&self) -> Value {
        json!({"id": self.team_id, "domain": self.setup.team_domain})
    }
}

/// Standard base64, as Slack writes cursors and contexts.
pub(super) fn base64_of(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
