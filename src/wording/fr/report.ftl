# Point du matin et rapport.

digest-title = ☀️ { $day }, { $time } ({ $zone })
digest-title-day = ☀️ { $day } ({ $zone }, jusqu’à { $time })
digest-quiet = Calme plat : rien de reçu, rien d’ouvert, rien en retard. 🌊
digest-yesterday = Hier
digest-since = Depuis { $day }
digest-that-day = Ce jour-là
digest-due-today = À rendre aujourd’hui { $count }
digest-oldest-unassigned = Plus ancien non assigné { $length }
digest-oldest-open = Plus ancien ouvert { $length }
digest-next-response = Réponses suivantes : médiane { $median }, 9 sur 10 en { $p } au plus
digest-first-response = 1re réponse : médiane { $median }, 9 sur 10 en { $p } au plus
digest-volume = Volume { $change } sur une semaine
digest-mood = Humeur { $sign }{ $points ->
    [0] stable
    [one] { $points } point
   *[other] { $points } points
} sur une semaine
digest-posts = Publications du jour { $count }
digest-waiting = { $count ->
    [one] { $count } attend une approbation depuis { $length }
   *[other] { $count } attendent une approbation, la première depuis { $length }
}
digest-how = Les durées sont en heures ouvrées.
digest-away = Absences : { $names }
digest-covered = { $who } (relais : { $by })
digest-actions = Actions dues :
digest-action = { $action } { $owner }
digest-action-carried = { $action } { $owner } (reportée { $carried }×)
digest-health = Santé : file { $waiting }
digest-health-oldest = le plus ancien envoi attend depuis { $length }
digest-health-parked = échecs définitifs { $parked }
digest-limited = dernière limite de débit (429) il y a { $length }
digest-limited-never = aucune limite de débit (429) à ce jour
count-received = { $count ->
    [one] { $count } reçu
   *[other] { $count } reçus
}
count-answered = { $count ->
    [one] { $count } répondu
   *[other] { $count } répondus
}
count-resolved = { $count ->
    [one] { $count } résolu
   *[other] { $count } résolus
}
count-reopened = { $count ->
    [one] { $count } rouvert
   *[other] { $count } rouverts
}
count-open = { $count ->
    [one] { $count } ouvert
   *[other] { $count } ouverts
}
count-unassigned = { $count ->
    [one] { $count } non assigné
   *[other] { $count } non assignés
}
count-overdue = En retard { $count }
count-next-response = { $count ->
    [one] { $count } réponse suivante
   *[other] { $count } réponses suivantes
}
count-late-next = { $count ->
    [one] { $count } réponse suivante hors délai
   *[other] { $count } réponses suivantes hors délai
}
count-late-resolution = { $count ->
    [one] { $count } résolution hors délai
   *[other] { $count } résolutions hors délai
}
count-late = { $count ->
    [one] { $count } première réponse hors délai
   *[other] { $count } premières réponses hors délai
}
metric-received = Reçus
metric-answered = Répondus
metric-resolved = Résolus
metric-reopened = Rouverts
metric-open = Ouverts
metric-unassigned = Non assignés
metric-overdue = En retard
metric-late = 1re réponse hors délai
metric-first-response = 1re réponse
metric-resolution = Résolution
metric-next-response = Réponses suivantes
metric-late-next = Réponse suivante hors délai
metric-late-resolution = Résolution hors délai
report-title = 📊 Semaine { $week } · { $span }
report-span = du { $from } au { $to }
report-nothing-before = Pas de semaine précédente à laquelle comparer.
report-quiet = Rien de reçu, rien d’ouvert. 🌊
report-percent = { $sign }{ $percent } %
report-before = (avant : { $before })
report-next-response = Réponses suivantes : médiane { $median }, 9 sur 10 en { $p } au plus
report-first-response = 1re réponse : médiane { $median }, 9 sur 10 en { $p } au plus
report-resolution = Résolution : médiane { $median }, 9 sur 10 en { $p } au plus
report-attainment = Premières réponses dans les délais { $percent } % ({ $met } sur { $due })
report-attainment-next = Réponses suivantes dans les délais { $percent } % ({ $met } sur { $due })
report-attainment-resolution = Résolutions dans les délais { $percent } % ({ $met } sur { $due })
report-attainment-none = Premières réponses dans les délais – (aucune échéance)
report-by-network = Par réseau
report-network-response = 1re réponse { $median }, 9 sur 10 en { $p } au plus
report-loads = Charge
report-load-line = • { $who } { $tickets ->
    [one] { $tickets } ticket
   *[other] { $tickets } tickets
} (coût { $cost }, part { $weight }) · { $open } en cours
report-fairness = Équité (Jain, 1 = égale) { $jain }
report-open-by-person = En cours par personne
report-open-line = • { $who } : { $count }
report-details = Tickets en retard et non assignés
report-posted-late = ⚠️ Publié avec { $late } de retard : Vigie était à l’arrêt. Les chiffres sont ceux de l’heure prévue.
report-own = Seulement les tickets de { $who }.
report-one-network = Seulement { $network }.
report-cut = ⚠️ Plus de tickets qu’on ne peut en lire d’un coup : les plus anciens manquent.
report-excluded = Hors calcul : { $count } (spam)
report-how = Heures de travail de chaque rôle, hors attente du client. Entre parenthèses : la semaine précédente. « 9 sur 10 » est le 90e percentile, au rang le plus proche. /rapport indicateur liste les tickets derrière un chiffre.
report-show-tickets = Voir les tickets…
report-list-title = { $metric } · du { $from } au { $to } ({ $count })
report-list-empty = Aucun ticket derrière ce chiffre.
report-list-more = { $count ->
    [one] … et { $count } autre
   *[other] … et { $count } autres
}
report-gone = Ce rapport est trop ancien pour les listes. /rapport indicateur les refait.
report-bad-day = Je ne peux pas faire le point de { $typed }. Exemples : hier, ven, 2026-03-16.
report-bad-week = Je ne peux pas faire le rapport de { $typed }. Exemples : cette, derniere, 2026-W11.
report-bad-metric = L’indicateur { $typed } n’existe pas. Au choix : { $names }.
chart-title = Reçus et répondus par jour, { $week }
chart-answered = 1res réponses
chart-day = { $day } : { $received ->
    [one] { $received } reçu
   *[other] { $received } reçus
}, { $answered ->
    [one] { $answered } répondu
   *[other] { $answered } répondus
}
command-report = Point du matin, rapport, indicateurs
help-report-daily = le point d’un jour (partager : pour tous, ici)
help-report-weekly = le rapport d’une semaine (partager : pour tous, ici)
help-report-metric = les tickets derrière un indicateur
arg-period = Un jour ou une semaine, p. ex. hier, derniere, 2026-W11
arg-share = partager : publier pour tous
arg-metric = recus, ouverts, retard, hors-delai, reponse…
share-not-here = Vous ne pouvez pas écrire dans ce canal : rien n’y est partagé. Demandez là où vous pouvez écrire, ou sans « partager » pour le lire en privé.
share-no-picture = Je n’ai pas pu publier l’image partagée : je ne peux pas joindre de fichier là-bas, ou je ne suis pas dans ce canal. Le texte y est ; invitez-moi (/invite @vigie) et partagez à nouveau.
