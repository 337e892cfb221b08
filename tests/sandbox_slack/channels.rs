//! Channels, people, tokens and scopes.

use serde_json::{Value, json};

use super::harness::{Office, setup};

#[tokio::test]
async fn a_channel_name_obeys_slacks_rules() {
    let office = Office::open().await;
    let cases = [
        ("", "invalid_name_required"),
        ("Crisis", "invalid_name_specials"),
        ("crisis room", "invalid_name_specials"),
        ("crisis!", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("care", "name_taken"),
        (&"x".repeat(81), "invalid_name_maxlength"),
    ];
    for (name, error) in cases {
        let answer = office.call("conversations.create", json!({"name": name})).await;
        assert_eq!(answer["error"], error, "{name}");
    }
    for name in ["crise-été_2026".to_owned(), "x".repeat(80)] {
        let answer = office.call("conversations.create", json!({"name": name})).await;
        assert_eq!(answer["channel"]["is_member"], true, "{answer}");
    }
}

#[tokio::test]
async fn the_bot_writes_only_where_it_is() {
    let office = Office::open().await;
    let general = office.slack.channel_id("general").expect("general");
    let secret = office.slack.channel_id("secret").expect("secret");
    let post = |channel: &str| json!({"channel": channel, "text": "x"});
    let cases = [
        (general.as_str(), "not_in_channel"),
        (secret.as_str(), "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
        ("", "invalid_arguments"),
    ];
    for (channel, error) in cases {
        assert_eq!(office.call("chat.postMessage", post(channel)).await["error"], error, "{channel}");
    }
    let read = office.form("conversations.history", &[("channel", &general)]).await;
    assert_eq!(read["error"], "not_in_channel");
    assert_eq!(office.call("conversations.join", json!({"channel": general})).await["ok"], true);
    assert_eq!(office.call("chat.postMessage", post(&general)).await["ok"], true);
    assert_eq!(office.call("chat.postMessage", post("#general")).await["ok"], true);
    assert_eq!(office.call("conversations.archive", json!({"channel": office.care})).await["ok"], true);
    assert_eq!(office.call("chat.postMessage", post(&office.care)).await["error"], "is_archived");
    let dm = office.call("chat.postMessage", post(&office.lea)).await;
    assert!(dm["channel"].as_str().is_some_and(|id| id.starts_with('D')), "{dm}");
}

#[tokio::test]
async fn invitations_say_what_is_wrong_with_whom() {
    let office = Office::open().await;
    let zoe = office.slack.user_id("zoe").expect("zoe");
    let invite = |users: &str| json!({"channel": office.care, "users": users});
    let bot = office.slack.bot_user_id();
    let cases = [
        ("", "no_user"),
        (office.lea.as_str(), "already_in_channel"),
        ("U0NOBODY", "user_not_found"),
        (&bot, "cant_invite_self"),
    ];
    for (users, error) in cases {
        assert_eq!(office.call("conversations.invite", invite(users)).await["error"], error);
    }
    let both = office.call("conversations.invite", invite(&format!("{zoe},{}", office.lea))).await;
    assert_eq!(both["errors"][0]["user"], office.lea.as_str());
    assert_eq!(office.call("conversations.invite", invite(&zoe)).await["ok"], true);
    assert_eq!(office.call("conversations.kick", json!({"channel": office.care, "user": zoe})).await["ok"], true);
    assert_eq!(
        office.call("conversations.setTopic", json!({"channel": office.care, "topic": "x".repeat(251)})).await["error"],
        "too_long"
    );
    let topic = office.call("conversations.setTopic", json!({"channel": office.care, "topic": "x".repeat(250)})).await;
    assert_eq!(topic["channel"]["topic"]["value"], "x".repeat(250));
}

#[tokio::test]
async fn lists_come_in_pages() {
    let office = Office::open().await;
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let args = [("limit", "1"), ("cursor", &cursor), ("types", "public_channel,private_channel")];
        let page = office.form("conversations.list", &args).await;
        names.extend(page["channels"].as_array().expect("channels").iter().map(|one| one["name"].clone()));
        cursor = page["response_metadata"]["next_cursor"].as_str().expect("cursor").to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(names, ["general", "care", "inner"], "a private channel without the bot is not listed");
    assert_eq!(office.form("conversations.list", &[("cursor", "nonsense")]).await["error"], "invalid_cursor");
    assert_eq!(office.form("conversations.list", &[("limit", "5000")]).await["error"], "invalid_limit");
}

#[tokio::test]
async fn people_are_found_by_id_and_mail() {
    let office = Office::open().await;
    let found = office.form("users.lookupByEmail", &[("email", "LEA@sandbox.example")]).await;
    assert_eq!(found["user"]["id"], office.lea.as_str(), "{found}");
    assert_eq!(office.form("users.lookupByEmail", &[("email", "no@one.example")]).await["error"], "users_not_found");
    let info = office.form("users.info", &[("user", &office.lea), ("include_locale", "true")]).await;
    assert_eq!(info["user"]["locale"], "fr-FR");
    assert_eq!(office.form("users.info", &[("user", "U0NOBODY")]).await["error"], "user_not_found");
    let groups = office.form("usergroups.list", &[("include_users", "true")]).await;
    assert_eq!(groups["usergroups"][0]["users"], json!([office.lea]));
}

#[tokio::test]
async fn tokens_and_scopes_are_checked() {
    let mut narrow = setup();
    narrow.scopes.retain(|scope| scope != "reactions:write" && scope != "groups:history");
    let office = Office::with(narrow).await;
    let url = format!("{}auth.test", office.slack.api_url());
    let with = |token: Option<String>| {
        let mut request = office.http.post(&url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        async move { request.send().await.expect("answer").json::<Value>().await.expect("JSON")["error"].clone() }
    };
    assert_eq!(with(None).await, "not_authed");
    assert_eq!(with(Some("xoxb-wrong".to_owned())).await, "invalid_auth");
    assert_eq!(office.form("apps.connections.open", &[]).await["error"], "not_authed", "not in the header");
    assert_eq!(office.call("apps.connections.open", json!({})).await["error"], "not_allowed_token_type");
    assert_eq!(office.form("no.such.method", &[]).await["error"], "unknown_method");
    let ts = office.post("x").await;
    let refused = office.call("reactions.add", json!({"channel": office.care, "timestamp": ts, "name": "eyes"})).await;
    assert_eq!(refused["error"], "missing_scope");
    assert_eq!(refused["needed"], "reactions:write");
    assert!(refused["provided"].as_str().is_some_and(|scopes| scopes.contains("chat:write")));
    let inner = office.slack.channel_id("inner").expect("inner");
    let history = office.form("conversations.history", &[("channel", &inner)]).await;
    assert_eq!(history["needed"], "groups:history");
    let response = office.response("auth.test", &json!({})).await;
    let scopes = response.headers()["x-oauth-scopes"].to_str().expect("text").to_owned();
    assert!(scopes.contains("chat:write") && !scopes.contains("reactions:write"));
    office.form("auth.revoke", &[]).await;
    assert_eq!(office.call("auth.test", json!({})).await["error"], "token_revoked");
}
