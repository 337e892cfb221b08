# Why me: who has a ticket, and how it came to them.

why-rotation = { $ticket } went to { $who } by rotation.
why-claimed = { $who } took { $ticket } themselves.
why-named = { $by } gave { $ticket } to { $who }.
why-has = { $who } has { $ticket }.
why-nobody = Nobody has { $ticket } yet.
why-candidate = • { $who }: turn { $turn }, { $load } open
why-excluded-away = • { $who }: away (turn { $turn }, { $load } open)
why-excluded-off-shift = • { $who }: outside working hours (turn { $turn }, { $load } open)
why-excluded-no-right = • { $who }: no right on this network or topic (turn { $turn }, { $load } open)
why-excluded-at-capacity = • { $who }: as many tickets as they may have (turn { $turn }, { $load } open)
why-excluded-no-skill = • { $who }: not for this topic (turn { $turn }, { $load } open)
why-excluded-no-share = • { $who }: takes no share of the rotation (turn { $turn }, { $load } open)
why-excluded-has-it = • { $who }: had it before (turn { $turn }, { $load } open)
why-tie-only = Nobody else could be chosen.
why-tie-sticky = They know this customer and were near enough to their turn.
why-tie-turn = Smallest turn first: work had so far, divided by share and skill.
why-tie-longest = Equal turns: whoever waited longest for a ticket.
why-tie-id = Equal in everything: first in the list.
why-passed = Passed by for being full: { $names }.
why-counted = Given { $at }. Counts { $cost } in the rotation of { $role }.
why-counted-by-hand = Since { $at }. Counts { $cost } as work by hand in { $role }: the rotation makes up for it.
assign-nobody-else = Nobody else on duty can take { $ticket } now. It stays with { $who }.

why-on-call = { $ticket } went to { $who }, on call until { $until }.
why-on-call-instead = { $ticket } went to { $who } for { $away }, who is on call until { $until } and away.

# Fairness.

fairness-title = Fairness from { $from } to { $to }
fairness-none = Nothing was given to anybody in this time.
fairness-role = { $role }: Jain { $jain } · largest ÷ median { $spread }
fairness-by-hand = { $count } by hand
fairness-sticky = { $count } to who knew the customer
fairness-capacity = { $count } passed on because somebody was full
fairness-list-by-hand = by hand
fairness-list-sticky = to who knew the customer
fairness-list-capacity = passed on because somebody was full
fairness-list = { $role } · { $what } ({ $count })
fairness-person = • { $who }: { $tickets ->
    [one] { $tickets } ticket
   *[other] { $tickets } tickets
 }, cost { $cost }, share { $share }, { $hours } h present, load { $load }
fairness-guest = • { $who }: { $tickets ->
    [one] { $tickets } ticket
   *[other] { $tickets } tickets
 }, cost { $cost }, not in this rotation
fairness-how = Load = cost given ÷ (share × hours present). Jain 1 = even. Work taken by hand counts; the rotation makes up for it.

# The rota.

rota-title = Rota of week { $week }, { $from } to { $to }
rota-role-turns = { $role }: by turns, the smallest turn goes first
rota-role-on-call = { $role }: one person a week
rota-nobody = Nobody holds this role.
rota-any-time = always in the rotation
rota-person = • { $who }: { $hours } · share { $share } · turn { $turn } · { $open } open
rota-away = { " " }· away until { $until }
rota-away-open = { " " }· away
rota-shift = • { $from } to { $until }: { $who }
rota-bad-number = I cannot read { $typed } as a number from { $min } to { $max }.
rota-no-topic = There is no topic { $topic }. Known: { $known }
rota-weight = { $who } now has share { $weight } of the rotation.
rota-weight-none = { $who } now takes no share of the rotation.
rota-capacity = { $who } now gets no more from the rotation while { $capacity ->
    [one] one ticket is
   *[other] { $capacity } tickets are
 } open.
rota-capacity-none = { $who } now has no limit of open tickets.
rota-skill = { $who } now has skill { $skill } in { $topic }.
rota-skill-none = { $who } no longer gets { $topic } from the rotation.

# Swaps.

swap-made-day = 🔁 { $swap }: on { $day } { $one } and { $other } work each other’s hours.
swap-made-weeks = 🔁 { $swap }: { $other } is on call for { $role } from { $given }, and { $one } from { $taken }.
swap-cancelled-day = ↩️ { $swap } is taken back: on { $day } { $one } and { $other } work their own hours.
swap-cancelled-weeks = ↩️ { $swap } is taken back: { $one } is on call for { $role } from { $given }, and { $other } from { $taken }.
swap-line-day = 🔁 { $swap } · { $day }: { $one } ⇄ { $other }
swap-line-weeks = 🔁 { $swap } · { $role }: { $one } ({ $given }) ⇄ { $other } ({ $taken })
swap-same-person = Two different people are needed to swap.
swap-past = That day is over. Name one to come.
swap-no-common-role = They have no rotating role in common, so neither can do the other’s work.
swap-away = { $who } is away then. Choose another day, or another person.
swap-already = They have swapped this already: { $swap }.
swap-closed = That swap is over or was taken back already.
swap-not-on-call = { $who } is not on call on { $day }. /rota show says who is.
swap-bad-day = I cannot read { $typed } as a day. Examples: fri, tomorrow, 2026-03-20.
swap-which = Which swap? For example: /rota undo X-1
swap-unknown = There is no swap { $swap }.
on-call-over = Your week on call for { $role } is over. { $other } takes over.
on-call-begins = You are on call for { $role } until { $until }, after { $other }.

# The commands.

command-rota = The rota: who works when, swaps, shares, fairness
help-rota-show = a week of the rota, of one role or of all
help-rota-fairness = how evenly work was shared out
help-rota-swap = two people exchange a day, or their weeks on call
help-rota-undo = take a swap back
help-rota-weight = change somebody’s share of the rotation (0 to 10)
help-rota-capacity = most open tickets before the rotation passes by
help-rota-skill = change somebody’s skill in a topic (0 to 5)
arg-week = this, next, 23/03 or 2026-W12
arg-one = One of the two
arg-other = The other one
arg-day = Which day: fri, tomorrow, 2026-03-20
arg-swap = The swap, e.g. X-1
arg-weight = The share: 1 is a full post, 0 takes no part
arg-capacity = Most open tickets, or none for no limit
arg-skill = 0 never gets it, 1 is ordinary, up to 5
