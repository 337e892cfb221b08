# Consultations: questions to people outside the rota, and the page of experts without an account.

consult-asked = ❓ { $consultation }: { $whom } is asked about { $ticket }, answer wanted by { $due }.
consult-asked-line = ❓ { $consultation } · { $by } asks { $whom }: { $question } (answer wanted by { $due })
consult-again-line = 🔁 { $consultation } · { $by } asks { $whom } again: { $question } (answer wanted by { $due })
consult-asked-dm = ❓ { $by } needs your view on { $ticket } by { $due }: { $question }
consult-due-dm = ⏰ { $by } still waits for your view on { $ticket }: { $question }
consult-outside-due-dm = ⏰ { $whom } has not answered { $consultation } about { $ticket } yet. Remind them, or ask again for a new link.
consult-late-line = ⏰ { $consultation } · { $whom } has not answered; an answer was wanted by { $due }.
consult-late-dm = ⏰ { $whom } has not answered { $consultation } about { $ticket }: { $question } Ask again, ask somebody else, or give it up.
consult-late-lead = ⏰ { $ticket } waits for { $whom }, whom { $by } asked ({ $consultation }): { $question }
consult-answered-line = 💡 { $consultation } · { $who } answers { $by }: { $text }
consult-answered-dm = 💡 { $who } answered about { $ticket }: { $text }
consult-done-dm = 💡 { $consultation } is answered by { $who }: { $text }
consult-cancelled = { $consultation } is given up; { $whom } need not answer any more.
consult-cancelled-line = ✖️ { $consultation } · no answer needed any more from { $whom }.
consult-cancelled-dm = ✖️ Your view on { $ticket } is not needed any more. Thank you.
consult-closed-line = ✖️ { $consultation } · the ticket is resolved; { $whom } is not asked any more.
consult-closed-dm = ✖️ { $ticket } is resolved: your view is not needed any more. Thank you.
consult-answer-taken = Thank you. Your answer stands in { $ticket }, for the team only.
consult-customer-wrote = The customer wrote:
consult-on-card = ❓ { $consultation } · { $by } asked { $whom }, answer wanted by { $due }: { $question }
consult-on-card-late = ⏰ { $consultation } · { $whom } is late, an answer was wanted by { $due }: { $question }
consult-on-card-answered = 💡 { $consultation } · { $question } → { $who }: { $text }
consult-link = { $consultation }: pass this link on to { $whom }. It shows the question and the customer’s words, takes one answer, and works until { $until }.
consult-link-care = Whoever has the link can answer. A new one (Ask again) or giving up ends this one at once.
consult-link-sent = { $consultation }: I have sent you the link for { $whom } in a direct message.
consult-list-title = { $count ->
    [one] One open question
   *[other] { $count } open questions
}
consult-list-line = { $late }{ $consultation } · { $ticket } · { $by } → { $whom }, by { $due }: { $question }
consult-list-empty = No question is open.
consult-say-what = Say whom you ask and what you want to know, e.g. /ticket consult T-1 role:care Is this lamp safe? due:4h
consult-bad-due = I do not understand the deadline { $typed }. Say 4h or 2d of working time, or a moment such as "fri 15:00" (at most 30 working days ahead).
consult-no-such = There is no { $consultation }.
consult-which = Which question is it? Say its reference, e.g. Q-3; /consult list shows the open ones.
consult-none = No question about { $ticket } is open.
consult-nobody = Nobody else would be asked: the role has no other holder, or it is you. Name somebody else.
consult-no-address = People without an account cannot be asked yet: no public address is set. Ask whoever runs Vigie to set public_url in config/vigie.toml.
consult-ticket-resolved = { $ticket } is resolved. Reopen it to ask about it.
consult-too-long = { $length } characters; at most { $max } fit. Shorten it and send it again.
consult-answered-already = { $consultation } is answered already.
consult-not-open = { $consultation } is not open any more: no answer is needed.
consult-not-asked = { $consultation } was put to { $whom }: only they can answer. Write a note on { $ticket } instead.
consult-link-over = The link of { $consultation } has run out. Ask again to make a new one.
button-consult-answer = Answer…
button-consult-record = Write down answer…
button-consult-again = Ask again
button-consult-cancel = Give up
button-consult-link = Show link
form-consult-title = Question on { $ticket }
form-consult-submit = Ask
form-consult-who = Whom (name, role:NAME, mail address)
form-consult-who-hint = e.g. role:product, @hugo, claire@example.com
form-consult-question = Question
form-consult-question-hint = One question that can be answered in a few lines
form-consult-due = Answer wanted by
form-consult-due-hint = e.g. 4h, 2d (working time), fri 15:00
form-consult-answer = Your answer (at most { $max } characters)
form-consult-answer-hint = For the team only; the customer does not see it
form-consult-answer-submit = Answer
command-consult = Questions to people outside the rota
help-ticket-consult = ask a role, a person or an outside expert about a ticket
help-consult-answer = answer a question
help-consult-again = ask again, with a new deadline and link
help-consult-cancel = give a question up; its link ends
help-consult-link = show the link for an outside expert
help-consult-list = open questions
arg-consultation = question, e.g. Q-3
arg-question = what you want to know
digest-consultations = { $count ->
    [0] { $count } late questions
    [one] 1 late question
   *[other] { $count } late questions
}
page-title = { $office } asks for your view
page-lead = { $office } would like your view to answer a customer well.
page-customer = The customer wrote
page-question = The question
page-answer = Your answer
page-hint = At most { $max } characters. Your answer goes to the team only; nothing is sent to the customer by itself.
page-due = Most helpful by { $due }.
page-submit = Send my answer
page-once = This link works once and ends by itself. Please do not pass it on.
page-thanks-title = Thank you
page-thanks = Your answer has arrived. You can close this page.
page-over-title = No answer needed any more
page-over = This question is closed, or the link has run out. Ask whoever sent it to you for a new one if you still want to answer.
page-unknown-title = Nothing here
page-unknown = This link is not valid. Check that it is whole, or ask whoever sent it to you.
page-slow-title = One moment
page-slow = Too many requests. Please try again in a minute.
page-refused-title = Please open the link again
page-refused = This form is too old or did not come from our page. Nothing was taken. Open the link again and send your answer.
page-broken-title = Not possible right now
page-broken = Your answer could not be stored. Please try again in a few minutes; it was not lost from this page if you go back.
page-error = Please correct this:
