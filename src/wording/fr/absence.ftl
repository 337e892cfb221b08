# Absences : aperçu, confirmation, remplacement, ce qui passe et ce qui revient.

person-for = { $who } (pour { $whom })

absence-when-open = dès maintenant
absence-when-from = à partir du { $from }
absence-when-until = jusqu’au { $until }
absence-when-day = le { $day }
absence-when-span = du { $from } au { $until }

absence-line = 🌴 { $who } est en absence { $when }. Remplacement : { $stand_in }.
absence-line-alone = 🌴 { $who } est en absence { $when }. La rotation prend le relais.
absence-back-line = 👋 { $who } est de retour.
absence-cancelled-line = ↩️ Finalement, { $who } ne sera pas en absence { $when }.
absence-offer-line = 📥 { $who } est en absence. { $count ->
    [one] { $tickets } est à prendre sur sa carte. Le { $until }, la rotation l’attribue.
   *[other] { $tickets } sont à prendre sur leur carte. Le { $until }, la rotation les attribue.
}
absence-nobody-line = 🔔 Personne n’est là pour { $role } depuis le { $since }. { $count ->
    [one] { $tickets } attend.
   *[other] { $count } tickets attendent : { $tickets }.
} « Je prends » sur la carte, ou /absence retour si vous êtes là.

absence-uncovered-line = ⚠️ Plus personne pour { $network } { $hours }{ $more ->
    [0] .
    [one] , ni pour une plage suivante : /planning couverture.
   *[other] , ni pour { $more } plages suivantes : /planning couverture.
} Qui peut prendre le relais ?
absence-for-them = Pour { $whom }, en absence : { $what }
absence-ask-dm = 🌴 { $who } souhaite une absence { $when }{ $has_reason ->
    [0] .
   *[other] {" "}: { $reason }.
} Votre accord ? ({ $absence })
absence-approved-dm = ✅ { $by } a accepté votre absence { $when }.
absence-declined-dm = ❌ { $by } n’a pas accepté votre absence { $when }. Parlez-en, puis demandez d’autres dates avec /absence.
absence-lapsed-dm = ⌛ Personne ne s’est prononcé sur votre absence { $when } : elle ne vaut donc pas, et la rotation compte toujours sur vous. Demandez-la à nouveau avec /absence.
absence-entered-dm = 🌴 { $by } a noté votre absence { $when }. Une erreur ? /absence retour y met fin.
absence-cancelled-dm = ↩️ { $by } a annulé votre absence { $when }.
absence-stand-in-dm = 🔁 Vous remplacez { $who } { $when } : tickets, approbations, crises et réunions vous reviennent, à son nom.
absence-lent-dm = 📥 Pour { $who }, en absence { $when } : { $tickets }. C’est à vous d’ici là.
absence-offer-dm = 📥 { $who } est en absence { $when }. { $count ->
    [one] { $tickets } peut attendre un peu : prenez-le maintenant, sinon il vous revient le { $until }.
   *[other] { $tickets } peuvent attendre un peu : prenez-les maintenant, sinon ils vous reviennent le { $until }.
}
absence-over-dm = 👋 { $who } est de retour : votre remplacement est terminé.{ $count ->
    [0] {""}
   *[other] {" "}Tickets rendus : { $tickets }.
}
absence-welcome-dm = 👋 Bon retour, { $who }. { $count ->
    [0] Aucun ticket d’avant ne vous attend.
   *[other] De nouveau à vous : { $tickets }.
}{ $kept_count ->
    [0] {""}
   *[other] {" "}D’autres y travaillent : { $kept }. Pour en reprendre un : /assigner T-1 moi.
}{ $missed ->
    [0] {""}
   *[other] {" "}Réunions tenues entre-temps : { $meetings } ; les comptes rendus sont dans leurs fils.
}

absence-confirmed = 🌴 C’est noté : vous êtes en absence { $when }. L’équipe est prévenue. ({ $absence })
absence-confirmed-other = 🌴 C’est noté : { $who } est en absence { $when }. L’équipe est prévenue. ({ $absence })
absence-requested = ⏳ Demande envoyée : absence { $when }. Elle vaudra dès que quelqu’un qui gère le planning l’aura acceptée. ({ $absence })
absence-requested-other = ⏳ Demande envoyée : absence de { $who } { $when }. Elle vaudra dès que quelqu’un qui gère le planning l’aura acceptée. ({ $absence })
absence-sick = 🌴 Vous êtes en absence dès maintenant ; l’équipe est prévenue. { $moved_count ->
    [0] {""}
   *[other] Tickets transmis : { $moved }.{" "}
}{ $offered ->
    [0] {""}
    [one] Un ticket qui peut attendre est proposé jusqu’au { $until }.{" "}
   *[other] { $offered } tickets qui peuvent attendre sont proposés jusqu’au { $until }.{" "}
}/absence retour à votre retour. Bon rétablissement.
absence-sick-other = 🌴 { $who } est en absence dès maintenant ; l’équipe est prévenue. { $moved_count ->
    [0] {""}
   *[other] Tickets transmis : { $moved }.{" "}
}{ $offered ->
    [0] {""}
    [one] Un ticket qui peut attendre est proposé jusqu’au { $until }.
   *[other] { $offered } tickets qui peuvent attendre sont proposés jusqu’au { $until }.
}
absence-cancelled = ↩️ Annulé : vous n’êtes pas en absence { $when }.
absence-cancelled-other = ↩️ Annulé : { $who } n’est pas en absence { $when }.
absence-approved = ✅ Absence de { $who } acceptée { $when }. L’équipe est prévenue.
absence-declined = ❌ Absence de { $who } refusée { $when }. La réponse lui est transmise.
absence-taken = 📥 À vous maintenant, pour { $who } : { $tickets }.
absence-take-nothing = Plus rien de { $who } ne vous est proposé.

absence-preview-title = Absence de { $who } { $when }
absence-preview-hint = Un aperçu : rien n’a encore changé.
absence-preview-chain = 🔁 Remplacement : { $chain }
absence-preview-alone = 🔁 Remplacement : personne. Les tickets passent par la rotation ; ce qu’elle ne peut placer va au responsable du rôle.
absence-preview-tickets = 📥 { $count ->
    [one] 1 ticket passe à { $to } : { $tickets }
   *[other] { $count } tickets passent à { $to } : { $tickets }
}
absence-preview-tickets-rota = 📥 { $count ->
    [one] 1 ticket passe par la rotation : { $tickets }
   *[other] { $count } tickets passent par la rotation : { $tickets }
}
absence-preview-approvals = ✅ { $by } peut approuver à la place : { $drafts }
absence-preview-approvals-alone = ✅ En attente d’une approbation, sans personne à la place : { $drafts }
absence-preview-crises = 🚨 { $by } reprend le rôle dans { $crises }
absence-preview-crises-alone = 🚨 Personne ne reprend le rôle dans { $crises }
absence-preview-meeting = 🗓️ { $by } répond à la place : { $title }, { $at }
absence-preview-meeting-alone = 🗓️ Personne ne répond à la place : { $title }, { $at }
absence-preview-actions = ▫️ { $by } reçoit les rappels : { $actions }
absence-preview-actions-alone = ▫️ À échéance pendant ce temps : { $actions }
absence-preview-on-call = 📟 Astreinte { $role } du { $from } au { $until } : { $by } prend le relais
absence-preview-on-call-alone = ⚠️ Astreinte { $role } du { $from } au { $until } : personne ne prend le relais
absence-preview-turns = 🔄 { $role } : la rotation continue avec { $names }
absence-preview-turns-inherited = 🔄 { $role } : personne d’autre n’est dans la rotation ; ses tickets vont à { $by }
absence-preview-turns-alone = ⚠️ { $role } : la rotation n’a plus personne ; ses tickets attendent, la personne responsable est prévenue
absence-preview-nothing = Rien ne doit changer de mains.
absence-preview-reason = Motif (seulement pour qui accepte) : { $reason }
absence-preview-away = ⚠️ { $who } est aussi en absence ; le maillon suivant prend le relais.
absence-preview-away-until = ⚠️ { $who } est aussi en absence, jusqu’au { $until } ; le maillon suivant prend le relais.
absence-preview-relied-on = ⚠️ Le remplacement de { $who } tombe dans cette période ; le maillon suivant prend le relais.
absence-preview-name-one = ⚠️ Désignez quelqu’un avec « Autre remplacement… », sinon personne n’approuve ni ne répond à la place.
absence-preview-gap = ⚠️ Trou de couverture : { $network } { $hours }

button-absence-confirm = Confirmer
button-absence-backup = Autre remplacement…
button-absence-cancel = Annuler
button-absence-approve = Accepter
button-absence-decline = Refuser
button-absence-take = Tout prendre
form-absence-title = Qui remplace ?
form-absence-submit = Choisir
form-absence-backup = Remplacement
form-absence-usual = comme d’habitude
absence-say-backup = Dites-le avec la commande : /absence demain suppleant:@nora

absence-refused-backwards = La fin précède le début. Rien n’a changé. Exemple : /absence du 23 au 27 mars
absence-refused-own-backup = On ne se remplace pas soi-même. Désignez quelqu’un d’autre : suppleant:@nora
absence-refused-circle = Ces remplacements tournent en rond : { $circle }. Rien n’a changé. Désignez quelqu’un en dehors.
absence-refused-overlap = { $who } est déjà en absence { $when } ({ $absence }). Annulez-la d’abord, ou choisissez d’autres dates.
absence-refused-own = On n’accepte pas sa propre absence. Demandez à quelqu’un d’autre qui gère le planning.
absence-refused-begun = { $absence } a commencé. /absence retour y met fin.
absence-refused-proposed = { $absence } n’est pas encore confirmée.
absence-refused-requested = { $absence } attend déjà un accord.
absence-refused-confirmed = { $absence } vaut déjà : { $who } est en absence { $when }.
absence-refused-ended = { $absence } est terminée.
absence-refused-cancelled = { $absence } a été annulée, ou son aperçu est trop ancien. Saisissez-la à nouveau avec /absence.
absence-refused-declined = { $absence } n’a pas été acceptée.
absence-no-such = L’absence { $ref } n’existe pas. /absence liste les montre toutes.
absence-which = { $typed } n’est pas une absence. Elles ressemblent à U-3 ; /absence liste les montre toutes.
absence-span-unreadable = Je ne comprends pas { $typed } comme une période. Exemples : demain, 2j, du 23 au 27 mars, de ven 14h à lun 9h.
absence-span-past = { $typed } est déjà passé. Rien n’a changé.
absence-span-too-long = { $typed } dépasse 400 jours. Rien n’a changé.

away-was-here = { $who } n’est pas en absence.
away-was-here-but = { $who } n’est pas en absence pour l’instant ; à venir : { $when } ({ $absence }). /absence annuler { $absence } l’annule.
away-back-other = 👋 { $who } est de nouveau là.
away-nobody = Personne n’est en absence, et rien n’est prévu.
away-list-title = Absences
away-list-more = … et { $count } de plus.
away-list-now = 🌴 { $who }, { $when }{ $covered ->
    [0] {""}
   *[other] {" "}· remplacement : { $stand_in }
} ({ $absence })
away-list-coming = 🗓️ { $who }, { $when }{ $covered ->
    [0] {""}
   *[other] {" "}· remplacement : { $stand_in }
} ({ $absence })
away-list-requested = ⏳ { $who }, { $when }, pas encore acceptée{ $covered ->
    [0] {""}
   *[other] {" "}· remplacement : { $stand_in }
} ({ $absence })
away-assign = { $who } est en absence { $when } : rien n’a changé.{ $covered ->
    [0] {" "}Désignez quelqu’un d’autre, ou next.
   *[other] {" "}Remplacement : { $stand_in }, avec /assigner { $ticket } { $handle }.
}

away-claim = Vous êtes en absence { $when } : rien n’a changé. D’abord /absence retour, puis prenez-le.

ticket-lent-line = 🔁 { $who } prend le relais pour { $whom }, en absence.
ticket-given-back-line = 👋 { $who } est de retour et reprend ce ticket.
ticket-released-away-line = 🔔 { $who } est en absence et personne d’autre n’a été trouvé.
why-lent = { $who } a { $ticket } pour { $whom }, en absence. Il revient à { $whom } à son retour, sauf si { $who } y a commencé à travailler.
why-returned = { $ticket } est revenu à { $who } après une absence ; personne n’y avait touché entre-temps.
draft-reasked-line = 🔁 Approbation de { $draft } v{ $version } demandée maintenant à : { $names }
draft-nobody-left-line = ⚠️ { $draft } v{ $version } attend une approbation que plus personne ne peut donner : personne n’a ce droit pour { $network } et ce sujet.
draft-nobody-left-dm = ⚠️ Votre { $draft } v{ $version } attend une approbation que personne d’autre ne peut plus donner. La personne qui modifie les réglages confie à quelqu’un un rôle avec ce droit (/vigie role donner) ; l’approbation lui sera demandée aussitôt.
draft-relieved-dm = 🔁 { $draft } v{ $version } ne vous attend plus : { $names } décident maintenant. Plus rien à faire pour vous.
draft-relieved-alone-dm = 🔁 { $draft } v{ $version } ne vous attend plus. Plus rien à faire pour vous.
crisis-line-relieved = 🔁 { $whom } est en absence ; { $who } prend le relais.
crisis-line-resumed = 👋 { $who } est de retour et reprend son rôle.
crisis-relieve-dm = 🚨 { $crisis } · niveau { $level } · { $whom } est en absence, vous prenez le relais : { $text }. Merci d’accuser réception d’ici { $limit }.
crisis-resume-dm = 🚨 { $crisis } · niveau { $level } · vous revoilà : { $who } avait pris le relais. Merci d’accuser réception : { $text }.

help-away = dire quand vous êtes en absence ; vous voyez d’abord ce qui passe à qui
help-away-for = la même chose avec une durée ou des dates (4h, 2j)
help-away-sick = en absence dès maintenant ; les tickets urgents passent aussitôt
help-away-back = signaler son retour
help-away-list = qui est en absence, maintenant et bientôt
help-away-cancel = annuler une absence prévue
help-away-approve = accepter une absence
help-away-decline = refuser une absence
arg-dates = Quand, p. ex. demain, 2j, du 23 au 27 mars
arg-backup = Qui remplace
arg-absence = Laquelle, p. ex. U-3

coverage-title = Couverture du { $from } au { $to }
coverage-figure = Couverture { $percent } % ({ $covered } sur { $required } heures-réseau){ $has_backup ->
    [0] {""}
   *[other] , dont { $backup } h par remplacement
}
coverage-figure-none = Aucune heure n’est promise.
coverage-row = ⚠️ { $network } : trou { $gaps }{ $more ->
    [0] {""}
   *[other] {" "}… +{ $more }
}
coverage-row-whole = ✅ { $network } : toutes les heures promises sont couvertes
coverage-gaps = ⚠️ Trou { $gaps }{ $more ->
    [0] {""}
   *[other] {" "}… +{ $more }
}
coverage-none-promised = Aucun réseau n’a encore d’heures à couvrir : ajoutez cover = ["mon-fri 09:00-18:00"] sous [accounts.RESEAU] dans le fichier de l’équipe.
coverage-own = Couvert
coverage-backup = Par remplacement
coverage-gap = Trou
coverage-no-network = Il n’y a pas de compte sur { $network }. Connus : { $known }.
coverage-bad-week = Je ne comprends pas { $typed } comme une semaine. Exemples : cette, prochaine, passée, 23/03.
help-rota-coverage = qui est là pour quel réseau, heure par heure (partager : avec l’image, pour tous, ici)
