//! Refusals of a draft as sentences: what, why, and what to do.

use crate::domain::content::draft::{Draft, Refusal, Status};
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::Office;

/// The sentence for a refusal.
#[must_use]
pub fn sentence(draft: &Draft, refusal: &Refusal, office: &Office) -> Notice {
    let notice = match refusal {
        Refusal::EmptyText => Notice::new("refused-empty"),
        Refusal::TooLong { length, max } => {
            Notice::new("draft-too-long").number("length", super::count(*length)).number("max", super::count(*max))
        }
        // The same words, in another version: its time, its pictures or its place changed.
        Refusal::Replaced { shown, current, diff } if ["", "="].contains(&diff.as_str()) => {
            Notice::new("draft-replaced-beside")
                .number("shown", i64::from(*shown))
                .number("current", i64::from(*current))
        }
        Refusal::Replaced { shown, current, diff } => Notice::new("draft-replaced")
            .number("shown", i64::from(*shown))
            .number("current", i64::from(*current))
            .text("diff", diff),
        Refusal::OwnVersion => Notice::new("draft-own-version"),
        Refusal::TooSoon { again } => Notice::new("draft-too-soon").with("at", Arg::At(*again)),
        Refusal::NotInReview(status) => state("draft-not-in-review", *status),
        Refusal::AlreadyApproved { by } => Notice::new("draft-already-approved").text("who", office.name_of(by)),
        Refusal::NobodyToApprove => {
            let right = super::approve_right(draft).name().replace('_', "-");
            Notice::new("draft-nobody-to-approve").with("right", Arg::Word(format!("right-{right}")))
        }
        Refusal::NotApproved => Notice::new("draft-not-approved"),
        Refusal::SamePerson => Notice::new("draft-same-person"),
        Refusal::OtherTime { window } => Notice::new("draft-other-time").with("at", Arg::At(*window)),
        Refusal::OnItsWay(status) => state("draft-on-its-way", *status),
        Refusal::Finished(status) => state("draft-finished", *status),
        Refusal::NothingToRevoke => Notice::new("draft-nothing-to-revoke"),
        Refusal::NotPlanned => Notice::new("draft-not-planned"),
        Refusal::OnlyPosts => Notice::new("draft-only-posts"),
        Refusal::Past => Notice::new("when-past"),
        Refusal::Frozen { by } => Notice::new("draft-frozen").text("crisis", by.as_deref().unwrap_or("❄")),
        Refusal::NotNow(status) => state("draft-not-now", *status),
    };
    super::about(draft, notice)
}

fn state(key: &str, status: Status) -> Notice {
    Notice::new(key).with("status", Arg::Word(format!("draft-status-{}", status.stored().replace('_', "-"))))
}
