//! Threads: starting, archiving, waking, joining.

use serde_json::{Value, json};

use crate::harness::{Gateway, World};

async fn thread(world: &World) -> (Value, Value) {
    let card = world.post("general", json!({ "content": "card" })).await;
    let path = format!("{}/messages/{}/threads", world.path("general"), card["id"].as_str().expect("id"));
    let body = json!({ "name": "T-142 notes", "auto_archive_duration": 60 });
    (card, world.ok("POST", &path, body).await)
}

fn at(thread: &Value) -> String {
    format!("/channels/{}", thread["id"].as_str().expect("id"))
}

#[tokio::test]
async fn a_thread_hangs_under_its_message() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let (card, thread) = thread(&world).await;
    assert_eq!(thread["id"], card["id"]);
    assert_eq!(gateway.event("THREAD_CREATE").await["newly_created"], true);
    let marked = gateway.event("MESSAGE_UPDATE").await;
    assert_eq!(marked["flags"].as_u64().map(|flags| flags & 32), Some(32));
    let path = format!("{}/messages/{}/threads", world.path("general"), card["id"].as_str().expect("id"));
    world.refused("POST", &path, json!({ "name": "again" }), 400, 160_004).await;
    world.refused("POST", &path, json!({ "name": "" }), 400, 50035).await;
    world.refused("POST", &format!("{}/threads", at(&thread)), json!({ "name": "nested" }), 400, 50024).await;
    let active = world.ok("GET", &format!("/guilds/{}/threads/active", world.sandbox.guild_id()), Value::Null).await;
    assert_eq!(active["threads"][0]["name"], "T-142 notes");
    world.act("ana", json!({ "act": "post", "channel": thread["id"], "content": "noted" })).await;
    let members = world.ok("GET", &format!("{}/thread-members", at(&thread)), Value::Null).await;
    assert_eq!(members.as_array().map(Vec::len), Some(2), "whoever writes joins");
    let shown = world.ok("GET", &at(&thread), Value::Null).await;
    assert_eq!((shown["message_count"].as_u64(), shown["total_message_sent"].as_u64()), (Some(1), Some(1)));
}

#[tokio::test]
async fn a_quiet_thread_archives_itself_and_wakes_when_somebody_writes() {
    let world = World::start().await;
    let mut gateway = Gateway::ready(&world).await;
    let (_, thread) = thread(&world).await;
    let sent = world.ok("POST", &format!("{}/messages", at(&thread)), json!({ "content": "x" })).await;
    let message = format!("{}/messages/{}", at(&thread), sent["id"].as_str().expect("id"));
    world.clock.advance(60 * 60_000);
    assert_eq!(gateway.event("THREAD_UPDATE").await["thread_metadata"]["archived"], true);
    world.refused("PATCH", &message, json!({ "content": "y" }), 400, 50083).await;
    world.refused("PUT", &format!("{message}/reactions/%E2%9C%85/@me"), Value::Null, 400, 50083).await;
    world.refused("PATCH", &at(&thread), json!({ "name": "late" }), 400, 50083).await;
    let archived = world.ok("GET", &format!("{}/threads/archived/public", world.path("general")), Value::Null).await;
    assert_eq!(archived["threads"][0]["id"], thread["id"]);
    world.ok("POST", &format!("{}/messages", at(&thread)), json!({ "content": "new" })).await;
    assert_eq!(gateway.event("THREAD_UPDATE").await["thread_metadata"]["archived"], false);
    world.ok("PATCH", &message, json!({ "content": "y" })).await;
}

#[tokio::test]
async fn a_locked_thread_only_opens_for_those_who_manage_threads() {
    let world = World::start().await;
    let (_, thread) = thread(&world).await;
    world.ok("PATCH", &at(&thread), json!({ "archived": true, "locked": true })).await;
    let told = world.act_refused("ana", json!({ "act": "post", "channel": thread["id"], "content": "x" })).await;
    assert_eq!(told, "Thread is locked");
    world.ok("PATCH", &at(&thread), json!({ "archived": false, "name": "open again", "locked": false })).await;
    world.act("ana", json!({ "act": "post", "channel": thread["id"], "content": "x" })).await;
}

#[tokio::test]
async fn a_private_thread_is_for_its_members() {
    let world = World::start().await;
    let made =
        world.ok("POST", &format!("{}/threads", world.path("general")), json!({ "name": "quiet", "type": 12 })).await;
    assert!(!world.sandbox.snapshot("bo").to_string().contains("quiet"));
    let path = format!("{}/thread-members/{}", at(&made), world.user("bo"));
    assert_eq!(world.call("PUT", &path, Value::Null).await.0, 204);
    assert!(world.sandbox.snapshot("bo").to_string().contains("quiet"));
    assert_eq!(world.call("DELETE", &path, Value::Null).await.0, 204);
    assert!(!world.sandbox.snapshot("bo").to_string().contains("quiet"));
    assert_eq!(world.call("DELETE", &at(&made), Value::Null).await.0, 200);
    world.refused("GET", &at(&made), Value::Null, 404, 10003).await;
}
