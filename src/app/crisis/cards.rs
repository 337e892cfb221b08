//! The face of a crisis: its card, its timeline, its review, and what a direct message adds.
//!
//! An exercise says so at the head of everything. People's words go in as untrusted text only. Start at [`crisis`].

use std::collections::BTreeSet;

use crate::app::cards::{network_name, shorten};
use crate::app::say::Voice;
use crate::domain::crisis::review::{self, Figures};
use crate::domain::crisis::{Crisis, Gate, Origin};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Rich, Span};

/// Most characters of the text in a title: one line in either chat.
const TITLE_CHARS_MAX: usize = 120;
/// Most lines of a timeline in one message: a section holds 3 000 characters on Slack, 4 096 on Discord.
const LINES_MAX: usize = 25;
/// Most characters of one line of a timeline.
const LINE_CHARS_MAX: usize = 110;
/// Most names listed as still to acknowledge.
const NAMES_MAX: usize = 12;
/// Most held posts named; the others are counted.
const HELD_MAX: usize = 30;

/// What the card shows beside the crisis itself.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The room's channel in this chat, where the card stands elsewhere.
    pub room: Option<String>,
    /// Posts and replies held back now.
    pub held: usize,
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The first line: `🚨 C-3 · L3 · Livraisons perdues`.
#[must_use]
pub fn title(crisis: &Crisis, voice: &Voice<'_>) -> String {
    let mark = match (crisis.is_open(), crisis.level) {
        (false, _) => "✅",
        (true, 1) => "👁️",
        (true, 2) => "⚠️",
        (true, _) => "🚨",
    };
    let drill = if crisis.drill { format!("{} · ", voice.word("crisis-drill")) } else { String::new() };
    let text = shorten(&crisis.text.replace('\n', " "), TITLE_CHARS_MAX);
    format!("{mark} {drill}{} · L{} · {text}", crisis.subject(), crisis.level)
}

/// A message about a crisis, marked as an exercise where it is one.
#[must_use]
pub fn marked(crisis: &Crisis, voice: &Voice<'_>, mut body: Body) -> Body {
    if crisis.drill {
        let word = voice.word("crisis-drill");
        body.summary = format!("{word} · {}", body.summary);
        body.blocks.insert(0, Block::Text(vec![Span::Bold(format!("🎓 {word}"))]));
    }
    body
}

/// The card, for the room and for the desks.
#[must_use]
pub fn crisis(crisis: &Crisis, around: &Around, voice: &Voice<'_>) -> Body {
    let title = title(crisis, voice);
    let mut blocks = vec![Block::Header(title.clone()), Block::Context(since(crisis, voice))];
    blocks.push(Block::Text(situation(crisis, voice)));
    blocks.push(Block::Fields(fields(crisis, around, voice)));
    if let Some(channel) = &around.room {
        let mut line = voice.say(&Notice::new("crisis-room"));
        line.push(Span::Channel(channel.clone()));
        blocks.push(Block::Context(line));
    }
    blocks.push(Block::Controls(controls(crisis, voice)));
    let revision = i64::try_from(crisis.revision).unwrap_or(i64::MAX);
    blocks.push(Block::Footer(voice.plain_text(&Notice::new("card-revision").number("revision", revision))));
    let accent = match (crisis.is_open(), crisis.level) {
        (false, _) => Accent::Green,
        (true, 1) => Accent::Blue,
        (true, 2) => Accent::Orange,
        (true, _) => Accent::Red,
    };
    Body { summary: title, blocks, accent }
}

/// Somebody, or who carries on for them.
fn who(crisis: &Crisis, member: &MemberId) -> Arg {
    match crisis.relieved.get(member) {
        Some(by) => Notice::acting(by, Some(member)),
        None => Arg::Member(member.clone()),
    }
}

/// Since when, who leads, when the next update comes.
fn since(crisis: &Crisis, voice: &Voice<'_>) -> Rich {
    let mut line = voice.say(&Notice::new("crisis-since").with("at", Arg::At(crisis.declared_at)));
    let mut add = |notice: &Notice| {
        line.push(Span::Text(" · ".into()));
        line.extend(voice.say(notice));
    };
    match (&crisis.lead, &crisis.deputy) {
        (Some(lead), Some(deputy)) => {
            add(&Notice::new("crisis-lead-deputy").with("lead", who(crisis, lead)).with("deputy", who(crisis, deputy)));
        }
        (Some(lead), None) => add(&Notice::new("crisis-lead").with("lead", who(crisis, lead))),
        (None, _) => {}
    }
    match (crisis.closed_at, crisis.update_due) {
        (Some(at), _) => add(&Notice::new("crisis-ended").with("at", Arg::At(at))),
        (None, Some(due)) => add(&Notice::new("crisis-next").with("at", Arg::At(due))),
        (None, None) => {}
    }
    line
}

fn situation(crisis: &Crisis, voice: &Voice<'_>) -> Rich {
    let Some(last) = crisis.updates.last() else {
        return voice.say(&Notice::new(if crisis.room { "crisis-no-update" } else { "crisis-watching" }));
    };
    let mut rich = voice.say(&Notice::new("crisis-known").text("text", &last.known));
    if !last.unknown.is_empty() {
        rich.push(Span::Text("\n".into()));
        rich.extend(voice.say(&Notice::new("crisis-unknown").text("text", &last.unknown)));
    }
    rich.push(Span::Text("\n".into()));
    rich.extend(
        voice.say(
            &Notice::new("crisis-update-by")
                .with("who", Notice::acting(&last.by, crisis.relieves(&last.by)))
                .with("at", Arg::At(last.at)),
        ),
    );
    rich
}

fn fields(crisis: &Crisis, around: &Around, voice: &Voice<'_>) -> Vec<(String, Rich)> {
    let mut fields = vec![(voice.word("crisis-field-origin"), origin(crisis, voice))];
    let (acked, called) = crisis.acknowledged();
    if called > 0 {
        fields.push((voice.word("crisis-field-acked"), acknowledged(crisis, acked, called, voice)));
    }
    if !crisis.networks.is_empty() {
        fields.push((voice.word("crisis-field-networks"), vec![Span::Text(names_of(crisis.networks.iter()))]));
    }
    fields.push((voice.word("crisis-field-frozen"), vec![Span::Text(frozen(crisis, voice))]));
    let held = if crisis.closed_at.is_some() { crisis.held.len() } else { around.held };
    if held > 0 && !crisis.drill {
        let notice = Notice::new("crisis-held").number("count", count(held));
        fields.push((voice.word("crisis-field-held"), voice.say(&notice)));
    }
    if crisis.unconfirmed {
        fields.push((voice.word("crisis-field-confirmed"), vec![Span::Text(voice.word("crisis-unconfirmed"))]));
    }
    if !crisis.closed_by.is_empty() {
        fields.push((voice.word("crisis-field-closed"), vec![Span::Text(people(&crisis.closed_by, voice))]));
    }
    fields
}

fn people(members: &[MemberId], voice: &Voice<'_>) -> String {
    members.iter().map(|member| voice.office.name_of(member)).collect::<Vec<_>>().join(", ")
}

fn names_of<'a>(networks: impl Iterator<Item = &'a String>) -> String {
    networks.map(|network| network_name(network)).collect::<Vec<_>>().join(", ")
}

fn origin(crisis: &Crisis, voice: &Voice<'_>) -> Rich {
    match &crisis.origin {
        Origin::Person { id } => voice.say(&Notice::new("crisis-by-person").member("who", id)),
        Origin::Detected { figures } => {
            let notice = Notice::new(if figures.usual.is_some() { "crisis-by-figures" } else { "crisis-by-number" })
                .number("messages", i64::from(figures.messages))
                .number("minutes", i64::from(figures.minutes))
                .number("usual", i64::from(figures.usual.unwrap_or(0)));
            voice.say(&match &figures.network {
                Some(network) => notice.text("network", network_name(network)),
                None => notice.with("network", Arg::Word("crisis-all-networks".to_owned())),
            })
        }
    }
}

fn acknowledged(crisis: &Crisis, acked: usize, called: usize, voice: &Voice<'_>) -> Rich {
    let mut rich = vec![Span::Bold(format!("{acked}/{called}"))];
    let missing: Vec<MemberId> = crisis
        .calls
        .iter()
        .filter(|call| call.acked_at.is_none())
        .map(|call| call.member.clone())
        .take(NAMES_MAX)
        .collect();
    if !missing.is_empty() && crisis.is_open() {
        rich.push(Span::Text(" · ".into()));
        rich.extend(voice.say(&Notice::new("crisis-waits-for").text("names", people(&missing, voice))));
    }
    rich
}

fn frozen(crisis: &Crisis, voice: &Voice<'_>) -> String {
    let freeze = &crisis.freeze;
    if crisis.drill {
        voice.word("crisis-frozen-drill")
    } else {
        held(freeze.all, freeze.replies, &freeze.networks, voice)
    }
}

fn held(all: bool, replies: bool, networks: &BTreeSet<String>, voice: &Voice<'_>) -> String {
    match (all, replies, networks.is_empty()) {
        (true, true, _) => voice.word("crisis-frozen-everything"),
        (true, false, _) => voice.word("crisis-frozen-all"),
        (false, _, true) => voice.word("crisis-frozen-nothing"),
        (false, _, false) => names_of(networks.iter()),
    }
}

fn button(crisis: &Crisis, action: &str, label: String, emphasis: Emphasis) -> Control {
    let value = format!("{}:{}", crisis.subject(), crisis.revision);
    Control::Button { action: format!("crisis.{action}"), value, label, emphasis }
}

fn controls(crisis: &Crisis, voice: &Voice<'_>) -> Vec<Control> {
    let word = |key: &str| voice.word(&format!("crisis-button-{key}"));
    let mut controls = Vec::new();
    if crisis.is_open() {
        let (acked, called) = crisis.acknowledged();
        if called > 0 {
            let label = Notice::new("crisis-button-ack").number("acked", count(acked)).number("called", count(called));
            let emphasis = if acked < called { Emphasis::Primary } else { Emphasis::Plain };
            controls.push(button(crisis, "ack", voice.plain_text(&label), emphasis));
        }
        if crisis.unconfirmed {
            controls.push(button(crisis, "confirm", word("confirm"), Emphasis::Primary));
        }
        controls.push(button(crisis, "update", word("update"), Emphasis::Plain));
        if crisis.level < 3 {
            let label = Notice::new("crisis-button-raise").number("level", i64::from(crisis.level) + 1);
            controls.push(button(crisis, "raise", voice.plain_text(&label), Emphasis::Danger));
        }
        if !crisis.freeze.is_none() {
            let key = if crisis.unfreeze.is_some() { "unfreeze-confirm" } else { "unfreeze" };
            controls.push(button(crisis, "unfreeze", word(key), Emphasis::Plain));
        }
        let key = if crisis.standdown.is_some() { "standdown-confirm" } else { "standdown" };
        controls.push(button(crisis, "standdown", word(key), Emphasis::Plain));
    }
    controls.push(button(crisis, "timeline", word("timeline"), Emphasis::Plain));
    controls
}

/// What a direct message shows below its sentence, and what its reader can do at once.
pub fn add_to_direct(crisis: &Crisis, voice: &Voice<'_>, member: &MemberId, body: &mut Body) {
    body.blocks.push(Block::Quote(vec![Span::Text(shorten(&crisis.text, 300))]));
    let word = |key: &str| voice.word(&format!("crisis-button-{key}"));
    let mut controls = Vec::new();
    if crisis.awaits(member) {
        controls.push(button(crisis, "ack", word("ack-me"), Emphasis::Primary));
    }
    if crisis.is_open() {
        let may_agree = crisis.who_may_agree(voice.office).contains(member);
        let waits = |proposal: &Option<crate::domain::crisis::crisis::Proposal>| {
            proposal.as_ref().is_some_and(|proposal| may_agree && !proposal.by.contains(member))
        };
        if crisis.unconfirmed && crate::domain::crisis::leads(voice.office, member) {
            controls.push(button(crisis, "confirm", word("confirm"), Emphasis::Plain));
        }
        if waits(&crisis.unfreeze) {
            controls.push(button(crisis, "unfreeze", word("unfreeze-confirm"), Emphasis::Danger));
        }
        if waits(&crisis.standdown) {
            controls.push(button(crisis, "standdown", word("standdown-confirm"), Emphasis::Danger));
        }
    }
    if !controls.is_empty() {
        body.blocks.push(Block::Controls(controls));
    }
    *body = marked(crisis, voice, std::mem::take(body));
}

/// Lines of a timeline, oldest first; the newest are kept where not all fit.
fn lines(crisis: &Crisis, voice: &Voice<'_>) -> Rich {
    // The past is read, nobody is called by it: people are named, not mentioned.
    let voice = &Voice::plain(voice.wording, voice.office, voice.lang);
    let mut rich = Rich::new();
    let skipped = crisis.timeline.len().saturating_sub(LINES_MAX);
    if skipped > 0 {
        rich.extend(voice.say(&Notice::new("crisis-earlier").number("count", count(skipped))));
        rich.push(Span::Text("\n".into()));
    }
    for moment in crisis.timeline.iter().skip(skipped) {
        rich.push(voice.at(moment.at));
        let words = voice.plain_text(&moment.notice).replace('\n', " ");
        rich.push(Span::Text(format!("  {}\n", shorten(&words, LINE_CHARS_MAX))));
    }
    rich
}

/// The timeline as a message.
#[must_use]
pub fn timeline(crisis: &Crisis, voice: &Voice<'_>) -> Body {
    let title = voice.plain_text(&Notice::new("crisis-timeline-title").subject("crisis", crisis.subject()));
    let blocks = vec![
        Block::Header(title.clone()),
        Block::Text(lines(crisis, voice)),
        Block::Context(voice.say(&Notice::new("crisis-timeline-foot"))),
    ];
    marked(crisis, voice, Body { summary: title, blocks, ..Body::default() })
}

/// The draft of the review: figures, what waits for a decision, the timeline.
#[must_use]
pub fn review(crisis: &Crisis, now: Timestamp, voice: &Voice<'_>) -> Body {
    let title = voice.plain_text(&Notice::new("crisis-review-title").subject("crisis", crisis.subject()));
    let mut blocks = vec![
        Block::Header(title.clone()),
        Block::Text(voice.say(&Notice::new("crisis-review-intro").text("text", &crisis.text))),
        Block::Fields(review_fields(&review::figures(crisis, now), voice)),
    ];
    if !crisis.held.is_empty() {
        let named = crisis.held.iter().take(HELD_MAX).cloned().collect::<Vec<_>>().join(", ");
        let notice = Notice::new("crisis-review-held").number("count", count(crisis.held.len())).text("refs", named);
        blocks.push(Block::Text(voice.say(&notice)));
    }
    blocks.push(Block::Divider);
    blocks.push(Block::Text(lines(crisis, voice)));
    blocks.push(Block::Context(voice.say(&Notice::new("crisis-review-foot"))));
    marked(crisis, voice, Body { summary: title, blocks, accent: Accent::Green })
}

fn review_fields(figures: &Figures, voice: &Voice<'_>) -> Vec<(String, Rich)> {
    let length = |ms: Option<i64>| vec![Span::Text(ms.map_or_else(|| "–".to_owned(), |ms| voice.length(ms)))];
    let ratio = |part: usize, whole: usize| {
        vec![Span::Text(if whole == 0 { "–".to_owned() } else { format!("{part}/{whole}") })]
    };
    vec![
        (voice.word("crisis-review-lasted"), length(Some(figures.lasted_ms))),
        (voice.word("crisis-review-freeze"), length(figures.freeze_ms)),
        (voice.word("crisis-review-first-ack"), length(figures.first_ack_ms)),
        (voice.word("crisis-review-acked"), ratio(figures.acknowledged, figures.called)),
        (voice.word("crisis-review-escalated"), ratio(figures.escalated, figures.called)),
        (voice.word("crisis-review-updates"), ratio(figures.updates_on_time, figures.updates_due)),
    ]
}

/// Open crises in a list, and what the gate holds.
#[must_use]
pub fn list(open: &[Crisis], gate: &Gate, voice: &Voice<'_>) -> Body {
    let title = voice.word("crisis-list-title");
    let mut rich = Rich::new();
    for crisis in open {
        let (acked, called) = crisis.acknowledged();
        rich.push(Span::Bold(self::title(crisis, voice)));
        rich.push(Span::Text(format!(" · {acked}/{called} · ")));
        rich.push(voice.at(crisis.declared_at));
        rich.push(Span::Text("\n".into()));
    }
    let frozen = held(gate.all, gate.replies.unwrap_or(gate.all), &gate.networks, voice);
    let foot = format!("{}: {frozen}", voice.word("crisis-field-frozen"));
    let blocks = vec![Block::Header(title.clone()), Block::Text(rich), Block::Context(vec![Span::Text(foot)])];
    Body { summary: title, blocks, ..Body::default() }
}
