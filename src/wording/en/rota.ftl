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
why-rules = Triage: { $rules }
assign-nobody-else = Nobody else on duty can take { $ticket } now. It stays with { $who }.
