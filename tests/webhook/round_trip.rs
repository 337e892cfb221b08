//! Both ways against the sandbox's networks, which were written without a look at this code: the two must agree on
//! signatures, fields, keys and errors.

use std::collections::BTreeMap;
use std::sync::Arc;

use vigie::adapters::webhook::decode::decode;
use vigie::adapters::webhook::hooks::{HookSource, router};
use vigie::adapters::webhook::publish::{WebhookNetwork, WebhookSettings};
use vigie::domain::time::Timestamp;
use vigie::ports::network::{Dispatch, Network, NetworkError, Outgoing};

use crate::sent::outgoing;
use vigie::sandbox::SandboxClock;
use vigie::sandbox::network::{
    DeliveryState, MessageKind, NetworkAuthor, NetworkFault, NetworkMessage, NetworkSandbox, NetworkSetup,
};

use super::incoming::Shelf;
use super::{NOW_S, clock, secret, secret_text, serve, tls};

/// Vigie's door and the networks, connected.
struct Pair {
    shelf: Arc<Shelf>,
    networks: Arc<NetworkSandbox>,
}

async fn pair() -> Pair {
    tls();
    let shelf = Arc::new(Shelf::default());
    let sources = BTreeMap::from([("sandbox".to_owned(), HookSource { secret: secret(), network: None })]);
    let door = serve(router(sources, shelf.clone(), clock())).await;
    let setup = NetworkSetup {
        secret: secret_text(),
        target_url: Some(format!("{door}/hooks/sandbox")),
        ..NetworkSetup::default()
    };
    let networks = NetworkSandbox::start(setup, SandboxClock::manual(NOW_S * 1_000)).await.expect("starts");
    Pair { shelf, networks }
}

impl Pair {
    async fn customer_writes(&self, network: &str, text: &str) -> String {
        let author = NetworkAuthor { id: "u1".to_owned(), name: "Marie D.".to_owned(), url: None, followers: 1_200 };
        let kind = MessageKind::Comment;
        let message = NetworkMessage { author, kind, text: text.to_owned(), parent_id: None, attachments: Vec::new() };
        self.networks.customer_writes(network, message).await.expect("written")
    }

    fn ours(&self, network: &str) -> WebhookNetwork {
        let settings = WebhookSettings {
            name: network.to_owned(),
            account: "@maison".to_owned(),
            publish_url: Some(format!("{}/{network}", self.networks.base_url())),
            secret: secret(),
            text_limit: 5_000,
            allow_loopback: false,
        };
        WebhookNetwork::new(settings, clock()).expect("sets up")
    }
}

fn reply(to: &str, text: &str) -> Outgoing {
    outgoing(Dispatch::Reply { in_reply_to: to.to_owned(), text: text.to_owned(), private: false, reply_url: None })
}

#[tokio::test]
async fn a_customer_writes_and_gets_one_answer() {
    let pair = pair().await;
    let id = pair.customer_writes("instagram", "Où est mon colis ? <!channel> @everyone").await;
    assert_eq!(pair.networks.delivery("instagram", &id).map(|(state, _)| state), Some(DeliveryState::Delivered));
    let body = pair.shelf.bodies().pop().expect("one message");
    let message = decode(&body, None).expect("readable");
    assert_eq!((message.id.as_str(), message.network.as_str()), (id.as_str(), "instagram"));
    assert_eq!(message.text, "Où est mon colis ? <!channel> @everyone");
    assert_eq!((message.author.name.as_str(), message.author.followers), ("Marie D.", Some(1_200)));
    assert_eq!(message.created_at, Some(Timestamp(NOW_S * 1_000)));

    let answer = outgoing(Dispatch::Reply {
        in_reply_to: message.id,
        text: "Bonjour Marie !".to_owned(),
        private: false,
        reply_url: message.reply_url,
    });
    let ours = pair.ours("instagram");
    let first = ours.publish(&answer, "T-1/r1").await.expect("published");
    let second = ours.publish(&answer, "T-1/r1").await.expect("the same again");
    assert_eq!(first, second);
    assert!(!first.id.is_empty() && first.url.starts_with("http"));
    let seen = pair.networks.replies_to("instagram", &id);
    assert_eq!(seen.iter().map(|reply| reply.text.as_str()).collect::<Vec<_>>(), ["Bonjour Marie !"]);
}

#[tokio::test]
async fn what_the_network_says_is_understood() {
    let pair = pair().await;
    let id = pair.customer_writes("x", "hello").await;
    let ours = pair.ours("x");
    let refused = |words: &str| Err(NetworkError::Refused(words.to_owned()));
    assert_eq!(ours.publish(&reply(&id, &"a".repeat(281)), "k1").await, refused("text too long (HTTP 422)"));
    assert_eq!(
        ours.publish(&reply("nobody", "hi"), "k2").await,
        refused("the message to answer does not exist (HTTP 404)")
    );
    pair.networks.faults().next(1, NetworkFault::Refuse { error: None });
    assert_eq!(ours.publish(&reply(&id, "hi"), "k3").await, refused("token expired (HTTP 403)"));
    pair.networks.faults().next(1, NetworkFault::RateLimit { retry_after_s: 12 });
    let limited = ours.publish(&reply(&id, "hi"), "k4").await;
    assert!(matches!(limited, Err(NetworkError::NotNow { after_ms: 12_000, .. })), "{limited:?}");
    assert!(pair.networks.replies_to("x", &id).is_empty());
}

#[tokio::test]
async fn an_answer_lost_on_the_way_is_found_and_not_sent_twice() {
    let pair = pair().await;
    let id = pair.customer_writes("x", "hello").await;
    let ours = pair.ours("x");
    for (fault, is_out) in [(NetworkFault::FailBefore, false), (NetworkFault::FailAfter, true)] {
        let text = format!("hi, {fault:?}");
        pair.networks.faults().next(1, fault);
        let lost = ours.publish(&reply(&id, &text), &text).await;
        assert!(matches!(lost, Err(NetworkError::Unknown(_))), "{lost:?}");
        let found = ours.find(&reply(&id, &text), &text).await.expect("can be asked");
        assert_eq!(found.is_some(), is_out, "{text}");
    }
    assert_eq!(pair.networks.replies_to("x", &id).len(), 1);
    let post = outgoing(Dispatch::Post { account: "@maison".to_owned(), text: "Nouveau !".to_owned() });
    assert_eq!(ours.find(&post, "P-1").await, Ok(None));
    let published = ours.publish(&post, "P-1").await.expect("published");
    assert_eq!(ours.find(&post, "P-1").await, Ok(Some(published)));
    assert_eq!(ours.find(&post, "P-2").await, Ok(None), "the same words next week are another post");
}
