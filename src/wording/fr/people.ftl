# Personnes : absences, rotation.

away-until = Vous êtes en absence jusqu’au { $until } ; la rotation vous passe.
away-open = Vous êtes en absence dès maintenant. /absence retour à votre retour. Bon rétablissement.
away-back = Bon retour. La rotation compte de nouveau sur vous.
away-was-here = Vous n’étiez pas en absence.
away-nobody = Personne n’est en absence.
away-list = En absence : { $names }.
bad-length = Je ne comprends pas la durée { $typed }. Exemples : 30m, 4h, 2j.
