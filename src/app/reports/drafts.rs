//! The drafts that a digest names: the posts of the day, and what waits for approval.

use super::DAY_DRAFTS_MAX;
use crate::app::Fault;
use crate::app::work::Work;
use crate::domain::ids::{Kind, Ref};
use crate::domain::insight::report::Drafts;
use crate::domain::office::MemberId;
use crate::domain::rhythm::day;
use crate::store::aggregates::{self, Filter, Order, Stored};
use crate::store::journal;

/// Where a post stands that leaves, or has left, at its time.
const LEAVING: [&str; 4] = ["scheduled", "queued", "sending", "unknown"];

/// Today's drafts; those of one author or network when only these count.
///
/// # Errors
/// [`Fault::Store`].
pub(super) async fn of_the_day(
    work: &mut Work<'_>,
    member: Option<&MemberId>,
    network: Option<&str>,
) -> Result<Drafts, Fault> {
    let zone = work.office().zone;
    let today = day::of(work.now, zone);
    let (from, to) = (day::start(today, zone), day::start(day::back(today, -1), zone));
    let all = |kind: Kind| Filter {
        kind: kind.stored(),
        owner: member.map(MemberId::as_str),
        network,
        order: Order::Due,
        limit: DAY_DRAFTS_MAX,
        ..Filter::default()
    };
    let open = Filter { open_only: true, statuses: &LEAVING, ..all(Kind::Post) };
    let gone = Filter { statuses: &["sent"], closed: Some((from, to)), ..all(Kind::Post) };
    let mut today: Vec<Stored> = aggregates::list(work.tx, &open).await?;
    today.extend(aggregates::list(work.tx, &gone).await?);
    today.retain(|row| row.row.due_at.is_some_and(|due| (from..to).contains(&due)));
    today.sort_by_key(|row| (row.row.due_at, row.id));
    let today = today.into_iter().map(|row| Ref::new(Kind::Post, row.id)).collect();
    let mut waiting = Vec::new();
    for kind in [Kind::Post, Kind::Reply] {
        let asked = Filter { open_only: true, statuses: &["in_review"], ..all(kind) };
        for row in aggregates::list(work.tx, &asked).await? {
            let history = journal::of(work.tx, kind.stored(), row.id).await?;
            let since = history.iter().rev().find(|entry| entry.event == "submitted").map(|entry| entry.at);
            waiting.push((Ref::new(kind, row.id), since.unwrap_or(row.row.updated_at)));
        }
    }
    waiting.sort_by_key(|(draft, since)| (*since, draft.id));
    Ok(Drafts { today, waiting })
}
