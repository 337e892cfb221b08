# Absences: preview, confirmation, who stands in, what moves and what comes back.

person-for = { $who } (for { $whom })

absence-when-open = from now on
absence-when-from = from { $from } on
absence-when-until = until { $until }
absence-when-day = on { $day }
absence-when-span = from { $from } to { $until }

absence-line = 🌴 { $who } is away { $when }. { $stand_in } stands in.
absence-line-alone = 🌴 { $who } is away { $when }. The rotation takes over.
absence-back-line = 👋 { $who } is back.
absence-cancelled-line = ↩️ { $who } will not be away { $when } after all.
absence-offer-line = 📥 { $who } is away. { $count ->
    [one] { $tickets } is free: claim it on its card. At { $until } the rotation gives it away.
   *[other] { $tickets } are free: claim them on their cards. At { $until } the rotation gives them away.
}
absence-nobody-line = 🔔 Nobody is there for { $role } since { $since }. { $count ->
    [one] { $tickets } is waiting.
   *[other] { $count } tickets are waiting: { $tickets }.
} Claim on the card, or /away back if you have returned.

absence-uncovered-line = ⚠️ Nobody covers { $network } { $hours }{ $more ->
    [0] .
    [one] , nor one more stretch after that: /rota coverage.
   *[other] , nor { $more } more stretches after that: /rota coverage.
} Who can step in?
absence-for-them = For { $whom }, who is away: { $what }
absence-ask-dm = 🌴 { $who } would like to be away { $when }{ $has_reason ->
    [0] .
   *[other] : { $reason }.
} Do you agree? ({ $absence })
absence-approved-dm = ✅ { $by } has approved your leave { $when }.
absence-declined-dm = ❌ { $by } has not approved your leave { $when }. Talk to them, then ask for other dates with /away.
absence-lapsed-dm = ⌛ Nobody decided on your leave { $when }, so it does not hold: the rotation still counts on you. Ask again with /away.
absence-entered-dm = 🌴 { $by } has entered that you are away { $when }. Not right? /away back ends it.
absence-cancelled-dm = ↩️ { $by } has taken back your leave { $when }.
absence-stand-in-dm = 🔁 You stand in for { $who } { $when }: tickets, approvals, crises and meetings come to you, marked as theirs.
absence-lent-dm = 📥 For { $who }, who is away { $when }: { $tickets }. They are yours until then.
absence-offer-dm = 📥 { $who } is away { $when }. { $count ->
    [one] { $tickets } can wait a little: take it now, or it comes to you at { $until }.
   *[other] { $tickets } can wait a little: take them now, or they come to you at { $until }.
}
absence-over-dm = 👋 { $who } is back: you no longer stand in.{ $count ->
    [0] {""}
   *[other] {" "}They take over again: { $tickets }.
}
absence-welcome-dm = 👋 Welcome back, { $who }. { $count ->
    [0] No ticket is waiting for you from before.
   *[other] Yours again: { $tickets }.
}{ $kept_count ->
    [0] {""}
   *[other] {" "}Others are working on: { $kept }. To take one back: /assign T-1 me.
}{ $missed ->
    [0] {""}
   *[other] {" "}Held meanwhile: { $meetings }; the minutes stand in their threads.
}

absence-confirmed = 🌴 Confirmed: you are away { $when }. The team has been told. ({ $absence })
absence-confirmed-other = 🌴 Confirmed: { $who } is away { $when }. The team has been told. ({ $absence })
absence-requested = ⏳ Asked for: away { $when }. It holds once somebody who plans the rota agrees. ({ $absence })
absence-requested-other = ⏳ Asked for: { $who } away { $when }. It holds once somebody who plans the rota agrees. ({ $absence })
absence-sick = 🌴 You are away from now on; the team has been told. { $moved_count ->
    [0] {""}
   *[other] Moved: { $moved }.{" "}
}{ $offered ->
    [0] {""}
    [one] One ticket that can wait is on offer until { $until }.{" "}
   *[other] { $offered } tickets that can wait are on offer until { $until }.{" "}
}/away back when you return. Get well soon.
absence-sick-other = 🌴 { $who } is away from now on; the team has been told. { $moved_count ->
    [0] {""}
   *[other] Moved: { $moved }.{" "}
}{ $offered ->
    [0] {""}
    [one] One ticket that can wait is on offer until { $until }.
   *[other] { $offered } tickets that can wait are on offer until { $until }.
}
absence-cancelled = ↩️ Taken back: you are not away { $when }.
absence-cancelled-other = ↩️ Taken back: { $who } is not away { $when }.
absence-approved = ✅ { $who } may be away { $when }. They and the team have been told.
absence-declined = ❌ You have not approved { $who }’s leave { $when }. They have been told.
absence-taken = 📥 Yours now, for { $who }: { $tickets }.
absence-take-nothing = Nothing of { $who }’s is on offer to you any more.

absence-preview-title = { $who } away { $when }
absence-preview-hint = A preview: nothing has changed yet.
absence-preview-chain = 🔁 Stand-in: { $chain }
absence-preview-alone = 🔁 Stand-in: nobody. Tickets go round by rotation; what it cannot place goes to the lead.
absence-preview-tickets = 📥 { $count ->
    [one] 1 ticket goes to { $to }: { $tickets }
   *[other] { $count } tickets go to { $to }: { $tickets }
}
absence-preview-tickets-rota = 📥 { $count ->
    [one] 1 ticket goes round by rotation: { $tickets }
   *[other] { $count } tickets go round by rotation: { $tickets }
}
absence-preview-approvals = ✅ { $by } can approve instead: { $drafts }
absence-preview-approvals-alone = ✅ Waiting for an approval, with nobody instead: { $drafts }
absence-preview-crises = 🚨 { $by } takes over the part in { $crises }
absence-preview-crises-alone = 🚨 Nobody takes over the part in { $crises }
absence-preview-meeting = 🗓️ { $by } is asked instead: { $title }, { $at }
absence-preview-meeting-alone = 🗓️ Nobody is asked instead: { $title }, { $at }
absence-preview-actions = ▫️ { $by } gets the reminders: { $actions }
absence-preview-actions-alone = ▫️ Due in that time: { $actions }
absence-preview-on-call = 📟 On call for { $role } from { $from } to { $until }: { $by } takes over
absence-preview-on-call-alone = ⚠️ On call for { $role } from { $from } to { $until }: nobody takes over
absence-preview-turns = 🔄 { $role }: the rotation goes on with { $names }
absence-preview-turns-inherited = 🔄 { $role }: nobody else is in the rotation then; its tickets go to { $by }
absence-preview-turns-alone = ⚠️ { $role }: nobody is left in the rotation; its tickets wait, and the lead is told
absence-preview-nothing = Nothing has to move.
absence-preview-reason = Reason (only for who approves): { $reason }
absence-preview-away = ⚠️ { $who } is away too; the next in the chain takes over.
absence-preview-away-until = ⚠️ { $who } is away too, until { $until }; the next in the chain takes over.
absence-preview-relied-on = ⚠️ Standing in for { $who } falls into that time; it passes to the next in the chain.
absence-preview-name-one = ⚠️ Name somebody with “Change stand-in…”, or nobody approves and answers instead.
absence-preview-gap = ⚠️ Gap in coverage: { $network } { $hours }

button-absence-confirm = Confirm
button-absence-backup = Change stand-in…
button-absence-cancel = Cancel
button-absence-approve = Approve
button-absence-decline = Decline
button-absence-take = Take them all
form-absence-title = Who stands in?
form-absence-submit = Choose
form-absence-backup = Stand-in
form-absence-usual = the usual one
absence-say-backup = Say it with the command: /away tomorrow backup:@nora

absence-refused-backwards = It ends before it starts. Nothing was changed. Example: /away 23/03 to 27/03
absence-refused-own-backup = Nobody stands in for themselves. Name somebody else: backup:@nora
absence-refused-circle = These stand-ins go in a circle: { $circle }. Nothing was changed. Name somebody outside it.
absence-refused-overlap = { $who } is away { $when } already ({ $absence }). Cancel that first, or choose other dates.
absence-refused-own = Nobody approves their own leave. Ask somebody else who plans the rota.
absence-refused-begun = { $absence } has begun. It ends with /away back.
absence-refused-proposed = { $absence } has not been confirmed yet.
absence-refused-requested = { $absence } is waiting for an approval already.
absence-refused-confirmed = { $absence } holds already: { $who } is away { $when }.
absence-refused-ended = { $absence } is over.
absence-refused-cancelled = { $absence } was taken back, or its preview is too old. Enter it again with /away.
absence-refused-declined = { $absence } was not approved.
absence-no-such = There is no absence { $ref }. /away list shows all.
absence-which = { $typed } is no absence. They look like U-3; /away list shows all.
absence-span-unreadable = I cannot read { $typed } as a time. Examples: tomorrow, 2d, 23/03 to 27/03, from fri 14:00 to mon 09:00.
absence-span-past = { $typed } is over already. Nothing was changed.
absence-span-too-long = { $typed } is longer or further away than 400 days. Nothing was changed.

away-was-here = { $who } is not marked as away.
away-was-here-but = { $who } is not away now; coming: away { $when } ({ $absence }). /away cancel { $absence } takes it back.
away-back-other = 👋 { $who } counts as back.
away-nobody = Nobody is away, and nothing is planned.
away-list-title = Away
away-list-more = … and { $count } more.
away-list-now = 🌴 { $who }, { $when }{ $covered ->
    [0] {""}
   *[other] {" "}· { $stand_in } stands in
} ({ $absence })
away-list-coming = 🗓️ { $who }, { $when }{ $covered ->
    [0] {""}
   *[other] {" "}· { $stand_in } stands in
} ({ $absence })
away-list-requested = ⏳ { $who }, { $when }, not approved yet{ $covered ->
    [0] {""}
   *[other] {" "}· { $stand_in } stands in
} ({ $absence })
away-assign = { $who } is away { $when }, so nothing was changed.{ $covered ->
    [0] {" "}Name somebody else, or next.
   *[other] {" "}{ $stand_in } stands in: /assign { $ticket } { $handle }.
}

away-claim = You are marked as away { $when }, so nothing was changed. /away back first, then claim it.

ticket-lent-line = 🔁 { $who } takes over for { $whom }, who is away.
ticket-given-back-line = 👋 { $who } is back and has this ticket again.
ticket-released-away-line = 🔔 { $who } is away and nobody else could be found.
why-lent = { $who } has { $ticket } for { $whom }, who is away. It goes back when { $whom } returns, unless { $who } has begun to work on it.
why-returned = { $ticket } came back to { $who } after an absence; nobody had touched it meanwhile.
draft-reasked-line = 🔁 Asked to approve { $draft } v{ $version } now: { $names }
draft-nobody-left-line = ⚠️ { $draft } v{ $version } waits for an approval that nobody can give any more: the right for { $network } and this topic is with nobody.
draft-nobody-left-dm = ⚠️ Your { $draft } v{ $version } waits for an approval that nobody else can give any more. Whoever may change settings gives somebody a role with this right (/vigie role grant); they are then asked at once.
draft-relieved-dm = 🔁 { $draft } v{ $version } does not wait for you any more: { $names } will decide. Nothing more to do.
draft-relieved-alone-dm = 🔁 { $draft } v{ $version } does not wait for you any more. Nothing more to do.
crisis-line-relieved = 🔁 { $whom } is away; { $who } carries on.
crisis-line-resumed = 👋 { $who } is back and carries on.
crisis-relieve-dm = 🚨 { $crisis } · level { $level } · { $whom } is away, you carry on for them: { $text }. Please acknowledge within { $limit }.
crisis-resume-dm = 🚨 { $crisis } · level { $level } · you are back: { $who } carried on for you. Please acknowledge: { $text }.

help-away = say when you are away; first you see what moves to whom
help-away-for = the same with a length or dates (4h, 2d)
help-away-sick = away from now on; urgent tickets move at once
help-away-back = say that you are back
help-away-list = who is away, now and soon
help-away-cancel = take a planned absence back
help-away-approve = approve a leave
help-away-decline = do not approve a leave
arg-dates = When, e.g. tomorrow, 2d, 23/03 to 27/03
arg-backup = Who stands in
arg-absence = Which, e.g. U-3

coverage-title = Coverage from { $from } to { $to }
coverage-figure = Coverage { $percent }% ({ $covered } of { $required } network-hours){ $has_backup ->
    [0] {""}
   *[other] , { $backup } h by stand-ins
}
coverage-figure-none = No hours are promised.
coverage-row = ⚠️ { $network }: gap { $gaps }{ $more ->
    [0] {""}
   *[other] {" "}… +{ $more }
}
coverage-row-whole = ✅ { $network }: covered in all promised hours
coverage-gaps = ⚠️ Gap { $gaps }{ $more ->
    [0] {""}
   *[other] {" "}… +{ $more }
}
coverage-none-promised = No network has cover hours yet: set cover = ["mon-fri 09:00-18:00"] under [accounts.NETWORK] in the office file.
coverage-own = Covered
coverage-backup = By a stand-in
coverage-gap = Gap
coverage-no-network = There is no account on { $network }. Known: { $known }.
coverage-bad-week = I cannot read { $typed } as a week. Examples: this, next, last, 23/03.
help-rota-coverage = who is there for which network, hour by hour (share: with the picture for everybody, here)
