# Meetings: asking, agenda, decisions, actions, summary.

meeting-ask-dm = 🗓️ { $title } is on { $at }. What went well, where do you need help, what comes next? You can change your answer until { $until }.
meeting-ask-for-dm = 🗓️ { $title } is on { $at }. What went well, where do you need help, what comes next? Answer for { $others } too: they are away. You can change your answer until { $until }.
meeting-ask-written-dm = 🗓️ { $title } of { $at } is held in writing. What went well, where do you need help, what comes next? You can change your answer until { $until }.
meeting-reminder-dm = ⏰ { $title } starts at { $at } and your points are still missing. One minute is enough.
meeting-reminder-written-dm = ⏰ { $title } of { $at } is held in writing and your points are still missing; they count until { $until }.
meeting-catch-up-dm = 📄 { $title } of { $at } is over. The summary and the actions are in the agenda’s thread.
meeting-written-holiday = 🗓️ { $title } of { $at } falls on a day without working hours. It is held in writing: your points count until { $until }.
meeting-written-too-few = 🗓️ Fewer than two people are there for { $title } of { $at }. It is held in writing: your points count until { $until }.
meeting-written-missed = 🗓️ { $title } of { $at } could not be opened in time. It is held in writing: your points count until { $until }.
meeting-answer-line = 🙋 { $who } · 🏆 { $wins } · 🆘 { $help } · ➡️ { $plan }
meeting-point-line = ➕ { $who }: { $text }
meeting-decision-line = ⚖️ Decision ({ $who }): { $text }
meeting-action-line = ▫️ { $action } { $owner }: { $text }
meeting-title = 🗓️ { $title } · { $at }
meeting-state-before = The agenda is posted on { $at }. This is what is known so far.
meeting-state-open = Under way. In the thread: “action @name text”, “decision: text”.
meeting-state-holiday = In writing (no working hours that day), until { $until }.
meeting-state-too-few = In writing (fewer than two people there), until { $until }.
meeting-state-missed = In writing (it could not be opened in time), until { $until }.
meeting-state-closed = Closed; the summary is in the thread.
meeting-state-closed-by = Closed by { $who }; the summary is in the thread.
meeting-section-carried = Open actions
meeting-section-figures = Out of bounds
meeting-section-points = Added points
meeting-section-decisions = Decisions
meeting-section-made = New actions
meeting-section-carried-on = Carried to the next meeting
meeting-silent = No answer yet: { $names }
meeting-away = Away: { $names }
meeting-mark-done = Mark as done…
meeting-summary-title = 📋 Summary: { $title }
meeting-summary-counts = { $answers } of { $asked } answered · Decisions { $decisions } · New actions { $made } · Carried on { $open }
meeting-no-action = Without an action: { $names }
meeting-unknown = There is no { $ref }. /meet agenda shows the next meeting.
meeting-none = No meeting is planned. Series are set up in the office file.
meeting-answers-closed = { $meeting } has begun; answers are fixed now. Say it in the agenda’s thread.
meeting-over = { $meeting } is over. Use /meet add for the next one.
meeting-not-open = { $meeting } is not open yet; its agenda is posted on { $at }. Until then use /meet add.
meeting-too-many = The list is full: at most { $max } entries. Nothing was changed.
meeting-fill-how = Use the button in my direct message, or the slash command /meet fill: the answer needs a form.
meeting-answer-done = Thank you, noted. You can change it until { $until }.
meeting-add-done = It is on the agenda of { $at }.
meeting-decision-done = Decision noted.
meeting-close-done = The meeting is closed; the summary follows in the thread.
action-made = { $action } noted for { $owner }: { $text }
action-done = { $carried ->
    [0] ✅ { $action } is done: { $text } ({ $owner })
   *[other] ✅ { $action } is done: { $text } ({ $owner }, carried { $carried }×)
}
action-dropped = { $carried ->
    [0] { $action } is dropped: { $text } ({ $owner })
   *[other] { $action } is dropped: { $text } ({ $owner }, carried { $carried }×)
}
action-given-dm = { $has_due ->
    [0] ▫️ { $who } gave you { $action }: { $text }
   *[other] ▫️ { $who } gave you { $action }: { $text }. Due { $due }.
}
action-due-dm = { $carried ->
    [0] ⏰ { $action } is due now: { $text } ({ $owner })
   *[other] ⏰ { $action } is due now: { $text } ({ $owner }, carried { $carried }×)
}
action-carried-lead = 🔁 { $action } of { $owner } was carried { $carried } times: { $text }. Keep it, change it, or drop it with /meet drop { $action }.
action-due = due { $due }
action-age = { $days ->
    [one] { $days } day old
   *[other] { $days } days old
}
action-carried = carried { $carried }×
action-list-title = Open actions
action-none = No open action. 🌊
action-which = Which action? Add its number, for example A-9. /meet list shows the open ones.
action-unknown = There is no { $action }. /meet list shows the open ones.
action-closed-already = { $action } was already closed by { $who }.
action-bad-date = I cannot read { $typed } as a day to come. Examples: fri, tomorrow, 3d, 2026-03-20.
button-meet-fill = My points…
button-meet-add = Add a point…
button-meet-close = Close
form-meet-title = My points
form-meet-submit = Send
form-meet-intro = { $title }: you can change your answer until { $until }.
form-meet-wins = What went well?
form-meet-wins-hint = A win, a thank-you, a number
form-meet-help = Where do you need help?
form-meet-help-hint = Blocked, waiting, unsure
form-meet-plan = What comes next?
form-meet-plan-hint = Until the next meeting
form-meet-add-title = Add to the agenda
form-meet-add-submit = Add
form-meet-add-label = Point
form-meet-add-hint = What should we talk about?

command-meet = Meetings, decisions, actions
help-meet-agenda = the agenda of the next or running meeting
help-meet-fill = give my points for the next meeting
help-meet-add = put a point on the agenda
help-meet-action = note an action for somebody
help-meet-done = mark an action as done
help-meet-drop = drop an action on purpose
help-meet-decision = write down a decision
help-meet-list = list open actions
help-meet-close = close the meeting and post its summary
arg-who = @person or me; a role as role:NAME
arg-due = When, e.g. 4h, fri, tomorrow, 3d, 2026-03-20
arg-action = The action, e.g. A-9
