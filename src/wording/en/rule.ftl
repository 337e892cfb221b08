# Auto-moderation: rules, what they did, hiding and deleting.

rule-made = 🛡️ Rule { $rule } is kept and still off. This is what it would have done:
rule-edited = ✏️ Rule { $rule } is changed and still off. This is what it would have done:
rule-edited-off = ✏️ Rule { $rule } is changed, and off until you switch it on again. This is what it would have done:
rule-tried = { $on ->
    [0] 🛡️ Rule { $rule } is off. This is what it would have done:
   *[other] 🛡️ Rule { $rule } is on. With today’s words it would have done this:
}
rule-trial = Messages looked at in the last { $days } days: { $tried }. It would have acted on { $found } (hidden { $hid }, answered { $answered }, closed { $closed }) and left { $spared } alone in part.
rule-trial-none = Messages looked at in the last { $days } days: { $tried }. It would have acted on none.
rule-trial-cut = There were more messages; only the newest were looked at.
rule-trial-line = { $ticket } · { $author }: “{ $words }” → { $some ->
    [0] {""}
   *[other] { $done }
}{ $spares ->
    [0] {""}
   *[other] { $some ->
        [0] not: { $spared }
       *[other] ; not: { $spared }
    }
}
rule-spared = { $deed } ({ $why })
spared-urgent = urgent: people look at it
spared-press = the press: people look at it
spared-vip = VIP: people look at it
spared-crisis = crisis topic: people look at it
spared-private = private messages cannot be hidden
spared-not-there = not written on a network
spared-frozen = a crisis has stopped automation here
spared-gone = no longer in the office
spared-no-words = the words are not in use
spared-other-language = no words in the customer’s language
spared-sensitive = this topic needs a person’s approval
spared-answered-lately = answered within 24 hours already
spared-answered-once = this ticket had an automatic answer
spared-being-answered = somebody answers already
spared-own = written by ourselves
spared-cannot-leave = nothing can leave to this network
done-hid = asks the network to hide the message
done-tagged = tags { $tag }
done-prioritised = priority P{ $from } → P{ $to }
done-retopiced = topic { $to }
done-rerouted = hands it to { $role }
done-assigned = gives it to { $to }
done-answered = answers with { $reply }
done-closed = closes it as spam
would-hid = hide
would-tagged = tag { $tag }
would-prioritised = priority P{ $from } → P{ $to }
would-retopiced = topic { $to }
would-rerouted = hand to { $role }
would-assigned = give to { $to }
would-answer = answer
would-answered = answer
would-closed = close as spam
moderation-list = { $first }, { $rest }
rule-acted-line = 🛡️ Rule { $rule } (#{ $number }): { $done }
rule-undone-line = ↩️ { $who } took back what rule { $rule } had done (#{ $number })
rule-ran-wild = 🛑 Rule { $rule } switched itself off: it was about to hide { $hidden } of { $seen } messages within an hour, more than { $percent } %. It looks for { $when }. What it hid stays hidden; /vigie rule log shows each time and how to take it back.
rule-on = ✅ Rule { $rule } is on. Every message is looked at from now on; /vigie rule log shows what it does.
rule-off = ⏸️ Rule { $rule } is off. What it did stays as it is.
rule-is-on = Rule { $rule } is on already.
rule-is-off = Rule { $rule } is off already.
rule-unchanged = Rule { $rule } says exactly that already.
rule-changed-since = { $who } has changed rule { $rule } since you saw it. Look at it first with /vigie rule test.
rule-none = There is no rule yet. Make one with /vigie rule add: it stays off until you have seen what it would do.
rule-unknown = There is no rule { $typed }. Rules: { $known }.
rule-too-many = There are { $max } rules already. Change one that is not needed any more with /vigie rule edit.
rule-too-many-on = { $max } rules are on already, and each is tried on every message. Switch one off first.
rule-bad-days = { $typed } is no number of days. Say 1d to { $max }d, e.g. /vigie rule test R-4 7d.
rule-no-network = There is no network { $typed } here. Networks: { $known }.
rule-no-role = There is no role { $typed }. Roles: { $known }.
rule-answer-not-in-use = { $snippet } “{ $title }” is not approved or out of use, so no rule can answer with it. Have it approved first.
rule-how = Say both halves, e.g. /vigie rule add when:"net=x and text~spam" then:hide,tag:spam. As a slash command without them it opens a form.
rule-misread = I cannot read { $part } at character { $at }{ $at_end ->
    [1] {""} (the end)
   *[other] {""} ({ $found })
}: { $wanted }. Example: { $example }. You typed: { $typed }
rule-wanted-test = a test is missing here
rule-wanted-column = this is none of the things that can be tested: { $columns }
rule-wanted-sign = { $column } needs its sign after it
rule-wanted-value-net = a network’s name is expected
rule-wanted-value-kind = comment, dm, mention or review is expected
rule-wanted-value-lang = two letters of a language are expected
rule-wanted-value-mood = negative, neutral or positive is expected
rule-wanted-value-topic = a topic’s name is expected
rule-wanted-value-author = a handle is expected
rule-wanted-number = { $column } is compared with a whole number
rule-wanted-joiner = “and”, “or” or the end is expected; several words to look for stand in quotation marks
rule-wanted-closing = the parenthesis is not closed
rule-wanted-end = what begins here does not end with { $sign }
rule-wanted-pattern = this is no usable expression ({ $why })
rule-wanted-words = there is nothing to look for
rule-wanted-shorter = at most { $max } characters
rule-wanted-fewer-tests = at most { $max } tests in one rule
rule-wanted-flatter = at most { $max } parentheses within each other
rule-wanted-fewer-patterns = at most { $max } expressions in one rule
rule-wanted-fewer-values = at most { $max } values in one test
rule-wanted-deed = a rule can hide, close, tag:…, assign:…, prio:…, topic:… and answer:…
rule-wanted-deed-tag = tag needs a short word after its colon
rule-wanted-deed-assign = assign needs role:NAME or @person after its colon
rule-wanted-deed-prio = prio needs p1 to p4 after its colon
rule-wanted-deed-topic = topic needs a topic after its colon
rule-wanted-deed-answer = answer needs words of the library after its colon, such as B-3
rule-wanted-fewer-deeds = at most { $max } deeds in one rule
rule-wanted-only-one = { $deed } can stand only once
rule-list-title = { $count ->
    [one] { $count } rule, { $on } on
   *[other] { $count } rules, { $on } on
}
rule-line-on = ✅ { $rule }
rule-line-off = ⏸️ { $rule } (off)
rule-line-wild = 🛑 { $rule } (switched itself off)
rule-line-counts = acted { $acted } × · hid { $hid } · taken back { $undone } · refused { $failed } · { $by }
rule-log-title = { $on ->
    [0] Log of { $rule } (off)
   *[other] Log of { $rule } (on)
}
rule-log-made = { $at } · { $who } made it
rule-log-edited = { $at } · { $who } changed it: { $when } → { $then }
rule-log-on = { $at } · ✅ { $who } switched it on
rule-log-off = { $at } · ⏸️ { $who } switched it off
rule-log-acted = { $at } · #{ $number } on { $ticket }: { $some ->
    [0] {""}
   *[other] { $done }
}{ $spares ->
    [0] {""}
   *[other] { $some ->
        [0] not: { $spared }
       *[other] ; not: { $spared }
    }
}
rule-log-wild = { $at } · 🛑 it switched itself off: { $hidden } of { $seen } messages within an hour
rule-log-undone = { $at } · ↩️ { $who } took #{ $number } on { $ticket } back
rule-log-failed = { $at } · ⚠️ the network refused #{ $number } on { $ticket }: { $cause }
rule-log-undo = To take one of these back: { $command }
rule-no-such-act = Rule { $rule } has no act { $typed }. It has acted { $last } times; /vigie rule log lists the numbers.
rule-nothing-done = Rule { $rule } did nothing to the ticket at #{ $number }, so there is nothing to take back.
rule-undo-late = The button works for ten minutes. Later, type { $command }.
rule-undone = ↩️ What rule { $rule } did to { $ticket } (#{ $number }) is taken back.{ $left ->
    [0] {""}
   *[other] {" "}Its answer { $reply } has left and cannot be taken back.
}
button-rule-on = Switch { $rule } on
button-rule-off = Switch { $rule } off
button-rule-edit = Change { $rule }…
button-rule-undo = Undo
form-rule-add = New rule
form-rule-edit = Change { $rule }
form-rule-submit = Keep and try
form-rule-intro = The rule stays off until you have seen what it would have done and switch it on.
form-rule-when = Which messages?
form-rule-when-hint = e.g. net=x and (text~spam or links>=3)
form-rule-then = What happens to them?
form-rule-then-hint = e.g. hide,tag:spam,close
card-tags = Tags
measure-hide-waiting = ⏳ Hiding on { $network }…
measure-hide-done = 🙈 Hidden on { $network } by { $by_rule ->
    [1] rule { $who } (#{ $number })
   *[other] { $who }
}
measure-hide-refused = ⚠️ { $network } refused to hide the message: { $cause }
measure-unhide-waiting = ⏳ Being shown again on { $network }…
measure-unhide-done = 👁️ Shown again on { $network } by { $who }
measure-unhide-refused = ⚠️ { $network } refused to show the message again: { $cause }
measure-delete-proposed = 🗑️ { $who } proposes to delete this on { $network }. A second person confirms it on the card.
measure-delete-waiting = ⏳ Deleting on { $network }…
measure-delete-done = 🗑️ Deleted on { $network }, proposed by { $who }
measure-delete-refused = ⚠️ { $network } refused to delete the message: { $cause }
measure-delete-confirmed = 🗑️ { $who } confirmed the deletion
measure-delete-withdrawn = ↩️ { $who } stopped the deletion
moderate-asked-hide = { $network } is asked to hide what { $ticket } is about. The card says when it is done.
moderate-asked-unhide = { $network } is asked to show what { $ticket } is about again. The card says when it is done.
moderate-asked-delete = { $any ->
    [0] The deletion of { $ticket } on { $network } waits for a second look: nobody else may delete.{ $names } Look at it again in ten minutes and confirm on the card, or give somebody that right.
   *[other] The deletion of { $ticket } on { $network } waits for a second person: { $names }. The buttons are on the card, for a day.
}
moderate-confirmed = { $network } is asked to delete what { $ticket } is about. The card says when it is done.
moderate-withdrawn = Nothing of { $ticket } is deleted.
button-moderate-confirm = Confirm deletion
button-moderate-withdraw = Do not delete
button-moderate-again = Try again
more-hide = 🙈 Hide
more-unhide = 👁️ Show again
more-delete = 🗑️ Delete (two people)
refused-moderate-private = { $ticket } is a private message: nobody else sees it, so it cannot be hidden or deleted.
refused-moderate-not-there = { $ticket } was not written on a network, so there is nothing to hide or delete there.
refused-moderate-already-hide = The messages of { $ticket } are hidden already, or are being hidden.
refused-moderate-already-unhide = No message of { $ticket } is hidden.
refused-moderate-already-delete = Nothing of { $ticket } is left to delete.
refused-moderate-proposed = A deletion of { $ticket } waits for a second person already. Its buttons are on the card.
refused-moderate-nothing-proposed = No deletion of { $ticket } waits for a second person. Propose it again with /ticket moderate { $ticket } delete.
refused-moderate-second-look = Nobody else can confirm the deletion of { $ticket }, so please look at it a second time: you can confirm it from { $again } on.
refused-moderate-second-person = You proposed to delete { $ticket }, so somebody else has to confirm it.
refused-moderate-undone = { $who } has taken that back already.
audit-rule-made = { $who } made rule { $ref }
audit-rule-edited = { $who } changed rule { $ref }
audit-rule-switched-on = { $who } switched rule { $ref } on
audit-rule-switched-off = { $who } switched rule { $ref } off
audit-rule-ran-wild = Rule { $ref } switched itself off (noted by { $who })
audit-ticket-measure-asked = { $who } asked to hide, show or delete what { $ref } is about
audit-ticket-measure-confirmed = { $who } confirmed a deletion for { $ref }
audit-ticket-rule-undone = { $who } took back what a rule did to { $ref }
me-admin-rules = 🛡️ Rules: { $on } on, { $off } off
group-vigie-rule = Auto-moderation rules
help-vigie-rule-add = make a moderation rule; it stays off and shows what it would do
help-vigie-rule-edit = change a rule; it is off until it is switched on again
help-vigie-rule-test = what a rule would have done over the last days (30 at most)
help-vigie-rule-on = switch a rule on
help-vigie-rule-off = switch a rule off
help-vigie-rule-list = all moderation rules, with how much each did
help-vigie-rule-log = each time a rule acted, who changed it, what was taken back
help-vigie-rule-undo = take back what a rule did once
help-ticket-moderate = hide a customer’s message, show it again, or delete it (two people)
arg-vigie-rule-rule = Rule, e.g. R-4
arg-vigie-rule-when = Which messages, e.g. net=x and text~spam
arg-then = What happens to them, e.g. hide,tag:spam
arg-days = Over how many days, e.g. 7d
arg-event = Which time, by its number in the log, e.g. 12
arg-act = hide, unhide or delete
why-rule = Rule { $rule } gave { $ticket } to { $who }.
