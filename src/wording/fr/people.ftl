# Personnes : absences, rotation.

bad-length = Je ne comprends pas la durée { $typed }. Exemples : 30m, 4h, 2j.
