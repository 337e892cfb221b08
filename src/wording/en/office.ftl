# The office as people change it in chat: roles, grants, accounts.

role-granted = { $named ->
    [1] { $by } gave you the role { $role }
   *[other] You now hold the role { $role }
}{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
}.{ $explained ->
    [1] {" "}Its mission: { $mission }
   *[other] {""}
}
role-granted-group = You are in the group { $group }, so you now hold the role { $role }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
}.{ $explained ->
    [1] {" "}Its mission: { $mission }
   *[other] {""}
}
role-revoked = { $named ->
    [1] { $by } took the role { $role } back from you.
   *[other] You no longer hold the role { $role }.
}
role-revoked-group = You left the group { $group }, so you no longer hold the role { $role }.
role-ended = Your role { $role } has ended, as planned when it was given.
account-linked = This account is now linked to you: what you do in either chat counts as you.

office-no-member = Nobody in the office is called { $member }. /vigie role list shows who is there.
office-no-role = There is no role { $role }. /vigie role list shows them all.
office-no-network = The office has no account on { $network }.
office-role-exists = There is a role { $role } already. /vigie role grant gives it to somebody.
office-role-of-file = The role { $role } comes from the office file: remove it there.
office-role-held = Somebody still holds the role { $role }. Take it back first with /vigie role revoke.
office-not-held = { $member } does not hold the role { $role } this way.
office-end-past = That end lies in the past. Give a later date.
office-backup-circle = These backups would go round in a circle: { $circle }. Name somebody outside it.
office-too-many = The office keeps no more changes made in chat. Put them into the office file with vigie office export and vigie office apply.

ticket-released-line = { $who } may no longer work on this ticket. It goes back to the pool.
office-last-head = Nobody would be left who may change settings. Give that role to somebody else first.
office-no-brand = There is no brand { $brand }. Brands: { $known }.

role-name = { $role } cannot be the name of a role: lower-case letters, digits, “-”, “_” and “.”, at most 32.
role-mission-long = That mission is too long: at most { $max } characters.
role-added = There is now a role { $role }. It carries the rights of: { $rights } (topics: { $topics }). Give it to somebody: { $example }
role-grant-done = You now hold the role { $role }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
}, { $who }.
role-grant-told = { $who } now holds the role { $role }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
}. I told them and showed them its mission.
role-by-group = { $member } holds the role { $role } through the group { $group } in { $chat }. Take them out of that group: the role goes with it within a minute.
role-last-holder = { $member } is the last who holds the role { $role }, and { $count ->
    [one] one open ticket waits
   *[other] { $count } open tickets wait
} for it. Give the role to somebody else first.
role-revoke-done = { $member } no longer holds the role { $role }. Open tickets they may no longer work on went to the next in the rotation.
role-who-title = Role { $role }
role-nobody = Nobody holds it.
role-holder-file = • { $who }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
} (office file)
role-holder-command = • { $who }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
} (given in chat)
role-holder-group = • { $who }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
} (group { $group })
role-carries = Rights of: { $rights }
role-list-title = Roles
role-line = { $role } ({ $rights }): { $holders }
role-line-nobody = { $role } ({ $rights }): nobody
role-list-foot = More on one: /vigie role who NAME
post-head-of-social = head of social
post-social-media-manager = social media manager
post-community-manager = community manager
post-creator = creator, writer, designer
post-analyst = analyst
post-paid-social = paid social
post-expert = care, sales or product expert
post-brand = brand, PR, legal
post-executive = executive
post-guest = client or guest

audit-title = Audit log
audit-title-of = Audit log of { $who }
audit-nothing = Nothing in this time.
audit-more = There are older lines. Narrow it: /vigie audit @name 24h
audit-denied = { $who } was refused: { $right }
audit-stranger = { $who }, who is not on the team, was refused
audit-office = { $who } changed the office
audit-operator = { $name } (command line)
audit-applied = { $who } applied another office file
audit-file-used = { $who }: the office file was changed and holds again
audit-role-added = { $who } added the role { $role }
audit-role-removed = { $who } removed the role { $role }
audit-granted = { $who } gave { $member } the role { $role }{ $limited ->
    [1] {" "}for { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}until { $until }
   *[other] {""}
}
audit-revoked = { $who } took the role { $role } from { $member }
audit-grant-ended = { $who }: the role { $role } of { $member } ended
audit-linked = { $who } linked an account in { $chat } to { $member }
audit-unlinked = { $who } unlinked an account in { $chat } from { $member }
audit-weight = { $who } set the share of { $member } to { $weight }
audit-capacity = { $who } set the capacity of { $member } { $limited ->
    [1] to { $capacity }
   *[other] to unlimited
}
audit-skill = { $who } set the skill of { $member } in { $topic } to { $skill }
audit-backup = { $who } { $named ->
    [1] made { $backup } the backup of { $member }
   *[other] left { $member } without a backup
}{ $limited ->
    [1] {" "}for { $role }
   *[other] {""}
}
audit-cover-hours = { $who } changed the cover hours of { $network }
audit-shift-strategy = { $who } changed how tickets of { $role } are handed out
audit-ticket-assigned = { $who } gave { $ref } to { $to }
audit-ticket-released = { $who } put { $ref } back into the pool
audit-ticket-resolved = { $who } resolved { $ref }
audit-ticket-reopened = { $who } reopened { $ref }
audit-ticket-prioritised = { $who } changed the priority of { $ref }
audit-draft-submitted = { $who } asked for approval of { $ref }
audit-draft-approved = { $who } approved { $ref }
audit-draft-changes-asked = { $who } asked for changes in { $ref }
audit-draft-revoked = { $who } took back the approval of { $ref }
audit-draft-planned = { $who } planned { $ref }
audit-draft-unplanned = { $who } took { $ref } out of the plan
audit-draft-sent = { $ref } was published ({ $who })
audit-draft-cancelled = { $who } cancelled { $ref }
audit-crisis-declared = { $who } declared { $ref }
audit-crisis-level-changed = { $who } changed the level of { $ref }
audit-crisis-frozen = { $who } froze publishing ({ $ref })
audit-crisis-unfrozen = { $who } lifted the freeze ({ $ref })
audit-crisis-stood-down = { $who } stood { $ref } down
audit-meeting-decided = { $who } recorded a decision in { $ref }
audit-meeting-cancelled = { $who } cancelled { $ref }
audit-action-finished = { $who } finished { $ref }
audit-action-dropped = { $who } dropped { $ref }

help-vigie-role-add = add a role with its mission and rights
help-vigie-role-grant = give somebody a role, on some networks or until a date if you wish
help-vigie-role-revoke = take a role back; open tickets go to the next
help-vigie-role-who = who holds a role, and what it is for
help-vigie-role-list = all roles and who holds them
help-vigie-audit = who decided what, and who was refused what
arg-role = Role, e.g. care
arg-mission = What the role is for; told to whoever gets it
arg-rights = Whose rights it carries
arg-topics = Topics it is for, e.g. returns,delivery
arg-rotation = yes if its tickets are handed out in turns
arg-brand = Only for accounts of this brand
arg-until = Until when, e.g. 4h, mon 09:00 or 2026-12-31; off ends it where something waits
arg-since = How far back, e.g. 24h or 30d
draft-too-soon = You are the whole team, so your own second look counts: read { $draft } again after { $at }, then approve it.

link-not-ready = Codes can be made once Vigie has been started on this database.
link-code = In the other chat, type { $command } there. The code works once, until { $until }.
link-known = This account is already { $member }. Type /vigie link without a code here, then the code in the other chat.
link-done = { $account } is now { $member }.
link-yours = Welcome, { $member }. This account is now linked to you.
link-wrong = That code is not valid: it may be mistyped, used or too old. Type /vigie link in the chat where I know you to get a new one.
link-too-often = Too many wrong codes. Wait an hour, or ask whoever keeps the office file to link you.
link-taken = This account already belongs to { $member }. Unlink it there first with /vigie unlink.
link-none = { $member } has no account in { $chat } that I know.
link-no-account = I find no single account “{ $account }” in this chat. Mention it with @.
link-undone = The account of { $member } in { $chat } is no longer linked to anybody.
help-vigie-link = link my accounts in both chats with a one-time code
help-vigie-unlink = unlink my account in this chat
arg-code = The code from the other chat
arg-member = Whose account it is (needs the right to change settings)
arg-account = The account in this chat
audit-learnt = { $who } { $on ->
    [0] switched the triage rule { $rule } off
   *[other] put the triage rule { $rule } for “{ $topic }” in force
}
audit-ticket-corrected = { $who } corrected how { $ref } was read
bad-length = I cannot read { $typed } as a length of time. Examples: 30m, 4h, 2d.
