//! The rotation in users' words, its promise under random absences, and the figures it is measured by.

use proptest::prelude::*;

use super::*;
use crate::domain::desk::priority::Priority;

fn full(id: &str) -> Candidate {
    weighted(id, 1)
}

fn weighted(id: &str, weight: u32) -> Candidate {
    Candidate {
        member: id.into(),
        share_milli: weight * 1_000,
        skill: 1,
        capacity: None,
        open_load: 0,
        exclusion: None,
    }
}

fn away(id: &str) -> Candidate {
    Candidate { exclusion: Some(Exclusion::Away), ..full(id) }
}

const ORDINARY: Cost = Cost(1_000);
/// A reopened p1.
const LARGEST: Cost = Cost(6_000);

/// An office for tests: applies what the rotation decides, as a use case would.
#[derive(Default)]
struct Desk {
    rotation: Rotation,
    clock: i64,
}

impl Desk {
    fn apply(&mut self, event: &Event) {
        self.rotation = std::mem::take(&mut self.rotation).evolve(event);
    }

    fn settle(&mut self, candidates: &[Candidate]) {
        for event in self.rotation.presence_changes(candidates, LARGEST) {
            self.apply(&event);
        }
    }

    fn assign(
        &mut self,
        candidates: &[Candidate],
        cost: Cost,
        sticky: Option<&MemberId>,
    ) -> Result<Choice, NobodyOnDuty> {
        self.settle(candidates);
        let choice = self.rotation.pick(candidates, &Request { cost_max: LARGEST, sticky })?;
        self.record(&choice.member, choice.weight, candidates, cost, true);
        Ok(choice)
    }

    fn record(&mut self, member: &MemberId, weight: Weight, candidates: &[Candidate], cost: Cost, automatic: bool) {
        self.clock += 1;
        let sharers = sharers(candidates);
        let event =
            Event::Assigned { member: member.clone(), cost, weight, automatic, sharers, at: Timestamp(self.clock) };
        self.apply(&event);
    }

    fn claim(&mut self, id: &str, candidates: &[Candidate], cost: Cost) {
        self.settle(candidates);
        self.record(&id.into(), Weight::new(1_000), candidates, cost, false);
    }

    fn names(&mut self, candidates: &[Candidate], count: usize) -> Vec<String> {
        (0..count).map(|_| self.assign(candidates, ORDINARY, None).expect("somebody").member.0).collect()
    }

    fn given(&self, id: &str) -> i64 {
        self.rotation.members.get(&id.into()).map_or(0, |standing| standing.assigned_cost.0)
    }
}

#[test]
fn weights_one_one_two_two_share_600_tickets_as_100_100_200_200() {
    let team = [weighted("a", 1), weighted("b", 1), weighted("c", 2), weighted("d", 2)];
    let mut desk = Desk::default();
    for _ in 0..600 {
        desk.assign(&team, ORDINARY, None).expect("somebody");
    }
    for (id, share) in [("a", 100), ("b", 100), ("c", 200), ("d", 200)] {
        assert!((desk.given(id) / 1_000 - share).abs() <= 2, "{id}: {}", desk.given(id));
    }
}

#[test]
fn skill_counts_as_weight_and_so_does_part_time() {
    let half = Candidate { share_milli: 500, skill: 3, ..full("half, expert") };
    assert_eq!(half.weight(), Weight::new(1_500));
    let mut desk = Desk::default();
    for _ in 0..500 {
        desk.assign(&[half.clone(), full("full")], ORDINARY, None).expect("somebody");
    }
    assert!((desk.given("half, expert") - 300_000).abs() <= 1_000);
}

#[test]
fn equals_take_turns_and_a_tie_goes_to_the_longest_unassigned_then_to_the_lowest_id() {
    let mut desk = Desk::default();
    let team = [full("cleo"), full("ana"), full("bo")];
    assert_eq!(desk.assign(&team, ORDINARY, None).expect("ana").tie_break, TieBreak::LowestId);
    assert_eq!(desk.names(&team, 2), ["bo", "cleo"]);
    let fourth = desk.assign(&team, ORDINARY, None).expect("ana");
    assert_eq!((fourth.member.0.as_str(), fourth.tie_break), ("ana", TieBreak::LongestUnassigned));
    desk.names(&team, 1);
    let sixth = desk.assign(&team, ORDINARY, None).expect("cleo");
    assert_eq!((sixth.member.0.as_str(), sixth.tie_break), ("cleo", TieBreak::SmallestVirtualTime));
    let alone = desk.assign(&team[2..], ORDINARY, None).expect("bo");
    assert_eq!((alone.member.0.as_str(), alone.tie_break), ("bo", TieBreak::OnlyCandidate));
}

#[test]
fn a_heavy_ticket_counts_as_many_light_ones() {
    let mut desk = Desk::default();
    let team = [full("ana"), full("bo")];
    desk.assign(&team, Cost(4_000), None).expect("ana");
    assert_eq!(desk.names(&team, 5), ["bo", "bo", "bo", "bo", "ana"]);
}

#[test]
fn tickets_cost_what_the_table_says() {
    let table = CostTable::default();
    let cases = [
        (Priority::P1, 4_000, 6_000),
        (Priority::P2, 2_000, 3_000),
        (Priority::P3, 1_000, 1_500),
        (Priority::P4, 500, 750),
    ];
    for (priority, fresh, reopened) in cases {
        assert_eq!(
            (table.cost(priority, false), table.cost(priority, true)),
            (Cost(fresh), Cost(reopened)),
            "{priority}"
        );
    }
    assert_eq!(table.largest(), LARGEST);
    assert_eq!(CostTable { reopened_percent: 50, ..table }.largest(), Cost(4_000));
}

#[test]
fn why_me_lists_everybody_in_order_with_the_reason_against_them() {
    let team = [
        Candidate { exclusion: Some(Exclusion::NoRight), ..full("a") },
        Candidate { exclusion: Some(Exclusion::OffShift), capacity: Some(0), ..full("b") },
        Candidate { capacity: Some(3), open_load: 3, ..full("c") },
        Candidate { skill: 0, ..full("d") },
        Candidate { share_milli: 0, ..full("e") },
        away("f"),
        Candidate { capacity: Some(3), open_load: 2, ..full("y") },
        full("z"),
    ];
    let mut desk = Desk::default();
    desk.claim("y", &team[6..], ORDINARY);
    let choice = desk.assign(&team, ORDINARY, None).expect("z");
    let lines: Vec<(&str, Option<Exclusion>)> =
        choice.explanation.iter().map(|line| (line.member.0.as_str(), line.exclusion)).collect();
    let (free, excluded) = lines.split_at(2);
    assert_eq!(free, [("z", None), ("y", None)]);
    let mut excluded = excluded.to_vec();
    excluded.sort_by_key(|line| line.0);
    let reasons = [
        ("a", Some(Exclusion::NoRight)),
        ("b", Some(Exclusion::OffShift)),
        ("c", Some(Exclusion::AtCapacity)),
        ("d", Some(Exclusion::NoSkill)),
        ("e", Some(Exclusion::NoShare)),
        ("f", Some(Exclusion::Away)),
    ];
    assert_eq!(excluded, reasons);
    assert!((choice.explanation[1].virtual_time.turns() - 1.0).abs() < 1e-9, "before the choice");
    let nobody = desk.assign(&team[..6], ORDINARY, None).expect_err("all excluded");
    assert_eq!(nobody.explanation.len(), 6);
    assert_eq!(desk.assign(&[], ORDINARY, None), Err(NobodyOnDuty { explanation: vec![] }));
}

#[test]
fn a_customer_comes_back_to_the_same_person_unless_that_person_is_too_far_ahead_or_excluded() {
    let team = [full("ana"), full("bo")];
    let ana = MemberId::from("ana");
    let mut desk = Desk::default();
    let mut stuck = 0;
    while desk.assign(&team, ORDINARY, Some(&ana)).expect("somebody").member == ana {
        stuck += 1;
        assert!(stuck < 50);
    }
    assert_eq!(stuck, 7, "six ordinary tickets ahead is within one largest ticket, seven is not");
    let gone = [away("ana"), full("bo")];
    assert_eq!(desk.assign(&gone, ORDINARY, Some(&ana)).expect("bo").member.0, "bo");
    let mut fresh = Desk::default();
    fresh.assign(&team, ORDINARY, None).expect("ana");
    assert_eq!(fresh.assign(&team, ORDINARY, Some(&ana)).expect("ana").tie_break, TieBreak::Sticky);
    assert_eq!(fresh.assign(&team[..1], ORDINARY, Some(&ana)).expect("ana").tie_break, TieBreak::OnlyCandidate);
}

#[test]
fn who_was_passed_by_for_being_full_is_written_down() {
    let free = [full("ana"), full("bo")];
    let mut desk = Desk::default();
    desk.names(&free, 2);
    let ana_full = [Candidate { capacity: Some(1), open_load: 1, ..full("ana") }, full("bo")];
    let passed = desk.assign(&ana_full, ORDINARY, None).expect("bo");
    assert_eq!((passed.member.0.as_str(), passed.exception()), ("bo", Some(Exception::Capacity)));
    assert_eq!(passed.passed_by, [MemberId::from("ana")]);
    let bo_full = [full("ana"), Candidate { capacity: Some(1), open_load: 1, ..full("bo") }];
    let plain = desk.assign(&bo_full, ORDINARY, None).expect("ana");
    assert_eq!((plain.exception(), plain.passed_by.len()), (None, 0), "it was her turn anyway");
    let has_it = [Candidate { exclusion: Some(Exclusion::HasIt), ..full("ana") }, full("bo")];
    assert_eq!(desk.assign(&has_it, ORDINARY, None).expect("bo").member.0, "bo");
    assert!(desk.assign(&has_it[..1], ORDINARY, None).is_err(), "nobody else");
}

#[test]
fn a_change_of_share_settles_a_person_anew() {
    let mut desk = Desk::default();
    let team = [full("ana"), full("bo")];
    for _ in 0..2 {
        desk.assign(&team, LARGEST, None).expect("somebody");
    }
    desk.assign(&team, LARGEST, None).expect("ana, six turns ahead");
    let promoted = [weighted("ana", 3), full("bo")];
    let turns = desk.names(&promoted, 8);
    assert_eq!(&turns[..2], ["bo", "bo"], "two turns ahead is what six are at three times the share: {turns:?}");
    let anas = turns.iter().filter(|name| *name == "ana").count();
    assert!((4..=5).contains(&anas), "three in four of the other six: {turns:?}");
}

#[test]
fn nobody_is_flooded_on_return_and_a_newcomer_starts_level() {
    let mut desk = Desk::default();
    let all = [full("ana"), full("bo"), full("cleo")];
    desk.names(&all, 3);
    desk.names(&[full("ana"), full("bo"), away("cleo")], 100);
    let back = desk.names(&all, 6);
    assert_eq!(back.iter().filter(|name| *name == "cleo").count(), 2, "{back:?}");
    let with_new = [full("ana"), full("bo"), full("cleo"), full("dan")];
    let turns = desk.names(&with_new, 8);
    assert_eq!(turns.iter().filter(|name| *name == "dan").count(), 2, "{turns:?}");
}

#[test]
fn a_whole_team_that_was_away_comes_back_level_with_those_who_held_the_fort() {
    let mut desk = Desk::default();
    desk.names(&[full("ana"), full("bo"), away("night")], 10);
    desk.names(&[away("ana"), away("bo"), full("night")], 50);
    assert_eq!(
        desk.assign(&[away("ana"), away("bo"), away("night")], ORDINARY, None)
            .map(|_| ())
            .map_err(|no| no.explanation.len()),
        Err(3)
    );
    let turns = desk.names(&[full("ana"), full("bo"), full("night")], 9);
    for name in ["ana", "bo", "night"] {
        assert_eq!(turns.iter().filter(|turn| *turn == name).count(), 3, "{name}: {turns:?}");
    }
}

#[test]
fn work_taken_by_hand_is_made_up_for_even_over_a_night_off() {
    let mut desk = Desk::default();
    let all = [full("ana"), full("bo")];
    for _ in 0..10 {
        desk.claim("ana", &all, ORDINARY);
    }
    assert_eq!(desk.given("ana"), 0, "claims are not what the fairness index counts");
    desk.names(&[away("ana"), full("bo")], 4);
    let turns = desk.names(&all, 12);
    assert_eq!(turns.iter().filter(|name| *name == "bo").count(), 11, "{turns:?}");
}

#[test]
fn a_specialist_who_learns_the_rest_of_the_job_is_not_flooded() {
    let mut desk = Desk::default();
    let narrow = [Candidate { exclusion: Some(Exclusion::NoRight), ..full("narrow") }, full("ana"), full("bo")];
    desk.names(&narrow, 200);
    let turns = desk.names(&[full("narrow"), full("ana"), full("bo")], 9);
    assert_eq!(turns.iter().filter(|name| *name == "narrow").count(), 3, "{turns:?}");
}

#[test]
fn history_replays_to_the_same_rotation_and_reads_back_equal() {
    let mut desk = Desk::default();
    desk.names(&[weighted("ana", 3), full("bo"), away("cleo")], 7);
    desk.names(&[weighted("ana", 3), away("bo"), full("cleo")], 7);
    let text = serde_json::to_string(&desk.rotation).expect("json");
    assert_eq!(serde_json::from_str::<Rotation>(&text).expect("stored rotation"), desk.rotation);
    let event = Event::Left { members: vec!["nobody".into()], cost_max: LARGEST };
    assert_eq!(desk.rotation.clone().evolve(&event), desk.rotation, "the departure of a stranger changes nothing");
}

/// Random presence of a team over a run of tickets.
fn any_run() -> impl Strategy<Value = (Vec<u32>, Vec<(i64, u32)>)> {
    let weights = proptest::collection::vec(1u32..9, 2..8);
    let cost =
        prop_oneof![Just(500), Just(750), Just(1_000), Just(1_500), Just(2_000), Just(3_000), Just(4_000), Just(6_000)];
    let toggles = prop_oneof![3 => Just(0u32), 1 => any::<u32>()];
    (weights, proptest::collection::vec((cost, toggles), 1..300))
}

/// What can happen in a day of the rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Turn,
    Known,
    Claim,
    ComeOrGo,
    FullOrFree,
}

fn any_day() -> impl Strategy<Value = (Vec<u32>, Vec<(i64, Act, usize)>)> {
    let cost =
        prop_oneof![Just(500), Just(750), Just(1_000), Just(1_500), Just(2_000), Just(3_000), Just(4_000), Just(6_000)];
    let act = prop_oneof![
        12 => Just(Act::Turn), 3 => Just(Act::Known), 2 => Just(Act::Claim), 2 => Just(Act::ComeOrGo), 1 => Just(Act::FullOrFree)
    ];
    (proptest::collection::vec(1u32..9, 2..7), proptest::collection::vec((cost, act, 0usize..7), 1..300))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The promise made in the module's first lines, for every pair, over every interval in which both were there.
    #[test]
    fn two_people_on_duty_together_never_drift_apart((weights, tickets) in any_run()) {
        let names: Vec<String> = (0..weights.len()).map(|n| format!("m{n}")).collect();
        let mut present = vec![true; weights.len()];
        let mut desk = Desk::default();
        let mut range = vec![vec![None::<(f64, f64)>; weights.len()]; weights.len()];
        for (cost, toggles) in tickets {
            for (n, here) in present.iter_mut().enumerate() {
                *here ^= (toggles >> n) & 3 == 3;
            }
            let team: Vec<Candidate> = names.iter().zip(&weights).zip(&present)
                .map(|((id, &weight), &here)| Candidate { exclusion: (!here).then_some(Exclusion::Away), ..weighted(id, weight) })
                .collect();
            let share = |desk: &Desk, n: usize| desk.given(&names[n]) as f64 / f64::from(weights[n] * 1_000);
            let mut note = |desk: &Desk| {
                for i in 0..weights.len() {
                    for j in 0..i {
                        let apart = share(desk, i) - share(desk, j);
                        range[i][j] = (present[i] && present[j]).then(|| {
                            let (low, high) = range[i][j].unwrap_or((apart, apart));
                            (low.min(apart), high.max(apart))
                        });
                        let bound = 6.0 / f64::from(weights[i]) + 6.0 / f64::from(weights[j]);
                        let width = range[i][j].map_or(0.0, |(low, high)| high - low);
                        assert!(width <= bound + 1e-6, "{} and {}: {width} > {bound}", names[i], names[j]);
                    }
                }
            };
            note(&desk);
            let chosen = desk.assign(&team, Cost(cost), None);
            prop_assert_eq!(chosen.is_ok(), present.iter().any(|&here| here));
            note(&desk);
        }
    }

    /// As above with all exceptions that people can see: what was taken by hand, given to who knows the customer, or passed by
    /// somebody full widens the bound by its own size, and by no more.
    #[test]
    fn exceptions_widen_the_bound_by_their_own_size((weights, acts) in any_day()) {
        let people = weights.len();
        let names: Vec<String> = (0..people).map(|n| format!("m{n}")).collect();
        let (mut present, mut full) = (vec![true; people], vec![false; people]);
        let mut desk = Desk::default();
        let mut range = vec![vec![None::<(f64, f64)>; people]; people];
        let mut exceptions = vec![0.0f64; people];
        for (cost, act, who) in acts {
            let who = who % people;
            match act {
                Act::ComeOrGo => present[who] = !present[who],
                Act::FullOrFree => full[who] = !full[who],
                _ => {}
            }
            let team: Vec<Candidate> = (0..people)
                .map(|n| Candidate {
                    exclusion: (!present[n]).then_some(Exclusion::Away),
                    capacity: full[n].then_some(0),
                    ..weighted(&names[n], weights[n])
                })
                .collect();
            let size = cost as f64 / 1_000.0;
            let owner = MemberId::new(names[who].clone());
            // What is given to others while somebody is full passes them by for good.
            let free: u32 = (0..people).filter(|&n| present[n] && !full[n]).map(|n| weights[n]).sum();
            let (is_full, is_there) = (full.clone(), present.clone());
            let aged_while_full = |exceptions: &mut [f64], size: f64| {
                for n in (0..people).filter(|&n| is_full[n] && is_there[n] && free > 0) {
                    exceptions[n] += size / f64::from(free);
                }
            };
            match act {
                Act::Claim if present[who] => {
                    desk.settle(&team);
                    let weight = team[who].weight();
                    desk.record(&owner, weight, &team, Cost(cost), false);
                    exceptions[who] += size / f64::from(weights[who]);
                    aged_while_full(&mut exceptions, size);
                }
                Act::Turn | Act::Known => {
                    let sticky = (act == Act::Known).then_some(&owner);
                    let chosen = desk.assign(&team, Cost(cost), sticky);
                    if let Ok(choice) = &chosen {
                        let n = names.iter().position(|name| *name == choice.member.0).expect("one of them");
                        if choice.exception().is_some() {
                            exceptions[n] += size / f64::from(weights[n]);
                        }
                        aged_while_full(&mut exceptions, size);
                    }
                }
                _ => {}
            }
            for i in 0..people {
                for j in 0..i {
                    let share = |n: usize| desk.given(&names[n]) as f64 / f64::from(weights[n] * 1_000);
                    let apart = share(i) - share(j);
                    range[i][j] = (present[i] && present[j]).then(|| {
                        let (low, high) = range[i][j].unwrap_or((apart, apart));
                        (low.min(apart), high.max(apart))
                    });
                    let bound = 6.0 / f64::from(weights[i]) + 6.0 / f64::from(weights[j]) + exceptions[i] + exceptions[j];
                    let width = range[i][j].map_or(0.0, |(low, high)| high - low);
                    prop_assert!(width <= bound + 1e-6, "{} and {}: {width} > {bound}", names[i], names[j]);
                }
            }
        }
    }

    /// Whoever comes back, after however long, gets at most the fair share of what then comes and one largest ticket.
    #[test]
    fn nobody_is_flooded_on_return(
        weights in proptest::collection::vec(1u32..5, 2..7), before in 0usize..40, gone in 0usize..400, after in 1usize..60,
    ) {
        let team: Vec<Candidate> = weights.iter().enumerate().map(|(n, &weight)| weighted(&format!("m{n}"), weight)).collect();
        let mut without = team.clone();
        without[0].exclusion = Some(Exclusion::Away);
        let mut desk = Desk::default();
        desk.names(&team, before);
        desk.names(&without, gone);
        let (held, fair) = (desk.given("m0"), f64::from(weights[0]) / f64::from(weights.iter().sum::<u32>()));
        desk.names(&team, after);
        let got = (desk.given("m0") - held) as f64 / 1_000.0;
        let most = fair * after as f64 + 1.0 + f64::from(weights[0]);
        prop_assert!(got <= most, "{got} of the first {after} tickets, at most {most}");
    }

    /// A backlog given out at once, one by one, or with a restart between any two: the same people get the same tickets.
    #[test]
    fn a_batch_is_the_same_as_one_by_one((weights, tickets) in any_run(), restart_one_in in 1u64..6) {
        let team: Vec<Candidate> = weights.iter().enumerate().map(|(n, &weight)| weighted(&format!("m{n}"), weight)).collect();
        let (mut batch, mut single) = (Desk::default(), Desk::default());
        let mut chance = Chance(restart_one_in);
        for (cost, _) in tickets {
            let at_once = batch.assign(&team, Cost(cost), None);
            if chance.one_in(restart_one_in) {
                let stored = serde_json::to_string(&single.rotation).expect("json");
                single.rotation = serde_json::from_str(&stored).expect("stored rotation");
            }
            prop_assert_eq!(at_once, single.assign(&team, Cost(cost), None));
        }
    }

    #[test]
    fn the_order_in_which_candidates_are_listed_does_not_matter(
        (weights, tickets) in any_run(), turn in 0usize..8,
    ) {
        let team: Vec<Candidate> = weights.iter().enumerate().map(|(n, &weight)| weighted(&format!("m{n}"), weight)).collect();
        let mut turned = team.clone();
        turned.rotate_left(turn % team.len());
        let (mut first, mut second) = (Desk::default(), Desk::default());
        for (cost, _) in tickets {
            prop_assert_eq!(first.assign(&team, Cost(cost), None), second.assign(&turned, Cost(cost), None));
        }
        prop_assert_eq!(first.rotation, second.rotation);
    }
}

/// A small reproducible source of chance (splitmix64).
struct Chance(u64);

impl Chance {
    fn one_in(&mut self, count: u64) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).is_multiple_of(count)
    }
}

/// Largest debt (in ordinary tickets, against an exactly fair share of what came while each was there) and Jain's index.
fn measured(size: usize, leave_one_in: u64, return_one_in: u64, seed: u64) -> (f64, f64) {
    let names: Vec<String> = (0..size).map(|n| format!("m{n:02}")).collect();
    let mut chance = Chance(seed);
    let mut present = vec![true; size];
    let mut due = vec![0.0f64; size];
    let mut desk = Desk::default();
    let mut largest_debt = 0.0f64;
    for _ in 0..4_000 {
        for here in &mut present {
            *here ^= chance.one_in(if *here { leave_one_in } else { return_one_in });
        }
        present[0] |= !present.iter().any(|&here| here);
        let on_duty = present.iter().filter(|&&here| here).count();
        let team: Vec<Candidate> =
            names.iter().zip(&present).map(|(id, &here)| if here { full(id) } else { away(id) }).collect();
        desk.assign(&team, ORDINARY, None).expect("somebody");
        for (n, id) in names.iter().enumerate() {
            due[n] += if present[n] { 1.0 / on_duty as f64 } else { 0.0 };
            largest_debt = largest_debt.max((due[n] - desk.given(id) as f64 / 1_000.0).abs());
        }
    }
    let ratios: Vec<f64> = names.iter().zip(&due).map(|(id, due)| desk.given(id) as f64 / 1_000.0 / due).collect();
    let (sum, squares) = ratios.iter().fold((0.0, 0.0), |(sum, squares), ratio| (sum + ratio, squares + ratio * ratio));
    (largest_debt, sum * sum / (size as f64 * squares))
}

#[test]
fn absences_cost_nobody_more_than_about_one_turn() {
    // (team, one in .. leaves, one in .. returns, largest debt): ordinary absences stay within one turn; the last line has
    // everybody come and go every few tickets.
    for (size, leave, back, limit) in
        [(4, 60, 20, 1.1), (6, 60, 20, 1.1), (12, 60, 20, 1.1), (8, 200, 60, 1.1), (6, 5, 5, 1.65)]
    {
        for seed in 1..=3 {
            let (debt, jain) = measured(size, leave, back, seed);
            println!("{size} people, leave 1/{leave}, return 1/{back}: debt {debt:.3}, Jain {jain:.6}");
            assert!(debt <= limit, "{size} people, seed {seed}: debt {debt}");
            assert!(jain >= 0.9999, "{size} people, seed {seed}: Jain {jain}");
        }
    }
}
