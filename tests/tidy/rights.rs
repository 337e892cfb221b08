//! Every command by every post of the matrix: who may, who may not, by a table written by hand from the product's own.
//!
//! Asked on a ticket of the expert's and the brand's own topic; other topics, networks and brands are the business of the
//! tests beside `domain::rights`. A command that is not in the table fails the test: add its line.

use std::sync::Arc;

use vigie::app::commands::{self, Invocation, Verb};
use vigie::app::work::Work;
use vigie::app::{App, Fault, desk, office};
use vigie::domain::decide::Actor;
use vigie::domain::ids::{Kind, Ref};
use vigie::domain::notice::{Arg, Notice};
use vigie::domain::office::changes::OfficeChange;
use vigie::domain::office::{Lang, Member, MemberId, Post, RoleGrant};
use vigie::ports::Registry;
use vigie::ports::network::{Network, NetworkError, Outgoing, Published};
use vigie::runtime::demo::sample_setup;
use vigie::store::Store;

use super::commands::{NOW, Still, arrival};

/// The posts in the order of the columns below.
const POSTS: [(&str, Post); 10] = [
    ("head", Post::HeadOfSocial),
    ("manager", Post::SocialMediaManager),
    ("community", Post::CommunityManager),
    ("creator", Post::Creator),
    ("analyst", Post::Analyst),
    ("paid", Post::PaidSocial),
    ("expert", Post::Expert),
    ("brand", Post::Brand),
    ("executive", Post::Executive),
    ("guest", Post::Guest),
];

/// Columns: head, manager, community manager, creator, analyst, paid social, expert, brand, executive, guest.
const EVERYBODY: &str = "yyyyyyyyyy";
/// What is the team's own; guests see none of it.
const TEAM: &str = "yyyyyyyyy.";
const VIEW: &str = "yyyyyyyy..";
const CLAIM: &str = "yyy...y...";
const NOTE: &str = "yyyyy.yy..";
const HIDE: &str = "yyy..y....";
const READ_ALL: &str = "yyyyyy.y..";
/// A ticket opened by hand, of no topic: whoever may write notes on their own.
const OPEN: &str = "yyyyy.yyy.";
const DRAFT: &str = "yyyy.yyy..";
const APPROVE_POST: &str = "yy....yy..";
const MEETING: &str = "yyyyyyyyy.";
const LEAD_MEETING: &str = "yy........";
const REPORTS: &str = "yyyyyyyyy.";
const DECLARE: &str = "yyyyyyyyy.";
const LEAD_CRISIS: &str = "yy........";
const PUBLISH: &str = "yy........";
/// Taking a post off the plan is the safe side: creators may, who plan approved posts.
const TAKE_OFF: &str = "yy.y......";
const CONFIG: &str = "y.........";
const ROTA: &str = "yy........";

include!("rights_table.rs");

/// A network that posts can be written for.
struct Quiet;

#[async_trait::async_trait]
impl Network for Quiet {
    fn name(&self) -> &str {
        "instagram"
    }

    fn text_limit(&self) -> usize {
        2_200
    }

    async fn publish(&self, _: &Outgoing, _: &str) -> Result<Published, NetworkError> {
        Err(NetworkError::Refused("nothing leaves here".to_owned()))
    }

    async fn find(&self, _: &Outgoing, _: &str) -> Result<Option<Published>, NetworkError> {
        Ok(None)
    }
}

/// What a member with one post is told.
fn ask(member: &str, parsed: commands::parse::Parsed) -> Invocation {
    Invocation {
        member: MemberId::new(member),
        chat: "slack".to_owned(),
        user: format!("U{}", member.to_uppercase()),
        channel: "C1".to_owned(),
        thread: None,
        lang: Lang::En,
        parsed,
        subject: Some(Ref::new(Kind::Ticket, 1)),
        can_open_form: true,
        request: format!("ask-{member}"),
        may_post: true,
    }
}

fn member(name: &str) -> Member {
    let mut setup = sample_setup(None).expect("the sample office");
    let lea = setup.office.members.remove(&MemberId::from("lea")).expect("lea");
    let mut member = Member { id: MemberId::new(name), name: name.to_owned(), email: None, ..lea };
    member.handles.clear();
    member.hold(vec![RoleGrant::of_file(format!("as-{name}"))]);
    member
}

/// The sample office with one member for each post, three tickets, a post and a meeting's action.
async fn world(folder: &std::path::Path) -> Arc<App> {
    let store = Store::open(&format!("sqlite:{}", folder.join("vigie.db").display())).await.expect("a database");
    store.migrate().await.expect("a schema");
    let mut setup = sample_setup(None).expect("the sample office");
    for (name, _) in POSTS {
        setup.office.members.insert(MemberId::new(name), member(name));
    }
    let mut registry = Registry::default();
    registry.networks.insert("instagram".to_owned(), Arc::new(Quiet) as Arc<dyn Network>);
    let app = App::new(store, Arc::new(Still), registry, setup);
    let mut tx = app.store.begin().await.expect("a transaction");
    let mut work = Work::begin(&app, &mut tx, NOW).await.expect("the office");
    let roles = POSTS.iter().map(|(name, post)| OfficeChange::RoleAdded {
        role: format!("as-{name}"),
        mission: std::collections::BTreeMap::new(),
        post: *post,
        rotation: false,
        topics: ["late_delivery".to_owned()].into(),
    });
    office::change_all(&mut work, &Actor::System, roles.collect()).await.expect("roles");
    for index in 1..=3 {
        let mut ticket = arrival(index);
        ticket.topic = Some("late_delivery".to_owned());
        Box::pin(desk::open(&mut work, ticket)).await.expect("a ticket");
    }
    tx.commit().await.expect("stored");
    // By somebody who is not among those asked: nobody approves an own version.
    for line in [
        "post new net:instagram topic:late_delivery The parcels are on their way",
        "post submit P-1",
        "crisis declare l2 Parcels lost in Lyon net:instagram",
    ] {
        let (name, rest) = line.split_once(' ').expect("two words");
        let (verb, parsed) = commands::find(name, rest).expect("understood");
        let mut tx = app.store.begin().await.expect("a transaction");
        let mut work = Work::begin(&app, &mut tx, NOW).await.expect("the office");
        let mut asked = ask("lea", parsed);
        asked.subject = None;
        commands::run(&mut work, verb, &asked).await.unwrap_or_else(|fault| panic!("{line}: {fault:?}"));
        tx.commit().await.expect("stored");
    }
    app
}

/// The line that is asked: the first example, unless it is about something this world does not have.
fn line_of(verb: &Verb) -> &'static str {
    match verb.path().as_str() {
        "approve" => "approve P-1 v1",
        "post schedule" => "post schedule P-1 +2h",
        _ => verb.examples.first().expect("an example"),
    }
}

fn refusal(outcome: Result<commands::Reply, Fault>) -> Option<Notice> {
    match outcome {
        Err(Fault::Refused(notice)) if notice.key.starts_with("denied") => Some(*notice),
        Err(Fault::Refused(_)) | Ok(_) => None,
        Err(fault) => panic!("{fault}"),
    }
}

async fn verdicts(app: &App, verb: &Verb) -> (String, Vec<Notice>) {
    let example = line_of(verb);
    let (name, rest) = example.split_once(' ').unwrap_or((example, ""));
    let (mut line, mut refusals) = (String::new(), Vec::new());
    for (who, _) in POSTS {
        let (found, parsed) = commands::find(name, rest).expect("understood");
        let mut tx = app.store.begin().await.expect("a transaction");
        let mut work = Work::begin(app, &mut tx, NOW).await.expect("the office");
        let mut asked = ask(who, parsed);
        if !matches!(verb.command, "assign" | "ticket" | "vigie") {
            asked.subject = None;
        }
        let outcome = refusal(commands::run(&mut work, found, &asked).await);
        tx.rollback().await.expect("undone");
        line.push(if outcome.is_some() { '.' } else { 'y' });
        refusals.extend(outcome);
    }
    (line, refusals)
}

#[tokio::test]
async fn every_command_is_allowed_to_the_posts_of_the_table_and_to_no_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = Box::pin(world(folder.path())).await;
    let mut wrong = Vec::new();
    for verb in commands::table() {
        let (seen, refusals) = verdicts(&app, verb).await;
        match TABLE.iter().find(|(path, _)| *path == verb.path()) {
            None => wrong.push(format!("(\"{}\", \"{seen}\") is not in the table", verb.path())),
            Some((_, wanted)) if *wanted != seen => wrong.push(format!("/{}: {seen}, wanted {wanted}", verb.path())),
            Some(_) => {}
        }
        for notice in refusals {
            for lang in [Lang::En, Lang::Fr] {
                let setup = app.setup();
                let voice = vigie::app::say::Voice::plain(&app.wording, &setup.office, lang);
                let said = voice.plain_text(&notice);
                let Some(Arg::Word(right)) = notice.args.get("right") else { panic!("no right in {notice:?}") };
                let named = app.wording.word(lang, right);
                if named.is_empty() || named == *right || !said.contains(&named) {
                    wrong.push(format!("/{}: the missing right is not named: {said}", verb.path()));
                }
                let Some(Arg::Text(holders)) = notice.args.get("holders") else { panic!("no holders in {notice:?}") };
                if holders.is_empty() || !said.contains(holders.as_str()) {
                    wrong.push(format!("/{}: nobody is named who holds it: {said}", verb.path()));
                }
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
