//! Builds the state from the setup: ids, roles, members, channels with their overwrites. Runs once, before anybody connects.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::hub::Hub;
use super::ids::{Id, SnowflakeSource, created_ms, parse_id};
use super::model::{Channel, Member, Role, User, kind};
use super::permissions::{ADMINISTRATOR, Overwrite, VIEW_CHANNEL};
use super::rates::Rates;
use super::setup::{DiscordChannelKind, DiscordSetup, DiscordSetupChannel, discord_locale};
use super::state::{App, Guild, State};
use crate::sandbox::SandboxClock;

/// Colours of the page's avatars, taken in turn.
const COLORS: [&str; 6] = ["#5865f2", "#eb459e", "#57a55a", "#faa61a", "#ed4245", "#45ddc0"];

/// The state a setup describes; `origin` is "http://127.0.0.1:P".
pub(super) fn found(setup: &DiscordSetup, clock: SandboxClock, origin: String) -> State {
    let mut ids = SnowflakeSource::default();
    let guild_id = ids.next_setup();
    let app_id = ids.next_setup();
    let mut state = State {
        clock,
        origin,
        app: App {
            id: app_id,
            name: setup.bot_name.clone(),
            token: bot_token(app_id),
            message_content: setup.message_content_intent,
            members_intent: setup.members_intent,
            presences_intent: setup.presences_intent,
        },
        guild: Guild {
            id: guild_id,
            name: setup.guild_name.clone(),
            owner: 0,
            locale: discord_locale(&setup.guild_locale),
        },
        users: BTreeMap::new(),
        members: BTreeMap::new(),
        roles: BTreeMap::new(),
        channels: BTreeMap::new(),
        messages: BTreeMap::new(),
        files: BTreeMap::new(),
        commands: Vec::new(),
        command_creates: VecDeque::new(),
        interactions: BTreeMap::new(),
        waiting: BTreeSet::new(),
        tokens: HashMap::new(),
        modals: BTreeMap::new(),
        toasts: VecDeque::new(),
        typing: Vec::new(),
        pings: VecDeque::new(),
        nonces: HashMap::new(),
        rates: Rates::new(setup.enforce_rate_limits),
        hub: Hub::new(setup.heartbeat_interval_ms, setup.identify_window_ms, guild_id),
        version: 0,
        ids,
    };
    let roles = add_roles(&mut state, setup);
    let users = add_users(&mut state, setup, &roles);
    add_channels(&mut state, setup, &roles, &users);
    state
}

/// A token of the real form: base64 of the id, a stamp, a signature; the same in every run.
fn bot_token(id: Id) -> String {
    format!("{}.GsAnDb.sandboxSandboxSandboxSandboxSandbox0001", URL_SAFE_NO_PAD.encode(id.to_string()))
}

fn given_or_new(state: &mut State, given: Option<&String>) -> Id {
    given.and_then(|text| parse_id(text)).unwrap_or_else(|| state.ids.next_setup())
}

fn add_roles(state: &mut State, setup: &DiscordSetup) -> HashMap<String, Id> {
    let mut named = HashMap::new();
    let mut add =
        |state: &mut State, id: Id, name: &str, color: u32, permissions: u64, mentionable: bool, bot: Option<Id>| {
            let position = state.roles.len() as u64;
            state.roles.insert(id, Role { id, name: name.into(), color, permissions, position, mentionable, bot });
            named.insert(name.to_owned(), id);
        };
    let guild = state.guild.id;
    add(state, guild, "@everyone", 0, setup.everyone_permissions, false, None);
    for role in &setup.roles {
        let id = given_or_new(state, role.id.as_ref());
        add(state, id, &role.name, role.color, role.permissions, role.mentionable, None);
    }
    if setup.users.iter().any(|user| user.is_admin) {
        let id = state.ids.next_setup();
        add(state, id, "Admin", 0xed_42_45, ADMINISTRATOR, false, None);
    }
    let (id, app) = (state.ids.next_setup(), state.app.id);
    add(state, id, &setup.bot_name, 0x58_65_f2, setup.bot_permissions, false, Some(app));
    named
}

fn add_users(state: &mut State, setup: &DiscordSetup, roles: &HashMap<String, Id>) -> HashMap<String, Id> {
    let mut named = HashMap::new();
    for (index, user) in setup.users.iter().enumerate() {
        let id = given_or_new(state, user.id.as_ref());
        let mut own: Vec<Id> = user.roles.iter().filter_map(|name| roles.get(name).copied()).collect();
        if user.is_admin {
            own.extend(roles.get("Admin"));
        }
        let display = if user.real_name.is_empty() { user.name.clone() } else { user.real_name.clone() };
        insert_user(state, id, &user.name, Some(display), own, COLORS[index % COLORS.len()]);
        if let Some(added) = state.users.get_mut(&id) {
            added.email.clone_from(&user.email);
            added.locale = discord_locale(&user.locale);
            added.allows_dms = user.allows_dms;
        }
        named.insert(user.name.clone(), id);
    }
    let app = state.app.id;
    let own = roles.get(&setup.bot_name).copied().into_iter().collect();
    insert_user(state, app, &setup.bot_name, None, own, "#5865f2");
    // Somebody must own a guild, and an owner may do everything: never one of the plain members of the setup.
    let admin = setup.users.iter().find(|user| user.is_admin).and_then(|user| named.get(&user.name).copied());
    state.guild.owner = admin.unwrap_or_else(|| {
        let id = state.ids.next_setup();
        insert_user(state, id, "guild-owner", Some("Guild owner".into()), Vec::new(), "#80848e");
        id
    });
    named
}

fn insert_user(state: &mut State, id: Id, name: &str, global_name: Option<String>, roles: Vec<Id>, color: &str) {
    let bot = id == state.app.id;
    let user = User {
        id,
        username: name.to_owned(),
        global_name,
        email: String::new(),
        locale: "en-US".into(),
        bot,
        allows_dms: !bot,
        color: color.to_owned(),
    };
    state.users.insert(id, user);
    state.members.insert(id, Member { user: id, roles, joined_ms: created_ms(state.guild.id) });
}

fn add_channels(state: &mut State, setup: &DiscordSetup, roles: &HashMap<String, Id>, users: &HashMap<String, Id>) {
    let mut named: HashMap<&str, Id> = HashMap::new();
    for (index, wanted) in setup.channels.iter().enumerate() {
        let id = given_or_new(state, wanted.id.as_ref());
        let kind = match wanted.kind {
            DiscordChannelKind::Text => kind::TEXT,
            DiscordChannelKind::Category => kind::CATEGORY,
            DiscordChannelKind::Announcement => kind::ANNOUNCEMENT,
            DiscordChannelKind::Voice => kind::VOICE,
        };
        let mut channel = Channel::plain(id, kind, &wanted.name);
        channel.position = i64::try_from(index).unwrap_or(0);
        channel.topic = (!wanted.topic.is_empty()).then(|| wanted.topic.clone());
        channel.parent = wanted.parent.as_deref().and_then(|name| named.get(name).copied());
        if wanted.private {
            channel.overwrites = private_overwrites(state, wanted, roles, users);
        }
        state.channels.insert(id, channel);
        named.insert(&wanted.name, id);
    }
}

fn private_overwrites(
    state: &State,
    wanted: &DiscordSetupChannel,
    roles: &HashMap<String, Id>,
    users: &HashMap<String, Id>,
) -> Vec<Overwrite> {
    let mut all = vec![Overwrite { id: state.guild.id, kind: 0, allow: 0, deny: VIEW_CHANNEL }];
    let show = |id: Id, kind: u8| Overwrite { id, kind, allow: VIEW_CHANNEL, deny: 0 };
    all.extend(wanted.roles.iter().filter_map(|name| roles.get(name)).map(|id| show(*id, 0)));
    all.extend(wanted.members.iter().filter_map(|name| users.get(name)).map(|id| show(*id, 1)));
    if wanted.bot {
        all.push(show(state.app.id, 1));
    }
    all
}
