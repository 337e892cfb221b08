use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use proptest::prelude::*;

use super::draft::{Command, Draft, Event, Opening, Refusal, Shown, Status};
use super::leaving::LOOKS_MAX;
use super::plan::{LATE_MS, TOO_LATE_MS, WINDOW_MS};
use crate::domain::crisis::Gate;
use crate::domain::decide::{Actor, Decider, Facts};
use crate::domain::office::{Account, CrisisPlan, Lang, MemberId, Office};
use crate::domain::rhythm::business_time::Calendar;
use crate::domain::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn office(approve_replies: bool) -> Office {
    let account = Account {
        network: "x".into(),
        handle: "@us".into(),
        brand: None,
        language: Lang::En,
        approve_replies,
        publish_url: None,
        text_limit: 280,
        cover: None,
    };
    Office {
        name: "Office".into(),
        costs: crate::domain::people::rotation::CostTable::default(),
        zone: Tz::Europe__Paris,
        language: Lang::En,
        calendar: Calendar::always_open(Tz::UTC),
        members: BTreeMap::new(),
        roles: BTreeMap::new(),
        desks: Vec::new(),
        accounts: BTreeMap::from([("x".to_owned(), account)]),
        targets: BTreeMap::new(),
        outcomes: Vec::new(),
        default_role: "community".into(),
        series: Vec::new(),
        reporting: None,
        crisis: CrisisPlan {
            lead: None,
            deputy: None,
            alert_roles: Vec::new(),
            crisis_roles: Vec::new(),
            volume_messages: 20,
            volume_minutes: 20,
            ack_minutes: (10, 5),
            update_minutes: (60, 30),
            standdown_people: 2,
        },
        unlinked: std::collections::BTreeSet::new(),
        approve_leave: false,
        away: crate::domain::people::substitution::Absences::default(),
        lent: std::collections::BTreeMap::new(),
    }
}

/// A draft in a small play: somebody does something, a moment later somebody does something else.
struct Play {
    office: Office,
    draft: Draft,
    now: Timestamp,
    events: Vec<Event>,
}

impl Play {
    fn new(post: bool, approve_replies: bool) -> Self {
        let opening = Opening {
            post,
            network: "x".into(),
            ticket: (!post).then_some(12),
            in_reply_to: "m1".into(),
            author: MemberId::new("ana"),
            at: NOW,
            ..Opening::default()
        };
        let mut play = Self { office: office(approve_replies), draft: Draft::default(), now: NOW, events: Vec::new() };
        let text = "Your parcel comes tomorrow".to_owned();
        let open = Command::Open { id: 1, opening: Box::new(opening), text, private: false, limit: 280 };
        play.says("ana", open).expect("opens");
        play
    }

    fn decide(&mut self, actor: Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let facts = Facts { now: self.now, actor, office: &self.office };
        let events = self.draft.decide(command, &facts)?;
        self.draft = events.iter().fold(self.draft.clone(), Draft::evolve);
        self.events.extend(events.iter().cloned());
        Ok(events)
    }

    fn says(&mut self, who: &str, command: Command) -> Result<Vec<Event>, Refusal> {
        self.decide(Actor::Member { id: MemberId::new(who) }, &command)
    }

    fn system(&mut self, command: Command) -> Vec<Event> {
        self.decide(Actor::System, &command).unwrap_or_default()
    }

    fn submits(&mut self, who: &str) -> Result<Vec<Event>, Refusal> {
        let reviewers = ["ana", "bo", "cleo"].map(MemberId::new).to_vec();
        self.says(who, Command::Submit { reviewers, may_send: true })
    }

    fn shown(&self) -> Shown {
        let hash = self.draft.current().map(|version| version.hash[..Command::HASH_SHOWN].to_owned());
        Shown { version: self.draft.number(), hash }
    }

    fn approves(&mut self, who: &str) -> Result<Vec<Event>, Refusal> {
        let shown = self.shown();
        self.says(who, Command::Approve { shown, comment: String::new() })
    }

    fn edits(&mut self, who: &str, text: &str) -> Result<Vec<Event>, Refusal> {
        self.says(who, Command::Edit { text: text.into(), private: None, shown: None, limit: 280 })
    }

    fn plans(&mut self, who: &str, at: Timestamp) -> Result<Vec<Event>, Refusal> {
        self.says(who, Command::Plan { at, wall: String::new(), gate: Gate::default() })
    }

    fn claims(&mut self, gate: &Gate) -> Vec<Event> {
        self.system(Command::Claim { gate: gate.clone() })
    }

    /// Approved by somebody else, and at the door.
    fn approved(post: bool) -> Self {
        let mut play = Self::new(post, true);
        play.submits("ana").expect("submits");
        play.approves("bo").expect("approves");
        play
    }

    fn sending() -> Self {
        let mut play = Self::approved(false);
        play.claims(&Gate::default());
        assert_eq!(play.draft.status, Status::Sending);
        play
    }
}

fn frozen() -> Gate {
    Gate { all: true, by: "C-3".into(), ..Gate::default() }
}

#[test]
fn a_reply_that_needs_no_approval_leaves_when_its_writer_may_send() {
    let mut play = Play::new(false, false);
    play.submits("ana").expect("submits");
    assert_eq!(play.draft.status, Status::Queued);
    assert!(matches!(play.claims(&Gate::default()).as_slice(), [Event::Claimed { attempt: 1, .. }]));
    let mut learner = Play::new(false, false);
    let reviewers = vec![MemberId::new("bo")];
    learner.says("ana", Command::Submit { reviewers, may_send: false }).expect("submits");
    assert_eq!(learner.draft.status, Status::InReview);
}

#[test]
fn an_approved_reply_leaves_at_once_and_an_approved_post_waits() {
    assert_eq!(Play::approved(false).draft.status, Status::Queued);
    assert_eq!(Play::approved(true).draft.status, Status::Approved);
}

#[test]
fn nobody_approves_what_they_wrote_a_part_of() {
    let mut play = Play::new(true, true);
    play.submits("ana").expect("submits");
    assert_eq!(play.approves("ana"), Err(Refusal::OwnVersion));
    play.edits("bo", "Your parcel comes on Monday").expect("edits");
    play.submits("ana").expect("submits");
    assert_eq!(play.draft.reviewers, [MemberId::new("cleo")]);
    assert_eq!(play.approves("bo"), Err(Refusal::OwnVersion));
    assert_eq!(play.approves("ana"), Err(Refusal::OwnVersion));
    assert!(play.approves("cleo").is_ok());
}

#[test]
fn a_stale_button_is_told_what_changed() {
    let mut play = Play::new(true, true);
    play.submits("ana").expect("submits");
    let old = play.shown();
    play.edits("ana", "Your parcel comes on Monday").expect("edits");
    play.submits("ana").expect("submits");
    let refusal = play.says("bo", Command::Approve { shown: old, comment: String::new() });
    assert_eq!(refusal, Err(Refusal::Replaced { shown: 1, current: 2, diff: "tomorrow → on Monday".into() }));
    let forged = Shown { version: 2, hash: Some("0000000000000000".into()) };
    assert!(matches!(
        play.says("bo", Command::Approve { shown: forged, comment: String::new() }),
        Err(Refusal::Replaced { .. })
    ));
}

#[test]
fn an_edit_ends_approvals_wherever_the_draft_waits() {
    for plan in [false, true] {
        let mut play = Play::approved(true);
        if plan {
            play.plans("ana", NOW.plus_ms(DAY_MS)).expect("plans");
        }
        let edited = play.edits("ana", "Another text").expect("edits");
        assert!(matches!(edited.as_slice(), [Event::Edited { voided, .. }] if voided == &[MemberId::new("bo")]));
        assert_eq!((play.draft.status, play.draft.is_approved()), (Status::Drafting, false));
        play.system(Command::Tick);
        assert!(play.claims(&Gate::default()).is_empty());
    }
    let mut queued = Play::approved(false);
    queued.edits("ana", "Another text").expect("edits");
    assert!(queued.claims(&Gate::default()).is_empty());
}

#[test]
fn an_approval_can_be_taken_back_until_it_leaves() {
    let mut play = Play::approved(true);
    play.says("bo", Command::Revoke).expect("revokes");
    assert_eq!((play.draft.status, play.draft.is_approved()), (Status::InReview, false));
    assert_eq!(play.says("bo", Command::Revoke), Err(Refusal::NothingToRevoke));
    assert!(matches!(Play::sending().says("bo", Command::Revoke), Err(Refusal::OnItsWay(Status::Sending))));
}

#[test]
fn a_team_of_one_is_told_and_keeps_its_text() {
    let mut play = Play::new(true, true);
    let reviewers = vec![MemberId::new("ana")];
    let refusal = play.says("ana", Command::Submit { reviewers, may_send: true });
    assert_eq!(refusal, Err(Refusal::NobodyToApprove));
    assert_eq!(play.draft.text(), "Your parcel comes tomorrow");
}

#[test]
fn texts_are_measured_when_they_are_written() {
    let mut play = Play::new(false, false);
    assert_eq!(play.edits("ana", "  "), Err(Refusal::EmptyText));
    assert_eq!(play.edits("ana", &"é".repeat(281)), Err(Refusal::TooLong { length: 281, max: 280 }));
    assert!(play.edits("ana", &"é".repeat(280)).is_ok());
    assert_eq!(play.edits("ana", &"é".repeat(280)), Ok(Vec::new()));
}

#[test]
fn a_moved_window_ends_approvals_when_it_moves_far() {
    let at = NOW.plus_ms(DAY_MS);
    let cases =
        [(WINDOW_MS, Status::Scheduled, 1), (WINDOW_MS + 1, Status::InReview, 2), (-WINDOW_MS, Status::Scheduled, 1)];
    for (moved_ms, status, version) in cases {
        let mut play = Play::new(true, true);
        play.plans("ana", at).expect("plans");
        play.submits("ana").expect("submits");
        play.approves("bo").expect("approves");
        assert_eq!(play.draft.status, Status::Scheduled);
        play.plans("ana", at.plus_ms(moved_ms)).expect("moves");
        assert_eq!((play.draft.status, play.draft.number()), (status, version), "{moved_ms}");
    }
    // Approved without a time: any time will do.
    let mut play = Play::approved(true);
    play.plans("ana", at).expect("plans");
    assert_eq!((play.draft.status, play.draft.number()), (Status::Scheduled, 1));
}

#[test]
fn a_planned_post_leaves_at_its_time_and_not_unapproved() {
    let at = NOW.plus_ms(DAY_MS);
    let mut play = Play::approved(true);
    play.plans("ana", at).expect("plans");
    assert_eq!(play.draft.due_at(), Some(at));
    play.now = at.plus_ms(-1);
    assert!(play.system(Command::Tick).is_empty());
    play.now = at;
    assert!(matches!(play.system(Command::Tick).as_slice(), [Event::Released { by: None }]));
    assert!(matches!(play.claims(&Gate::default()).as_slice(), [Event::Claimed { .. }]));

    let mut unapproved = Play::new(true, true);
    unapproved.plans("ana", at).expect("plans");
    unapproved.submits("ana").expect("submits");
    let mut told = Vec::new();
    for minute in 0..=24 * 60 {
        unapproved.now = NOW.plus_ms(minute * MINUTE_MS);
        told.extend(unapproved.system(Command::Tick).into_iter().map(|event| (minute, event)));
    }
    let minutes: Vec<i64> = told.iter().map(|(minute, _)| *minute).collect();
    assert_eq!(minutes, [20 * 60, 24 * 60 - 30, 24 * 60], "the reminder of 24 h lay in the past when it was planned");
    assert!(matches!(told.last(), Some((_, Event::Missed { approved: false, .. }))));
    assert!(unapproved.approves("bo").is_ok());
    assert_eq!(unapproved.draft.status, Status::Approved, "approved too late: it does not leave by itself");
    assert_eq!(unapproved.draft.due_at(), None);
}

#[test]
fn a_late_post_is_told_and_a_very_late_one_stays() {
    let at = NOW.plus_ms(HOUR_MS);
    let late = |late_ms: i64| {
        let mut play = Play::approved(true);
        play.plans("ana", at).expect("plans");
        play.now = at.plus_ms(late_ms);
        play
    };
    let mut a_little = late(10 * MINUTE_MS);
    a_little.system(Command::Tick);
    assert_eq!(a_little.draft.due_at(), Some(at.plus_ms(LATE_MS)));
    assert!(matches!(a_little.system(Command::Tick).as_slice(), [Event::LateTold { .. }]));
    assert!(a_little.system(Command::Tick).is_empty(), "told once");
    let mut on_the_wire = late(3 * MINUTE_MS);
    on_the_wire.system(Command::Tick);
    on_the_wire.claims(&Gate::default());
    let sent = on_the_wire.system(Command::Delivered { attempt: 1, id: "p".into(), url: String::new() });
    assert!(matches!(sent.as_slice(), [Event::Sent { .. }, Event::LateTold { .. }]));
    let mut very = late(TOO_LATE_MS + 1);
    assert!(matches!(very.system(Command::Tick).as_slice(), [Event::Missed { approved: true, .. }]));
    assert_eq!(very.draft.status, Status::Approved);
}

#[test]
fn publishing_at_once_takes_two_people() {
    let mut play = Play::approved(true);
    let now = || Command::PublishNow { gate: Gate::default() };
    assert_eq!(play.says("bo", now()), Err(Refusal::SamePerson));
    assert_eq!(
        play.says("cleo", Command::PublishNow { gate: frozen() }),
        Err(Refusal::Frozen { by: Some("C-3".into()) })
    );
    assert!(play.says("cleo", now()).is_ok());
    assert_eq!(play.draft.status, Status::Queued);
    assert_eq!(Play::new(true, true).says("cleo", now()), Err(Refusal::NotApproved));
}

#[test]
fn a_freeze_holds_and_nothing_goes_on_by_itself() {
    let mut play = Play::approved(true);
    play.plans("ana", NOW.plus_ms(DAY_MS)).expect("plans");
    play.now = NOW.plus_ms(DAY_MS);
    play.system(Command::Tick);
    assert!(matches!(play.claims(&frozen()).as_slice(), [Event::Held { .. }]));
    for _ in 0..3 {
        play.now = play.now.plus_ms(DAY_MS);
        assert!(play.system(Command::Tick).is_empty() && play.claims(&Gate::default()).is_empty());
    }
    assert!(!play.draft.is_approved(), "a person decides anew");
    assert!(play.submits("ana").is_ok() && play.approves("bo").is_ok());

    let mut swept = Play::approved(true);
    swept.plans("ana", NOW.plus_ms(DAY_MS)).expect("plans");
    swept.system(Command::Hold { by: None });
    assert_eq!((swept.draft.status, swept.draft.due_at()), (Status::Held, None));
}

#[test]
fn the_crisis_lead_lets_a_held_reply_leave() {
    let mut play = Play::approved(false);
    play.claims(&frozen());
    assert_eq!(play.draft.status, Status::Held);
    assert_eq!(play.says("ana", Command::Pass), Err(Refusal::OwnVersion));
    play.says("lead", Command::Pass).expect("passes");
    assert!(matches!(play.claims(&frozen()).as_slice(), [Event::Claimed { .. }]));
    let mut changed = Play::approved(false);
    changed.claims(&frozen());
    changed.says("lead", Command::Pass).expect("passes");
    changed.edits("ana", "Something else").expect("edits");
    assert!(changed.draft.passed.is_none(), "the lead's word was for another text");
    let mut post = Play::approved(true);
    post.says("cleo", Command::PublishNow { gate: Gate::default() }).expect("presses");
    post.claims(&frozen());
    assert_eq!(post.says("lead", Command::Pass), Err(Refusal::NotNow(Status::Held)));
}

#[test]
fn what_became_of_a_try() {
    let delivered = |attempt| Command::Delivered { attempt, id: "1".into(), url: "https://x.example/1".into() };
    let mut play = Play::sending();
    assert!(play.system(delivered(2)).is_empty(), "no such try");
    play.system(delivered(1));
    assert_eq!(play.draft.status, Status::Sent);
    assert!(play.system(delivered(1)).is_empty(), "told twice");
    assert!(play.claims(&Gate::default()).is_empty());

    let mut refused = Play::sending();
    refused.system(Command::Rejected { attempt: 1, cause: "token expired".into() });
    assert_eq!(refused.draft.status, Status::Refused);
    refused.says("ana", Command::Retry).expect("the approval still stands");
    assert!(matches!(refused.claims(&Gate::default()).as_slice(), [Event::Claimed { attempt: 2, .. }]));

    let mut busy = Play::sending();
    busy.system(Command::PutOff { attempt: 1, cause: "slow down".into() });
    assert_eq!(busy.draft.status, Status::Queued);
    assert!(matches!(busy.claims(&Gate::default()).as_slice(), [Event::Claimed { attempt: 2, .. }]));
}

#[test]
fn a_lost_answer_is_looked_for_and_then_asked_of_a_person() {
    let mut play = Play::sending();
    // Whoever claimed it is gone: the next claim does not send, it looks.
    assert!(matches!(play.claims(&Gate::default()).as_slice(), [Event::AnswerLost { .. }]));
    for look in 1..=LOOKS_MAX {
        assert!(play.draft.is_looked_for());
        let found = play.system(Command::LookInVain { attempt: 1, last: false, cause: String::new() });
        assert!(matches!(found.as_slice(), [Event::NotFound { last, .. }] if *last == (look == LOOKS_MAX)));
    }
    assert!(!play.draft.is_looked_for() && play.claims(&Gate::default()).is_empty());
    assert!(matches!(play.edits("ana", "Other"), Err(Refusal::OnItsWay(Status::Unknown))));
    play.says("ana", Command::Settle { out: false }).expect("decides");
    // It was out after all, and the network says so before it is sent again: nothing more leaves.
    play.system(Command::Delivered { attempt: 1, id: "1".into(), url: String::new() });
    assert_eq!(play.draft.status, Status::Sent);
    assert!(play.claims(&Gate::default()).is_empty());
}

#[derive(Clone, Debug)]
enum Move {
    Edit(u8, u8),
    Submit(u8),
    Approve(u8, bool),
    Changes(u8),
    Revoke(u8),
    Plan(u8, i64),
    Unplan(u8),
    Now(u8),
    Retry(u8),
    Claim,
    Hear(u8, u32),
    Settle(u8, bool),
    Pass(u8),
    Hold,
    Freeze(bool),
    Pass15Minutes(i64),
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        (0..4_u8, 0..3_u8).prop_map(|(who, text)| Move::Edit(who, text)),
        (0..4_u8).prop_map(Move::Submit),
        (0..4_u8, any::<bool>()).prop_map(|(who, stale)| Move::Approve(who, stale)),
        (0..4_u8).prop_map(|who| Move::Approve(who, false)),
        (0..4_u8).prop_map(Move::Changes),
        (0..4_u8).prop_map(Move::Revoke),
        (0..4_u8, 1..30_i64).prop_map(|(who, quarters)| Move::Plan(who, quarters)),
        (0..4_u8).prop_map(Move::Unplan),
        (0..4_u8).prop_map(Move::Now),
        (0..4_u8).prop_map(Move::Retry),
        Just(Move::Claim),
        Just(Move::Claim),
        (0..5_u8, 0..3_u32).prop_map(|(what, back)| Move::Hear(what, back)),
        (0..4_u8, any::<bool>()).prop_map(|(who, out)| Move::Settle(who, out)),
        (0..4_u8).prop_map(Move::Pass),
        Just(Move::Hold),
        any::<bool>().prop_map(Move::Freeze),
        (0..12_i64).prop_map(Move::Pass15Minutes),
    ]
}

/// Judges the events from outside, with books of its own.
#[derive(Default)]
struct Judge {
    authors: BTreeSet<MemberId>,
    hash: String,
    yes: Vec<(MemberId, String)>,
    passed: bool,
    open_try: bool,
    outs: u32,
}

impl Judge {
    fn hear(&mut self, event: &Event, post: bool, required: bool, gate: &Gate) -> Result<(), TestCaseError> {
        match event {
            Event::Opened { version, .. } | Event::Edited { version, .. } => {
                self.authors.insert(version.by.clone());
                self.hash.clone_from(&version.hash);
                self.passed = false;
            }
            Event::Submitted { version, .. } | Event::Planned { version: Some(version), .. } => {
                self.hash.clone_from(&version.hash);
            }
            Event::Approved { approval, .. } => self.yes.push((approval.by.clone(), approval.hash.clone())),
            Event::Passed { approval } => {
                self.yes.push((approval.by.clone(), approval.hash.clone()));
                self.passed = true;
            }
            Event::Revoked { .. } | Event::Held { .. } | Event::ChangesAsked { .. } => {
                self.yes.clear();
                self.passed = false;
            }
            Event::Claimed { hash, .. } => {
                prop_assert_eq!(hash, &self.hash, "what leaves is what stands");
                let by_other = self.yes.iter().any(|(by, yes)| yes == hash && !self.authors.contains(by));
                prop_assert!(by_other || !required, "left without another person's yes to this hash");
                prop_assert!(!gate.stops("x", post) || (!post && self.passed), "left while frozen");
                prop_assert!(!self.open_try, "a second try while the first one's outcome is open");
                self.open_try = true;
            }
            Event::Rejected { .. } | Event::PutOff { .. } | Event::Resent { .. } => self.open_try = false,
            Event::Sent { .. } => {
                self.outs += 1;
                prop_assert_eq!(self.outs, 1);
            }
            _ => {}
        }
        Ok(())
    }
}

fn command(step: &Move, play: &Play, gate: &Gate, first: &Shown) -> Option<(Option<u8>, Command)> {
    let attempt = |back: u32| play.draft.attempt.saturating_sub(back);
    Some(match step {
        Move::Edit(who, text) => {
            let text = format!("Text number {text}");
            (Some(*who), Command::Edit { text, private: None, shown: None, limit: 280 })
        }
        Move::Submit(who) => {
            let reviewers = ["ana", "bo", "cleo", "dan"].map(MemberId::new).to_vec();
            (Some(*who), Command::Submit { reviewers, may_send: *who != 3 })
        }
        Move::Approve(who, stale) => {
            let shown = if *stale { first.clone() } else { play.shown() };
            (Some(*who), Command::Approve { shown, comment: String::new() })
        }
        Move::Changes(who) => (Some(*who), Command::AskChanges { shown: None, text: "Shorter".into() }),
        Move::Revoke(who) => (Some(*who), Command::Revoke),
        Move::Plan(who, quarters) => {
            let at = play.now.plus_ms(quarters * 15 * MINUTE_MS);
            (Some(*who), Command::Plan { at, wall: String::new(), gate: gate.clone() })
        }
        Move::Unplan(who) => (Some(*who), Command::Unplan),
        Move::Now(who) => (Some(*who), Command::PublishNow { gate: gate.clone() }),
        Move::Retry(who) => (Some(*who), Command::Retry),
        Move::Claim => (None, Command::Claim { gate: gate.clone() }),
        Move::Hear(what, back) => {
            let (attempt, cause) = (attempt(*back), String::new());
            let heard = match what {
                0 => Command::Delivered { attempt, id: "1".into(), url: String::new() },
                1 => Command::Rejected { attempt, cause },
                2 => Command::PutOff { attempt, cause },
                3 => Command::LoseAnswer { attempt, cause },
                _ => Command::LookInVain { attempt, last: false, cause },
            };
            (None, heard)
        }
        Move::Settle(who, out) => (Some(*who), Command::Settle { out: *out }),
        Move::Pass(who) => (Some(*who), Command::Pass),
        Move::Hold => (None, Command::Hold { by: None }),
        Move::Freeze(_) | Move::Pass15Minutes(_) => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nothing_leaves_unapproved_frozen_or_twice(
        post in any::<bool>(),
        approve_replies in any::<bool>(),
        steps in proptest::collection::vec(moves(), 1..60),
    ) {
        let mut play = Play::new(post, approve_replies);
        let (mut judge, mut gate) = (Judge::default(), Gate::default());
        let first = play.shown();
        let required = post || approve_replies;
        for event in &play.events {
            judge.hear(event, post, required, &gate)?;
        }
        for step in &steps {
            match step {
                Move::Freeze(on) => gate = if *on { frozen() } else { Gate::default() },
                Move::Pass15Minutes(times) => play.now = play.now.plus_ms(times * 15 * MINUTE_MS),
                _ => {}
            }
            let actor = |who: Option<u8>| who.map_or(Actor::System, |who| {
                let name = ["ana", "bo", "cleo", "dan"][usize::from(who)];
                Actor::Member { id: MemberId::new(name) }
            });
            let decided = match command(step, &play, &gate, &first) {
                Some((who, command)) => play.decide(actor(who), &command),
                None => play.decide(Actor::System, &Command::Tick),
            };
            for event in decided.unwrap_or_default() {
                judge.hear(&event, post, required, &gate)?;
            }
            prop_assert!(play.draft.due_at().is_none_or(|_| !play.draft.status.is_final()));
        }
        // The stored state is what its history says, whichever way it is read back.
        let replayed = play.events.iter().fold(Draft::default(), Draft::evolve);
        prop_assert_eq!(&replayed, &play.draft);
        let json = serde_json::to_string(&play.draft).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Draft>(&json).expect("reads back"), play.draft);
    }
}
