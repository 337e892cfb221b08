//! A desk as a body: sections in the order of urgency, the same for every place.

use std::sync::Arc;

use crate::app::say::Voice;
use crate::app::work::Work;
use crate::app::{Fault, cards, commands, figures, meetings, rules};
use crate::domain::ids::{Kind, Ref};
use crate::domain::insight::own_desk::{Duty, OwnDesk};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Lang;
use crate::domain::rights::{Right, Scope};
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Rich, Span};
use crate::store::outbox;

/// Lines of one section; more are counted.
const LINES_MAX: usize = 8;
/// Characters of a crisis' words in its line.
const CRISIS_CHARS_MAX: usize = 80;

/// The desk in a language.
///
/// # Errors
/// [`Fault::Store`].
pub async fn body(work: &mut Work<'_>, desk: &OwnDesk, lang: Lang) -> Result<Body, Fault> {
    let setup = Arc::clone(&work.setup);
    let voice = Voice::plain(&work.app.wording, &setup.office, lang);
    let numbers = desk.numbers();
    let title = voice.plain_text(&Notice::new("me-title").member("who", &desk.member));
    let mut blocks = vec![Block::Header(title.clone())];
    if let Some(until) = desk.away {
        blocks.push(Block::Text(away(desk, until, &voice)));
    }
    if !desk.crises.is_empty() {
        blocks.push(Block::Text(crises(desk, &voice)));
    }
    blocks.push(Block::Text(queue(desk, &voice)));
    if !desk.approvals.is_empty() {
        let mut rich = heading("me-approvals", numbers.approvals, &voice);
        rich.extend(shortened(&desk.approvals, &voice, |draft| commands::approve::draft_line(draft, &voice)));
        blocks.push(Block::Text(rich));
    }
    if !desk.actions.is_empty() {
        let mut rich = heading("me-actions", numbers.actions, &voice);
        rich.extend(shortened(&desk.actions, &voice, |action| meetings::action_line(action, desk.now, &voice)));
        blocks.push(Block::Text(rich));
    }
    blocks.push(Block::Text(week(desk, &voice)));
    blocks.push(Block::Text(load(desk, &voice)));
    let roles = setup.office.members.get(&desk.member).map(|found| found.roles.join(", ")).unwrap_or_default();
    blocks.push(Block::Context(voice.say(&Notice::new("me-roles").text("roles", roles))));
    blocks.push(Block::Controls(controls(desk, &voice)));
    let scope = Scope { network: None, topic: None, own: false };
    if commands::allow(&setup, &desk.member, Right::Config, scope).is_ok() {
        blocks.push(Block::Text(administration(work, &voice).await?));
        blocks.push(Block::Controls(vec![button("me.health", "button-me-health", Emphasis::Plain, &voice)]));
    }
    let accent = if numbers.late > 0 { Accent::Orange } else { Accent::Green };
    Ok(Body { summary: title, blocks, accent })
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn heading(key: &str, number: usize, voice: &Voice<'_>) -> Rich {
    vec![Span::Bold(voice.plain_text(&Notice::new(key).number("count", count(number))))]
}

/// The first lines, each on a line of its own, and how many more there are.
fn shortened<T>(items: &[T], voice: &Voice<'_>, line: impl Fn(&T) -> Rich) -> Rich {
    let mut rich = Rich::new();
    for item in items.iter().take(LINES_MAX) {
        rich.push(Span::Text("\n".into()));
        let mut words = line(item);
        if let Some(Span::Text(last)) = words.last_mut() {
            last.truncate(last.trim_end_matches('\n').len());
        }
        rich.extend(words);
    }
    if items.len() > LINES_MAX {
        rich.push(Span::Text("\n".into()));
        rich.extend(voice.say(&Notice::new("report-list-more").number("count", count(items.len() - LINES_MAX))));
    }
    rich
}

fn queue(desk: &OwnDesk, voice: &Voice<'_>) -> Rich {
    let numbers = desk.numbers();
    let title = Notice::new("me-queue").number("open", count(numbers.open)).number("late", count(numbers.late));
    let mut rich = vec![Span::Bold(voice.plain_text(&title))];
    if desk.queue.is_empty() {
        rich.push(Span::Text("\n".into()));
        rich.extend(voice.say(&Notice::new("me-nothing")));
    }
    rich.extend(shortened(&desk.queue, voice, |ticket| {
        let mut line = Rich::new();
        if ticket.deadline().is_some_and(|due| due < desk.now) {
            line.push(Span::Text("🔥 ".into()));
        }
        line.extend(commands::ticket::line(ticket, voice));
        line
    }));
    rich
}

fn crises(desk: &OwnDesk, voice: &Voice<'_>) -> Rich {
    let mut rich = heading("me-crises", desk.crises.len(), voice);
    rich.extend(shortened(&desk.crises, voice, |crisis| {
        vec![
            Span::Text("🚨 ".into()),
            Span::Bold(Ref::new(Kind::Crisis, crisis.id).to_string()),
            Span::Text(format!(" · L{} · {}", crisis.level, cards::shorten(&crisis.text, CRISIS_CHARS_MAX))),
        ]
    }));
    rich
}

fn away(desk: &OwnDesk, until: Option<crate::domain::time::Timestamp>, voice: &Voice<'_>) -> Rich {
    let notice = match until {
        Some(until) => Notice::new("me-away-until").with("until", Arg::At(until)),
        None => Notice::new("me-away"),
    };
    let mut rich = voice.say(&notice);
    if let Some(by) = &desk.covered_by {
        rich.push(Span::Text(" ".into()));
        rich.extend(voice.say(&Notice::new("me-covered-by").member("who", by)));
    }
    rich
}

fn week(desk: &OwnDesk, voice: &Voice<'_>) -> Rich {
    let mut rich = vec![Span::Bold(voice.word("me-week")), Span::Text("\n".into())];
    let days: Vec<String> = desk
        .week
        .iter()
        .map(|day| {
            let mark = match day.duty {
                Duty::Works => "🟢",
                Duty::Away => "🌴",
                Duty::Free => "▫️",
            };
            format!("{mark} {}", figures::tick(day.date, voice.lang)).replace(' ', "\u{a0}")
        })
        .collect();
    rich.push(Span::Text(days.join(" · ")));
    if !desk.covers.is_empty() {
        let names: Vec<&str> = desk.covers.iter().map(|who| voice.office.name_of(who)).collect();
        rich.push(Span::Text("\n".into()));
        rich.extend(voice.say(&Notice::new("me-covers").text("names", names.join(", "))));
    }
    rich
}

fn load(desk: &OwnDesk, voice: &Voice<'_>) -> Rich {
    let own = figures::decimal(desk.load.own_milli, 1_000, voice.lang);
    let notice = match desk.load.team_milli {
        Some(median) => Notice::new("me-load")
            .text("own", own)
            .text("median", figures::decimal(median, 1_000, voice.lang))
            .number("people", count(desk.load.people)),
        None => Notice::new("me-load-alone").text("own", own),
    };
    let mut rich = vec![Span::Bold(voice.word("me-load-title")), Span::Text(" ".into())];
    rich.extend(voice.say(&notice));
    rich
}

fn button(action: &str, key: &str, emphasis: Emphasis, voice: &Voice<'_>) -> Control {
    Control::Button { action: action.into(), value: "me".into(), label: voice.word(key), emphasis }
}

fn controls(desk: &OwnDesk, voice: &Voice<'_>) -> Vec<Control> {
    let mut controls = if desk.away.is_some() {
        vec![button("me.back", "button-me-back", Emphasis::Primary, voice)]
    } else {
        vec![
            button("me.away", "button-me-away", Emphasis::Plain, voice),
            button("me.sick", "button-me-sick", Emphasis::Plain, voice),
        ]
    };
    controls.push(button("me.lang", "button-me-lang", Emphasis::Plain, voice));
    controls
}

/// For those who set the office up: networks, roles, rules, what waits and what failed.
async fn administration(work: &mut Work<'_>, voice: &Voice<'_>) -> Result<Rich, Fault> {
    let setup = Arc::clone(&work.setup);
    let office = &setup.office;
    let networks: Vec<String> = office.accounts.keys().map(|network| cards::network_name(network)).collect();
    let roles: Vec<String> =
        office.roles.keys().map(|role| format!("{role} {}", office.holders(role).count())).collect();
    // What merely waits is left to `/vigie health`: it changes with every look.
    let counts = outbox::counts(work.tx).await?;
    let parked: i64 = counts.iter().filter(|found| found.state == "parked").map(|found| found.count).sum();
    let rules = rules::all(work).await?;
    let on = count(rules.iter().filter(|rule| rule.on).count());
    let mut rich = vec![Span::Bold(voice.word("me-admin")), Span::Text("\n".into())];
    for (at, notice) in [
        Notice::new("me-admin-networks").text("names", networks.join(", ")),
        Notice::new("me-admin-roles").text("names", roles.join(", ")),
        Notice::new("me-admin-rules").number("on", on).number("off", count(rules.len()) - on),
        Notice::new("me-admin-parked").number("parked", parked),
    ]
    .iter()
    .enumerate()
    {
        if at > 0 {
            rich.push(Span::Text("\n".into()));
        }
        rich.extend(voice.say(notice));
    }
    Ok(rich)
}
