# The life of a ticket: putting aside, waiting, topics, merging, splitting, locking, undoing, and who the customer is.

status-waiting_internal = waiting for a colleague
status-merged = merged
status-drafting = reply being written
status-in-review = reply in review
status-sending = reply being sent
card-snoozed = 🧊 until { $until }
card-locked = 🔒 { $who }
card-writing = ✍️ { $who } is writing ({ $ago })
card-clock-stands = stands still: the customer’s turn
card-due-next = Next answer due
card-contacts = Contacts
card-related = Related
contact-line = { $ticket } · { $at } · { $network } · { $what }
related-merged = lives on in { $ticket }
related-absorbed = took in { $ticket }
related-split-from = split from { $ticket }
related-split-into = split into { $ticket }
related-continues = continues { $ticket }
related-continued-by = continued by { $ticket }
ticket-resolved-line = ✅ { $who } resolved this ticket.
ticket-resolved-outcome-line = ✅ { $who } resolved this ticket: { $outcome }
ticket-resolved-note-line = ✅ { $who } resolved this ticket. { $note }
ticket-resolved-both-line = ✅ { $who } resolved this ticket: { $outcome }. { $note }
ticket-resolved-dm = ✅ { $ticket }, which you follow, is resolved.
ticket-concluded-line = 🏁 { $who } noted the outcome: { $outcome }
ticket-prioritised-line = 🎚️ { $who } changed the priority from P{ $from } to P{ $to }.
ticket-retopiced-line = 🏷️ { $who } changed the topic from “{ $from }” to “{ $to }”.
ticket-rerouted-line = 🔀 { $who } handed this ticket to the role { $role }.
ticket-snoozed-line = 🧊 { $who } put this ticket aside until { $until }. Its clock keeps running.
ticket-woken-line = ⏰ { $who } took this ticket up again.
ticket-woken-dm = { $has_due ->
    [0] ⏰ { $ticket } is back: its time has come.{ $due }
   *[other] ⏰ { $ticket } is back: its time has come. Due { $due }.
}
ticket-wait-customer-line = ⏸️ { $who }: it is the customer’s turn. The clock stands still.
ticket-wait-internal-line = 🏠 { $who }: waiting for somebody in the house. The clock keeps running.
ticket-wait-over-line = ▶️ { $who }: it is our turn again.
ticket-locked-line = 🔒 { $who } locked this ticket: only its assignee and the leads act on it. Notes stay open to all.
ticket-unlocked-line = 🔓 { $who } unlocked this ticket.
ticket-merged-line = 🔗 { $who } merged this ticket into { $into }. It lives on there, with all its messages and notes.
ticket-absorbed-line = 🔗 { $who } merged { $from } into this ticket.
ticket-absorbed-dm = 🔗 { $from } was merged into { $ticket }, which is yours.
ticket-split-line = { $count ->
    [one] ✂️ { $who } made a ticket of its own of one message: { $into }.
   *[other] ✂️ { $who } made a ticket of its own of { $count } messages: { $into }.
}
ticket-continued-line = ➡️ This goes on in { $into }.
ticket-undone-line = ↩️ { $who } took that back.
snooze-done = { $ticket } is put aside until { $until }. A new message of the customer brings it back at once.
snooze-done-early = { $ticket } is put aside until { $until }. Mind that its deadline comes before: { $due }. The clock keeps running.
snooze-unreadable = I cannot read { $typed } as a time. Examples: +2h, 15:30, tomorrow 9:00, mon 09:00; “off” takes the ticket up again.
wake-done = { $ticket } is back on the desk.
wait-customer-done = { $ticket } waits for the customer. The clock stands still until they write or you say /ticket wait over.
wait-internal-done = { $has_due ->
    [0] { $ticket } waits for somebody in the house.{ $due } The clock keeps running.
   *[other] { $ticket } waits for somebody in the house. The clock keeps running: due { $due }.
}
wait-over-done = { $has_due ->
    [0] { $ticket } is your turn again.{ $due }
   *[other] { $ticket } is your turn again, due { $due }.
}
prio-done = { $has_due ->
    [0] { $ticket } is P{ $priority } now.{ $due }
   *[other] { $ticket } is P{ $priority } now, due { $due }.
}
prio-same = { $has_due ->
    [0] { $ticket } is P{ $priority } already.{ $due }
   *[other] { $ticket } is P{ $priority } already, due { $due }.
}
topic-offer = “{ $topic }” belongs to the role { $role }. Shall it take care of { $ticket }?
reroute-done = { $ticket } went to the role { $role }: { $who } has it now.
reroute-kept = { $ticket } belongs to the role { $role } now; its assignee holds that role and keeps it.
reroute-same = { $ticket } belongs to the role { $role } already.
reroute-nobody = { $ticket } went to the role { $role }. Nobody there is free yet; it is offered as soon as somebody is.
reroute-nowhere = No single role takes the topic of { $ticket } in turn. Give it to somebody with /assign { $ticket }.
lock-done = { $ticket } is locked: only its assignee and the leads act on it. /ticket unlock opens it again.
unlock-done = { $ticket } is open to everybody again.
outcome-done = Noted: { $ticket } ended with “{ $outcome }”.
merge-done = { $ticket } lives on in { $into }, with all its messages and notes.
merge-into-what = { $typed } is not a ticket. Say into which one, for example /ticket merge T-12 T-9.
merge-reply-open = A reply to { $ticket } is under way ({ $draft }). Finish or cancel it first; then merge.
merge-consult-open = Somebody outside was asked about { $ticket } ({ $question }) and has not answered. Wait for the answer or cancel the question first; then merge.
merge-private = One of { $ticket } and { $into } is private, the other public. They stay apart, so that no answer goes the wrong way.
merge-other-customer = { $ticket } and { $into } are of different customers: whoever answers one would not answer the other. If they are one person, say so first with /ticket link. If you mean it, add --force.
split-which = { $count ->
    [one] { $ticket } has only one message; nothing can be split off.{ $typed }
   *[other] I cannot read { $typed } as messages of { $ticket }. Give their numbers from 1 to { $count }, for example 2 or 2-3.
}
split-done = { $into } is open with the messages you chose from { $ticket }.
go-on-done = { $ticket } was resolved more than 14 days ago, so it goes on in a new ticket that knows it: { $into }.
undo-done = Taken back. { $ticket } stands as before.
undo-hint = You can take this back for { $minutes } minutes.
history-title = { $count ->
    [one] { $customer }: 1 contact
   *[other] { $customer }: { $count } contacts
}
history-hidden = { $count ->
    [one] One more contact is outside what you may see.
   *[other] { $count } more contacts are outside what you may see.
}
history-more = { $count ->
    [one] One older contact is not shown.
   *[other] { $count } older contacts are not shown.
}
history-handle = { $network } { $name }
history-handle-joined = { $network } { $name } (joined by { $who }, { $at })
handle-link-done = { $handle } and { $customer } are one person from now on. /ticket unlink takes it back.
link-no-customer = { $ticket } was opened by hand and has no customer to link.
link-unknown = Nobody named { $typed } has written to us yet. Check the handle, add net: and the network, or name one of their tickets: /ticket link T-12 T-9
link-several = { $typed } can mean several people: { $choices }. Add net: and the network, or name the ticket.
link-same = { $typed } and { $customer } are one person already.
link-not-theirs = { $typed } is not among the handles of { $customer }. /ticket history shows them.
link-only-one = { $customer } is known by one handle only.
link-too-many = { $customer } would have more than { $max } handles. Something is wrong there.
unlink-done = { $handle } is a person of its own again, with its own tickets.
refused-role = There is no role “{ $role }”.
refused-merged = { $ticket } was merged: it lives on in { $into }. Please act there.
refused-locked = { $ticket } was locked by { $by }: only { $owner } and the leads act on it. You can write a note, or ask them.
refused-not-owner = Only the assignee or a lead locks { $ticket }. Take it first, or ask for it.
refused-nobody-to-lock-for = Nobody has { $ticket } yet; a lock would be for nobody. Take it first.
refused-not-locked = { $ticket } is not locked.
refused-not-snoozed = { $ticket } is not put aside.
refused-not-waiting = { $ticket } waits for nobody: it is our turn.
refused-snooze-range = A ticket can be put aside until a time ahead, at most { $days } days away.
refused-with-itself = { $ticket } cannot be merged with itself. Name the ticket in which it is to live on.
refused-nothing-to-split = None of these messages belongs to { $ticket }.
refused-nothing-would-stay = All messages of { $ticket } were chosen; at least one must stay. Choose fewer.
refused-nothing-to-undo = There is nothing of yours to take back on { $ticket }.
refused-undo-too-late = That was more than ten minutes ago. Use the buttons of { $ticket } instead.
refused-changed-since = { $ticket } has changed since; taking it back would undo somebody’s work. Look at its card.
since-changed = { $ticket } has changed since you looked, so I did nothing. Meanwhile: { $changes }. Look at the card as it is now, then decide.
since-claimed = { $who } took it ({ $at })
since-assigned = { $who } gave it to { $to } ({ $at })
since-added = { $author } wrote again ({ $at })
since-noted = { $who } wrote a note ({ $at })
since-resolved = { $who } resolved it ({ $at })
since-reopened = { $who } reopened it ({ $at })
since-prioritised = { $who } made it P{ $priority } ({ $at })
since-retopiced = { $who } changed the topic to “{ $topic }” ({ $at })
since-rerouted = { $who } handed it to the role { $role } ({ $at })
since-snoozed = { $who } put it aside until { $until } ({ $at })
since-waits = { $who } said that it waits ({ $at })
since-wait-ended = { $who } ended the wait ({ $at })
since-answered = { $who } answered the customer ({ $at })
since-locked = { $who } locked it ({ $at })
since-unlocked = { $who } unlocked it ({ $at })
since-merged = { $who } merged it into { $into } ({ $at })
since-absorbed = { $who } merged { $from } into it ({ $at })
since-split = { $who } split { $into } off ({ $at })
since-undone = { $who } took something back ({ $at })
button-undo = Undo
button-reroute = Give to { $role }
menu-outcome = What came of it?
menu-snooze = Until later…
snooze-for-1h = in 1 hour
snooze-for-2h = in 2 hours
snooze-for-4h = in 4 hours
snooze-for-1d = in 1 day
snooze-for-3d = in 3 days
snooze-for-7d = in a week
more-snooze = 🧊 Put aside…
more-wake = ⏰ Take up again
more-wait-customer = ⏸️ Wait for the customer
more-wait-internal = 🏠 Wait for a colleague
more-resume = ▶️ Our turn again
more-priority = 🎚️ Priority…
more-topic = 🏷️ Topic…
more-merge = 🔗 Merge…
more-split = ✂️ Split…
more-lock = 🔒 Lock
more-unlock = 🔓 Unlock
more-consult = 🙋 Ask somebody…
more-history = 📇 Customer’s history
more-link = 👥 Link another handle…
more-steps = 📋 Playbook steps
more-why = 🧭 Why this person?
more-outcome = 🏁 Outcome…
priority-1 = P1 · at once
priority-2 = P2 · today
priority-3 = P3 · ordinary
priority-4 = P4 · when there is time
outcome-answered = answered
outcome-refunded = refunded
outcome-replaced = replaced
outcome-repaired = repaired
outcome-forwarded = passed on
outcome-thanked = thanked
outcome-no-answer = no answer needed
outcome-spam = spam
form-snooze-title = Put { $ticket } aside
form-snooze-label = Until when
form-snooze-hint = +2h, 15:30, tomorrow 9:00, mon 09:00
form-snooze-submit = Put aside
form-priority-title = Priority of { $ticket }
form-priority-label = Priority
form-priority-submit = Change
form-topic-title = Topic of { $ticket }
form-topic-label = Topic
form-topic-submit = Change
form-outcome-title = Outcome of { $ticket }
form-outcome-label = What came of it
form-outcome-submit = Save
form-merge-title = Merge { $ticket }
form-merge-label = Into which ticket
form-merge-hint = Its number, e.g. T-9. Everything moves there.
form-merge-submit = Merge
form-split-title = Split { $ticket }
form-split-label = Which messages
form-split-hint = Their numbers, e.g. 2 or 2-3
form-split-submit = Split
form-link-title = Link on { $ticket }
form-link-label = Handle, or a ticket of theirs
form-link-hint = @kim, or T-9
form-link-submit = Link
help-ticket-snooze = put a ticket aside until a time (off: take it up again)
help-ticket-wait = say whose turn it is: customer (the clock stops), internal, over
help-ticket-merge = merge a ticket into another one
help-ticket-split = make a ticket of its own of some messages
help-ticket-lock = only the assignee and the leads act from now on
help-ticket-unlock = open a locked ticket to everybody
help-ticket-history = show everything this customer wrote, on all networks
help-ticket-link = say that two handles are one person
help-ticket-unlink = take a handle out again
arg-whom = customer, internal or over
arg-about = Topic, e.g. refund
arg-into = The ticket in which it lives on, e.g. T-9
arg-messages = Numbers of the messages, e.g. 2 or 2-3
arg-handle = A handle (@kim), or a ticket of theirs
since-corrected = { $who } corrected: { $field } ({ $at })
more-correct = ✏️ Correct…
