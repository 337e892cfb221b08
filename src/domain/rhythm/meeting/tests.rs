use super::*;
use crate::domain::decide::{Actor, Decider, Facts};
use crate::domain::effect::Effect;
use crate::domain::react::Aggregate;
use crate::domain::rhythm::action::{self, Action};
use crate::domain::time::MINUTE_MS;

const START: i64 = 100 * HOUR_MS;

/// Four people; Léa leads the role that meets.
fn office() -> Office {
    let calendar = serde_json::json!({ "zone": "Europe/Paris", "week": [[], [], [], [], [], [], []] });
    let member = |id: &str| {
        let member = serde_json::json!({
            "id": id, "name": id, "language": null, "zone": null, "email": null, "handles": {}, "roles": ["care"],
            "networks": [], "weight": 1, "capacity": null, "skills": {}, "backup": null, "hours": null,
        });
        (id.to_owned(), member)
    };
    let members: BTreeMap<_, _> = ["lea", "hugo", "nora", "sam"].map(member).into();
    let office = serde_json::json!({
        "name": "Office", "zone": "Europe/Paris", "language": "en", "calendar": calendar, "members": members,
        "roles": { "care": {
            "name": "care", "post": "expert", "mission": {}, "rotation": true, "topics": [], "lead": "lea", "hours": null,
        } },
        "desks": [], "accounts": {}, "targets": {}, "default_role": "care", "reporting": null,
        "series": [{
            "name": "weekly", "title": {}, "cron": "30 10 * * mon", "desk": "social", "roles": ["care"],
            "ask_minutes_before": 1440, "agenda_minutes_before": 10,
        }],
        "crisis": {
            "lead": null, "deputy": null, "alert_roles": [], "crisis_roles": [], "volume_messages": 20,
            "volume_minutes": 20, "ack_minutes": [10, 5], "update_minutes": [60, 30], "standdown_people": 2,
        },
    });
    serde_json::from_value(office).expect("the test's office is valid")
}

fn facts<'a>(office: &'a Office, now: i64, by: Option<&str>) -> Facts<'a> {
    let actor = by.map_or(Actor::System, |id| Actor::Member { id: MemberId::new(id) });
    Facts { now: Timestamp(now), actor, office }
}

fn making() -> Making {
    Making {
        series: "weekly".into(),
        desk: "social".into(),
        title: BTreeMap::from([(Lang::En, "Weekly".into()), (Lang::Fr, "Hebdo".into())]),
        start: Timestamp(START),
        ask_at: Timestamp(START - 24 * HOUR_MS),
        open_at: Timestamp(START - 10 * MINUTE_MS),
    }
}

fn attendance() -> Attendance {
    let asked = |member: &str, for_whom: &[&str]| Invited {
        member: member.into(),
        instead_of: for_whom.iter().map(|id| MemberId::new(*id)).collect(),
    };
    Attendance {
        invited: vec![asked("lea", &[]), asked("nora", &["sam"])],
        away: vec!["sam".into()],
        written: None,
        close_at: Timestamp(START + LENGTH_MS),
    }
}

struct Played {
    office: Office,
    meeting: Meeting,
}

impl Played {
    fn new() -> Self {
        let mut played = Self { office: office(), meeting: Meeting::default() };
        played.act(0, None, &Command::Plan(7, making())).expect("planned");
        played
    }

    fn asked() -> Self {
        let mut played = Self::new();
        played.act(1, None, &Command::Ask(attendance())).expect("asked");
        played
    }

    fn act(&mut self, now: i64, by: Option<&str>, command: &Command) -> Result<Vec<Effect>, Refusal> {
        let facts = facts(&self.office, now, by);
        let events = self.meeting.decide(command, &facts)?;
        self.meeting = events.iter().fold(self.meeting.clone(), Meeting::evolve);
        Ok(self.meeting.react(&events, &facts))
    }
}

fn told(effects: &[Effect]) -> Vec<(String, String)> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Tell { member, notice, .. } => Some((member.to_string(), notice.key.clone())),
        _ => None,
    });
    told.collect()
}

fn answer(wins: &str) -> Command {
    Command::Answer(Answer { wins: wins.into(), ..Answer::default() })
}

#[test]
fn each_person_is_asked_once_and_a_backup_hears_for_whom() {
    let mut played = Played::new();
    let effects = played.act(1, None, &Command::Ask(attendance())).expect("asked");
    assert_eq!(
        told(&effects),
        [("lea".into(), "meeting-ask-dm".to_owned()), ("nora".into(), "meeting-ask-for-dm".to_owned())]
    );
    let again = played.act(2, None, &Command::Ask(attendance())).expect("nothing new");
    assert_eq!(again, []);
}

#[test]
fn one_answer_a_person_counts_the_latest_until_the_meeting_starts() {
    let mut played = Played::asked();
    played.act(2, Some("lea"), &answer("first")).expect("taken");
    played.act(3, Some("lea"), &answer(" second ")).expect("taken");
    let lea = MemberId::new("lea");
    assert_eq!(played.meeting.answers.get(&lea).map(|answer| answer.wins.as_str()), Some("second"));
    assert_eq!(played.meeting.silent(), [&MemberId::new("nora")]);
    let same = played.act(4, Some("lea"), &answer("second")).expect("nothing new");
    assert_eq!(same, []);
    assert_eq!(played.act(START, Some("lea"), &answer("late")), Err(Refusal::AnswersClosed));
    assert_eq!(played.act(5, Some("lea"), &answer("  ")), Err(Refusal::EmptyText));
    let long = "x".repeat(ANSWER_CHARS_MAX + 1);
    assert_eq!(played.act(5, Some("lea"), &answer(&long)), Err(Refusal::TooLong { max: ANSWER_CHARS_MAX }));
}

#[test]
fn a_written_meeting_says_so_and_takes_answers_until_it_ends() {
    let mut played = Played::new();
    let written =
        Attendance { written: Some(Written::Holiday), close_at: Timestamp(START + 9 * HOUR_MS), ..attendance() };
    let effects = played.act(1, None, &Command::Ask(written.clone())).expect("asked");
    let said = effects.iter().any(
        |effect| matches!(effect, Effect::Announce { desk, notice, .. } if desk == "social" && notice.key == "meeting-written-holiday"),
    );
    assert!(said, "{effects:?}");
    played.act(START - 1, None, &Command::Open(Live::default(), written)).expect("opened");
    played.act(START + HOUR_MS, Some("lea"), &answer("from home")).expect("still open");
    assert_eq!(played.meeting.due_at(), Some(Timestamp(START + 9 * HOUR_MS)));
}

#[test]
fn the_agenda_reminds_only_those_who_are_silent() {
    let mut played = Played::asked();
    played.act(2, Some("lea"), &answer("done")).expect("taken");
    let effects = played.act(START, None, &Command::Open(Live::default(), attendance())).expect("opened");
    assert_eq!(told(&effects), [("nora".into(), "meeting-reminder-dm".to_owned())]);
    assert!(effects.contains(&Effect::Card { subject: played.meeting.subject() }));
    let twice = played.act(START, None, &Command::Open(Live::default(), attendance())).expect("nothing new");
    assert_eq!(twice, []);
}

#[test]
fn decisions_need_a_meeting_and_nothing_can_be_added_once_it_is_over() {
    let mut played = Played::asked();
    let decide = Command::Decide("We answer on Sundays".into());
    let early = played.act(2, Some("lea"), &decide);
    assert_eq!(early, Err(Refusal::NotOpen { at: Timestamp(START - 10 * MINUTE_MS) }));
    played.act(3, Some("lea"), &Command::Add("Budget".into())).expect("added");
    played.act(START, None, &Command::Open(Live::default(), attendance())).expect("opened");
    played.act(START + 1, Some("lea"), &decide).expect("decided");
    let effects = played.act(START + 2, Some("lea"), &Command::Close).expect("closed");
    assert_eq!(told(&effects), [("sam".into(), "meeting-catch-up-dm".to_owned())]);
    let summary = Effect::Document { desk: "social".into(), document: "M-7:summary".into() };
    assert!(effects.contains(&summary), "{effects:?}");
    for command in [decide, Command::Add("More".into()), Command::Close, answer("x")] {
        assert_eq!(played.act(START + 3, Some("lea"), &command), Err(Refusal::Over), "{command:?}");
    }
    assert_eq!(played.meeting.due_at(), None);
}

#[test]
fn points_and_decisions_are_bounded() {
    let mut played = Played::asked();
    for number in 0..POINTS_MAX {
        played.act(2, Some("lea"), &Command::Add(format!("point {number}"))).expect("added");
    }
    let more = played.act(2, Some("lea"), &Command::Add("one more".into()));
    assert_eq!(more, Err(Refusal::TooMany { max: POINTS_MAX }));
}

#[test]
fn an_action_is_carried_once_a_meeting_and_the_third_time_the_lead_hears_of_it() {
    let office = office();
    let by_lea = facts(&office, 1, Some("lea"));
    let making = action::Making {
        text: "Fix the FAQ".into(),
        owner: "hugo".into(),
        series: "weekly".into(),
        ..action::Making::default()
    };
    let mut state = Action::default();
    let step = |state: &mut Action, command: &action::Command, facts: &Facts<'_>| {
        let events = state.decide(command, facts).expect("accepted");
        *state = events.iter().fold(state.clone(), Action::evolve);
        told(&state.react(&events, facts))
    };
    assert_eq!(
        step(&mut state, &action::Command::Make(9, making), &by_lea),
        [("hugo".to_owned(), "action-given-dm".to_owned())]
    );
    let by_itself = facts(&office, 2, None);
    for (meeting, carried, heard) in [(1, 1, 0), (1, 1, 0), (2, 2, 0), (3, 3, 1), (3, 3, 0), (4, 4, 0)] {
        let lead = step(&mut state, &action::Command::Carry { meeting }, &by_itself);
        assert_eq!((state.carried, lead.len()), (carried, heard), "meeting {meeting}: {lead:?}");
        assert!(lead.iter().all(|(member, _)| member == "lea"), "{lead:?}");
    }
    step(&mut state, &action::Command::Finish, &facts(&office, 3, Some("hugo")));
    step(&mut state, &action::Command::Carry { meeting: 5 }, &by_itself);
    assert_eq!(state.carried, 4, "a closed action is not carried");
    let again = state.decide(&action::Command::Finish, &by_lea);
    assert_eq!(again, Err(action::Refusal::AlreadyClosed { by: Some("hugo".into()) }));
}

#[test]
fn the_owner_is_reminded_once_when_an_action_is_due() {
    let office = office();
    let making = action::Making {
        text: "Order samples".into(),
        owner: "hugo".into(),
        due: Some(Timestamp(50)),
        series: "weekly".into(),
        meeting: None,
    };
    let made = action::Event::Made { id: 1, making, at: Timestamp(0) };
    let state = Action::default().evolve(&made);
    assert_eq!(state.decide(&action::Command::Tick, &facts(&office, 49, None)), Ok(vec![]));
    let due = state.decide(&action::Command::Tick, &facts(&office, 50, None)).expect("due");
    assert_eq!(due, [action::Event::Reminded]);
    assert_eq!(state.evolve(&due[0]).due_at(), None);
}
