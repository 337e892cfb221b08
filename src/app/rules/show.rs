//! Rules in chat: the list, a dry run, the log, and the forms. Customers' words go in as untrusted text only.
//!
//! Start at [`trial`] and [`list`].

use super::making::count;
use super::trial::{HITS_MAX, Trial};
use super::{RuleText, history};
use crate::app::cards;
use crate::app::commands::Invocation;
use crate::app::say::Voice;
use crate::app::work::Work;
use crate::domain::desk::moderation::Spared;
use crate::domain::desk::moderation::react::listed;
use crate::domain::desk::rule::Rule;
use crate::domain::desk::rule::deed::{DEEDS_CHARS_MAX, Deed};
use crate::domain::desk::rule::grammar::CONDITION_CHARS_MAX;
use crate::domain::notice::{Arg, Notice};
use crate::ports::chat::{Accent, Block, Body, Control, Emphasis, Field, FieldKind, Form, Rich, Span};
use crate::store::journal::Entry;

/// Rules shown in the list, each with its switch (Discord takes 25 buttons a message).
const LISTED_MAX: usize = 10;
/// Characters of a message shown in a dry run.
const WORDS_CHARS_MAX: usize = 70;
/// Characters of a rule shown in the list.
const RULE_CHARS_MAX: usize = 160;
/// Lines in one paragraph, well under a section's 3 000 characters (Slack docs).
const LINES_A_BLOCK: usize = 5;

fn voice<'v>(work: &'v Work<'_>, asked: &Invocation) -> Voice<'v> {
    Voice::plain(&work.app.wording, &work.setup.office, asked.lang)
}

fn button(action: &str, value: String, key: &str, rule: &Rule, emphasis: Emphasis, voice: &Voice<'_>) -> Control {
    let label = voice.plain_text(&Notice::new(key).subject("rule", rule.subject()));
    Control::Button { action: format!("rule.{action}"), value, label, emphasis }
}

/// What a button carries: the rule, and its version.
fn value(rule: &Rule) -> String {
    format!("{}:{}", rule.id, rule.version)
}

fn switch(rule: &Rule, voice: &Voice<'_>) -> Control {
    if rule.on {
        button("off", value(rule), "button-rule-off", rule, Emphasis::Plain, voice)
    } else {
        button("on", value(rule), "button-rule-on", rule, Emphasis::Primary, voice)
    }
}

/// `when → then`, as code.
fn words(rule: &Rule, chars_max: usize) -> Rich {
    vec![
        Span::Code(cards::shorten(&rule.when.to_string(), chars_max)),
        Span::Text(" → ".into()),
        Span::Code(cards::shorten(&rule.deeds(), chars_max)),
    ]
}

/// What a rule left undone, and why.
#[must_use]
pub fn spared(list: &[(Deed, Spared)]) -> Arg {
    listed(
        list.iter()
            .map(|(deed, why)| {
                Notice::new("rule-spared")
                    .with("deed", Arg::Code(deed.to_string()))
                    .with("why", Arg::Word(format!("spared-{}", why.name())))
            })
            .collect(),
    )
}

/// What a rule would have done over the last days; `key` says what was done with the rule itself.
#[must_use]
pub fn trial(work: &Work<'_>, asked: &Invocation, rule: &Rule, trial: &Trial, key: &str, may: bool) -> Body {
    let voice = voice(work, asked);
    let title = Notice::new(key).subject("rule", rule.subject()).number("on", i64::from(rule.on));
    let sum = Notice::new(if trial.found == 0 { "rule-trial-none" } else { "rule-trial" })
        .number("tried", trial.tried)
        .number("days", trial.days)
        .number("found", trial.found)
        .number("hid", trial.hid)
        .number("answered", trial.answered)
        .number("closed", trial.closed)
        .number("spared", trial.spared);
    let mut blocks = vec![Block::Text(voice.say(&title)), Block::Text(words(rule, CONDITION_CHARS_MAX))];
    let mut summed = voice.say(&sum);
    if trial.cut {
        summed.push(Span::Text(" ".into()));
        summed.extend(voice.say(&Notice::new("rule-trial-cut")));
    }
    blocks.push(Block::Text(summed));
    let lines: Vec<Rich> = trial
        .hits
        .iter()
        .map(|hit| {
            let done: Vec<Notice> = hit.plan.done.iter().map(would).collect();
            let answer = hit.plan.answer.map(|_| Notice::new("would-answer"));
            let done: Vec<Notice> = done.into_iter().chain(answer).collect();
            let some = i64::from(!done.is_empty());
            let notice = Notice::new("rule-trial-line")
                .subject("ticket", hit.ticket)
                .text("author", &hit.author)
                .text("words", cards::shorten(&hit.text.replace('\n', " "), WORDS_CHARS_MAX))
                .with("done", listed(done))
                .number("some", some)
                .number("spares", i64::from(!hit.plan.spared.is_empty()))
                .with("spared", spared(&hit.plan.spared));
            voice.say(&notice)
        })
        .collect();
    blocks.extend(paragraphs(lines));
    if trial.found > count(HITS_MAX) {
        let more = Notice::new("report-list-more").number("count", trial.found - count(HITS_MAX));
        blocks.push(Block::Context(voice.say(&more)));
    }
    if may {
        let edit = button("edit", value(rule), "button-rule-edit", rule, Emphasis::Plain, &voice);
        blocks.push(Block::Controls(vec![switch(rule, &voice), edit]));
    }
    Body { summary: voice.plain_text(&title), blocks, accent: if rule.on { Accent::Green } else { Accent::Grey } }
}

/// What a deed would have been, in words that say so.
fn would(done: &crate::domain::desk::moderation::Done) -> Notice {
    let notice = done.notice();
    Notice { key: format!("would-{}", notice.key.trim_start_matches("done-")), args: notice.args }
}

fn paragraphs(lines: Vec<Rich>) -> Vec<Block> {
    lines
        .chunks(LINES_A_BLOCK)
        .map(|chunk| {
            let mut rich = Rich::new();
            for line in chunk {
                if !rich.is_empty() {
                    rich.push(Span::Text("\n".into()));
                }
                rich.extend(line.clone());
            }
            Block::Text(rich)
        })
        .collect()
}

/// The rules, newest first, each with its switch for whoever may use it.
#[must_use]
pub fn list(work: &Work<'_>, asked: &Invocation, rules: &[Rule], may: bool) -> Body {
    let voice = voice(work, asked);
    let on = rules.iter().filter(|rule| rule.on).count();
    let title = Notice::new("rule-list-title").number("count", count(rules.len())).number("on", count(on));
    let shown: Vec<&Rule> = rules.iter().rev().take(LISTED_MAX).collect();
    let lines: Vec<Rich> = shown
        .iter()
        .map(|rule| {
            let key = match (rule.on, rule.wild) {
                (true, _) => "rule-line-on",
                (_, true) => "rule-line-wild",
                _ => "rule-line-off",
            };
            let mut line = voice.say(&Notice::new(key).subject("rule", rule.subject()));
            line.push(Span::Text(" ".into()));
            line.extend(words(rule, RULE_CHARS_MAX));
            line.push(Span::Text(" · ".into()));
            let tally = &rule.tally;
            let counts = Notice::new("rule-line-counts")
                .number("acted", i64::from(tally.acted))
                .number("hid", i64::from(tally.hid))
                .number("undone", i64::from(tally.undone))
                .number("failed", i64::from(tally.failed))
                .member("by", &rule.by);
            line.extend(voice.say(&counts));
            line
        })
        .collect();
    let mut blocks = vec![Block::Header(voice.plain_text(&title))];
    blocks.extend(paragraphs(lines));
    if may {
        let switches: Vec<Control> = shown
            .iter()
            .map(|rule| match switch(rule, &voice) {
                Control::Button { action, value, label, .. } => {
                    Control::Button { action, value, label, emphasis: Emphasis::Plain }
                }
                other => other,
            })
            .collect();
        blocks.extend(switches.chunks(5).map(|row| Block::Controls(row.to_vec())));
    }
    if rules.len() > LISTED_MAX {
        let more = Notice::new("report-list-more").number("count", count(rules.len() - LISTED_MAX));
        blocks.push(Block::Context(voice.say(&more)));
    }
    Body { summary: voice.plain_text(&title), blocks, ..Body::default() }
}

/// What happened to a rule and what it did, newest first.
#[must_use]
pub fn log(work: &Work<'_>, asked: &Invocation, rule: &Rule, entries: &[Entry]) -> Body {
    let voice = voice(work, asked);
    let title = Notice::new("rule-log-title").subject("rule", rule.subject()).number("on", i64::from(rule.on));
    let mut blocks = vec![Block::Header(voice.plain_text(&title)), Block::Text(words(rule, CONDITION_CHARS_MAX))];
    blocks.extend(paragraphs(entries.iter().filter_map(history::line).map(|line| voice.say(&line)).collect()));
    let how = Notice::new("rule-log-undo").with("command", Arg::Code(format!("/vigie rule undo {} 1", rule.label())));
    blocks.push(Block::Context(voice.say(&how)));
    Body { summary: voice.plain_text(&title), blocks, ..Body::default() }
}

/// The form of a new rule, or of one that is changed.
#[must_use]
pub fn form(work: &Work<'_>, asked: &Invocation, rule: Option<&Rule>, typed: &RuleText) -> Form {
    let voice = voice(work, asked);
    let (name, state, title) = match rule {
        Some(rule) => ("rule_edit", rule.id.to_string(), Notice::new("form-rule-edit").subject("rule", rule.subject())),
        None => ("rule_add", "new".to_owned(), Notice::new("form-rule-add")),
    };
    let bound = |max: usize| u32::try_from(max).unwrap_or(300);
    let field = |id: &str, value: &str, kind: FieldKind| Field {
        id: id.to_owned(),
        label: voice.word(&format!("form-rule-{id}")),
        hint: voice.word(&format!("form-rule-{id}-hint")),
        kind: match kind {
            FieldKind::Paragraph { max, .. } => FieldKind::Paragraph { value: value.to_owned(), max },
            FieldKind::Line { max, .. } => FieldKind::Line { value: value.to_owned(), max },
            other => other,
        },
        optional: false,
    };
    let empty = String::new;
    Form {
        name: name.to_owned(),
        state,
        title: voice.plain_text(&title),
        submit: voice.word("form-rule-submit"),
        cancel: voice.word("form-cancel"),
        intro: voice.word("form-rule-intro"),
        fields: vec![
            field("when", &typed.when, FieldKind::Paragraph { value: empty(), max: bound(CONDITION_CHARS_MAX) }),
            field("then", &typed.then, FieldKind::Line { value: empty(), max: bound(DEEDS_CHARS_MAX) }),
        ],
    }
}
