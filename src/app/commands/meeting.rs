//! `/meet`: the agenda, what is put on it, what is decided, and the actions that come of it.

use super::{ArgSpec, Invocation, Reply, Runner, Takes, Verb};
use crate::app::Fault;
use crate::app::meetings::{self, refused, target};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::domain::decide::Actor;
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rhythm::action::{self, Action};
use crate::domain::rhythm::day;
use crate::domain::rhythm::meeting::{Command, Meeting, Stage};
use crate::domain::rights::Right;
use crate::domain::time::Timestamp;
use crate::ports::chat::{Block, Body, Rich, Span};
use crate::ports::inbound::Choice;

/// Wall-clock time at which an action with a date is due: the end of an ordinary working day.
const DUE_HOUR: u32 = 18;
/// Most completion choices (Discord takes 25).
const CHOICES_MAX: usize = 25;

const fn verb(
    name: &'static str,
    name_fr: &'static str,
    args: &'static [ArgSpec],
    right: Right,
    examples: &'static [&'static str],
    run: Runner,
) -> Verb {
    Verb { command: "meet", command_fr: "reunion", name, name_fr, args, right: Some(right), examples, run }
}

/// The verbs of this file.
pub const VERBS: &[Verb] = &[
    verb("agenda", "ordre", &[], Right::Meeting, &["meet agenda", "reunion ordre"], |work, asked| {
        Box::pin(agenda(work, asked))
    }),
    verb("fill", "remplir", &[], Right::Meeting, &["meet fill"], |work, asked| Box::pin(fill(work, asked))),
    verb(
        "add",
        "ajouter",
        &[ArgSpec::place("text", "texte", Takes::Text, true)],
        Right::Meeting,
        &["meet add The return policy on Sundays", "reunion ajouter Le budget du salon"],
        |work, asked| Box::pin(add(work, asked)),
    ),
    verb(
        "action",
        "action",
        &[
            ArgSpec::place("who", "qui", Takes::Who, true),
            ArgSpec::place("text", "texte", Takes::Text, true),
            ArgSpec::named("due", "echeance", Takes::Word),
        ],
        Right::Meeting,
        &["meet action me Update the FAQ due:fri", "reunion action me Relire la charte echeance:2j"],
        |work, asked| Box::pin(make_action(work, asked)),
    ),
    verb(
        "done",
        "fait",
        &[ArgSpec::place("action", "action", Takes::Ref, true)],
        Right::Meeting,
        &["meet done A-1"],
        |work, asked| Box::pin(done(work, asked)),
    ),
    verb(
        "drop",
        "abandonner",
        &[ArgSpec::place("action", "action", Takes::Ref, true)],
        Right::MeetingLead,
        &["meet drop A-1"],
        |work, asked| Box::pin(drop_action(work, asked)),
    ),
    verb(
        "decision",
        "decision",
        &[ArgSpec::place("text", "texte", Takes::Text, true)],
        Right::Meeting,
        &["meet decision We answer on Sundays too"],
        |work, asked| Box::pin(decide(work, asked)),
    ),
    verb("list", "liste", &[], Right::Meeting, &["meet list"], |work, asked| Box::pin(list(work, asked))),
    verb("close", "clore", &[], Right::Meeting, &["meet close"], |work, asked| Box::pin(close(work, asked))),
];

/// Words that mean a verb of `/meet` where they are typed in an agenda's thread.
const IN_THREAD: [&str; 13] = [
    "action",
    "decision",
    "décision",
    "add",
    "ajouter",
    "done",
    "fait",
    "close",
    "clore",
    "agenda",
    "ordre",
    "drop",
    "abandonner",
];

/// A line typed to Vigie in an agenda's thread may leave out `meet`.
#[must_use]
pub fn in_place(subject: Option<Ref>, line: &str) -> String {
    let first = line.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default().to_lowercase();
    let here = subject.is_some_and(|subject| subject.kind == Kind::Meeting) && IN_THREAD.contains(&first.as_str());
    if !here {
        return line.to_owned();
    }
    let rest = line.get(first.len()..).map_or("", |rest| rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', ':']));
    format!("meet {} {rest}", first.replace('é', "e"))
}

/// What people write in an agenda's thread without a mention and still mean for the minutes: `action @who ...`,
/// `decision: ...`. Everything else there is talk.
#[must_use]
pub fn spoken(text: &str) -> Option<String> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let is_action =
        lower.strip_prefix("action").is_some_and(|rest| rest.trim_start_matches([' ', ':', '\u{a0}']).starts_with('@'));
    let is_decision = ["decision", "décision"].iter().any(|word| {
        lower
            .strip_prefix(word)
            .is_some_and(|rest| rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).starts_with(':'))
    });
    (is_action || is_decision).then(|| text.to_owned())
}

fn me(asked: &Invocation) -> Actor {
    Actor::Member { id: asked.member.clone() }
}

async fn agenda(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = target(work, asked).await?;
    Ok(Reply::Show(Box::new(meetings::said(work, &loaded.state, asked.lang).await?)))
}

async fn fill(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let loaded = target(work, asked).await?;
    meetings::fill_form(work, asked, &loaded.state)
}

async fn add(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = target(work, asked).await?;
    let text = asked.parsed.get("text").unwrap_or_default().to_owned();
    act(work, asked, &mut loaded, &Command::Add(text)).await?;
    Ok(Reply::Say(Notice::new("meeting-add-done").with("at", Arg::At(loaded.state.making.start))))
}

async fn decide(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = target(work, asked).await?;
    let text = asked.parsed.get("text").unwrap_or_default().to_owned();
    act(work, asked, &mut loaded, &Command::Decide(text)).await?;
    Ok(Reply::Say(Notice::new("meeting-decision-done")))
}

async fn close(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let mut loaded = target(work, asked).await?;
    close_meeting(work, asked, &mut loaded).await
}

/// Ends a meeting.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn close_meeting(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Meeting>,
) -> Result<Reply, Fault> {
    act(work, asked, loaded, &Command::Close).await?;
    Ok(Reply::Say(Notice::new("meeting-close-done")))
}

async fn act(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Meeting>,
    command: &Command,
) -> Result<(), Fault> {
    let id = loaded.state.id;
    match work.act(id, loaded, command, &me(asked)).await? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(refused(&loaded.state, &refusal)),
    }
}

async fn make_action(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let typed = asked.parsed.get("who").unwrap_or_default().to_owned();
    let text = asked.parsed.get("text").unwrap_or_default().to_owned();
    let (owner, text) = owner_and_text(work, asked, &typed, &text).await?;
    let due = asked.parsed.get("due").map(|typed| due_at(work, typed)).transpose()?;
    let mut meeting = target(work, asked).await?;
    // Only a meeting under way records it; otherwise the next agenda of its series carries it.
    let under_way = meeting.state.stage == Stage::Open;
    let making = action::Making {
        text,
        owner,
        due,
        series: meeting.state.making.series.clone(),
        meeting: under_way.then_some(meeting.state.id),
    };
    let (id, mut loaded) = work.fresh::<Action>().await?;
    let made = work.act(id, &mut loaded, &action::Command::Make(id, making), &me(asked)).await?;
    made.map_err(|refusal| refused_action(&loaded.state, &refusal))?;
    if under_way {
        let in_thread = !asked.can_open_form && asked.subject == Some(meeting.state.subject());
        let record = Command::Record {
            action: id,
            owner: loaded.state.making.owner.clone(),
            text: loaded.state.making.text.clone(),
            via: in_thread.then(|| asked.chat.clone()),
        };
        act(work, asked, &mut meeting, &record).await?;
    }
    Ok(Reply::Say(loaded.state.about("action-made")))
}

/// Mentions are shown as people's full names: what follows the first word of a name belongs to the name.
async fn owner_and_text(
    work: &mut Work<'_>,
    asked: &Invocation,
    typed: &str,
    text: &str,
) -> Result<(MemberId, String), Fault> {
    if matches!(typed.to_lowercase().as_str(), "me" | "moi") {
        return Ok((asked.member.clone(), text.to_owned()));
    }
    let whole = format!("{} {text}", typed.trim_start_matches('@'));
    let named = work.office().members.values().find_map(|member| {
        let count = member.name.chars().count();
        let head: String = whole.chars().take(count).collect();
        let rest: String = whole.chars().skip(count).collect();
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        (ends && head.to_lowercase() == member.name.to_lowercase()).then(|| (member.id.clone(), rest.trim().to_owned()))
    });
    match named {
        Some(found) => Ok(found),
        None => Ok((super::whom::who(work, asked, typed).await?, text.to_owned())),
    }
}

fn due_at(work: &Work<'_>, typed: &str) -> Result<Timestamp, Fault> {
    let zone = work.office().zone;
    let today = day::of(work.now, zone);
    let refused = || Fault::refused(Notice::new("action-bad-date").with("typed", Arg::Code(typed.to_owned())));
    let date = day::read(typed, today).filter(|date| *date >= today).ok_or_else(refused)?;
    let time = chrono::NaiveTime::from_hms_opt(DUE_HOUR, 0, 0).ok_or_else(refused)?;
    Ok(day::at_time(date, time, zone))
}

fn refused_action(action: &Action, refusal: &action::Refusal) -> Fault {
    Fault::refused(match refusal {
        action::Refusal::EmptyText => Notice::new("refused-empty"),
        action::Refusal::TooLong { max } => {
            Notice::new("refused-too-long").number("max", i64::try_from(*max).unwrap_or(i64::MAX))
        }
        action::Refusal::UnknownMember(member) => Notice::new("no-such-person").text("typed", member.as_str()),
        action::Refusal::AlreadyClosed { by } => {
            let notice = Notice::new("action-closed-already").subject("action", action.subject());
            by.as_ref().map_or_else(|| notice.clone().text("who", "?"), |by| notice.clone().member("who", by))
        }
    })
}

async fn done(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let action = asked.parsed.reference.ok_or_else(|| Fault::refused(Notice::new("action-which")))?;
    finish(work, asked, action).await
}

/// Marks an action as done.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn finish(work: &mut Work<'_>, asked: &Invocation, action: Ref) -> Result<Reply, Fault> {
    end(work, asked, action, &action::Command::Finish, "action-done").await
}

async fn drop_action(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let action = asked.parsed.reference.ok_or_else(|| Fault::refused(Notice::new("action-which")))?;
    end(work, asked, action, &action::Command::Drop, "action-dropped").await
}

async fn end(
    work: &mut Work<'_>,
    asked: &Invocation,
    subject: Ref,
    command: &action::Command,
    said: &str,
) -> Result<Reply, Fault> {
    if subject.kind != Kind::Action {
        return Err(Fault::refused(Notice::new("action-which")));
    }
    let unknown = || Fault::refused(Notice::new("action-unknown").subject("action", subject));
    let mut loaded = work.load::<Action>(subject.id).await?.ok_or_else(unknown)?;
    match work.act(subject.id, &mut loaded, command, &me(asked)).await? {
        Ok(_) => Ok(Reply::Say(loaded.state.about(said))),
        Err(refusal) => Err(refused_action(&loaded.state, &refusal)),
    }
}

async fn list(work: &mut Work<'_>, asked: &Invocation) -> Result<Reply, Fault> {
    let actions = meetings::open_actions(work, None, None).await?;
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    if actions.is_empty() {
        return Ok(Reply::Say(Notice::new("action-none")));
    }
    let title = voice.word("action-list-title");
    let lines = lines(&actions, work.now, &voice);
    Ok(Reply::Show(Box::new(Body {
        summary: title.clone(),
        blocks: vec![Block::Header(title), Block::Text(lines)],
        ..Body::default()
    })))
}

fn lines(actions: &[Action], now: Timestamp, voice: &Voice<'_>) -> Rich {
    let mut rich = Rich::new();
    for action in actions {
        rich.extend(meetings::action_line(action, now, voice));
        rich.push(Span::Text("\n".into()));
    }
    rich
}

/// Open actions that complete a reference being typed.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn complete(work: &mut Work<'_>, typed: &str) -> Result<Vec<Choice>, Fault> {
    let wanted = typed.trim().to_lowercase();
    let actions = meetings::open_actions(work, None, None).await?;
    let choices = actions.iter().map(|action| Choice {
        value: action.subject().to_string(),
        label: format!("{} · {}", action.subject(), crate::app::cards::shorten(&action.making.text, 70)),
    });
    Ok(choices.filter(|choice| choice.label.to_lowercase().contains(&wanted)).take(CHOICES_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clear_words_in_an_agendas_thread_go_into_the_minutes() {
        for (typed, meant) in [
            ("action @léa update the FAQ", true),
            ("Action: @Hugo relire", true),
            ("Décision : on répond le dimanche", true),
            ("decision: yes", true),
            ("action needed here", false),
            ("We took action @noon", false),
            ("decision time!", false),
            ("", false),
        ] {
            assert_eq!(spoken(typed).is_some(), meant, "{typed}");
        }
    }

    #[test]
    fn the_command_word_may_be_left_out_in_an_agendas_thread_only() {
        let meeting = Some(Ref::new(Kind::Meeting, 3));
        for (subject, typed, read) in [
            (meeting, "action @léa text", "meet action @léa text"),
            (meeting, "Décision : oui", "meet decision oui"),
            (meeting, "done A-9", "meet done A-9"),
            (meeting, "ticket list", "ticket list"),
            (None, "action @léa text", "action @léa text"),
            (Some(Ref::new(Kind::Ticket, 3)), "done A-9", "done A-9"),
        ] {
            assert_eq!(in_place(subject, typed), read, "{typed}");
        }
    }
}
