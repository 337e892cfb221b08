//! `/post` and `/ticket reply`: writing what leaves. Buttons and forms end in the same functions of `app::drafts`.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::drafts::{self, forms, plan, press, write};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work, read_state};
use crate::app::{Fault, cards, draft_cards};
use crate::domain::content::draft::{Command, Draft};
use crate::domain::ids::Kind;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rights::{self, Right, Scope};
use crate::ports::chat::{Block, Body, Rich, Span};
use crate::ports::inbound::Choice;
use crate::store::aggregates::{self, Filter};

/// Most drafts in a list.
const LIST_MAX: usize = 20;
/// Rows read for a list before rights thin them out.
const ROWS_MAX: i64 = 200;
/// Most completion choices (Discord docs: 25).
const CHOICES_MAX: usize = 25;

pub(super) const DRAFT: ArgSpec = ArgSpec::place("draft", "brouillon", Takes::Ref, false);
const TEXT: ArgSpec = ArgSpec::place("text", "texte", Takes::Text, false);

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Option<Right>,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "post", command_fr: "publication", name, name_fr, args, right, examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    Verb {
        command: "ticket",
        command_fr: "",
        name: "reply",
        name_fr: "repondre",
        args: &[
            ArgSpec::place("ticket", "ticket", Takes::Ref, false),
            TEXT,
            ArgSpec::named("visibility", "visibilite", Takes::OneOf(&["public", "private"])),
        ],
        right: Some(Right::Draft),
        examples: &["ticket reply T-1 We are on it", "ticket reply T-1 \"Écrivez-nous\" visibility:private"],
        run: |work, asked| Box::pin(reply(work, asked)),
    },
    verb(
        "new",
        "nouvelle",
        &[TEXT, ArgSpec::named("net", "reseau", Takes::Word), ArgSpec::named("topic", "sujet", Takes::Word)],
        Some(Right::Draft),
        &["post new net:instagram The new lamp is here", "post new"],
        |work, asked| Box::pin(new(work, asked)),
    ),
    verb("edit", "modifier", &[DRAFT, TEXT], Some(Right::Draft), &["post edit P-1 A better text"], |work, asked| {
        Box::pin(edit(work, asked))
    }),
    verb("submit", "soumettre", &[DRAFT], Some(Right::Draft), &["post submit P-1"], |work, asked| {
        Box::pin(submit(work, asked))
    }),
    verb(
        "schedule",
        "planifier",
        &[DRAFT, ArgSpec::place("when", "quand", Takes::Text, false)],
        None,
        &["post schedule P-1 mon 09:00", "post planifier P-1 lundi 9h", "post schedule P-1 +2h"],
        |work, asked| Box::pin(schedule(work, asked)),
    ),
    verb("unschedule", "deplanifier", &[DRAFT], None, &["post unschedule P-1"], |work, asked| {
        Box::pin(unschedule(work, asked))
    }),
    verb("publish-now", "publier", &[DRAFT], Some(Right::PublishNow), &["post publish-now P-1"], |work, asked| {
        Box::pin(publish_now(work, asked))
    }),
    verb("cancel", "annuler", &[DRAFT], Some(Right::Draft), &["post cancel P-1"], |work, asked| {
        Box::pin(cancel(work, asked))
    }),
    verb("list", "liste", &[], None, &["post list"], |work, asked| Box::pin(list(work, asked))),
    verb("show", "voir", &[DRAFT], Some(Right::View), &["post show P-1"], |work, asked| Box::pin(show(work, asked))),
    verb(
        "diff",
        "comparer",
        &[
            DRAFT,
            ArgSpec::place("old", "ancienne", Takes::Word, false),
            ArgSpec::place("new", "nouvelle", Takes::Word, false),
        ],
        Some(Right::View),
        &["post diff P-1 v1 v2", "post diff P-1"],
        |work, asked| Box::pin(diff(work, asked)),
    ),
];

/// The draft that a request is about: the one typed, the one of the card, or the newest reply of the ticket.
///
/// # Errors
/// A refusal when there is none.
pub async fn draft(work: &mut Work<'_>, asked: &Invocation) -> Result<Loaded<Draft>, Fault> {
    let subject = asked.parsed.reference.or(asked.subject);
    let Some(subject) = subject else { return Err(Fault::refused(Notice::new("which-draft"))) };
    match subject.kind {
        Kind::Ticket => {
            let replies = drafts::replies_of(work, subject.id).await?;
            let newest = replies.iter().rev().find(|draft| !draft.status.is_final()).or(replies.last());
            let newest = newest.map(Draft::subject);
            let none = || Fault::refused(Notice::new("no-reply-of-ticket").subject("ticket", subject));
            drafts::load(work, newest.ok_or_else(none)?).await
        }
        Kind::Post | Kind::Reply => drafts::load(work, subject).await,
        _ => Err(Fault::refused(Notice::new("which-draft"))),
    }
}

async fn post(work: &mut Work<'_>, asked: &Invocation) -> Result<Loaded<Draft>, Fault> {
    match asked.parsed.reference.or(asked.subject) {
        Some(subject) => plan::load_post(work, subject).await,
        None => Err(Fault::refused(Notice::new("which-draft"))),
    }
}

/// Text that leaves the team is taken whole or not at all: a word read as a flag would be missing from it.
fn whole_text(asked: &Invocation) -> Result<Option<&str>, Fault> {
    if let Some(flag) = asked.parsed.flags.first() {
        return Err(Fault::refused(Notice::new("text-with-flag").with("flag", Arg::Code(format!("--{flag}")))));
    }
    Ok(asked.parsed.get("text").filter(|text| !text.trim().is_empty()))
}

async fn reply(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = super::ticket::load(work, asked).await?;
    write::may_write(work, asked, &loaded.state)?;
    let Some(text) = whole_text(asked)? else { return forms::reply(work, asked, &loaded.state).await };
    let private = forms::private(asked.parsed.get("visibility").unwrap_or_default())?.unwrap_or(false);
    // Who types cannot have seen a form's warning: only what is leaving right now counts as a rival.
    {
        let written = write::Written { text: text.to_owned(), private, seen: i64::MAX, unread: false };
        write::reply(work, asked, &loaded.state, written).await
    }
}

async fn new(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let network = asked.parsed.get("net").map(str::to_lowercase);
    let text = whole_text(asked)?.unwrap_or_default().to_owned();
    let (Some(network), false) = (&network, text.is_empty()) else {
        return forms::new_post(work, asked, network.as_deref(), &text);
    };
    let topic = asked.parsed.get("topic").map_or_else(|| write::POST_TOPIC.to_owned(), str::to_lowercase);
    let loaded = write::post(work, asked, network, &topic, text).await?;
    Ok(Reply::Say(drafts::about(&loaded.state, Notice::new("post-begun"))))
}

async fn edit(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = draft(work, asked).await?;
    drafts::need(work, asked, &loaded.state, Right::Draft)?;
    match whole_text(asked)? {
        None => Ok(forms::edit(work, asked, &loaded.state)),
        Some(text) => drafts::edit(work, asked, &mut loaded, text.to_owned(), None, None).await,
    }
}

async fn submit(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = draft(work, asked).await?;
    drafts::need(work, asked, &loaded.state, Right::Draft)?;
    drafts::submit(work, asked, &mut loaded).await
}

async fn schedule(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = post(work, asked).await?;
    match asked.parsed.get("when").map(str::to_owned) {
        Some(when) => plan::schedule(work, asked, &mut loaded, &when).await,
        None => Ok(forms::plan(work, asked, &loaded.state)),
    }
}

async fn unschedule(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = post(work, asked).await?;
    plan::unschedule(work, asked, &mut loaded).await
}

async fn publish_now(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = post(work, asked).await?;
    plan::publish_now(work, asked, &mut loaded).await
}

async fn cancel(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = draft(work, asked).await?;
    drafts::need(work, asked, &loaded.state, Right::Draft)?;
    press::simple(work, asked, &mut loaded, &Command::Cancel, "draft-cancelled").await
}

async fn show(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = draft(work, asked).await?;
    press::show(work, asked, &loaded.state)
}

async fn diff(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = draft(work, asked).await?;
    let wanted = match (asked.parsed.get("old"), asked.parsed.get("new")) {
        (None, _) => None,
        (Some(old), new) => Some((version(old)?, new.map_or(Ok(loaded.state.number()), version)?)),
    };
    press::difference(work, asked, &loaded.state, wanted)
}

/// Reads `v3` or `3`.
///
/// # Errors
/// A refusal that says how versions are written.
pub fn version(typed: &str) -> Result<u32, Fault> {
    let digits = typed.trim().trim_start_matches(['v', 'V']);
    digits.parse().map_err(|_| Fault::refused(Notice::new("which-version").with("typed", Arg::Code(typed.to_owned()))))
}

/// Drafts that are not finished and that the asker may see, soonest plan first.
pub(super) async fn open_drafts(work: &mut Work<'_>, reader: &MemberId, kinds: &[Kind]) -> Result<Vec<Draft>, Fault> {
    let mut found = Vec::new();
    for kind in kinds {
        let filter = Filter { kind: kind.stored(), open_only: true, limit: ROWS_MAX, ..Filter::default() };
        for row in aggregates::list(work.tx, &filter).await? {
            let draft: Draft = read_state(*kind, row.id, row.state())?;
            if may_see(work, reader, &draft) {
                found.push(draft);
            }
        }
    }
    found.sort_by_key(|draft| (draft.plan.as_ref().map_or(i64::MAX, |plan| plan.at.0), draft.subject()));
    Ok(found)
}

fn may_see(work: &Work<'_>, reader: &MemberId, draft: &Draft) -> bool {
    let own = draft.authors.contains(reader) || draft.reviewers.contains(reader);
    let scope = Scope { network: Some(&draft.opening.network), topic: Some(&draft.opening.topic), own };
    rights::check(&work.setup.office, reader, Right::View, scope).is_ok() || own
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let found = open_drafts(work, &asked.member, &[Kind::Post]).await?;
    Ok(listed(work, asked, "post-list-title", "post-list-empty", &found))
}

/// A list of drafts as a message.
pub(super) fn listed(work: &Work<'_>, asked: &Invocation, title: &str, empty: &str, drafts: &[Draft]) -> Reply {
    if drafts.is_empty() {
        return Reply::Say(Notice::new(empty));
    }
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let title = voice.plain_text(&Notice::new(title).number("count", drafts::count(drafts.len())));
    let blocks = vec![Block::Header(title.clone()), Block::Text(lines(drafts, &voice))];
    Reply::Show(Box::new(Body { summary: title, blocks, ..Body::default() }))
}

/// A line for each draft: where it stands, when it leaves, how it begins.
pub(super) fn lines(drafts: &[Draft], voice: &Voice<'_>) -> Rich {
    let mut lines = Rich::new();
    for draft in drafts.iter().take(LIST_MAX) {
        lines.push(Span::Bold(draft_cards::title(draft, voice)));
        if let Some(plan) = &draft.plan {
            lines.push(Span::Text(" · ".into()));
            lines.push(voice.at(plan.at));
        }
        lines.push(Span::Text(format!(" · {}\n", cards::shorten(&draft.text().replace('\n', " "), 60))));
    }
    lines
}

/// Drafts that complete a reference being typed.
///
/// # Errors
/// [`Fault::Store`].
pub async fn complete(work: &mut Work<'_>, reader: &MemberId, typed: &str) -> Result<Vec<Choice>, Fault> {
    let wanted = typed.trim().to_lowercase();
    let found = open_drafts(work, reader, &[Kind::Post, Kind::Reply]).await?;
    let choices = found.iter().map(|draft| Choice {
        value: draft.subject().to_string(),
        label: cards::shorten(
            &format!(
                "{} · {} · {}",
                draft.subject(),
                cards::network_name(&draft.opening.network),
                draft.text().replace('\n', " ")
            ),
            90,
        ),
    });
    let fits = |choice: &Choice| wanted.is_empty() || choice.label.to_lowercase().contains(&wanted);
    Ok(choices.filter(fits).take(CHOICES_MAX).collect())
}
