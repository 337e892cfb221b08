//! The face of replies and posts in chat: a line on the ticket's card, a card of their own, a direct message.
//!
//! An approve button stands only where the whole text stands. Texts go in as untrusted text. Start at [`line`] and [`post`].

use std::sync::Arc;

use super::prepare::Step;
use super::say::Voice;
use super::work::Work;
use super::{Fault, cards, drafts, people, prepare};
use crate::domain::content::diff::{self, Run};
use crate::domain::content::draft::{Command, Draft, Status, Version};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::ports::chat::{Accent, Block, Body, Call, Control, Emphasis, MessageRef, Rich, Span};
use crate::store::posts;

/// Most characters of a reply on its ticket's card; longer ones are opened to be read and approved.
pub const LINE_CHARS_MAX: usize = 600;
/// Most characters of a text that a card shows whole: with everything around it still one message in both chats (Discord
/// docs: 4 096 characters of an embed's text).
pub const CARD_CHARS_MAX: usize = 1_800;
/// Characters of one quotation block, well under a section's 3 000 (Slack docs) after escaping.
const QUOTE_CHARS: usize = 1_200;
/// Most replies on a ticket's card: those under way, and the last that left.
const REPLIES_MAX: usize = 3;

/// The buttons of a draft by status, most important first; posts have some of their own.
fn actions(draft: &Draft) -> &'static [&'static str] {
    match (draft.status, draft.opening.post) {
        (Status::Drafting, true) => &["submit", "plan", "edit", "cancel"],
        (Status::Drafting, false) => &["submit", "edit", "cancel"],
        (Status::InReview, true) => &["approve", "changes", "edit", "plan", "cancel"],
        (Status::InReview, false) => &["approve", "changes", "edit", "cancel"],
        (Status::Approved, true) => &["now", "plan", "edit", "revoke", "cancel"],
        (Status::Scheduled, true) => &["plan", "unplan", "now", "edit", "revoke"],
        (Status::Queued, _) if draft.cause.is_some() => &["edit", "cancel"],
        (Status::Refused, _) => &["retry", "admin", "edit", "cancel"],
        (Status::Unknown, _) => &["out", "again"],
        (Status::Held, true) => &["submit", "plan", "edit", "cancel"],
        (Status::Held, false) => &["pass", "submit", "edit", "cancel"],
        _ => &[],
    }
}

/// What a button carries: the draft, its version and the start of its hash.
#[must_use]
pub fn value(draft: &Draft) -> String {
    let hash = draft.current().map_or("", |version| version.hash.get(..Command::HASH_SHOWN).unwrap_or_default());
    format!("{}:{}:{hash}", draft.subject(), draft.number())
}

/// The buttons of a draft; `whole` tells that its whole text stands beside them.
#[must_use]
pub fn controls(draft: &Draft, whole: bool, wanted: impl Fn(&str) -> bool, voice: &Voice<'_>) -> Vec<Control> {
    let mut found = Vec::new();
    for action in actions(draft).iter().filter(|action| wanted(action)) {
        // What cannot be read whole is opened first: nobody approves or sends what they were not shown.
        let action = if !whole && ["approve", "submit", "now"].contains(action) { "show" } else { action };
        found.push(button(draft, action, found.is_empty(), voice));
    }
    if draft.status == Status::InReview && draft.versions.len() > 1 && !found.is_empty() {
        found.push(button(draft, "diff", false, voice));
    }
    found
}

fn button(draft: &Draft, action: &str, first: bool, voice: &Voice<'_>) -> Control {
    let emphasis = match action {
        "cancel" => Emphasis::Danger,
        _ if first => Emphasis::Primary,
        _ => Emphasis::Plain,
    };
    let key = if action == "submit" && !draft.opening.post { "button-draft-submit-reply" } else { "" };
    let key = if key.is_empty() { format!("button-draft-{action}") } else { key.to_owned() };
    let label = voice.plain_text(&Notice::new(&key).number("version", i64::from(draft.number())));
    Control::Button { action: format!("draft.{action}"), value: value(draft), label, emphasis }
}

/// Where a draft stands, in one sentence without its text.
#[must_use]
pub fn standing(draft: &Draft, voice: &Voice<'_>) -> Notice {
    let names = |members: &[MemberId]| {
        members.iter().map(|one| voice.office.name_of(one).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let approvers: Vec<String> = draft
        .approvals
        .iter()
        .map(|yes| match &yes.instead_of {
            Some(whom) => voice.plain_text(&Notice::new("person-for").member("who", &yes.by).member("whom", whom)),
            None => voice.office.name_of(&yes.by).to_owned(),
        })
        .collect();
    let who = draft.current().map_or(&draft.opening.author, |version| &version.by);
    let mut key = format!("draft-is-{}", draft.status.stored().replace('_', "-"));
    match draft.status {
        Status::Drafting if draft.wish.is_some() => key.push_str("-wish"),
        Status::Unknown if draft.is_looked_for() => key.push_str("-looking"),
        Status::Queued if draft.cause.is_some() => key.push_str("-later"),
        _ => {}
    }
    let mut notice = Notice::new(&key).text("cause", draft.cause.clone().unwrap_or_default());
    if let Some(wish) = &draft.wish {
        notice = notice.text("wish", &wish.text).member("by", &wish.by);
    }
    if let Some(plan) = &draft.plan {
        notice = notice.with("at", Arg::At(plan.at));
    }
    notice = match &draft.receipt {
        Some(receipt) if !receipt.url.is_empty() => {
            let label = format!("{} ↗", voice.word("draft-word-sent"));
            notice.with("link", Arg::Link(receipt.url.clone(), label)).with("at", Arg::At(receipt.at))
        }
        Some(receipt) => notice.with("link", Arg::Word("draft-word-sent".into())).with("at", Arg::At(receipt.at)),
        None => notice,
    };
    notice
        .subject("draft", draft.subject())
        .number("version", i64::from(draft.number()))
        .member("who", who)
        .text("approvers", approvers.join(", "))
        .text("reviewers", names(&draft.reviewers))
        .text("crisis", draft.held_by.clone().unwrap_or_else(|| "❄".to_owned()))
}

/// The line of a reply on its ticket's card, and its buttons.
#[must_use]
pub fn line(draft: &Draft, voice: &Voice<'_>) -> (Notice, Vec<Control>) {
    let mark = if draft.current().is_some_and(|version| version.private) { "🔒 " } else { "" };
    let standing = voice.plain_text(&Notice { args: without_link(draft, voice), ..standing(draft, voice) });
    let whole = draft.text().chars().count() <= LINE_CHARS_MAX;
    let mut notice = Notice::new("draft-on-card")
        .text("standing", format!("{mark}{standing}"))
        .text("text", cards::shorten(draft.text(), LINE_CHARS_MAX))
        .text("link", "");
    if let Some(receipt) = draft.receipt.as_ref().filter(|receipt| !receipt.url.is_empty()) {
        notice = notice.with("link", Arg::Link(receipt.url.clone(), "↗".to_owned()));
    }
    (notice, controls(draft, whole, |_| true, voice))
}

fn without_link(draft: &Draft, voice: &Voice<'_>) -> std::collections::BTreeMap<String, Arg> {
    let mut args = standing(draft, voice).args;
    if args.contains_key("link") {
        args.insert("link".into(), Arg::Word("draft-word-sent".into()));
    }
    args
}

/// Adds a ticket's replies to what its card shows.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn around(
    work: &mut Work<'_>,
    ticket: i64,
    voice: &Voice<'_>,
    around: cards::Surroundings,
) -> Result<cards::Surroundings, Fault> {
    let mut shown: Vec<Draft> = Vec::new();
    for draft in drafts::replies_of(work, ticket).await?.into_iter().rev() {
        let last_sent = draft.status == Status::Sent && !shown.iter().any(|other| other.status == Status::Sent);
        if shown.len() < REPLIES_MAX && (!draft.status.is_final() || last_sent) {
            shown.push(draft);
        }
    }
    shown.reverse();
    let replies = shown.iter().map(|draft| line(draft, voice)).collect();
    Ok(cards::Surroundings { replies, ..around })
}

/// A text as quotation blocks, none of which a chat has to cut.
fn quotes(text: &str) -> Vec<Block> {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(QUOTE_CHARS).map(|part| Block::Quote(vec![Span::Text(part.iter().collect())])).collect()
}

fn accent(draft: &Draft) -> Accent {
    match draft.status {
        Status::Sent => Accent::Green,
        Status::Refused | Status::Unknown | Status::Held => Accent::Red,
        Status::InReview => Accent::Orange,
        Status::Approved | Status::Scheduled | Status::Queued | Status::Sending => Accent::Blue,
        Status::Drafting | Status::Cancelled => Accent::Grey,
    }
}

/// The first line: `P-7 · Instagram · waits for approval`.
#[must_use]
pub fn title(draft: &Draft, voice: &Voice<'_>) -> String {
    let status = voice.word(&format!("draft-status-{}", draft.status.stored().replace('_', "-")));
    format!("{} v{} · {} · {status}", draft.subject(), draft.number(), cards::network_name(&draft.opening.network))
}

/// The card of a draft; `all` shows a text of any length.
#[must_use]
pub fn post(draft: &Draft, all: bool, also_in: &[String], voice: &Voice<'_>) -> Body {
    let title = title(draft, voice);
    let whole = all || draft.text().chars().count() <= CARD_CHARS_MAX;
    let mut blocks = vec![Block::Header(title.clone()), Block::Context(voice.say(&standing(draft, voice)))];
    if whole {
        blocks.extend(quotes(draft.text()));
    } else {
        blocks.extend(quotes(&cards::shorten(draft.text(), LINE_CHARS_MAX)));
    }
    blocks.push(Block::Fields(fields(draft, voice)));
    let controls = controls(draft, whole, |_| true, voice);
    if !controls.is_empty() {
        blocks.push(Block::Controls(controls));
    }
    let mut foot = voice.plain_text(&Notice::new("draft-foot").text("names", authors(draft, voice)));
    if !also_in.is_empty() {
        let also = Notice::new("card-also-in").text("places", also_in.join(", "));
        foot = format!("{foot} · {}", voice.plain_text(&also));
    }
    blocks.push(Block::Footer(foot));
    let summary = format!("{title}: {}", cards::shorten(&draft.text().replace('\n', " "), 120));
    Body { summary, blocks, accent: accent(draft) }
}

fn authors(draft: &Draft, voice: &Voice<'_>) -> String {
    draft.authors.iter().map(|one| voice.office.name_of(one)).collect::<Vec<_>>().join(", ")
}

fn fields(draft: &Draft, voice: &Voice<'_>) -> Vec<(String, Rich)> {
    let text = |key: &str, words: String| (voice.word(key), vec![Span::Text(words)]);
    let mut fields = Vec::new();
    if !draft.opening.account.is_empty() {
        fields.push(text("draft-field-account", draft.opening.account.clone()));
    }
    if let Some(plan) = &draft.plan {
        let wall = format!("{} ({})", plan.wall.replace('T', " "), voice.office.zone.name());
        fields.push((voice.word("draft-field-plan"), vec![voice.at(plan.at), Span::Text(format!(" · {wall}"))]));
    }
    if let Some(missed) = draft.missed {
        fields.push((voice.word("draft-field-missed"), vec![voice.at(missed)]));
    }
    if !draft.opening.post {
        let private = draft.current().is_some_and(|version| version.private);
        fields.push(text("draft-field-visibility", voice.word(if private { "draft-private" } else { "draft-public" })));
    }
    let limit = voice.office.accounts.get(&draft.opening.network).map(|account| account.text_limit);
    let length = draft.text().chars().count();
    let count = limit.map_or_else(|| length.to_string(), |limit| format!("{length} / {limit}"));
    fields.push(text("draft-field-length", count));
    fields
}

/// What changed between two versions.
#[must_use]
pub fn difference(draft: &Draft, old: &Version, new: &Version, voice: &Voice<'_>) -> Body {
    let title = format!("{} · v{} → v{}", draft.subject(), old.number, new.number);
    let mut rich = Rich::new();
    for run in diff::words(&old.text, &new.text) {
        rich.push(match run {
            Run::Same(text) => Span::Text(format!("{text} ")),
            Run::Added(text) => Span::Bold(format!("+{text}")),
            Run::Removed(text) => Span::Code(format!("−{text}")),
        });
        rich.push(Span::Text(" ".into()));
    }
    let by = Notice::new("draft-diff-by").member("old", &old.by).member("new", &new.by);
    let blocks = vec![Block::Header(title.clone()), Block::Context(voice.say(&by)), Block::Text(rich)];
    Body { summary: title, blocks, ..Body::default() }
}

/// The call that posts a post's card or brings it up to date.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn card(work: &mut Work<'_>, chat: &str, subject: Ref) -> Result<Step, Fault> {
    let Some(draft) = drafts::peek(work, subject).await? else {
        return Ok(Step::Dead(format!("{subject} does not exist")));
    };
    let (channel, lang) = match prepare::desk_channel(work, chat, &draft.opening.desk).await? {
        Ok(found) => found,
        Err(step) => return Ok(step),
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let around = prepare::surroundings(work, chat, &draft.opening.desk);
    let body = post(&draft, false, &around.also_in, &voice);
    let call = match posts::get(work.tx, &subject.to_string(), "card", chat).await? {
        Some(post) => Call::Edit { at: MessageRef { channel: post.channel, message: post.message }, body },
        None => Call::Post { channel, thread: None, body },
    };
    Ok(Step::Call(Box::new(call)))
}

/// Beside the sentence of a direct message: the text, and what its reader can do about it.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn add_to_message(
    work: &mut Work<'_>,
    subject: Ref,
    voice: &Voice<'_>,
    member: &MemberId,
    body: &mut Body,
) -> Result<(), Fault> {
    let Some(draft) = drafts::peek(work, subject).await? else { return Ok(()) };
    if let Some(id) = draft.opening.ticket
        && let Some(ticket) = drafts::ticket(work, id).await?
    {
        let words = cards::shorten(ticket.first_text(), 300);
        let about = Notice::new("draft-answers").subject("ticket", Ref::new(Kind::Ticket, id)).text("text", words);
        body.blocks.push(Block::Context(voice.say(&about)));
    }
    body.blocks.extend(quotes(draft.text()));
    let author = draft.authors.contains(member) || draft.opening.author == *member;
    let asked = draft.reviewers.contains(member) && draft.status == Status::InReview;
    if author || asked {
        let author = author && !(asked && draft.is_alone(member, &work.setup.office));
        let approving = |action: &str| ["approve", "changes"].contains(&action);
        let wanted = |action: &str| if author { !approving(action) } else { approving(action) || action == "edit" };
        let controls = controls(&draft, true, wanted, voice);
        if !controls.is_empty() {
            body.blocks.push(Block::Controls(controls));
        }
    }
    Ok(())
}
