//! Who may do what: the rights matrix as one table, and the check every verb goes through.
//!
//! Denies by default: unknown members, roles without a row, topics nobody named and networks outside a member's limits
//! are all refused. Never grants anything by exception in code: an exception is a value of [`Grant`] in the table.
//! Start reading at [`MATRIX`], then [`check`].

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::office::{Member, MemberId, Office, Post, RoleGrant};

/// Most holders named in a refusal: enough to ask somebody, short enough to read in a chat line.
pub const HOLDERS_MAX: usize = 5;

/// The topic that paid-social rights are limited to.
pub const TOPIC_ADS: &str = "ads";
/// The topic of questions put to the chief executive.
pub const TOPIC_CEO: &str = "ceo";
/// The topic of crises.
pub const TOPIC_CRISIS: &str = "crisis";

/// Something a member may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Work inside the team: read its playbooks, library and lists of people, be away, be counted on. Guests do not.
    Team,
    /// Read tickets, posts and their history.
    View,
    /// Take a ticket, resolve or reopen it, change its priority or topic.
    Claim,
    /// Write internal notes.
    Note,
    /// Give tickets to somebody else.
    AssignOthers,
    /// Write drafts of replies and posts.
    Draft,
    /// Send a reply to a customer.
    SendReply,
    /// Approve somebody else's reply.
    ApproveReply,
    /// Approve somebody else's post.
    ApprovePost,
    /// Plan a post that has not been approved yet, move or cancel planned posts.
    Schedule,
    /// Plan a post that is approved already.
    ScheduleApproved,
    /// Publish at once, outside the plan.
    PublishNow,
    /// Hide or show a customer's comment.
    Hide,
    /// Delete on a network.
    Delete,
    /// Change rotas, weights, and other people's absences.
    Rota,
    /// Declare a crisis.
    CrisisDeclare,
    /// Lead a crisis: level, statement, freeze, stand-down.
    CrisisLead,
    /// Read reports and figures of people.
    Reports,
    /// Change roles, networks, rules and settings.
    Config,
    /// Change goals and benchmarks.
    Goals,
    /// Take part in meetings: add, act, decide, close an action.
    Meeting,
    /// Make, move or skip a meeting series.
    MeetingLead,
}

impl Right {
    /// All rights, in the order of the matrix' columns.
    pub const ALL: [Self; 22] = [
        Self::Team,
        Self::View,
        Self::Claim,
        Self::Note,
        Self::AssignOthers,
        Self::Draft,
        Self::SendReply,
        Self::ApproveReply,
        Self::ApprovePost,
        Self::Schedule,
        Self::ScheduleApproved,
        Self::PublishNow,
        Self::Hide,
        Self::Delete,
        Self::Rota,
        Self::CrisisDeclare,
        Self::CrisisLead,
        Self::Reports,
        Self::Config,
        Self::Goals,
        Self::Meeting,
        Self::MeetingLead,
    ];

    /// Name used in wording keys and the audit log, e.g. `assign_others`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::View => "view",
            Self::Claim => "claim",
            Self::Note => "note",
            Self::AssignOthers => "assign_others",
            Self::Draft => "draft",
            Self::SendReply => "send_reply",
            Self::ApproveReply => "approve_reply",
            Self::ApprovePost => "approve_post",
            Self::Schedule => "schedule",
            Self::ScheduleApproved => "schedule_approved",
            Self::PublishNow => "publish_now",
            Self::Hide => "hide",
            Self::Delete => "delete",
            Self::Rota => "rota",
            Self::CrisisDeclare => "crisis_declare",
            Self::CrisisLead => "crisis_lead",
            Self::Reports => "reports",
            Self::Config => "config",
            Self::Goals => "goals",
            Self::Meeting => "meeting",
            Self::MeetingLead => "meeting_lead",
        }
    }
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Not held.
    Never,
    /// Held, within the member's networks.
    Always,
    /// Held; the act takes effect once a second holder confirms it.
    TwoPeople,
    /// Held for the topics of the role.
    OwnTopics,
    /// Held for paid content only.
    Ads,
    /// Held for crises and questions to the chief executive.
    CrisisAndCeo,
    /// Held for questions to the chief executive.
    Ceo,
    /// Held for what is the member's own: own figures, own work.
    Own,
    /// Held by the person the office names as lead or deputy of crises.
    Deputy,
    /// Held for what was shared with the guest. Nothing can be shared yet, so this denies.
    Shared,
}

use Grant::{
    Ads, Always as Yes, Ceo, CrisisAndCeo as Crisis, Deputy, Never as No, Own, OwnTopics as Topic, Shared,
    TwoPeople as Two,
};

/// The matrix: a row for each post, its cells in the order of [`Right::ALL`].
#[rustfmt::skip]
pub const MATRIX: [(Post, [Grant; 22]); 10] = [
    //                          team  view    claim  note    assign draft send   appr.r appr.p sched  s.appr now  hide delete rota declare lead    reports config goals meet m.lead
    (Post::HeadOfSocial,       [Yes,  Yes,    Yes,   Yes,    Yes,   Yes,  Yes,   Yes,   Yes,   Yes,   Yes,   Two, Yes, Two,   Yes, Yes,    Yes,    Yes,    Yes,   Yes,  Yes, Yes]),
    (Post::SocialMediaManager, [Yes,  Yes,    Yes,   Yes,    Yes,   Yes,  Yes,   Yes,   Yes,   Yes,   Yes,   Two, Yes, Two,   Yes, Yes,    Yes,    Yes,    No,    No,   Yes, Yes]),
    (Post::CommunityManager,   [Yes,  Yes,    Yes,   Yes,    Topic, Yes,  Yes,   Yes,   No,    No,    No,    No,  Yes, No,    No,  Yes,    Deputy, Own,    No,    No,   Yes, No]),
    (Post::Creator,            [Yes,  Yes,    No,    Yes,    No,    Yes,  No,    No,    No,    No,    Yes,   No,  No,  No,    No,  Yes,    No,     Own,    No,    No,   Yes, No]),
    (Post::Analyst,            [Yes,  Yes,    No,    Yes,    No,    No,   No,    No,    No,    No,    No,    No,  No,  No,    No,  Yes,    No,     Yes,    No,    Yes,  Yes, No]),
    (Post::PaidSocial,         [Yes,  Yes,    Ads,   Ads,    Ads,   Yes,  Ads,   No,    No,    Ads,   Ads,   No,  Yes, No,    No,  Yes,    No,     Yes,    No,    No,   Yes, No]),
    (Post::Expert,             [Yes,  Topic,  Topic, Topic,  Topic, Yes,  Topic, Topic, Topic, No,    No,    No,  No,  No,    No,  Yes,    No,     Own,    No,    No,   Yes, No]),
    (Post::Brand,              [Yes,  Yes,    No,    Yes,    No,    Yes,  No,    Topic, Topic, No,    No,    No,  No,  No,    No,  Yes,    Deputy, Yes,    No,    No,   Yes, No]),
    (Post::Executive,          [Yes,  Crisis, No,    Crisis, No,    No,   No,    Ceo,   Ceo,   No,    No,    No,  No,  No,    No,  Yes,    No,     Yes,    No,    No,   Yes, No]),
    (Post::Guest,              [No,   Shared, No,    Shared, No,    No,   No,    No,    Shared, No,   No,    No,  No,  No,    No,  No,     No,     Shared, No,    No,   No,  No]),
];

/// What the act is about, as far as rights care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The network concerned; `None` for acts that touch none.
    pub network: Option<&'a str>,
    /// The topic concerned; `None` for tickets without one, which belong to the office's default role.
    pub topic: Option<&'a str>,
    /// The thing is the member's own: the ticket is theirs, they wrote the version, the figures are about them.
    /// Gives view and note on own tickets and own figures; forbids approving.
    pub own: bool,
}

/// Why the answer is no. Of several roles that do not suffice, the reason that comes last here is the nearest miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The person is not in the office file.
    UnknownMember,
    /// None of the person's roles carries the right.
    NotHeld,
    /// The right is held, but not for this topic.
    OtherTopic,
    /// The right is held, but not for this network.
    OtherNetwork,
    /// The right is held, but not for this brand.
    OtherBrand,
    /// Nobody approves an own version.
    OwnWork,
}

/// A refusal: what is missing, and whom to ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the right `{}` is missing ({reason:?})", right.name())]
pub struct Denied {
    /// The right that is missing.
    pub right: Right,
    /// Why.
    pub reason: Reason,
    /// Who holds it here, in order of id, at most [`HOLDERS_MAX`].
    pub holders: Vec<MemberId>,
}

/// Whether a member may do something.
///
/// # Errors
/// [`Denied`], naming the right and who holds it for the same scope.
pub fn check(office: &Office, member: &MemberId, right: Right, scope: Scope<'_>) -> Result<(), Denied> {
    let verdict = match office.members.get(member) {
        Some(found) => judge(office, found, right, scope),
        None => Err(Reason::UnknownMember),
    };
    let verdict = verdict.or_else(|reason| match lender(office, member, right, scope) {
        Some(_) if reason != Reason::OwnWork => Ok(()),
        _ => Err(reason),
    });
    verdict.map_err(|reason| Denied { right, reason, holders: holders(office, member, right, scope) })
}

/// What is lent to who stands in for somebody who is away: doing their work, never changing the office.
pub const LENT: [Right; 11] = [
    Right::View,
    Right::Claim,
    Right::Note,
    Right::AssignOthers,
    Right::Draft,
    Right::SendReply,
    Right::ApproveReply,
    Right::ApprovePost,
    Right::ScheduleApproved,
    Right::CrisisLead,
    Right::MeetingLead,
];

/// Somebody who is away and whose right is lent to this member now.
fn lender<'o>(office: &'o Office, member: &MemberId, right: Right, scope: Scope<'_>) -> Option<&'o MemberId> {
    let scope = Scope { own: false, ..scope };
    let absent = office.lent.get(member).filter(|_| LENT.contains(&right))?;
    absent.iter().find(|whom| office.members.get(*whom).is_some_and(|found| judge(office, found, right, scope).is_ok()))
}

/// For whom a member acts when only a lent right allows it; `None` when they may by themselves, or may not at all.
#[must_use]
pub fn for_whom<'o>(office: &'o Office, member: &MemberId, right: Right, scope: Scope<'_>) -> Option<&'o MemberId> {
    let own = office.members.get(member).is_some_and(|found| judge(office, found, right, scope).is_ok());
    if own { None } else { lender(office, member, right, scope) }
}

/// The post's cell for a right; [`Grant::Never`] for what the matrix does not name.
#[must_use]
pub fn grant(post: Post, right: Right) -> Grant {
    let column = Right::ALL.iter().position(|known| *known == right);
    let row = MATRIX.iter().find(|(known, _)| *known == post);
    match (row, column) {
        (Some((_, cells)), Some(column)) => cells.get(column).copied().unwrap_or(Grant::Never),
        _ => Grant::Never,
    }
}

/// Whether an act with this right only takes effect once a second holder confirms it.
#[must_use]
pub fn needs_two_people(right: Right) -> bool {
    MATRIX.iter().any(|(post, _)| grant(*post, right) == Grant::TwoPeople)
}

/// Others than `asker` who hold the right for a thing that is not theirs.
fn holders(office: &Office, asker: &MemberId, right: Right, scope: Scope<'_>) -> Vec<MemberId> {
    let scope = Scope { own: false, ..scope };
    office
        .members
        .values()
        .filter(|other| other.id != *asker && judge(office, other, right, scope).is_ok())
        .map(|other| other.id.clone())
        .take(HOLDERS_MAX)
        .collect()
}

/// The best answer any of the member's roles gives.
fn judge(office: &Office, member: &Member, right: Right, scope: Scope<'_>) -> Result<(), Reason> {
    if scope.own && matches!(right, Right::ApproveReply | Right::ApprovePost) {
        return Err(Reason::OwnWork);
    }
    let mut nearest = Reason::NotHeld;
    for held in &member.grants {
        let name = &held.role;
        let Some(role) = office.roles.get(name) else { continue };
        let holds = match grant(role.post, right) {
            Grant::Never | Grant::Shared => continue,
            Grant::Always | Grant::TwoPeople => true,
            Grant::OwnTopics => {
                own_reading(right, scope)
                    || scope.topic.map_or(*name == office.default_role, |topic| role.topics.contains(topic))
            }
            Grant::Ads => scope.topic == Some(TOPIC_ADS),
            Grant::CrisisAndCeo => own_reading(right, scope) || matches!(scope.topic, Some(TOPIC_CRISIS | TOPIC_CEO)),
            Grant::Ceo => scope.topic == Some(TOPIC_CEO),
            Grant::Own if scope.own => true,
            Grant::Own => continue,
            Grant::Deputy if is_crisis_leader(office, &member.id) => true,
            Grant::Deputy => continue,
        };
        if !holds {
            nearest = nearest.max(Reason::OtherTopic);
        } else if let Err(outside) = within_limits(office, member, held, scope) {
            nearest = nearest.max(outside);
        } else {
            return Ok(());
        }
    }
    Err(nearest)
}

/// Who was given a ticket by hand can always read it and write notes on it.
fn own_reading(right: Right, scope: Scope<'_>) -> bool {
    scope.own && matches!(right, Right::View | Right::Note)
}

fn is_crisis_leader(office: &Office, member: &MemberId) -> bool {
    [&office.crisis.lead, &office.crisis.deputy].into_iter().flatten().any(|named| named == member)
}

fn within_limits(office: &Office, member: &Member, held: &RoleGrant, scope: Scope<'_>) -> Result<(), Reason> {
    let Some(network) = scope.network else { return Ok(()) };
    let outside = |limits: &BTreeSet<String>, name: &str| !limits.is_empty() && !limits.contains(name);
    if outside(&member.networks, network) || outside(&held.networks, network) {
        return Err(Reason::OtherNetwork);
    }
    // An account without a brand belongs to an office that has only one: limits by brand say nothing about it.
    let Some(brand) = office.accounts.get(network).and_then(|account| account.brand.as_deref()) else { return Ok(()) };
    if outside(&member.brands, brand) || outside(&held.brands, brand) {
        return Err(Reason::OtherBrand);
    }
    Ok(())
}

#[cfg(test)]
#[path = "rights_tests.rs"]
mod tests;
