//! Whatever people do with their absences: no work stays with somebody who is not there longer than the rules say, nothing
//! is lost, and nobody stands in for themselves.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use vigie::app::commands::{self, Invocation};
use vigie::app::desk::{self, Arrival};
use vigie::app::work::Work;
use vigie::app::{App, Fault, absence, drafts, press};
use vigie::domain::desk::ticket::{Customer, Entry, Ticket};
use vigie::domain::office::{Lang, MemberId};
use vigie::domain::people::absence::{Absence, OFFER_MS, Stage};
use vigie::domain::rights::{self, Right, Scope};
use vigie::domain::time::{HOUR_MS, MINUTE_MS, Timestamp};
use vigie::ports::Registry;
use vigie::ports::clock::Clock;
use vigie::runtime::demo::sample_setup;
use vigie::store::Store;
use vigie::store::aggregates::{self, Filter, Order};

use crate::postgres;

/// Tuesday 17 March 2026, 09:02 in Paris.
const START_MS: i64 = 1_773_734_520_000;
/// Random histories on each database, and acts in each at most.
const CASES_SQLITE: u32 = 24;
const CASES_POSTGRES: u32 = 4;
const ACTS_MAX: usize = 24;

#[derive(Debug)]
struct Moved(AtomicI64);

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[derive(Clone, Debug)]
enum Act {
    Arrive,
    Sick(usize),
    Away(usize, u8, u8),
    Back(usize),
    Claim(usize, usize),
    Post(usize),
    Wait(u8),
}

fn acts() -> impl Strategy<Value = Act> {
    let who = 0..PEOPLE.len();
    prop_oneof![
        3 => Just(Act::Arrive),
        3 => who.clone().prop_map(Act::Sick),
        2 => (who.clone(), 0_u8..30, 1_u8..60).prop_map(|(who, from, length)| Act::Away(who, from, length)),
        3 => who.clone().prop_map(Act::Back),
        2 => (who.clone(), 0_usize..8).prop_map(|(who, ticket)| Act::Claim(who, ticket)),
        1 => who.prop_map(Act::Post),
        4 => (1_u8..40).prop_map(Act::Wait),
    ]
}

const PEOPLE: [&str; 9] = ["lea", "hugo", "nora", "sam", "olivia", "tom", "ines", "marc", "zoe"];

struct World {
    app: Arc<App>,
    clock: Arc<Moved>,
    arrived: i64,
    requests: u32,
}

impl World {
    async fn open(address: &str) -> Self {
        let store = Store::open(address).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(Moved(AtomicI64::new(START_MS)));
        let app =
            App::new(store, Arc::clone(&clock) as Arc<dyn Clock>, Registry::default(), sample_setup(None).unwrap());
        Self { app, clock, arrived: 0, requests: 0 }
    }

    async fn does(&mut self, act: &Act) {
        match act {
            Act::Arrive => self.arrive().await,
            Act::Sick(who) => self.types(who, "away sick").await,
            Act::Away(who, from, length) => {
                let begins = self.clock.now().plus_ms(i64::from(*from) * HOUR_MS);
                let ends = begins.plus_ms(i64::from(*length) * HOUR_MS);
                let wall =
                    |at: Timestamp| at.to_utc().with_timezone(&chrono_tz::Europe::Paris).format("%Y-%m-%d %H:%M");
                self.types(who, &format!("away {} to {}", wall(begins), wall(ends))).await;
                self.confirms(who).await;
            }
            Act::Back(who) => self.types(who, "away back").await,
            Act::Claim(who, ticket) => self.types(who, &format!("assign T-{} me", ticket + 1)).await,
            Act::Post(who) => {
                self.types(who, "post new net:instagram The lamp").await;
                let mut tx = self.app.store.read().await.unwrap();
                let posts = list(&mut tx, "post").await.len();
                drop(tx);
                // Not everybody may write posts.
                if posts > 0 {
                    self.types(who, &format!("post submit P-{posts}")).await;
                }
            }
            Act::Wait(hours) => {
                // Timers are looked at far more often than hours pass.
                for _ in 0..*hours {
                    self.clock.0.fetch_add(HOUR_MS, Ordering::SeqCst);
                    self.turns().await;
                }
            }
        }
        self.clock.0.fetch_add(MINUTE_MS, Ordering::SeqCst);
        self.turns().await;
    }

    async fn turns(&self) {
        for _ in 0..3 {
            self.app.tick_once().await.unwrap();
        }
        self.app.drain_backlog_once().await.unwrap();
    }

    fn asked(&mut self, who: usize) -> Invocation {
        self.requests += 1;
        Invocation {
            member: MemberId::new(PEOPLE[who]),
            chat: "slack".to_owned(),
            user: PEOPLE[who].to_owned(),
            channel: "C1".to_owned(),
            thread: None,
            lang: Lang::En,
            parsed: commands::parse::Parsed::default(),
            subject: None,
            can_open_form: false,
            request: self.requests.to_string(),
            may_post: true,
        }
    }

    /// As intake does it: what is refused leaves nothing behind.
    async fn types(&mut self, who: &usize, line: &str) {
        let (name, rest) = line.split_once(' ').unwrap();
        let (verb, parsed) = commands::find(name, rest).unwrap_or_else(|fault| panic!("{line}: {fault:?}"));
        let asked = Invocation { parsed, ..self.asked(*who) };
        let mut tx = self.app.store.begin().await.unwrap();
        let mut work = Work::begin(&self.app, &mut tx, self.clock.now()).await.unwrap();
        match commands::run(&mut work, verb, &asked).await {
            Ok(_) => tx.commit().await.unwrap(),
            Err(Fault::Refused(_)) => drop(tx),
            Err(fault) => panic!("{line}: {fault}"),
        }
    }

    async fn confirms(&mut self, who: &usize) {
        let asked = self.asked(*who);
        let mut tx = self.app.store.begin().await.unwrap();
        let mut work = Work::begin(&self.app, &mut tx, self.clock.now()).await.unwrap();
        let previews = absence::list(&mut work, &[Stage::Proposed]).await.unwrap();
        let Some(preview) = previews.iter().rev().find(|preview| preview.plan.member == asked.member) else { return };
        let value = format!("{}:{}", preview.subject(), preview.revision);
        match press::pressed(&mut work, &asked, "absence.confirm", &value, &[]).await {
            Ok(_) => tx.commit().await.unwrap(),
            Err(Fault::Refused(_)) => drop(tx),
            Err(fault) => panic!("confirm {value}: {fault}"),
        }
    }

    async fn arrive(&mut self) {
        self.arrived += 1;
        let words = ["Où est mon colis ?", "Quel beau magasin", "Un avocat vous écrira", "Prix de gros ?"];
        let text = words[usize::try_from(self.arrived).unwrap() % words.len()];
        let source = format!("instagram:{}", self.arrived);
        let now = self.clock.now();
        let entry = Entry { source: source.clone(), author: "@kim".into(), text: text.into(), at: now, deleted: false };
        let arrival = Arrival {
            source,
            network: "instagram".into(),
            kind: "comment".into(),
            customer: Customer {
                id: format!("u{}", self.arrived),
                name: "@kim".into(),
                url: String::new(),
                followers: None,
            },
            entries: vec![entry],
            url: String::new(),
            reply_url: None,
            desk: None,
            opened_by: None,
            topic: None,
            priority: None,
            place: None,
            received_at: now,
        };
        let mut tx = self.app.store.begin().await.unwrap();
        let mut work = Work::begin(&self.app, &mut tx, now).await.unwrap();
        desk::open(&mut work, arrival).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What must hold after every act.
    async fn looked_over(&self, done: &[Act]) {
        let now = self.clock.now();
        let mut tx = self.app.store.read().await.unwrap();
        let tickets = list(&mut tx, "ticket").await;
        assert_eq!(i64::try_from(tickets.len()).unwrap(), self.arrived, "nothing is lost after {done:?}");
        let mut work = Work::begin(&self.app, &mut tx, now).await.unwrap();
        let office = work.setup.office.clone();
        for member in office.members.keys() {
            let chain = office.away.chain(&office, member, None, now);
            let once: BTreeSet<&MemberId> = chain.iter().collect();
            assert!(once.len() == chain.len() && !once.contains(member), "{member}: {chain:?} after {done:?}");
        }
        let running = absence::list(&mut work, &[Stage::Confirmed]).await.unwrap();
        for json in tickets {
            let ticket: Ticket = serde_json::from_str(&json).unwrap();
            let Some(owner) = ticket.assignee.as_ref().filter(|_| ticket.is_open()) else { continue };
            let Some(leave) = running.iter().find(|one| one.plan.member == *owner && one.is_running()) else {
                continue;
            };
            let since = now.since(leave.begun_at.unwrap());
            let waits = leave.plan.sick && leave.offered.contains(&ticket.id) && since <= OFFER_MS;
            assert!(waits, "T-{} is with {owner}, away for {} min, after {done:?}", ticket.id, since / MINUTE_MS);
        }
        for draft in drafts::waiting_for_approval(&mut work).await.unwrap() {
            let scope = Scope { network: Some("instagram"), topic: Some(&draft.opening.topic), own: false };
            let could = |member: &&MemberId| {
                rights::check(&office, member, Right::ApprovePost, scope).is_ok()
                    && !draft.authors.contains(*member)
                    && !office.away.is_away(member, now)
                    && rights::for_whom(&office, member, Right::ApprovePost, scope).is_none()
            };
            let somebody = office.members.keys().any(|member| could(&member));
            let present = draft.reviewers.iter().any(|member| !office.away.is_away(member, now));
            assert!(!somebody || present, "P-{} waits for {:?} after {done:?}", draft.id, draft.reviewers);
        }
        let mut both: Vec<&Absence> = running.iter().collect();
        both.sort_by_key(|one| (&one.plan.member, one.plan.from));
        for pair in both.windows(2).filter(|pair| pair[0].plan.member == pair[1].plan.member) {
            let until = pair[0].plan.until.unwrap_or(Timestamp(i64::MAX));
            assert!(until <= pair[1].plan.from, "two leaves at once after {done:?}");
        }
    }
}

async fn list(tx: &mut vigie::store::Tx, kind: &str) -> Vec<String> {
    let filter = Filter { kind, order: Order::Oldest, limit: 1_000, ..Filter::default() };
    let rows = aggregates::list(tx, &filter).await.unwrap();
    rows.into_iter().map(|row| row.state().to_owned()).collect()
}

fn always(cases: u32, address: impl Fn() -> (String, Option<tempfile::TempDir>)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let histories = proptest::collection::vec(acts(), 1..ACTS_MAX);
    let outcome = runner.run(&histories, |acts| {
        let (address, _folder) = address();
        runtime.block_on(async {
            let mut world = World::open(&address).await;
            for _ in 0..4 {
                world.arrive().await;
            }
            for (place, act) in acts.iter().enumerate() {
                world.does(act).await;
                world.looked_over(&acts[..=place]).await;
            }
        });
        Ok(())
    });
    if let Err(found) = outcome {
        panic!("{found}");
    }
}

#[test]
fn no_work_stays_with_who_is_away_on_sqlite() {
    always(CASES_SQLITE, || {
        let folder = tempfile::tempdir().unwrap();
        (format!("sqlite:{}", folder.path().join("vigie.db").display()), Some(folder))
    });
}

#[test]
fn no_work_stays_with_who_is_away_on_postgres() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    always(CASES_POSTGRES, || (runtime.block_on(postgres::database()), None));
}
