# People: absences, rotation.

away-until = You are away until { $until }; the rotation passes you by.
away-open = You are away from now on. /away back when you return. Get well soon.
away-back = Welcome back. The rotation counts on you again.
away-was-here = You were not marked as away.
away-nobody = Nobody is away.
away-list = Away now: { $names }.
bad-length = I cannot read { $typed } as a length of time. Examples: 30m, 4h, 2d.
