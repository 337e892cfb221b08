//! The state of a crisis after each event, and the sentence each event leaves in the timeline and in the room.

use super::crisis::{Call, Crisis, Event, Moment, Origin, Proposal, TIMELINE_MAX, UPDATES_MAX, What};
use super::timers;
use crate::domain::notice::{Arg, Notice};
use crate::domain::office::MemberId;
use crate::domain::time::Timestamp;

impl Crisis {
    pub(super) fn after(mut self, event: &Event) -> Self {
        self.revision += 1;
        let at = event.at;
        if let Some(notice) = self.line_of(event) {
            let (at, source) = match &event.what {
                What::MomentAdded { happened_at, source, .. } => (*happened_at, source.clone()),
                _ => (at, None),
            };
            self.remember(Moment { at, notice, source });
        }
        match &event.what {
            What::Declared { .. } => self.begin(event),
            What::Confirmed => (self.unconfirmed, self.confirm_due) = (false, None),
            What::LeftUnconfirmed => self.confirm_due = None,
            What::Called { member, duty } => self.calls.push(Call {
                member: member.clone(),
                duty: duty.clone(),
                at,
                due: Some(at.plus_ms(self.terms.ack_ms(self.level))),
                step: 0,
                stand_in: None,
                acked_at: None,
                acked_by: None,
            }),
            What::Joined => self.join(event),
            What::Acknowledged { member } => self.acknowledge(member, event),
            What::Relieved { member, by } => {
                self.relieved.insert(member.clone(), by.clone());
                self.call_anew(member, Some(by), at);
            }
            What::Resumed { member, .. } => {
                self.relieved.remove(member);
                self.call_anew(member, None, at);
            }
            What::AckMissed { member, step, told } => self.miss(member, *step, told.as_ref(), at),
            What::Updated { update, next } => {
                self.updates.push(update.clone());
                if self.updates.len() > UPDATES_MAX {
                    self.updates.remove(0);
                }
                (self.update_due, self.update_step) = (*next, 0);
            }
            What::UpdateLate { to, .. } => self.update_step = *to,
            What::UpdateMissed { next } => {
                self.updates_missed += 1;
                (self.update_due, self.update_step) = (Some(*next), 0);
            }
            What::LevelChanged { from, to, confirm } => {
                self.change_level(*from, *to, at);
                if *confirm {
                    self.ask_for_confirmation(event);
                }
            }
            What::Frozen { freeze, figures } => {
                let wider = figures.as_ref().and_then(|figures| figures.network.clone());
                self.networks.extend(wider.filter(|_| !self.networks.is_empty()));
                self.freeze = freeze.clone();
                self.frozen_at = self.frozen_at.or(Some(at));
                self.unfreeze = None;
            }
            What::UnfreezeProposed { people } => self.unfreeze = Some(Proposal { by: people.clone(), at }),
            What::Unfrozen { .. } => (self.freeze, self.unfreeze) = (super::Freeze::default(), None),
            What::StandDownProposed { people } => self.standdown = Some(Proposal { by: people.clone(), at }),
            What::StoodDown { people, held } => {
                self.freeze = super::Freeze::default();
                (self.unfreeze, self.standdown, self.unconfirmed) = (None, None, false);
                (self.closed_at, self.closed_by, self.held) = (Some(at), people.clone(), held.clone());
            }
            What::MomentAdded { .. } => {}
            What::MomentAmended { source, text } => self.amend(source, text.as_deref()),
        }
        self
    }

    fn begin(&mut self, event: &Event) {
        let What::Declared { declaration, lead, deputy, terms, confirm } = &event.what else { return };
        self.id = declaration.id;
        self.level = declaration.level;
        self.drill = declaration.drill;
        self.text.clone_from(&declaration.text);
        self.networks.clone_from(&declaration.networks);
        self.origin = match (&declaration.figures, &event.by) {
            (Some(figures), _) => Origin::Detected { figures: figures.clone() },
            (None, Some(id)) => Origin::Person { id: id.clone() },
            (None, None) => Origin::default(),
        };
        self.declared_at = event.at;
        (self.lead, self.deputy, self.terms) = (lead.clone(), deputy.clone(), terms.clone());
        if *confirm {
            self.ask_for_confirmation(event);
        }
        self.room = declaration.level >= 2;
        self.update_due = (declaration.level >= 2).then(|| event.at.plus_ms(terms.update_ms(declaration.level)));
    }

    fn ask_for_confirmation(&mut self, event: &Event) {
        self.unconfirmed = true;
        self.alarmed_by.clone_from(&event.by);
        self.confirm_due = Some(event.at.plus_ms(super::crisis::CONFIRM_MS));
    }

    fn change_level(&mut self, from: u8, to: u8, at: Timestamp) {
        self.level = to;
        self.room |= to >= 2;
        let soon = at.plus_ms(self.terms.update_ms(to));
        self.update_due = (to >= 2).then(|| self.update_due.map_or(soon, |due| due.min(soon)));
        self.update_step = 0;
        let ack_by = at.plus_ms(self.terms.ack_ms(to));
        for call in self.calls.iter_mut().filter(|call| call.acked_at.is_none() && to > from) {
            call.due = call.due.map(|due| due.min(ack_by));
        }
        if to > from {
            (self.unfreeze, self.standdown) = (None, None);
        }
        if to >= 3 {
            (self.unconfirmed, self.confirm_due) = (false, None);
        }
    }

    fn join(&mut self, event: &Event) {
        let Some(member) = event.by.clone() else { return };
        self.calls.push(Call {
            member: member.clone(),
            duty: super::Duty::Volunteer,
            at: event.at,
            due: None,
            step: 0,
            stand_in: None,
            acked_at: Some(event.at),
            acked_by: Some(member),
        });
    }

    fn acknowledge(&mut self, member: &MemberId, event: &Event) {
        for call in self.calls.iter_mut().filter(|call| call.member == *member && call.acked_at.is_none()) {
            (call.acked_at, call.acked_by, call.due) = (Some(event.at), event.by.clone(), None);
        }
    }

    /// Whoever answers for a call now has the whole time to do it.
    fn call_anew(&mut self, member: &MemberId, stand_in: Option<&MemberId>, at: Timestamp) {
        let due = at.plus_ms(self.terms.ack_ms(self.level));
        for call in self.calls.iter_mut().filter(|call| call.member == *member && call.acked_at.is_none()) {
            (call.stand_in, call.step, call.due) = (stand_in.cloned(), u8::from(stand_in.is_some()), Some(due));
        }
    }

    fn miss(&mut self, member: &MemberId, step: u8, told: Option<&MemberId>, at: Timestamp) {
        let wait_ms = self.terms.ack_ms(self.level);
        for call in self.calls.iter_mut().filter(|call| call.member == *member && call.acked_at.is_none()) {
            call.step = step;
            if step == 1 {
                call.stand_in = told.cloned();
            }
            call.due = (step < timers::ACK_STEPS).then(|| at.plus_ms(wait_ms));
        }
    }

    /// The sentence an event leaves behind, with for whom its author acts, who is away.
    #[must_use]
    pub fn line_of(&self, event: &Event) -> Option<Notice> {
        let notice = event.line()?;
        let by = event.by.as_ref().filter(|by| notice.args.get("who") == Some(&Arg::Member((*by).clone())));
        // A call that is taken for somebody names them already.
        let whom = by.filter(|_| !notice.args.contains_key("whom")).and_then(|by| self.relieves(by));
        Some(match (by, whom) {
            (Some(by), Some(whom)) => notice.with("who", Notice::acting(by, Some(whom))),
            _ => notice,
        })
    }

    /// Who is away and whose part this person has taken over.
    #[must_use]
    pub fn relieves(&self, member: &MemberId) -> Option<&MemberId> {
        self.relieved.iter().find(|(_, by)| *by == member).map(|(whom, _)| whom)
    }

    /// Keeps the timeline in order of what happened, not of when it was told.
    fn remember(&mut self, moment: Moment) {
        let place = self.timeline.partition_point(|known| known.at <= moment.at);
        self.timeline.insert(place, moment);
        if self.timeline.len() > TIMELINE_MAX {
            self.timeline.remove(1);
        }
    }

    fn amend(&mut self, source: &str, text: Option<&str>) {
        for moment in self.timeline.iter_mut().filter(|moment| moment.source.as_deref() == Some(source)) {
            let shown = text.map_or(Arg::Word("crisis-moment-deleted".to_owned()), |text| Arg::Text(text.to_owned()));
            moment.notice.args.insert("text".to_owned(), shown);
        }
    }
}

impl Event {
    /// The sentence this event leaves behind; `None` for those that people need not read.
    #[must_use]
    pub fn line(&self) -> Option<Notice> {
        let key = |person: &str, alone: &str| match &self.by {
            Some(by) => Notice::new(person).member("who", by),
            None => Notice::new(alone),
        };
        Some(match &self.what {
            What::Declared { declaration, .. } => {
                key("crisis-line-declared", "crisis-line-detected").number("level", i64::from(declaration.level))
            }
            What::Confirmed => key("crisis-line-confirmed", "crisis-line-confirmed"),
            What::LeftUnconfirmed => Notice::new("crisis-line-unconfirmed"),
            What::Called { .. } | What::UpdateMissed { .. } | What::MomentAmended { .. } => return None,
            What::Joined => key("crisis-line-joined", "crisis-line-joined"),
            What::Acknowledged { member } if self.by.as_ref() == Some(member) => {
                Notice::new("crisis-line-acked").member("who", member)
            }
            What::Acknowledged { member } => {
                key("crisis-line-acked-for", "crisis-line-acked-for").member("whom", member)
            }
            What::Relieved { member, by } => {
                Notice::new("crisis-line-relieved").member("whom", member).member("who", by)
            }
            What::Resumed { member, .. } => Notice::new("crisis-line-resumed").member("who", member),
            What::AckMissed { member, step, told } => match (step, told) {
                (1, Some(told)) => Notice::new("crisis-line-stand-in").member("whom", member).member("who", told),
                (2, Some(told)) => Notice::new("crisis-line-ack-lead").member("whom", member).member("who", told),
                _ => Notice::new("crisis-line-ack-all").with("whom", Arg::Ping(member.clone())),
            },
            What::Updated { update, .. } if update.unknown.is_empty() => {
                Notice::new("crisis-line-update-short").member("who", &update.by).text("known", &update.known)
            }
            What::Updated { update, .. } => Notice::new("crisis-line-update")
                .member("who", &update.by)
                .text("known", &update.known)
                .text("unknown", &update.unknown),
            What::UpdateLate { .. } => Notice::new("crisis-line-update-late"),
            What::LevelChanged { from, to, .. } => key("crisis-line-level", "crisis-line-level-alone")
                .number("from", i64::from(*from))
                .number("to", i64::from(*to)),
            What::Frozen { freeze, .. } => {
                let notice = key("crisis-line-frozen", "crisis-line-frozen-alone");
                if freeze.all {
                    notice.with("networks", Arg::Word("crisis-all-networks".to_owned()))
                } else {
                    notice.with("networks", Arg::Networks(freeze.networks.iter().cloned().collect()))
                }
            }
            What::UnfreezeProposed { .. } => key("crisis-line-unfreeze-proposed", "crisis-line-unfreeze-proposed"),
            What::Unfrozen { .. } => key("crisis-line-unfrozen", "crisis-line-unfrozen"),
            What::StandDownProposed { .. } => key("crisis-line-standdown-proposed", "crisis-line-standdown-proposed"),
            What::StoodDown { held, .. } => key("crisis-line-closed", "crisis-line-closed")
                .number("held", i64::try_from(held.len()).unwrap_or(i64::MAX)),
            What::MomentAdded { who, text, .. } => {
                Notice::new("crisis-line-moment").text("who", who).text("text", text)
            }
        })
    }
}
