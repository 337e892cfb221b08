//! The guild over REST: itself, its members and its roles.

use serde_json::{Value, json};

use super::call::{Call, Reply};
use super::channels;
use super::errors::{ApiError, FormErrors};
use super::form::{boolean, given, integer, text};
use super::hub::intent;
use super::ids::{Id, parse_id, sid};
use super::model::{Member, Role};
use super::permissions as perm;
use super::render;
use super::state::{State, snowflake};
use super::threads;

/// Discord docs, "List Guild Members".
const MEMBER_PAGE_MAX: usize = 1_000;
const ROLE_NAME_MAX: usize = 100;
/// Discord docs, JSON error 30005.
const ROLES_MAX: usize = 250;

/// Everything under /guilds/:id.
pub(super) fn routes(state: &mut State, call: &Call, rest: &[&str]) -> Result<Reply, ApiError> {
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let mut guild = state.guild_json();
            if call.flag("with_counts") {
                guild["approximate_member_count"] = json!(state.members.len());
                guild["approximate_presence_count"] = json!(state.members.len());
            }
            Ok(Reply::ok(guild))
        }
        ("GET", ["channels"]) => Ok(channels::all(state)),
        ("POST", ["channels"]) => channels::create(state, call),
        ("GET", ["threads", "active"]) => Ok(threads::active(state)),
        ("GET", ["members"]) => list_members(state, call),
        ("GET", ["members", "search"]) => search_members(state, call),
        ("GET", ["members", user]) => {
            let user = if *user == "@me" { state.app.id } else { snowflake("user_id", user)? };
            let member = state.members.get(&user).ok_or_else(|| ApiError::of(10007))?;
            Ok(Reply::ok(state.member_json(member)))
        }
        (method @ ("PUT" | "DELETE"), ["members", user, "roles", role]) => {
            let (user, role) = (snowflake("user_id", user)?, snowflake("role_id", role)?);
            set_member_role(state, user, role, method == "PUT")
        }
        ("GET", ["roles"]) => Ok(Reply::ok(state.roles.values().map(render::role).collect())),
        ("GET", ["roles", id]) => {
            let id = snowflake("role_id", id)?;
            state.roles.get(&id).map(|role| Reply::ok(render::role(role))).ok_or_else(|| ApiError::of(10011))
        }
        ("POST", ["roles"]) => create_role(state, call),
        ("PATCH", ["roles", id]) => change_role(state, call, snowflake("role_id", id)?),
        ("DELETE", ["roles", id]) => delete_role(state, snowflake("role_id", id)?),
        (_, ["channels" | "members" | "roles", ..] | []) => Err(ApiError::plain(405)),
        _ => Err(ApiError::plain(404)),
    }
}

fn page_limit(call: &Call, default: usize) -> Result<usize, ApiError> {
    let limit = call.param("limit").map_or(Ok(default), |text| text.parse().map_err(|_| ()));
    match limit {
        Ok(limit) if (1..=MEMBER_PAGE_MAX).contains(&limit) => Ok(limit),
        _ => Err(ApiError::field(
            "limit",
            "NUMBER_TYPE_MAX",
            format!("int value should be between 1 and {MEMBER_PAGE_MAX}."),
        )),
    }
}

/// Needs the GUILD_MEMBERS intent in the portal (Discord docs).
fn list_members(state: &State, call: &Call) -> Result<Reply, ApiError> {
    if !state.app.members_intent {
        return Err(ApiError::of(50001));
    }
    let limit = page_limit(call, 1)?;
    let after = call.param("after").and_then(parse_id).unwrap_or(0);
    let page = state.members.values().filter(|member| member.user > after).take(limit);
    Ok(Reply::ok(page.map(|member| state.member_json(member)).collect()))
}

fn search_members(state: &State, call: &Call) -> Result<Reply, ApiError> {
    let limit = page_limit(call, 1)?;
    let Some(query) = call.param("query").filter(|query| !query.is_empty()) else {
        let mut form = FormErrors::default();
        form.required("query");
        return Err(form.into_error());
    };
    Ok(Reply::ok(state.members_named(query).take(limit).map(|member| state.member_json(member)).collect()))
}

impl State {
    /// Members whose user name or display name starts with the text.
    pub fn members_named(&self, query: &str) -> impl Iterator<Item = &Member> {
        let query = query.to_lowercase();
        self.members.values().filter(move |member| {
            self.users.get(&member.user).is_some_and(|user| {
                let display = user.global_name.as_deref().unwrap_or_default().to_lowercase();
                user.username.starts_with(&query) || display.starts_with(&query)
            })
        })
    }

    /// The position of a member's highest role.
    fn rank(&self, user: Id) -> u64 {
        if user == self.guild.owner {
            return u64::MAX;
        }
        self.roles_of(user).iter().filter_map(|id| self.roles.get(id)).map(|role| role.position).max().unwrap_or(0)
    }

    /// Gives or takes a role and tells: GUILD_MEMBER_UPDATE (for the bot itself without the members intent too).
    pub fn put_role(&mut self, user: Id, role: Id, on: bool) {
        let Some(member) = self.members.get_mut(&user) else { return };
        member.roles.retain(|other| *other != role);
        if on {
            member.roles.push(role);
        }
        let member = member.clone();
        let mut data = self.member_json(&member);
        data["guild_id"] = sid(self.guild.id);
        let intents = if user == self.app.id { intent::ALWAYS } else { intent::GUILD_MEMBERS };
        self.hub.dispatch("GUILD_MEMBER_UPDATE", intents, true, data, None);
    }

    /// Somebody joins or leaves: GUILD_MEMBER_ADD, GUILD_MEMBER_REMOVE.
    pub fn put_member(&mut self, user: Id, on: bool) {
        let mut data = json!({ "guild_id": sid(self.guild.id), "user": self.user_json(user) });
        let event = if on {
            let member = Member { user, roles: Vec::new(), joined_ms: self.now_ms() };
            data = self.member_json(&member);
            data["guild_id"] = sid(self.guild.id);
            self.members.insert(user, member);
            "GUILD_MEMBER_ADD"
        } else {
            if self.members.remove(&user).is_none() {
                return;
            }
            "GUILD_MEMBER_REMOVE"
        };
        self.hub.dispatch(event, intent::GUILD_MEMBERS, true, data, None);
    }

    fn emit_role(&mut self, event: &'static str, role: &Role) {
        let data = json!({ "guild_id": sid(self.guild.id), "role": render::role(role) });
        self.hub.dispatch(event, intent::GUILDS, true, data, None);
    }
}

/// MANAGE_ROLES, and only roles below the bot's own highest one (Discord docs, "Permission Hierarchy").
fn manages(state: &State, role: &Role) -> Result<(), ApiError> {
    let bot = state.app.id;
    let allowed = state.guild_permissions(bot) & perm::MANAGE_ROLES != 0 && role.position < state.rank(bot);
    if allowed { Ok(()) } else { Err(ApiError::of(50013)) }
}

fn set_member_role(state: &mut State, user: Id, role: Id, on: bool) -> Result<Reply, ApiError> {
    if !state.members.contains_key(&user) {
        return Err(ApiError::of(10007));
    }
    let found = state.roles.get(&role).ok_or_else(|| ApiError::of(10011))?;
    if role == state.guild.id || found.bot.is_some() {
        return Err(ApiError::of(50013));
    }
    manages(state, found)?;
    state.put_role(user, role, on);
    Ok(Reply::nothing())
}

fn read_role(state: &State, form: &mut FormErrors, body: &Value, mut role: Role) -> Result<Role, ApiError> {
    if let Some(name) = text(form, "", body, "name", (0, ROLE_NAME_MAX)) {
        role.name = name.to_owned();
    }
    if let Some(color) = integer(form, "", body, "color", (0, 0xff_ff_ff)) {
        role.color = u32::try_from(color).unwrap_or(0);
    }
    role.mentionable = boolean(form, "", body, "mentionable").unwrap_or(role.mentionable);
    if let Some(bits) = given(body, "permissions") {
        let bits = bits.as_str().and_then(|bits| bits.parse::<u64>().ok()).or_else(|| bits.as_u64());
        match bits {
            Some(bits) if bits & !state.guild_permissions(state.app.id) == 0 => role.permissions = bits,
            Some(_) => return Err(ApiError::of(50013)),
            None => form.add("permissions", "NUMBER_TYPE_COERCE", "Value is not int."),
        }
    }
    Ok(role)
}

fn create_role(state: &mut State, call: &Call) -> Result<Reply, ApiError> {
    if state.guild_permissions(state.app.id) & perm::MANAGE_ROLES == 0 {
        return Err(ApiError::of(50013));
    }
    if state.roles.len() >= ROLES_MAX {
        let mut error = ApiError::plain(400);
        error.code = 30005;
        error.message = format!("Maximum number of guild roles reached ({ROLES_MAX})");
        return Err(error);
    }
    let permissions = state.roles.get(&state.guild.id).map_or(0, |role| role.permissions);
    let id = state.new_id();
    let blank = Role { id, name: "new role".into(), color: 0, permissions, position: 1, mentionable: false, bot: None };
    let mut form = FormErrors::default();
    let role = read_role(state, &mut form, &call.body, blank)?;
    form.check()?;
    for other in state.roles.values_mut().filter(|other| other.position >= 1) {
        other.position += 1;
    }
    state.roles.insert(id, role.clone());
    state.emit_role("GUILD_ROLE_CREATE", &role);
    Ok(Reply::ok(render::role(&role)))
}

fn change_role(state: &mut State, call: &Call, id: Id) -> Result<Reply, ApiError> {
    let old = state.roles.get(&id).cloned().ok_or_else(|| ApiError::of(10011))?;
    manages(state, &old)?;
    let mut form = FormErrors::default();
    let role = read_role(state, &mut form, &call.body, old)?;
    form.check()?;
    state.roles.insert(id, role.clone());
    state.emit_role("GUILD_ROLE_UPDATE", &role);
    Ok(Reply::ok(render::role(&role)))
}

fn delete_role(state: &mut State, id: Id) -> Result<Reply, ApiError> {
    let role = state.roles.get(&id).cloned().ok_or_else(|| ApiError::of(10011))?;
    manages(state, &role)?;
    if id == state.guild.id || role.bot.is_some() {
        return Err(ApiError::of(50013));
    }
    state.roles.remove(&id);
    let holders: Vec<Id> = state.members.values().filter(|one| one.roles.contains(&id)).map(|one| one.user).collect();
    for user in holders {
        state.put_role(user, id, false);
    }
    let data = json!({ "guild_id": sid(state.guild.id), "role_id": sid(id) });
    state.hub.dispatch("GUILD_ROLE_DELETE", intent::GUILDS, true, data, None);
    Ok(Reply::nothing())
}
