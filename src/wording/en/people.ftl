# People: absences, rotation.

bad-length = I cannot read { $typed } as a length of time. Examples: 30m, 4h, 2d.
