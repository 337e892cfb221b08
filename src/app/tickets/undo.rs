//! Acts by emoji: 👀 takes a ticket, ✅ resolves it, 🚨 makes it urgent, 🧊 puts it aside until the next working day.
//!
//! An emoji cannot ask back. So whoever put it gets a direct message that says what was done, lets them undo it for ten
//! minutes, and asks what an emoji cannot say. Start at [`by_emoji`].

use super::life::{self, decide, me};
use super::refused;
use crate::app::commands::{self, Invocation, Reply};
use crate::app::say::Voice;
use crate::app::work::{Loaded, Work};
use crate::app::{Fault, rotation};
use crate::domain::desk::ticket::{Choice, Command, Ticket};
use crate::domain::desk::undo::UNDO_WITHIN_MS;
use crate::domain::notice::{Arg, Notice};
use crate::domain::rights::{Right, Scope};
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};
use crate::ports::chat::{Block, Body, Call, Control, Emphasis};
use crate::ports::inbound::Mark;

/// How long the direct message about an emoji is worth sending.
const TOLD_WITHIN_MS: i64 = UNDO_WITHIN_MS;
/// Most entries of a menu (ports: 25).
const MENU_MAX: usize = 25;

/// Does what an emoji on a ticket means, and tells whoever put it.
///
/// # Errors
/// Refusals for the asker; [`Fault::Store`].
pub async fn by_emoji(
    work: &mut Work<'_>,
    asked: &Invocation,
    loaded: &mut Loaded<Ticket>,
    mark: Mark,
) -> Result<(), Fault> {
    let ticket = &loaded.state;
    let own = ticket.assignee.as_ref() == Some(&asked.member);
    let scope = Scope { network: Some(&ticket.opening.network), topic: Some(&ticket.opening.topic), own };
    commands::allow(&work.setup, &asked.member, Right::Claim, scope)?;
    let until = next_day(work, ticket);
    let (command, key) = match mark {
        Mark::Claim => {
            let choice = Choice::Claimed;
            (Command::Assign { to: asked.member.clone(), choice, seen: None }, "claim-done")
        }
        Mark::Resolve => (Command::Resolve { outcome: None, note: None }, "resolve-done"),
        Mark::Urgent => (Command::Prioritise(1), "prio-done"),
        Mark::Snooze => (Command::Snooze { until }, "snooze-done"),
        Mark::Open | Mark::Timeline => return Ok(()),
    };
    if !decide(work, asked, loaded, &Command::Mark(Box::new(command))).await? {
        return Ok(());
    }
    if mark == Mark::Claim {
        rotation::count_by_hand(work, loaded, &asked.member, &me(asked)).await?;
    }
    let notice = match mark {
        Mark::Snooze => life::snoozed(&loaded.state, until),
        _ => told(&loaded.state, key),
    };
    tell(work, asked, &loaded.state, &notice, mark).await
}

fn told(ticket: &Ticket, key: &str) -> Notice {
    let notice =
        Notice::new(key).subject("ticket", ticket.subject()).number("priority", i64::from(ticket.opening.priority));
    match ticket.deadline() {
        Some(due) => notice.number("has_due", 1).with("due", Arg::At(due)),
        None => notice.number("has_due", 0).text("due", ""),
    }
}

/// The start of the next working day of the ticket's role.
fn next_day(work: &Work<'_>, ticket: &Ticket) -> Timestamp {
    let calendar = work.office().calendar_of_role(&ticket.opening.role);
    let local = work.now.to_utc().with_timezone(&calendar.zone());
    let since_midnight = i64::from(chrono::Timelike::num_seconds_from_midnight(&local)) * 1_000;
    // An hour of slack on either side keeps nights with a change of the clock on the next date.
    let midnight = work.now.plus_ms(DAY_MS - since_midnight + HOUR_MS);
    calendar.next_open(midnight).unwrap_or(work.now.plus_ms(DAY_MS))
}

/// The direct message: what was done, what an emoji could not say, and the way back.
async fn tell(
    work: &mut Work<'_>,
    asked: &Invocation,
    ticket: &Ticket,
    notice: &Notice,
    mark: Mark,
) -> Result<(), Fault> {
    let setup = std::sync::Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, asked.lang);
    let value = format!("{}:{}", ticket.subject(), ticket.revision);
    let mut controls = Vec::new();
    if mark == Mark::Resolve {
        controls.push(outcome_menu(ticket, &voice));
    }
    if mark == Mark::Snooze {
        controls.push(snooze_menu(ticket, &voice));
    }
    controls.push(Control::Button {
        action: "ticket.undo".into(),
        value,
        label: voice.word("button-undo"),
        emphasis: Emphasis::Plain,
    });
    let minutes = Notice::new("undo-hint").number("minutes", UNDO_WITHIN_MS / MINUTE_MS);
    let blocks = vec![Block::Text(voice.say(notice)), Block::Controls(controls), Block::Context(voice.say(&minutes))];
    let body = Body { summary: voice.plain_text(notice), blocks, ..Body::default() };
    let call = Call::Direct { user: asked.user.clone(), body };
    work.answer(&asked.chat, &format!("{}:undo", asked.request), call, work.now.plus_ms(TOLD_WITHIN_MS)).await
}

/// The menu that asks what came of a ticket.
#[must_use]
pub fn outcome_menu(ticket: &Ticket, voice: &Voice<'_>) -> Control {
    Control::Menu {
        action: "ticket.outcome".into(),
        value: ticket.subject().to_string(),
        placeholder: voice.word("menu-outcome"),
        entries: outcomes(voice),
    }
}

/// What can come of a ticket: (name, words).
#[must_use]
pub fn outcomes(voice: &Voice<'_>) -> Vec<(String, String)> {
    let entries = voice.office.outcomes.iter().map(|one| (one.name.clone(), voice.outcome(&one.name)));
    entries.take(MENU_MAX).collect()
}

/// The menu that puts a ticket aside for another length of time.
#[must_use]
pub fn snooze_menu(ticket: &Ticket, voice: &Voice<'_>) -> Control {
    let entries = ["1h", "2h", "4h", "1d", "3d", "7d"];
    Control::Menu {
        action: "ticket.snooze_for".into(),
        value: ticket.subject().to_string(),
        placeholder: voice.word("menu-snooze"),
        entries: entries
            .iter()
            .map(|length| ((*length).to_owned(), voice.word(&format!("snooze-for-{length}"))))
            .collect(),
    }
}

/// The undo button was pressed.
///
/// # Errors
/// Refusals for the presser; [`Fault::Store`].
pub async fn undo(work: &mut Work<'_>, asked: &Invocation, loaded: &mut Loaded<Ticket>) -> Result<Reply, Fault> {
    let id = loaded.state.id;
    match work.act(id, loaded, &Command::Undo, &me(asked)).await? {
        Err(refusal) => Err(refused(&loaded.state, &refusal)),
        Ok(_) => Ok(Reply::Say(Notice::new("undo-done").subject("ticket", loaded.state.subject()))),
    }
}
