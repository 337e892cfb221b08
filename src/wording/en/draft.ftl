# Replies and posts: drafts, approvals, publishing.

# Where a draft stands, on cards.
draft-status-drafting = draft
draft-status-in-review = waits for approval
draft-status-approved = approved
draft-status-scheduled = scheduled
draft-status-queued = about to leave
draft-status-sending = sending…
draft-status-sent = sent
draft-status-refused = refused by the network
draft-status-unknown = unknown, check
draft-status-held = held by a freeze
draft-status-cancelled = cancelled
draft-word-sent = sent
draft-is-drafting = ✏️ { $draft } v{ $version } by { $who } is a draft.
draft-is-drafting-wish = ✏️ { $draft } v{ $version } by { $who }: { $by } asks for changes: “{ $wish }”
draft-is-in-review = ⏳ { $draft } v{ $version } by { $who } waits for approval by { $reviewers }.
draft-is-approved = ✅ { $draft } v{ $version } by { $who } is approved by { $approvers }.
draft-is-scheduled = 🗓️ { $draft } v{ $version } by { $who }, approved by { $approvers }, leaves { $at }.
draft-is-queued = 📤 { $draft } v{ $version } by { $who } is about to leave.
draft-is-queued-later = 📤 { $draft } v{ $version } by { $who } waits for the network: { $cause }
draft-is-sending = 📤 { $draft } v{ $version } by { $who }: sending…
draft-is-sent = ✅ { $draft } v{ $version } by { $who }: { $link } { $at }
draft-is-refused = ⛔ { $draft } v{ $version } by { $who } was refused: { $cause }
draft-is-unknown = ❓ { $draft } v{ $version } by { $who }: unknown, check on the network. { $cause }
draft-is-unknown-looking = ❓ { $draft } v{ $version } by { $who }: no answer came; I am looking whether it is out. { $cause }
draft-is-held = 🧊 { $draft } v{ $version } by { $who } is held by the freeze ({ $crisis }). It does not leave by itself.
draft-is-cancelled = 🚫 { $draft } v{ $version } by { $who } is cancelled.
draft-on-card = { $standing } { $link }
    “{ $text }”
draft-foot = written by { $names }
draft-field-account = Account
draft-field-plan = Leaves
draft-field-missed = Did not leave
draft-field-visibility = Visibility
draft-field-length = Characters
draft-public = Public
draft-private = Private message
draft-diff-by = Old version by { $old }, new version by { $new }. +added −removed
draft-answers = Answers { $ticket }: “{ $text }”

# Buttons.
button-draft-approve = Approve v{ $version }
button-draft-changes = Ask for changes…
button-draft-edit = Edit…
button-draft-show = Read all of v{ $version }
button-draft-diff = Show changes
button-draft-submit = Ask for approval
button-draft-submit-reply = Send v{ $version }
button-draft-plan = Schedule…
button-draft-unplan = Unschedule
button-draft-now = Publish now
button-draft-cancel = Cancel it
button-draft-revoke = Withdraw approval
button-draft-retry = Retry
button-draft-out = It was sent
button-draft-again = It was not sent, send again
button-draft-pass = Let it leave (crisis lead)

# Lines in threads.
draft-edited-line = ✏️ { $who } wrote { $draft } v{ $version }: { $diff }
draft-edited-voided-line = ✏️ { $who } wrote { $draft } v{ $version }: { $diff }. The approval by { $names } no longer holds.
draft-submitted-line = ⏳ { $who } asks { $names } to approve { $draft } v{ $version }: “{ $text }”
draft-approved-line = ✅ { $who } approved { $draft } v{ $version }.
draft-approved-comment-line = ✅ { $who } approved { $draft } v{ $version }: “{ $comment }”
draft-changes-line = ↩️ { $who } asks for changes to { $draft } v{ $version }: “{ $text }”
draft-revoked-line = ↩️ { $who } withdrew the approval of { $draft } v{ $version }. It waits for approval again.
draft-planned-line = 🗓️ { $who } scheduled { $draft } for { $at }.
draft-window-voided-line = The time moved by more than 2 hours, so the approval of { $draft } by { $names } no longer holds. It is v{ $version } now.
draft-unplanned-line = 🗓️ { $who } took { $draft } off the schedule.
draft-too-late-line = ⏰ { $draft } should have left { $at }, more than an hour ago. It was not published; publish it now or give it a new time.
draft-missed-line = ⏰ { $draft } was not published { $at }: nobody had approved v{ $version }.
draft-returned-line = ↩️ { $draft } v{ $version } needs an approval and has none. It was not sent.
draft-refused-line = ⛔ { $network } refused { $draft } v{ $version }: { $cause }. Nothing is out.
draft-unknown-line = ❓ No answer came for { $draft } v{ $version }, and it could not be found ({ $cause }). Check on { $network }, then say on the card whether it is out. It is not sent again by itself.
draft-resent-line = 📤 { $who } checked that { $draft } v{ $version } is not out; it is sent again.
draft-held-line = 🧊 { $draft } v{ $version } is held: publishing is frozen ({ $crisis }). It does not leave by itself, not even when the freeze ends.
draft-passed-line = 🧊 { $who } lets { $draft } v{ $version } leave in spite of the freeze.
draft-late-line = ⏰ { $draft } is late by { $late }.
draft-cancelled-line = 🚫 { $who } cancelled { $draft }.
draft-sent-line = ✅ { $draft } v{ $version } is out { $link }: “{ $text }”
draft-sent-by-word-line = ✅ { $who } checked: { $draft } v{ $version } is out.

# Direct messages.
draft-edited-dm = ✏️ { $who } changed your { $draft }, now v{ $version }: { $diff }
draft-being-edited-dm = ✏️ { $who } changed { $draft }, now v{ $version }: { $diff }. Earlier approvals no longer hold.
draft-review-dm = ⏳ { $who } asks for your approval of { $draft } v{ $version }.
draft-approved-dm = ✅ { $who } approved your { $draft } v{ $version }.
draft-approved-comment-dm = ✅ { $who } approved your { $draft } v{ $version }: “{ $comment }”
draft-decided-dm = ✅ { $draft } v{ $version } is approved by { $who }. Nothing more to do.
draft-changes-dm = ↩️ { $who } asks for changes to your { $draft } v{ $version }: “{ $text }”
draft-returned-by-dm = ↩️ { $draft } v{ $version } went back to its author: { $who } asks for changes. Nothing more to do.
draft-revoked-dm = ↩️ { $who } withdrew the approval of { $draft } v{ $version }. It waits for approval again.
draft-window-dm = 🗓️ { $who } moved your { $draft } to { $at }. It is v{ $version } now and waits for approval again.
draft-unapproved-dm = ⏰ Your { $draft } is to leave { $at }, and v{ $version } is not approved. Without an approval it is not published.
draft-remind-dm = ⏰ { $draft } v{ $version } is to leave { $at } and waits for your approval.
draft-too-late-dm = ⏰ Your { $draft } should have left { $at }, more than an hour ago. It was not published; publish it now or give it a new time.
draft-missed-dm = ⏰ Your { $draft } was not published { $at }: nobody had approved v{ $version }.
draft-returned-dm = ↩️ Your { $draft } v{ $version } needs an approval and has none. It was not sent.
draft-refused-dm = ⛔ { $network } refused your { $draft } v{ $version }: { $cause }. Nothing is out: retry, or change it.
draft-unknown-dm = ❓ No answer came for your { $draft } v{ $version }, and it could not be found ({ $cause }). Check on { $network } and say whether it is out.
draft-held-dm = 🧊 Your { $draft } v{ $version } is held: publishing is frozen ({ $crisis }). It needs your decision afterwards.
draft-late-dm = ⏰ Your { $draft } is late by { $late }.
draft-cancelled-dm = 🚫 { $who } cancelled { $draft }. Nothing more to do.
draft-sent-dm = ✅ Your { $draft } v{ $version } is out { $link }

# Answers.
draft-asked = { $draft } v{ $version } waits for approval by { $names }.
draft-going = { $draft } v{ $version } is on its way to { $network }. The card says “sent” once the network has said so.
draft-edited = { $draft } is now v{ $version }.
draft-unchanged = { $draft } v{ $version } says just that already. Nothing was changed.
draft-kept-beside = { $who } has just answered with { $other }: “{ $said }” Yours was not sent. It is kept as { $draft }: compare, then send or cancel it on the card.
draft-revoked = The approval of { $draft } is withdrawn.
draft-cancelled = { $draft } is cancelled.
draft-settled = { $draft } v{ $version } counts as sent.
draft-changes-asked = { $draft } v{ $version } went back with your words.
draft-approved-going = { $draft } v{ $version } is approved and leaves now.
draft-approved-planned = { $draft } v{ $version } is approved and leaves { $at }.
draft-approved-unplanned = { $draft } v{ $version } is approved. It leaves when somebody schedules it or publishes it now.
draft-planned = 🗓️ { $draft } leaves { $at } ({ $wall }, { $zone }).{ $shift }
draft-planned-in-review = 🗓️ { $draft } is planned for { $at } ({ $wall }, { $zone }).{ $shift } It leaves only if v{ $version } is approved by then.
draft-planned-unapproved = 🗓️ { $draft } is planned for { $at } ({ $wall }, { $zone }).{ $shift } It leaves only if it is approved by then: /post submit { $draft }
draft-shift-none = { "" }
draft-shift-skipped = { " " }The clocks skip the time you typed; this is the first moment after it.
draft-shift-doubled = { " " }The clocks show this time twice that night; the first one is meant.
draft-same-text = ⚠️ { $other } says the same on this network within 24 hours ({ $at }).
draft-clash = ⚠️ { $other } leaves on this network at nearly the same time ({ $at }).
draft-unplanned = { $draft } is off the schedule.
post-begun = { $draft } is drafted for { $network }. Ask for approval with /post submit { $draft }, or by the button on its card.
post-list-title = Posts under way ({ $count })
post-list-empty = No post under way.
approve-list-title = Waiting for your approval ({ $count })
approve-list-empty = Nothing waits for your approval. 🌊

# Refusals.
no-such-draft = There is no { $draft }. /post list shows the posts under way.
which-draft = Which one? Add its reference, for example P-7, or T-12 for the reply to a ticket.
no-reply-of-ticket = { $ticket } has no reply yet. Write one with /ticket reply { $ticket }
not-a-post = { $draft } is not a post. Posts are written P-7; /post list shows them.
no-network = No network is connected for publishing. Whoever runs Vigie adds an account with publish_url to the office file and a secret for its webhook.
network-not-connected = { $any ->
    [0] Nothing can leave to { $network }: no network is connected for publishing.{ $known }
   *[other] Nothing can leave to { $network }: it is not connected for publishing. Connected: { $known }.
}
reply-nowhere = { $ticket } does not come from a social network, so there is nowhere to send a reply. Answer where it was written, and resolve the ticket.
draft-said-already = { $draft } says exactly this already. Nothing was sent a second time.
draft-too-long = This has { $length } characters; { $network } takes at most { $max }. Shorten it by the difference.
draft-replaced-beside = v{ $shown } of { $draft } was replaced by v{ $current }: the same words, but its time, its pictures or its place changed. Look at the new version first.
draft-replaced = v{ $shown } of { $draft } was replaced by v{ $current }: { $diff }. Look at the new version first.
draft-own-version = You wrote a part of { $draft }, and nobody approves an own version. Somebody else must: /post show { $draft } says who was asked.
draft-not-in-review = { $draft } does not wait for approval (it is: { $status }). Its author asks for it with /post submit { $draft }
draft-already-approved = { $who } has approved { $draft } v{ $version } already.
draft-nobody-to-approve = { $draft } is kept as a draft: nobody else has the right “{ $right }” for { $network } and this topic. Whoever keeps the office file can give a second person a role with this right; then ask again.
draft-not-approved = { $draft } v{ $version } is not approved. Ask for it with /post submit { $draft }
draft-same-person = Publishing at once takes two people: you approved { $draft } yourself, so somebody else presses, or schedule it.
draft-other-time = { $draft } was approved for { $at }. For another time, ask for approval again: /post submit { $draft }
draft-on-its-way = { $draft } cannot be changed now (it is: { $status }). Wait for the network’s answer on the card.
draft-finished = { $draft } cannot be changed any more (it is: { $status }).
draft-nothing-to-revoke = { $draft } has no approval to withdraw.
draft-not-planned = { $draft } is not scheduled.
draft-only-posts = { $draft } is a reply: it leaves as soon as it may and cannot be scheduled.
draft-frozen = Publishing to { $network } is frozen ({ $crisis }). { $draft } can be scheduled or published once the freeze has ended.
draft-not-now = { $draft } has moved on meanwhile (it is: { $status }). The card shows what can be done.
draft-no-such-version = { $draft } has the versions v{ $first } to v{ $last } at hand.
draft-form-refused = { $reason }

    Your text, so that it is not lost:
    { $text }
when-unreadable = I cannot read { $typed } as a time. Examples: 15:30, mon 09:00, tomorrow 9:00, +2h, 2026-03-17T09:00
when-past = That time is over. Choose one that lies ahead.
when-too-far = { $typed } is more than 400 days away. Check the year.
visibility-unclear = “{ $typed }” is neither public nor private. Nothing was sent.
text-with-flag = { $flag } would be cut out of your text. Put the text in quotes, or use the form.
which-version = { $typed } is not a version. Versions are written v3.
reply-type-it = Type it after the command: /ticket reply { $ticket } your text
edit-type-it = Type it after the command: /post edit { $draft } your text
changes-type-it = Say what to change: /approve changes { $draft } your words
when-type-it = Say when: /post schedule { $draft } mon 09:00
post-type-it = Say where and what: /post new net:instagram your text. Connected: { $known }.
reply-writing = ✍️ { $who } opened this form { $ago } ago and may be writing.

# Forms.
form-reply-title = Reply to { $ticket }
form-draft-text = Text (at most { $max } characters)
form-draft-submit = Send
form-edit-title = Edit { $draft }
form-edit-submit = Save
form-edit-voids = Any change ends approvals; the new version is sent to the approvers.
form-changes-title = Changes to { $draft }
form-changes-text = What should change? (at most { $max })
form-changes-submit = Return it
form-plan-title = When { $draft } leaves
form-plan-when = When, { $zone } time
form-plan-hint = mon 09:00 · 15:30 · +2h · 2026-03-17T09:00
form-plan-submit = Schedule
form-post-title = New post
form-post-network = Network
form-post-intro = It is kept as a draft; it leaves only after somebody else has approved it.

# Help.
help-ticket-reply = answer the customer; waits for approval where one is needed
help-post-new = write a post
help-post-edit = write a new version; approvals end
help-post-submit = ask for approval
help-post-schedule = say when an approved post leaves
help-post-unschedule = take a post off the schedule
help-post-publish-now = publish an approved post now (a second person)
help-post-cancel = give a draft up
help-post-list = posts under way
help-post-show = show a draft whole, with its buttons
help-post-diff = what changed between two versions
help-approve = approve a version of a reply or post
help-approve-ok = approve a version of a reply or post
help-approve-list = what waits for my approval
help-approve-changes = return a draft with a wish
help-approve-revoke = withdraw an approval before it leaves
command-post = Write, schedule and publish posts
command-approve = Approve replies and posts of others
arg-draft = The draft, e.g. P-7, R-5, or T-12 for its reply
arg-version = The version you read, e.g. v3, then a comment if you like
arg-when = When, e.g. mon 09:00, 15:30, +2h
arg-visibility = public or private
arg-old = Older version, e.g. v1
arg-new = Newer version, e.g. v2
right-send-reply = send replies
right-assign-others = assign to others
right-schedule-approved = schedule approved posts
right-goals = change goals
right-meeting = take part in meetings
