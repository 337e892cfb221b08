//! Who may see and do what.

use serde_json::{Value, json};

use crate::harness::{Gateway, World, setup};

const VIEW: u64 = 1 << 10;
const SEND: u64 = 1 << 11;
const MANAGE_CHANNELS: u64 = 1 << 4;
const MANAGE_ROLES: u64 = 1 << 28;
const EMBED_LINKS: u64 = 1 << 14;
const HISTORY: u64 = 1 << 16;
const PIN: u64 = 1 << 51;

#[tokio::test]
async fn a_channel_the_bot_cannot_see_is_closed_to_it() {
    let world = World::start().await;
    let path = world.path("closed");
    world.refused("GET", &path, Value::Null, 403, 50001).await;
    world.refused("POST", &format!("{path}/messages"), json!({ "content": "x" }), 403, 50001).await;
    let listed = world.ok("GET", &format!("/guilds/{}/channels", world.sandbox.guild_id()), Value::Null).await;
    assert!(listed.as_array().expect("a list").iter().all(|channel| channel["name"] != "closed"));
    let names = |user: &str| -> Vec<String> {
        let snapshot = world.sandbox.snapshot(user);
        let all = snapshot["channels"].as_array().cloned().unwrap_or_default();
        all.iter().map(|channel| channel["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names("ana"), ["general", "desk", "closed"]);
    assert_eq!(names("bo"), ["general"]);
    assert_eq!(names("max"), ["general", "desk", "closed"], "an administrator sees everything");
    let told = world.act_refused("bo", json!({ "act": "post", "channel": "desk", "content": "x" })).await;
    assert_eq!(told, "There is no such channel.");
}

/// Takes bits away from the bot and tries one call each.
#[tokio::test]
async fn every_right_the_bot_lacks_is_felt() {
    let everything = vigie::sandbox::discord::DiscordSetup::default().bot_permissions;
    let embed = json!({ "embeds": [{ "title": "x" }] });
    let cases: &[(&str, u64, &str, &str, Value)] = &[
        ("send", SEND, "POST", "/messages", json!({ "content": "x" })),
        ("embed links", EMBED_LINKS, "POST", "/messages", embed),
        ("manage channels", MANAGE_CHANNELS, "PATCH", "", json!({ "topic": "x" })),
        ("manage roles", MANAGE_ROLES, "PUT", "/permissions/{ana}", json!({ "type": 1, "allow": "0", "deny": "0" })),
        ("pin", PIN, "PUT", "/messages/pins/{message}", Value::Null),
        ("manage messages", 1 << 13, "DELETE", "/messages/{message}", Value::Null),
        ("history", HISTORY, "GET", "/messages/{message}", Value::Null),
        ("react", 1 << 6, "PUT", "/messages/{message}/reactions/%E2%9C%85/@me", Value::Null),
        ("threads", 1 << 35, "POST", "/messages/{message}/threads", json!({ "name": "x" })),
    ];
    for (name, bit, method, tail, body) in cases {
        for (granted, bits) in [(true, everything), (false, everything & !bit)] {
            let mut rules = setup();
            rules.everyone_permissions &= !bit;
            rules.bot_permissions = bits;
            let world = World::with(rules).await;
            let said = world.act("max", json!({ "act": "post", "channel": "general", "content": "hi" })).await;
            let tail =
                tail.replace("{ana}", &world.user("ana")).replace("{message}", said["message"].as_str().expect("id"));
            let (status, answer) = world.call(method, &format!("{}{tail}", world.path("general")), body.clone()).await;
            if granted {
                assert!(status < 300, "{name}: {status} {answer}");
            } else {
                assert_eq!((status, answer["code"].as_u64()), (403, Some(50013)), "{name}: {answer}");
            }
        }
    }
}

#[tokio::test]
async fn a_room_made_for_a_few_is_seen_by_them_only() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let (guild, bot, ana) = (world.sandbox.guild_id(), world.sandbox.application_id(), world.user("ana"));
    let overwrites = json!([
        { "id": guild, "type": 0, "deny": VIEW.to_string() },
        { "id": bot, "type": 1, "allow": VIEW.to_string() },
        { "id": ana, "type": 1, "allow": (VIEW | SEND).to_string() },
    ]);
    let body = json!({ "name": "Crisis 0314", "type": 0, "permission_overwrites": overwrites });
    let made = world.ok("POST", &format!("/guilds/{guild}/channels"), body).await;
    assert_eq!(made["name"], "crisis-0314", "text channels are lower case with dashes");
    assert_eq!(gateway.event("CHANNEL_CREATE").await["id"], made["id"]);
    assert!(world.sandbox.snapshot("ana").to_string().contains("crisis-0314"));
    assert!(!world.sandbox.snapshot("bo").to_string().contains("crisis-0314"));
    let over = format!("/channels/{}/permissions/{}", made["id"].as_str().expect("id"), world.user("bo"));
    assert_eq!(world.call("PUT", &over, json!({ "type": 1, "allow": VIEW.to_string() })).await.0, 204);
    assert!(world.sandbox.snapshot("bo").to_string().contains("crisis-0314"));
    gateway.event("CHANNEL_UPDATE").await;
    let too_much = json!({ "type": 1, "allow": (1_u64 << 1).to_string() });
    world.refused("PUT", &over, too_much, 403, 50013).await;
    assert_eq!(world.call("DELETE", &over, Value::Null).await.0, 204);
    world.refused("DELETE", &over, Value::Null, 404, 10009).await;
    let nobody = format!("/channels/{}/permissions/77", made["id"].as_str().expect("id"));
    world.refused("PUT", &nobody, json!({ "type": 0, "allow": "0" }), 404, 10011).await;
}

#[tokio::test]
async fn a_channel_copies_its_categorys_overwrites_once() {
    let world = World::start().await;
    let guild = world.sandbox.guild_id();
    let hidden = json!([{ "id": guild, "type": 0, "deny": SEND.to_string() }]);
    let category = json!({ "name": "CRISIS", "type": 4, "permission_overwrites": hidden });
    let category = world.ok("POST", &format!("/guilds/{guild}/channels"), category).await;
    let body = json!({ "name": "room", "parent_id": category["id"] });
    let room = world.ok("POST", &format!("/guilds/{guild}/channels"), body).await;
    assert_eq!(room["permission_overwrites"], category["permission_overwrites"]);
    let path = format!("/channels/{}", category["id"].as_str().expect("id"));
    world.ok("PATCH", &path, json!({ "permission_overwrites": [] })).await;
    let after = world.ok("GET", &format!("/channels/{}", room["id"].as_str().expect("id")), Value::Null).await;
    assert_eq!(after["permission_overwrites"], room["permission_overwrites"], "later changes are not inherited");
    world
        .refused(
            "POST",
            &format!("/guilds/{guild}/channels"),
            json!({ "name": "x", "parent_id": room["id"] }),
            400,
            50035,
        )
        .await;
}

#[tokio::test]
async fn members_and_roles_are_told() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let guild = format!("/guilds/{}", world.sandbox.guild_id());
    let all = world.ok("GET", &format!("{guild}/members?limit=100"), Value::Null).await;
    assert_eq!(all.as_array().map(Vec::len), Some(4), "three people and the bot");
    let found = world.ok("GET", &format!("{guild}/members/search?query=AN&limit=5"), Value::Null).await;
    assert_eq!(found[0]["user"]["username"], "ana");
    world.refused("GET", &format!("{guild}/members/12"), Value::Null, 404, 10007).await;
    let leads = world.sandbox.role_id("leads").expect("a role");
    let path = format!("{guild}/members/{}/roles/{leads}", world.user("bo"));
    assert_eq!(world.call("PUT", &path, Value::Null).await.0, 204);
    assert_eq!(gateway.event("GUILD_MEMBER_UPDATE").await["roles"], json!([leads]));
    let admin = world.sandbox.role_id("vigie").expect("the bot's role");
    let path = format!("{guild}/members/{}/roles/{admin}", world.user("bo"));
    world.refused("PUT", &path, Value::Null, 403, 50013).await;
    let role = world.ok("POST", &format!("{guild}/roles"), json!({ "name": "night", "permissions": "1024" })).await;
    assert_eq!(gateway.event("GUILD_ROLE_CREATE").await["role"]["name"], "night");
    let path = format!("{guild}/roles/{}", role["id"].as_str().expect("id"));
    world.ok("PATCH", &path, json!({ "mentionable": true })).await;
    assert_eq!(gateway.event("GUILD_ROLE_UPDATE").await["role"]["mentionable"], true);
    assert_eq!(world.call("DELETE", &path, Value::Null).await.0, 204);
    gateway.event("GUILD_ROLE_DELETE").await;
    world.act("max", json!({ "act": "set_member", "user": "bo", "on": false })).await;
    assert_eq!(gateway.event("GUILD_MEMBER_REMOVE").await["user"]["username"], "bo");
}
