//! What people press and fill in: their points before a meeting, additions, the end, and actions that are done.

use std::collections::BTreeMap;

use super::{refused, target};
use crate::app::Fault;
use crate::app::commands::{self, Invocation, Reply, meeting as on_meeting};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::domain::decide::Actor;
use crate::domain::ids::Ref;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::rhythm::meeting::{ANSWER_CHARS_MAX, Answer, Command, Meeting, POINT_CHARS_MAX, Stage};
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Block, Body, Control, Emphasis, Field, FieldKind, Form};

/// The button that opens the form.
fn fill_button(meeting: &Meeting, voice: &Voice<'_>) -> Control {
    Control::Button {
        action: "meet.fill".into(),
        value: format!("{}:{}", meeting.subject(), meeting.revision),
        label: voice.word("button-meet-fill"),
        emphasis: Emphasis::Primary,
    }
}

/// Beside a direct message about a meeting: the button that answers it, while it can be answered.
pub fn add_controls(meeting: &Meeting, member: &MemberId, voice: &Voice<'_>, body: &mut Body) {
    let asked = meeting.attendance.invited.iter().any(|invited| invited.member == *member);
    if asked && matches!(meeting.stage, Stage::Asked | Stage::Open) {
        body.blocks.push(Block::Controls(vec![fill_button(meeting, voice)]));
    }
}

fn need(work: &Work<'_>, asked: &Invocation, right: Right) -> Result<(), Fault> {
    commands::allow(&work.setup, &asked.member, right, Scope { network: None, topic: None, own: false })
}

/// A button or menu of a meeting's messages.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn pressed(work: &mut Work<'_>, asked: &Invocation, what: &str, chosen: &[String]) -> Result<Reply, Fault> {
    need(work, asked, Right::Meeting)?;
    let mut loaded = target(work, asked).await?;
    match what {
        "fill" => fill_form(work, asked, &loaded.state),
        "add" => Ok(add_form(work, asked, &loaded.state)),
        "close" => on_meeting::close_meeting(work, asked, &mut loaded).await,
        "done" => {
            let action = chosen.first().and_then(|chosen| Ref::parse(chosen));
            let action = action.ok_or_else(|| Fault::refused(Notice::new("action-which")))?;
            on_meeting::finish(work, asked, action).await
        }
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// The form with the three questions, filled with what the person said before.
///
/// # Errors
/// A refusal once the meeting takes no more answers.
pub fn fill_form(work: &Work<'_>, asked: &Invocation, meeting: &Meeting) -> Result<Reply, Fault> {
    if !asked.can_open_form {
        return Ok(Reply::Say(Notice::new("meeting-fill-how")));
    }
    let probe = Command::Answer(Answer { wins: "?".into(), ..Answer::default() });
    let facts = crate::domain::decide::Facts {
        now: work.now,
        actor: Actor::Member { id: asked.member.clone() },
        office: work.office(),
    };
    crate::domain::decide::Decider::decide(meeting, &probe, &facts).map_err(|refusal| refused(meeting, &refusal))?;
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    let known = meeting.answers.get(&asked.member).cloned().unwrap_or_default();
    let max = u32::try_from(ANSWER_CHARS_MAX).unwrap_or(1_000);
    let field = |id: &str, value: String| Field {
        id: id.to_owned(),
        label: voice.word(&format!("form-meet-{id}")),
        hint: voice.word(&format!("form-meet-{id}-hint")),
        kind: FieldKind::Paragraph { value, max },
        optional: true,
    };
    let intro = Notice::new("form-meet-intro")
        .text("title", meeting.title(asked.lang))
        .with("until", Arg::At(meeting.answers_until()));
    Ok(Reply::Form(Box::new(Form {
        name: "meet_fill".into(),
        state: format!("{}:{}", meeting.subject(), meeting.revision),
        title: voice.word("form-meet-title"),
        submit: voice.word("form-meet-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.plain_text(&intro),
        fields: vec![field("wins", known.wins), field("help", known.help), field("plan", known.plan)],
    })))
}

fn add_form(work: &Work<'_>, asked: &Invocation, meeting: &Meeting) -> Reply {
    if !asked.can_open_form {
        return Reply::Say(Notice::new("needs-a-form"));
    }
    let voice = Voice::plain(&work.app.wording, &work.setup.office, asked.lang);
    Reply::Form(Box::new(Form {
        name: "meet_add".into(),
        state: format!("{}:{}", meeting.subject(), meeting.revision),
        title: voice.word("form-meet-add-title"),
        submit: voice.word("form-meet-add-submit"),
        cancel: voice.word("form-cancel"),
        intro: meeting.title(asked.lang).to_owned(),
        fields: vec![Field {
            id: "text".into(),
            label: voice.word("form-meet-add-label"),
            hint: voice.word("form-meet-add-hint"),
            kind: FieldKind::Paragraph { value: String::new(), max: u32::try_from(POINT_CHARS_MAX).unwrap_or(500) },
            optional: false,
        }],
    }))
}

/// A form about a meeting was sent in.
///
/// # Errors
/// Refusals for the sender; [`Fault::Store`].
pub async fn submitted(
    work: &mut Work<'_>,
    asked: &Invocation,
    form: &str,
    fields: &BTreeMap<String, String>,
) -> Result<Reply, Fault> {
    need(work, asked, Right::Meeting)?;
    let mut loaded = target(work, asked).await?;
    let field = |id: &str| fields.get(id).cloned().unwrap_or_default();
    match form {
        "meet_fill" => {
            let answer = Answer { wins: field("wins"), help: field("help"), plan: field("plan"), ..Answer::default() };
            act(work, asked, &mut loaded, &Command::Answer(answer)).await?;
            let until = loaded.state.answers_until();
            Ok(Reply::Say(Notice::new("meeting-answer-done").with("until", Arg::At(until))))
        }
        "meet_add" => {
            act(work, asked, &mut loaded, &Command::Add(field("text"))).await?;
            Ok(Reply::Say(Notice::new("meeting-add-done").with("at", Arg::At(loaded.state.making.start))))
        }
        _ => Err(Fault::refused(Notice::new("button-unknown"))),
    }
}

/// Decides a command of a member on a meeting.
pub(in crate::app) async fn act(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Meeting>,
    command: &Command,
) -> Result<(), Fault> {
    let (id, by) = (loaded.state.id, Actor::Member { id: asked.member.clone() });
    match work.act(id, loaded, command, &by).await? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(refused(&loaded.state, &refusal)),
    }
}
