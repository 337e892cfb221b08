# Digest and report.

digest-title = ☀️ { $day }, { $time } ({ $zone })
digest-title-day = ☀️ { $day } ({ $zone }, until { $time })
digest-quiet = Quiet: nothing received, nothing open, nothing late. 🌊
digest-yesterday = Yesterday
digest-since = Since { $day }
digest-that-day = That day
digest-due-today = Due today { $count }
digest-oldest-unassigned = Oldest unassigned { $length }
digest-oldest-open = Oldest open { $length }
digest-next-response = Next responses: median { $median }, 9 in 10 within { $p }
digest-first-response = First response: median { $median }, 9 in 10 within { $p }
digest-volume = Volume { $change } in a week
digest-mood = Mood { $sign }{ $points ->
    [0] unchanged
    [one] { $points } point
   *[other] { $points } points
} in a week
digest-posts = Posts today { $count }
digest-waiting = { $count ->
    [one] { $count } waits for approval, for { $length }
   *[other] { $count } wait for approval, the longest for { $length }
}
digest-how = Lengths are working hours.
digest-away = Away: { $names }
digest-covered = { $who } (covered by { $by })
digest-actions = Actions due:
digest-action = { $action } { $owner }
digest-action-carried = { $action } { $owner } (carried { $carried }×)
digest-health = Health: queue { $waiting }
digest-health-oldest = the oldest waits for { $length }
digest-health-parked = failed for good { $parked }
digest-limited = last rate limit (429) { $length } ago
digest-limited-never = no rate limit (429) so far
count-received = { $count } received
count-answered = { $count } answered
count-resolved = { $count } resolved
count-reopened = { $count } reopened
count-open = { $count } open
count-unassigned = { $count } unassigned
count-overdue = Overdue { $count }
count-next-response = { $count ->
    [one] { $count } further answer
   *[other] { $count } further answers
}
count-late-next = { $count ->
    [one] { $count } further answer missed its deadline
   *[other] { $count } further answers missed their deadline
}
count-late-resolution = { $count ->
    [one] { $count } resolution missed its deadline
   *[other] { $count } resolutions missed their deadline
}
count-late = { $count ->
    [one] { $count } first answer missed its deadline
   *[other] { $count } first answers missed their deadline
}
metric-received = Received
metric-answered = Answered
metric-resolved = Resolved
metric-reopened = Reopened
metric-open = Open
metric-unassigned = Unassigned
metric-overdue = Overdue
metric-late = First answer missed its deadline
metric-first-response = First response
metric-resolution = Resolution
metric-next-response = Next responses
metric-late-next = Further answer missed its deadline
metric-late-resolution = Resolution missed its deadline
report-title = 📊 Week { $week } · { $span }
report-span = { $from } to { $to }
report-nothing-before = There is no week before to compare with.
report-quiet = Nothing was received and nothing is open. 🌊
report-percent = { $sign }{ $percent }%
report-before = (before: { $before })
report-next-response = Next responses: median { $median }, 9 in 10 within { $p }
report-first-response = First response: median { $median }, 9 in 10 within { $p }
report-resolution = Resolution: median { $median }, 9 in 10 within { $p }
report-attainment = First answers in time { $percent }% ({ $met } of { $due })
report-attainment-next = Further answers in time { $percent }% ({ $met } of { $due })
report-attainment-resolution = Resolutions in time { $percent }% ({ $met } of { $due })
report-attainment-none = First answers in time – (none was due)
report-by-network = By network
report-network-response = first response { $median }, 9 in 10 within { $p }
report-loads = Load
report-load-line = • { $who } { $tickets ->
    [one] { $tickets } ticket
   *[other] { $tickets } tickets
} (cost { $cost }, share { $weight }) · { $open } open
report-fairness = Fairness (Jain, 1 = even) { $jain }
report-open-by-person = Open by person
report-open-line = • { $who }: { $count }
report-details = Late and unassigned tickets
report-posted-late = ⚠️ Posted { $late } late: Vigie was not running. The figures are those of the planned time.
report-own = Only tickets of { $who }.
report-one-network = Only { $network }.
report-cut = ⚠️ More tickets than can be read at once: the oldest are missing.
report-excluded = Left out: { $count } (spam)
report-how = Working hours of each role, without waiting for the customer. In brackets: the week before. “9 in 10” is the 90th percentile by nearest rank. /report metric lists the tickets behind a figure.
report-show-tickets = Show tickets…
report-list-title = { $metric } · { $from } to { $to } ({ $count })
report-list-empty = No ticket stands behind this figure.
report-list-more = … and { $count } more
report-gone = This report is too old for lists. /report metric makes them anew.
report-bad-day = I cannot make a digest of { $typed }. Examples: yesterday, fri, 2026-03-16.
report-bad-week = I cannot make a report of { $typed }. Examples: this, last, 2026-W11.
report-bad-metric = There is no figure { $typed }. Choose one of: { $names }.
chart-title = Received and answered by day, { $week }
chart-answered = First answers
chart-day = { $day }: { $received } received, { $answered } answered
command-report = Digest, weekly report, figures
help-report-daily = the digest of a day (share: for everybody, here)
help-report-weekly = the report of a week (share: for everybody, here)
help-report-metric = the tickets behind a figure
arg-period = A day or a week, e.g. yesterday, last, 2026-W11
arg-share = share: post it for everybody
arg-metric = received, open, overdue, late, first-response…
share-not-here = You cannot write in this channel, so nothing is shared here. Ask where you can write, or leave out “share” to read it alone.
share-no-picture = I could not post the picture you shared: I may not attach files there, or I am not in that channel. The text stands; invite me (/invite @vigie) and share again.
