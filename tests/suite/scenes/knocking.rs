//! Who knocks at Vigie's own door: webhooks, signed well, badly, late, too big.

use secrecy::SecretString;
use serde_json::{Value, json};
use vigie::adapters::webhook::verify::sign;
use vigie::runtime::demo::NETWORK_SECRET;

use crate::office::{Office, minutes};
use crate::scene;

/// Where the sample office takes webhooks.
const DOOR: &str = "/hooks/sandbox";

fn message(id: &str, network: &str, text: &str) -> Value {
    json!({"id": id, "network": network, "kind": "comment", "author": {"id": "kim", "name": "Kim"}, "text": text,
        "url": "https://social.example/1"})
}

/// Headers of Standard Webhooks for a body, signed `ago_ms` ago with this secret.
pub fn signed(office: &Office, secret: &str, ago_ms: i64, body: &[u8]) -> Vec<(&'static str, String)> {
    let seconds = (office.clock.now_ms() - ago_ms) / 1_000;
    let signature = sign(&SecretString::from(secret), "msg_1", seconds, body).unwrap();
    vec![
        ("webhook-id", "msg_1".to_owned()),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signature),
    ]
}

async fn knock(office: &Office, secret: &str, ago_ms: i64, body: &[u8]) -> (u16, Value) {
    let headers = signed(office, secret, ago_ms, body);
    let answer = office.http(DOOR, &headers, body.to_vec()).await;
    office.settle().await;
    answer
}

scene! {
    async fn only_what_is_rightly_signed_and_readable_is_taken(office) {
        let body = message("m1", "instagram", "Où est mon colis ?").to_string().into_bytes();
        let (status, said) = knock(office, NETWORK_SECRET, 0, &body).await;
        assert_eq!((status, &said["duplicate"]), (202, &json!(false)), "{said}");
        let (status, said) = knock(office, NETWORK_SECRET, 0, &body).await;
        assert_eq!((status, &said["duplicate"]), (202, &json!(true)), "the same id again changes nothing: {said}");

        let other = message("m2", "instagram", "Et moi ?").to_string().into_bytes();
        let forged = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBvZmZpY2UgYXQgYWxs";
        assert_eq!(knock(office, forged, 0, &other).await.0, 401);
        let (status, said) = knock(office, NETWORK_SECRET, minutes(5) + 1_000, &other).await;
        assert_eq!(status, 401, "stale");
        assert!(said["error"].as_str().unwrap().contains("5 minutes"), "{said}");
        assert_eq!(knock(office, NETWORK_SECRET, -minutes(6), &other).await.0, 401, "from the future");
        assert_eq!(office.http(DOOR, &[], other.clone()).await.0, 401, "not signed at all");
        let mut headers = signed(office, NETWORK_SECRET, 0, &other);
        headers[0].1 = "msg_2".into();
        assert_eq!(office.http(DOOR, &headers, other.clone()).await.0, 401, "the id is signed too");

        let (status, said) = knock(office, NETWORK_SECRET, 0, b"{\"id\": \"m3\", ").await;
        assert_eq!(status, 400);
        assert!(!said["error"].as_str().unwrap().is_empty() && said["hint"].is_string(), "{said}");
        let (status, said) = knock(office, NETWORK_SECRET, 0, b"{\"id\": \"m3\", \"network\": \"x\"}").await;
        assert_eq!(status, 400, "{said}");
        let huge = message("m4", "instagram", &"x".repeat(1024 * 1024)).to_string().into_bytes();
        assert_eq!(knock(office, NETWORK_SECRET, 0, &huge).await.0, 413);
        assert_eq!(office.http("/hooks/nobody", &[], other).await.0, 404);

        assert_eq!(office.ticket_count().await, 1, "only the first one was taken");
    }
}

scene! {
    async fn several_signatures_and_the_simple_one_are_understood(office) {
        let body = message("m1", "instagram", "Où est mon colis ?").to_string().into_bytes();
        let mut headers = signed(office, NETWORK_SECRET, 0, &body);
        headers[2].1 = format!("v1,AAAA v1a,BBBB {}", headers[2].1);
        assert_eq!(office.http(DOOR, &headers, body).await.0, 202, "a key is being changed");

        let body = message("m2", "instagram", "Et le mien ?").to_string().into_bytes();
        let simple = simple_signature(&body);
        assert_eq!(office.http(DOOR, &[("x-signature-256", simple.clone())], body.clone()).await.0, 202);
        let other = message("m3", "instagram", "Faux").to_string().into_bytes();
        assert_eq!(office.http(DOOR, &[("x-signature-256", simple)], other).await.0, 401);
        office.settle().await;
        assert_eq!(office.ticket_count().await, 2);
    }
}

fn simple_signature(body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(NETWORK_SECRET.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

scene! {
    async fn two_networks_behind_one_door_may_use_the_same_ids(office) {
        for (network, text) in [("instagram", "Où est mon colis ?"), ("facebook", "Où est ma lampe ?")] {
            let body = message("1", network, text).to_string().into_bytes();
            let (status, said) = knock(office, NETWORK_SECRET, 0, &body).await;
            assert_eq!((status, &said["duplicate"]), (202, &json!(false)), "{network}: {said}");
        }
        assert_eq!(office.ticket_count().await, 2);
    }
}

scene! {
    async fn the_door_says_how_vigie_is(office) {
        office.network("instagram").comment("@kim", "Où est mon colis ?").await;
        let address = office.demo().vigie.address;
        let get = async |path: &str| {
            let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        assert_eq!(get("/healthz").await.0, 200);
        assert_eq!(get("/readyz").await.0, 200);
        let (status, metrics) = get("/metrics").await;
        assert_eq!(status, 200);
        assert!(metrics.contains("# TYPE vigie_"), "{metrics}");
        for secret in [NETWORK_SECRET.to_owned(), office.demo().slack.bot_token(), office.demo().discord.token()] {
            assert!(!metrics.contains(&secret));
        }
    }
}
