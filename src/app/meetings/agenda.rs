//! The faces of a meeting in chat: its agenda, which is edited in place, and its summary.

use std::sync::Arc;

use crate::app::prepare::{Step, desk_channel};
use crate::app::say::Voice;
use crate::app::work::{Work, read_state};
use crate::app::{Fault, cards, figures, people};
use crate::domain::ids::{Kind, Ref};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rhythm::action::{Action, Status};
use crate::domain::rhythm::meeting::react::CARD_CHARS_MAX;
use crate::domain::rhythm::meeting::{Answer, Meeting, Point, Stage};
use crate::domain::time::{DAY_MS, Timestamp};
use crate::ports::chat::{Accent, Block, Body, Call, Control, Emphasis, MessageRef, Rich, Span};
use crate::store::{aggregates, posts};

/// References of late tickets named on an agenda.
const REFS_MAX: usize = 5;
/// Entries of the menu of actions (Discord takes 25).
const MENU_MAX: usize = 25;

/// The next step of an agenda on its way into the channel of its desk: posted first, edited in place later.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn post_card(work: &mut Work<'_>, chat: &str, subject: Ref) -> Result<Step, Fault> {
    let Some(meeting) = peek(work, subject.id).await? else {
        return Ok(Step::Dead(format!("{subject} does not exist")));
    };
    if !meeting.is_shown() {
        return Ok(Step::Nothing(format!("the agenda of {subject} is not posted yet")));
    }
    let (channel, lang) = match desk_channel(work, chat, &meeting.making.desk).await? {
        Ok(found) => found,
        Err(step) => return Ok(step),
    };
    let setup = Arc::clone(&work.setup);
    let voice = people::voice(work, &setup, &work.app.wording, chat, lang).await?;
    let body = shown(work, &meeting, &voice).await?;
    Ok(match posts::get(work.tx, &subject.to_string(), "card", chat).await? {
        Some(post) => Step::call(Call::Edit { at: MessageRef { channel: post.channel, message: post.message }, body }),
        None => Step::call(Call::Post { channel, thread: None, body }),
    })
}

/// A meeting, to look at only.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn peek(work: &mut Work<'_>, id: i64) -> Result<Option<Meeting>, Fault> {
    let Some(row) = aggregates::load(work.tx, Kind::Meeting.stored(), id).await? else { return Ok(None) };
    read_state(Kind::Meeting, id, row.state()).map(Some)
}

/// Name of the thread under an agenda.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn thread_name(work: &mut Work<'_>, id: i64, voice: &Voice<'_>) -> Result<String, Fault> {
    let Some(meeting) = peek(work, id).await? else { return Ok(super::subject(id).to_string()) };
    Ok(cards::shorten(&title(&meeting, voice), 100))
}

fn title(meeting: &Meeting, voice: &Voice<'_>) -> String {
    let notice =
        Notice::new("meeting-title").text("title", meeting.title(voice.lang)).with("at", Arg::At(meeting.making.start));
    voice.plain_text(&notice)
}

async fn actions(work: &mut Work<'_>, ids: &[i64]) -> Result<Vec<Action>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = aggregates::load(work.tx, Kind::Action.stored(), *id).await? {
            found.push(read_state(Kind::Action, *id, row.state())?);
        }
    }
    Ok(found)
}

/// The agenda of a meeting, posted or not.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn shown(work: &mut Work<'_>, meeting: &Meeting, voice: &Voice<'_>) -> Result<Body, Fault> {
    let carried = if meeting.is_shown() {
        actions(work, &meeting.live.carried).await?
    } else {
        super::open_actions(work, Some(&meeting.making.series), None).await?
    };
    let made = actions(work, &meeting.made).await?;
    let title = title(meeting, voice);
    let mut blocks = vec![Block::Header(title.clone()), Block::Context(state_line(meeting, voice))];
    push_section(&mut blocks, "meeting-section-carried", action_lines(&carried, meeting, work.now, voice), voice);
    push_section(&mut blocks, "meeting-section-figures", figure_lines(meeting, voice), voice);
    for (member, answer) in &meeting.answers {
        blocks.push(Block::Text(answer_lines(member, answer, voice)));
    }
    push_section(&mut blocks, "meeting-section-points", point_lines(&meeting.points, voice), voice);
    push_section(&mut blocks, "meeting-section-decisions", point_lines(&meeting.decisions, voice), voice);
    push_section(&mut blocks, "meeting-section-made", action_lines(&made, meeting, work.now, voice), voice);
    let people = people_line(meeting, voice);
    if !people.is_empty() {
        blocks.push(Block::Context(people));
    }
    let controls = controls(meeting, carried.iter().chain(&made), voice);
    if !controls.is_empty() {
        blocks.push(Block::Controls(controls));
    }
    let accent = if meeting.stage == Stage::Closed { Accent::Green } else { Accent::Blue };
    Ok(Body { summary: title, blocks, accent })
}

fn push_section(blocks: &mut Vec<Block>, key: &str, lines: Rich, voice: &Voice<'_>) {
    if lines.is_empty() {
        return;
    }
    let mut rich = vec![Span::Bold(voice.word(key))];
    rich.extend(lines);
    blocks.push(Block::Text(rich));
}

fn state_line(meeting: &Meeting, voice: &Voice<'_>) -> Rich {
    let notice = match (meeting.stage, meeting.attendance.written) {
        (Stage::Closed, _) => match &meeting.closed_by {
            Some(by) => Notice::new("meeting-state-closed-by").member("who", by),
            None => Notice::new("meeting-state-closed"),
        },
        (_, Some(why)) => {
            Notice::new(&format!("meeting-state-{}", why.name())).with("until", Arg::At(meeting.attendance.close_at))
        }
        (Stage::Open, None) => Notice::new("meeting-state-open"),
        _ => Notice::new("meeting-state-before").with("at", Arg::At(meeting.making.open_at)),
    };
    voice.say(&notice)
}

/// One line for each action: state, reference, owner, words, date, age, carries.
fn action_lines(actions: &[Action], meeting: &Meeting, now: Timestamp, voice: &Voice<'_>) -> Rich {
    let mut rich = Rich::new();
    for action in actions {
        rich.push(Span::Text("\n".into()));
        rich.extend(action_line(action, meeting.closed_at.unwrap_or(now), voice));
    }
    rich
}

/// An action as one line of a list.
#[must_use]
pub fn action_line(action: &Action, now: Timestamp, voice: &Voice<'_>) -> Rich {
    let mark = match action.status {
        Status::Open => "▫️",
        Status::Done => "✅",
        Status::Dropped => "✖️",
    };
    let owner = voice.office.name_of(&action.making.owner);
    let mut rich = vec![
        Span::Text(format!("{mark} ")),
        Span::Bold(action.subject().to_string()),
        Span::Text(format!(" {owner} · {}", cards::shorten(&action.making.text, CARD_CHARS_MAX))),
    ];
    if let Some(due) = action.making.due {
        rich.push(Span::Text(" · ".into()));
        rich.extend(voice.say(&Notice::new("action-due").with("due", Arg::At(due))));
    }
    if action.is_open() {
        let age_days = now.since(action.made_at).max(0) / DAY_MS;
        if age_days > 0 {
            rich.push(Span::Text(" · ".into()));
            rich.extend(voice.say(&Notice::new("action-age").number("days", age_days)));
        }
        if action.carried > 0 {
            rich.push(Span::Text(" · ".into()));
            rich.extend(voice.say(&Notice::new("action-carried").number("carried", i64::from(action.carried))));
        }
    }
    rich
}

fn figure_lines(meeting: &Meeting, voice: &Voice<'_>) -> Rich {
    let mut rich = Rich::new();
    let count = i64::try_from(meeting.live.overdue.len()).unwrap_or(i64::MAX);
    if count > 0 {
        rich.push(Span::Text("\n• ".into()));
        rich.extend(voice.say(&Notice::new("count-overdue").number("count", count)));
        push_refs(&mut rich, meeting.live.overdue.iter().copied().take(REFS_MAX));
    }
    if let Some((id, minutes)) = meeting.live.unassigned {
        rich.push(Span::Text("\n• ".into()));
        let notice = Notice::new("digest-oldest-unassigned").text("length", figures::business(minutes));
        rich.extend(voice.say(&notice));
        push_refs(&mut rich, std::iter::once(id));
    }
    rich
}

fn push_refs(rich: &mut Rich, ids: impl Iterator<Item = i64>) {
    for (index, id) in ids.enumerate() {
        rich.push(Span::Text(if index == 0 { " → ".into() } else { ", ".into() }));
        rich.push(Span::Bold(Ref::new(Kind::Ticket, id).to_string()));
    }
}

fn answer_lines(member: &MemberId, answer: &Answer, voice: &Voice<'_>) -> Rich {
    let mut rich = vec![Span::Bold(voice.office.name_of(member).to_owned())];
    for (mark, text) in [("🏆", &answer.wins), ("🆘", &answer.help), ("➡️", &answer.plan)] {
        if !text.is_empty() {
            rich.push(Span::Text(format!("\n{mark} {}", cards::shorten(text, CARD_CHARS_MAX))));
        }
    }
    rich
}

fn point_lines(points: &[Point], voice: &Voice<'_>) -> Rich {
    let mut rich = Rich::new();
    for point in points {
        let name = voice.office.name_of(&point.by);
        rich.push(Span::Text(format!("\n• {} ({name})", cards::shorten(&point.text, CARD_CHARS_MAX))));
    }
    rich
}

fn people_line(meeting: &Meeting, voice: &Voice<'_>) -> Rich {
    let names = |members: Vec<&MemberId>| {
        members.into_iter().map(|member| voice.office.name_of(member).to_owned()).collect::<Vec<_>>().join(", ")
    };
    let mut parts = Vec::new();
    let silent = meeting.silent();
    if !silent.is_empty() && meeting.stage != Stage::Planned {
        parts.push(voice.say(&Notice::new("meeting-silent").text("names", names(silent))));
    }
    if !meeting.attendance.away.is_empty() {
        let away = meeting.attendance.away.iter().collect();
        parts.push(voice.say(&Notice::new("meeting-away").text("names", names(away))));
    }
    parts.join(&Span::Text(" · ".into()))
}

fn controls<'a>(meeting: &Meeting, actions: impl Iterator<Item = &'a Action>, voice: &Voice<'_>) -> Vec<Control> {
    if matches!(meeting.stage, Stage::Cancelled) {
        return Vec::new();
    }
    let value = format!("{}:{}", meeting.subject(), meeting.revision);
    let button = |what: &str, emphasis: Emphasis| Control::Button {
        action: format!("meet.{what}"),
        value: value.clone(),
        label: voice.word(&format!("button-meet-{what}")),
        emphasis,
    };
    let mut controls = Vec::new();
    if meeting.stage != Stage::Closed {
        controls.push(button("fill", Emphasis::Primary));
        controls.push(button("add", Emphasis::Plain));
    }
    if meeting.stage == Stage::Open {
        controls.push(button("close", Emphasis::Plain));
    }
    let entries: Vec<(String, String)> = actions
        .filter(|action| action.is_open())
        .map(|action| {
            let label = format!("{} {}", action.subject(), cards::shorten(&action.making.text, 60));
            (action.subject().to_string(), label)
        })
        .take(MENU_MAX)
        .collect();
    if !entries.is_empty() {
        let placeholder = voice.word("meeting-mark-done");
        controls.push(Control::Menu { action: "meet.done".into(), value, placeholder, entries });
    }
    controls
}

/// What is said when a meeting ends; `None` when there is no such meeting.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn summary(work: &mut Work<'_>, id: i64, voice: &Voice<'_>) -> Result<Option<Body>, Fault> {
    let Some(meeting) = peek(work, id).await? else { return Ok(None) };
    let carried = actions(work, &meeting.live.carried).await?;
    let made = actions(work, &meeting.made).await?;
    let title = voice.plain_text(&Notice::new("meeting-summary-title").text("title", meeting.title(voice.lang)));
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let open = carried.iter().filter(|action| action.is_open()).count();
    let counts = Notice::new("meeting-summary-counts")
        .number("answers", count(meeting.answers.len()))
        .number("asked", count(meeting.attendance.invited.len()))
        .number("decisions", count(meeting.decisions.len()))
        .number("made", count(made.len()))
        .number("open", count(open));
    let mut blocks = vec![Block::Header(title.clone()), Block::Text(voice.say(&counts))];
    push_section(&mut blocks, "meeting-section-decisions", point_lines(&meeting.decisions, voice), voice);
    push_section(&mut blocks, "meeting-section-made", action_lines(&made, &meeting, work.now, voice), voice);
    let still: Vec<Action> = carried.into_iter().filter(Action::is_open).collect();
    push_section(&mut blocks, "meeting-section-carried-on", action_lines(&still, &meeting, work.now, voice), voice);
    let idle = idle_names(&meeting, made.iter().chain(&still), voice);
    if !idle.is_empty() {
        blocks.push(Block::Context(voice.say(&Notice::new("meeting-no-action").text("names", idle.join(", ")))));
    }
    Ok(Some(Body { summary: title, blocks, accent: Accent::Green }))
}

/// Who was there and leaves without anything to do.
fn idle_names<'a>(meeting: &Meeting, actions: impl Iterator<Item = &'a Action>, voice: &Voice<'_>) -> Vec<String> {
    let busy: Vec<&MemberId> = actions.map(|action| &action.making.owner).collect();
    let there = meeting.attendance.invited.iter().map(|invited| &invited.member);
    there.filter(|member| !busy.contains(member)).map(|member| voice.office.name_of(member).to_owned()).collect()
}

/// The meeting's agenda for one reader, whatever its stage.
///
/// # Errors
/// [`Fault::Store`], [`Fault::Unreadable`].
pub async fn said(work: &mut Work<'_>, meeting: &Meeting, lang: crate::domain::office::Lang) -> Result<Body, Fault> {
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    shown(work, meeting, &voice).await
}
