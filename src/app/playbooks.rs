//! Playbooks at work: a topic brings its steps to a ticket, people do or skip them, and late steps remind.
//!
//! Never does a step by itself. Start at [`attach`] (a ticket gets its steps) and [`act`] (a person did one).

use std::collections::BTreeMap;

use super::commands::{Invocation, Reply};
use super::say::Voice;
use super::work::{Loaded, Work, encode, read_state};
use super::{Fault, cards};
use crate::domain::decide::{Actor, Decider};
use crate::domain::desk::ticket::Ticket;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::playbook::run::{Command, Outcome, REASON_CHARS_MAX, Refusal, Run};
use crate::domain::playbook::{Playbook, words};
use crate::domain::time::{DAY_MS, Timestamp};
use crate::ports::chat::{Block, Body, Control, Emphasis, Field, FieldKind, Form, Rich, Span};
use crate::store::{aggregates, links, settings};

/// Link from what a run is about to the run.
const LINK: &str = "run";

/// Gives a ticket the steps of its topic, when there are any. A run of another playbook that nobody has touched gives way;
/// one that people work with stays.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn attach(work: &mut Work<'_>, about: Ref, topic: &str) -> Result<(), Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let Some(playbook) = setup.playbooks.for_topic(topic) else { return Ok(()) };
    if let Some(mut known) = run_of(work, about).await? {
        let untouched = known.state.closed_steps() == 0;
        if known.state.playbook.name == playbook.name || !untouched {
            return Ok(());
        }
        let voice = Voice::plain(&work.app.wording, &setup.office, setup.office.language);
        let reason = voice.plain_text(&Notice::new("play-topic-changed"));
        let id = known.state.id;
        if work.act(id, &mut known, &Command::Stop(reason), &Actor::System).await?.is_err() {
            return Ok(());
        }
    }
    start(work, playbook, Some(about), &Actor::System).await.map(|_| ())
}

/// Starts a playbook.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn start(
    work: &mut Work<'_>,
    playbook: &Playbook,
    about: Option<Ref>,
    actor: &Actor,
) -> Result<Loaded<Run>, Fault> {
    let (id, mut loaded) = work.fresh::<Run>().await?;
    let key = about.map_or_else(|| Ref::new(Kind::Run, id).to_string(), |about| about.to_string());
    links::delete(work.tx, LINK, &key).await?;
    links::claim(work.tx, LINK, &key, id).await?;
    let command = Command::Start { id, playbook: Box::new(playbook.clone()), about };
    if let Err(refusal) = work.act(id, &mut loaded, &command, actor).await? {
        return Err(Fault::Unreadable { what: loaded.state.subject().to_string(), cause: format!("{refusal:?}") });
    }
    Ok(loaded)
}

/// The run of a ticket, crisis, or of its own reference.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn run_of(work: &mut Work<'_>, about: Ref) -> Result<Option<Loaded<Run>>, Fault> {
    let id = match about.kind {
        Kind::Run => Some(about.id),
        _ => links::get(work.tx, LINK, &about.to_string()).await?,
    };
    match id {
        Some(id) => work.load::<Run>(id).await,
        None => Ok(None),
    }
}

/// What a ticket's card says of its steps.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn on_card(work: &mut Work<'_>, ticket: i64) -> Result<Option<Notice>, Fault> {
    let about = Ref::new(Kind::Ticket, ticket);
    let Some(id) = links::get(work.tx, LINK, &about.to_string()).await? else { return Ok(None) };
    let Some(row) = aggregates::load(work.tx, Kind::Run.stored(), id).await? else { return Ok(None) };
    let run: Run = read_state(Kind::Run, id, row.state())?;
    if run.stopped.is_some() {
        return Ok(None);
    }
    Ok(Some(match run.next() {
        Some(next) => run.about_step("play-card", next),
        None => run.notice("play-card-done"),
    }))
}

/// Does what has come due for a run: whoever has the ticket, else who leads the step's role, is told.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn wake(work: &mut Work<'_>, id: i64) -> Result<(), Fault> {
    let Some(mut loaded) = work.load::<Run>(id).await? else { return Ok(()) };
    let mut owner = None;
    if let Some(about) = loaded.state.about.filter(|about| about.kind == Kind::Ticket)
        && let Some(ticket) = work.load::<Ticket>(about.id).await?
    {
        if !ticket.state.is_open() {
            let voice = Voice::plain(&work.app.wording, &work.setup.office, work.setup.office.language);
            let reason = voice.plain_text(&Notice::new("play-ticket-closed"));
            let _ = work.act(id, &mut loaded, &Command::Stop(reason), &Actor::System).await?;
            return Ok(());
        }
        owner = ticket.state.assignee;
    }
    let owner = owner.or_else(|| lead_of_step(work, &loaded.state));
    let _ = work.act(id, &mut loaded, &Command::Tick { owner }, &Actor::System).await?;
    aggregates::set_wake(work.tx, Kind::Run.stored(), id, loaded.state.due_at()).await?;
    Ok(())
}

fn lead_of_step(work: &Work<'_>, run: &Run) -> Option<MemberId> {
    let role = run.step(run.next()?)?.step.role.as_ref()?;
    work.office().roles.get(role)?.lead.clone()
}

/// A step done or left out by a person.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn act(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Run>,
    command: &Command,
) -> Result<Reply, Fault> {
    let id = loaded.state.id;
    let actor = Actor::Member { id: asked.member.clone() };
    if let Err(refusal) = work.act(id, loaded, command, &actor).await? {
        return Err(refused(&loaded.state, &refusal));
    }
    Ok(Reply::Show(Box::new(steps(work, asked, &loaded.state))))
}

/// A refusal as a sentence.
#[must_use]
pub fn refused(run: &Run, refusal: &Refusal) -> Fault {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Fault::refused(match refusal {
        Refusal::NoSuchStep { steps, .. } => run.notice("play-no-such-step").number("last", count(*steps)),
        Refusal::AlreadyClosed { step, by } => run.about_step("play-step-closed", *step).member("who", by),
        Refusal::NeedsReason => Notice::new("play-needs-reason"),
        Refusal::TooLong { max } => Notice::new("refused-too-long").number("max", count(*max)),
        Refusal::Ended => run.notice("play-ended"),
    })
}

/// All steps of a run, the next one in full with its buttons.
#[must_use]
pub fn steps(work: &Work<'_>, asked: &Invocation, run: &Run) -> Body {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let title = voice.plain_text(&run.notice("play-title"));
    let mut blocks = vec![Block::Header(title.clone())];
    let next = run.next().filter(|_| run.stopped.is_none());
    let mut lines = Rich::new();
    for (index, step) in run.steps.iter().enumerate() {
        let number = index + 1;
        let key = match &step.outcome {
            Outcome::Done { .. } => "play-step-done",
            Outcome::Skipped { .. } => "play-step-skipped",
            Outcome::Open if next == Some(number) => "play-step-next",
            Outcome::Open => "play-step-open",
        };
        let notice = match &step.outcome {
            Outcome::Done { by, .. } => run.about_step(key, number).member("who", by),
            Outcome::Skipped { by, reason, .. } => run.about_step(key, number).member("who", by).text("reason", reason),
            Outcome::Open => run.about_step(key, number),
        };
        lines.extend(voice.say(&notice));
        if let (Outcome::Open, Some(due)) = (&step.outcome, step.due_at) {
            lines.push(Span::Text(" · ".into()));
            lines.push(voice.at(due));
        }
        lines.push(Span::Text("\n".into()));
    }
    blocks.push(Block::Text(lines));
    if let Some((number, step)) = next.and_then(|number| Some((number, run.step(number)?))) {
        blocks.push(Block::Divider);
        let heading = run.about_step("play-now", number);
        blocks.push(Block::Text(voice.say(&heading)));
        blocks.extend(prose(words(&step.step.text, asked.lang)));
        let button = |action: &str, emphasis: Emphasis| Control::Button {
            action: format!("play.{action}"),
            value: format!("{}:{number}", run.subject()),
            label: voice.word(&format!("button-play-{action}")),
            emphasis,
        };
        blocks.push(Block::Controls(vec![button("done", Emphasis::Primary), button("skip", Emphasis::Plain)]));
    }
    if let Some((_, reason)) = &run.stopped {
        blocks.push(Block::Context(voice.say(&run.notice("play-stopped").text("reason", reason))));
    } else if !run.playbook.stop.is_empty() {
        let stop = Notice::new("play-stop-when").text("stop", words(&run.playbook.stop, asked.lang));
        blocks.push(Block::Context(voice.say(&stop)));
    }
    Body { summary: title, blocks, ..Body::default() }
}

/// Markdown as a chat shows it: paragraphs, and quotations for ready words.
#[must_use]
pub fn prose(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let plain = |lines: &str| vec![Span::Text(lines.to_owned())];
        if paragraph.lines().all(|line| line.starts_with('>')) {
            let inner: Vec<&str> = paragraph.lines().map(|line| line.trim_start_matches('>').trim()).collect();
            blocks.push(Block::Quote(plain(&inner.join("\n"))));
        } else {
            blocks.push(Block::Text(plain(&paragraph.replace("**", ""))));
        }
    }
    blocks
}

/// A button under a step.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(
    work: &mut Work<'_>,
    asked: &Invocation,
    what: &str,
    subject: Ref,
    step: Option<u64>,
) -> Result<Reply, Fault> {
    let step = usize::try_from(step.unwrap_or(0)).unwrap_or(0);
    let mut loaded = existing(work, subject).await?;
    may(work, asked, &loaded.state).await?;
    match what {
        "done" => act(work, asked, &mut loaded, &Command::Finish(step)).await,
        "skip" => Ok(skip_form(work, asked, &loaded.state, step)),
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// The form that asks why a step is left out.
fn skip_form(work: &Work<'_>, asked: &Invocation, run: &Run, step: usize) -> Reply {
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let what = run.step(step).map(|found| words(&found.step.title, asked.lang).to_owned()).unwrap_or_default();
    Reply::Form(Box::new(Form {
        name: "play_skip".into(),
        state: format!("{}:{step}", run.subject()),
        title: voice.word("form-play-skip-title"),
        submit: voice.word("form-play-skip-submit"),
        cancel: voice.word("form-cancel"),
        intro: cards::shorten(&what, 200),
        fields: vec![Field {
            id: "text".into(),
            label: voice.word("form-play-skip-label"),
            hint: voice.word("form-play-skip-hint"),
            kind: FieldKind::Paragraph { value: String::new(), max: u32::try_from(REASON_CHARS_MAX).unwrap_or(300) },
            optional: false,
        }],
    }))
}

/// The form was sent.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    subject: Ref,
    step: Option<u64>,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    let step = usize::try_from(step.unwrap_or(0)).unwrap_or(0);
    let mut loaded = existing(work, subject).await?;
    may(work, asked, &loaded.state).await?;
    let reason = fields.get("text").cloned().unwrap_or_default();
    act(work, asked, &mut loaded, &Command::Skip(step, reason)).await
}

/// The run of a subject, or a refusal that says how to start one.
///
/// # Errors
/// The refusal; [`Fault::Store`].
pub async fn existing(work: &mut Work<'_>, subject: Ref) -> Result<Loaded<Run>, Fault> {
    let found = run_of(work, subject).await?;
    found.ok_or_else(|| Fault::refused(Notice::new("play-none").subject("about", subject)))
}

/// Steps of a ticket are for those who may work on it; others for everybody who may write notes.
///
/// # Errors
/// The refusal.
pub async fn may(work: &mut Work<'_>, asked: &Invocation, run: &Run) -> Result<(), Fault> {
    use crate::domain::rights::{Right, Scope};
    if let Some(about) = run.about.filter(|about| about.kind == Kind::Ticket)
        && let Some(ticket) = work.load::<Ticket>(about.id).await?
    {
        let own = ticket.state.assignee.as_ref() == Some(&asked.member);
        let opening = &ticket.state.opening;
        let scope = Scope { network: Some(&opening.network), topic: Some(&opening.topic), own };
        return super::commands::allow(&work.setup, &asked.member, Right::Claim, scope);
    }
    super::commands::allow(&work.setup, &asked.member, Right::Note, Scope::default())
}

/// Who looked over a playbook last, and when.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Review {
    /// Who.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
    /// Which version.
    pub version: String,
}

/// The last review of a playbook.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn review(work: &mut Work<'_>, name: &str) -> Result<Option<Review>, Fault> {
    match settings::get(work.tx, &format!("playbook-review:{name}")).await? {
        Some(json) => Ok(Some(read_state(Kind::Run, 0, &json)?)),
        None => Ok(None),
    }
}

/// Notes that somebody looked over a playbook as it stands.
///
/// # Errors
/// [`Fault::Store`].
pub async fn reviewed(work: &mut Work<'_>, playbook: &Playbook, by: &MemberId) -> Result<(), Fault> {
    let review = Review { by: by.clone(), at: work.now, version: playbook.version.clone() };
    let json = encode("playbook review", &review)?;
    Ok(settings::put(work.tx, &format!("playbook-review:{}", playbook.name), &json).await?)
}

/// When a playbook is to be looked over next; a version that nobody has looked over yet is due now.
#[must_use]
pub fn review_due(playbook: &Playbook, last: Option<&Review>) -> Option<Timestamp> {
    last.map(|review| review.at.plus_ms(playbook.review_days.saturating_mul(DAY_MS)))
}

/// A playbook to read.
#[must_use]
pub fn shown(playbook: &Playbook, voice: &Voice<'_>) -> Body {
    let title = words(&playbook.title, voice.lang).to_owned();
    let mut blocks = vec![Block::Header(cards::shorten(&title, 120))];
    blocks.extend(prose(words(&playbook.intro, voice.lang)));
    for (index, step) in playbook.steps.iter().enumerate() {
        let mut line = vec![Span::Bold(format!("{}. {}", index + 1, words(&step.title, voice.lang)))];
        let mut about = Vec::new();
        if let Some(role) = &step.role {
            about.push(role.clone());
        }
        if let Some(minutes) = step.due_minutes {
            about.push(voice.length(minutes * crate::domain::time::MINUTE_MS));
        }
        if !about.is_empty() {
            line.push(Span::Text(format!(" · {}", about.join(" · "))));
        }
        blocks.push(Block::Text(line));
        blocks.extend(prose(words(&step.text, voice.lang)));
    }
    let stop = words(&playbook.stop, voice.lang);
    if !stop.is_empty() {
        blocks.push(Block::Context(voice.say(&Notice::new("play-stop-when").text("stop", stop))));
    }
    let foot =
        Notice::new("play-foot").with("name", Arg::Code(playbook.name.clone())).text("version", &playbook.version);
    blocks.push(Block::Context(voice.say(&foot)));
    Body { summary: title, blocks, ..Body::default() }
}
