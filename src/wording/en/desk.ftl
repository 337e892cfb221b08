# Everybody's own desk: /vigie me, the home page, the pinned message.

me-title = Work of { $who }
me-queue = { $open ->
    [one] 📥 { $open } open ticket
   *[other] 📥 { $open } open tickets
} · { $late } late
me-nothing = No open ticket. 🌊
me-approvals = ✍️ Waiting for my approval ({ $count })
me-actions = ☑️ My actions ({ $count })
me-crises = Open crises ({ $count })
me-week = 🗓️ My week
me-covers = I take over for { $names }.
me-covered-by = { $who } takes over.
me-away = 🌴 You are away until you say that you are back.
me-away-until = 🌴 You are away until { $until }.
me-load-title = ⚖️ My load
me-load = { $own } · median of the { $people } who share my rotations: { $median }
me-load-alone = { $own } · nobody shares a rotation with me
me-roles = Roles: { $roles }
me-admin = 🔧 Set-up
me-admin-networks = Networks: { $names }
me-admin-roles = People by role: { $names }
me-admin-parked = { $parked ->
    [0] No delivery has failed for good.
    [one] ⚠️ { $parked } delivery has failed for good: “Health” shows it.
   *[other] ⚠️ { $parked } deliveries have failed for good: “Health” shows them.
}
button-me-away = Away…
button-me-sick = Sick now
button-me-back = I am back
button-me-lang = En français
button-me-health = Health
form-me-away-title = Away
form-me-away-submit = Preview
form-me-away-intro = You see first what moves to whom; nothing changes before you confirm.
form-me-away-label = From when to when, or for how long?
form-me-away-hint = 2d, tomorrow, 3 to 10 March
