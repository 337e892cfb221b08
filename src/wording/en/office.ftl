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
