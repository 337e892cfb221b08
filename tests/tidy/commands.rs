//! Every line that help, README and chats show as an example works as it stands.

use std::sync::Arc;

use vigie::app::commands::{self, Invocation, Verb};
use vigie::app::desk::{self, Arrival};
use vigie::app::work::Work;
use vigie::app::{App, Fault};
use vigie::domain::desk::ticket::{Customer, Entry};
use vigie::domain::ids::{Kind, Ref};
use vigie::domain::office::{Lang, MemberId};
use vigie::domain::time::Timestamp;
use vigie::ports::Registry;
use vigie::ports::clock::Clock;
use vigie::runtime::demo::sample_setup;
use vigie::store::Store;

/// Tuesday 17 March 2026, 09:02 in Paris.
pub const NOW: Timestamp = Timestamp(1_773_734_520_000);
/// A refusal of this kind means that the line was not understood; others ("no such post yet") answer a line that was.
const NOT_UNDERSTOOD: [&str; 6] =
    ["command-empty", "command-unknown", "command-near", "command-which-verb", "command-missing", "command-too-much"];

#[derive(Debug)]
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

pub fn arrival(index: i64) -> Arrival {
    let entry = Entry {
        source: format!("x:{index}"),
        author: "Kim".to_owned(),
        text: "My parcel never came".to_owned(),
        at: NOW,
        deleted: false,
    };
    Arrival {
        source: entry.source.clone(),
        network: "x".to_owned(),
        kind: "mention".to_owned(),
        customer: Customer {
            id: format!("kim{index}"),
            name: "Kim".to_owned(),
            url: String::new(),
            followers: Some(10),
        },
        entries: vec![entry],
        url: "https://x.example/1".to_owned(),
        reply_url: None,
        place: None,
        desk: None,
        opened_by: None,
        topic: None,
        priority: None,
        received_at: NOW,
    }
}

fn asked(parsed: commands::parse::Parsed) -> Invocation {
    Invocation {
        member: MemberId::new("lea"),
        chat: "slack".to_owned(),
        user: "U1".to_owned(),
        channel: "C1".to_owned(),
        thread: None,
        lang: Lang::En,
        parsed,
        subject: Some(Ref::new(Kind::Ticket, 1)),
        can_open_form: true,
        request: "1".to_owned(),
        may_post: true,
    }
}

/// What is wrong with an example; `None` when it works.
async fn fault_of(app: &App, verb: &Verb, example: &str) -> Option<String> {
    let (name, rest) = example.split_once(' ').unwrap_or((example, ""));
    let (found, parsed) = match commands::find(name, rest) {
        Ok(found) => found,
        Err(fault) => return Some(format!("is not understood: {fault:?}")),
    };
    if found.path() != verb.path() {
        return Some(format!("means /{}", found.path()));
    }
    let mut tx = app.store.begin().await.expect("a transaction");
    let mut work = Work::begin(app, &mut tx, NOW).await.expect("the office");
    let outcome = commands::run(&mut work, found, &asked(parsed)).await;
    tx.rollback().await.expect("undone");
    match outcome {
        Err(Fault::Refused(notice)) if NOT_UNDERSTOOD.contains(&notice.key.as_str()) => {
            Some(format!("is refused: {}", notice.key))
        }
        Ok(_) | Err(Fault::Refused(_)) => None,
        Err(fault) => Some(format!("fails: {fault}")),
    }
}

#[tokio::test]
async fn every_example_of_the_command_table_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("sqlite:{}", folder.path().join("vigie.db").display());
    let store = Store::open(&address).await.expect("a database");
    store.migrate().await.expect("a schema");
    let setup = sample_setup(None).expect("the sample office");
    let app = App::new(store, Arc::new(Still), Registry::default(), setup);
    let mut tx = app.store.begin().await.expect("a transaction");
    for index in 1..=3 {
        let mut work = Work::begin(&app, &mut tx, NOW).await.expect("the office");
        Box::pin(desk::open(&mut work, arrival(index))).await.expect("a ticket");
    }
    tx.commit().await.expect("stored");
    let mut wrong = Vec::new();
    for verb in commands::table() {
        if verb.examples.is_empty() {
            wrong.push(format!("/{} has no example", verb.path()));
        }
        for example in verb.examples {
            if let Some(fault) = fault_of(&app, verb, example).await {
                wrong.push(format!("/{example} {fault}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
