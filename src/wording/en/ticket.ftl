# Tickets: cards, thread lines, direct messages.

note-line = 📝 { $who } (via { $via }): { $text }
note-line-form = 📝 { $who }: { $text }
note-line-files = 📝 { $who } (via { $via }): { $text } 📎 { $files }
note-line-only-files = 📝 { $who } (via { $via }): 📎 { $files }
note-line-form-files = 📝 { $who }: { $text } 📎 { $files }
note-line-form-only-files = 📝 { $who }: 📎 { $files }
chat-slack = Slack
chat-discord = Discord
ticket-added-line = 💬 { $who }: { $text }
ticket-added-dm = 💬 The customer wrote again on { $ticket }.
ticket-reopened-line = ↩️ Reopened.
ticket-assigned-dm = { $has_due ->
    [0] 📥 { $ticket } is yours: { $customer } on { $network }.{ $due }
   *[other] 📥 { $ticket } is yours: { $customer } on { $network }. First answer due { $due }.
}
ticket-taken-over-dm = { $who } now has { $ticket }.
ticket-reminder-dm = { $has_due ->
    [0] ⏰ { $ticket } still waits for your answer.{ $due }
   *[other] ⏰ { $ticket } still waits for your answer, due { $due }.
}
ticket-late-lead = { $has_due ->
    [0] 🔥 { $ticket } is late and still unanswered.{ $due }
   *[other] 🔥 { $ticket } is late and still unanswered; it was due { $due }.
}
ticket-nobody = { $has_due ->
    [0] 🙋 Nobody is free for { $ticket }.{ $due } Take it, or give it to somebody with /assign.
   *[other] 🙋 Nobody is free for { $ticket }, due { $due }. Take it, or give it to somebody with /assign.
}
card-title = P{ $priority } · { $ticket } · { $network } · { $topic }
card-followers = { $count ->
    [one] { $shown } follower
   *[other] { $shown } followers
}
card-received = received { $at }
card-original = original
card-status = Status
card-assignee = Assignee
card-nobody = nobody yet
card-due-first = First answer due
card-due-resolution = Resolution due
card-role = Role
card-messages = Messages
card-outcome = Outcome
card-notes = Notes
card-revision = revision { $revision }
card-also-in = also in { $places }
card-resolved-by = resolved by { $who }
card-opened-by = opened by { $who }
card-cut = … (open the original to read all)
card-deleted = (deleted by its author)
status-new = new
status-assigned = assigned
status-waiting_customer = waiting for the customer
status-resolved = resolved
button-claim = Claim
button-assign = Assign…
button-reply = Reply…
button-note = Note…
button-resolve = Resolve…
button-reopen = Reopen
button-why = Why?
button-more = More
thread-name = { $ticket } · { $customer } · { $topic }
topic-other = other
topic-late-delivery = late delivery
topic-damaged = damaged
topic-refund = refund
topic-returns = return
topic-replacement = replacement
topic-repair = repair
topic-order = order
topic-complaint = complaint
topic-safety = safety
topic-product = product question
topic-sales = sales
topic-availability = availability
topic-trade = trade
topic-gift = gift
topic-praise = praise
topic-ads = advertising
topic-spam = spam
topic-collaboration = collaboration
topic-recruitment = recruitment
topic-legal = legal
topic-press = press
topic-leak = data leak
topic-counterfeit = counterfeit
topic-ceo = for the CEO
topic-crisis = crisis
topic-boycott = boycott
topic-vip = VIP
topic-content = content
