# Réunions : questions, ordre du jour, décisions, actions, compte rendu.

meeting-ask-dm = 🗓️ { $title } a lieu { $at }. Qu’est-ce qui a bien marché, où faut-il de l’aide, quelle est la suite ? Votre réponse reste modifiable jusqu’à { $until }.
meeting-ask-for-dm = 🗓️ { $title } a lieu { $at }. Qu’est-ce qui a bien marché, où faut-il de l’aide, quelle est la suite ? Répondez aussi pour { $others }, en absence. Votre réponse reste modifiable jusqu’à { $until }.
meeting-ask-written-dm = 🗓️ { $title } ({ $at }) se tient par écrit. Qu’est-ce qui a bien marché, où faut-il de l’aide, quelle est la suite ? Votre réponse reste modifiable jusqu’à { $until }.
meeting-reminder-dm = ⏰ { $title } commence { $at } et vos points manquent encore. Une minute suffit.
meeting-reminder-written-dm = ⏰ { $title } ({ $at }) se tient par écrit et vos points manquent encore ; ils comptent jusqu’à { $until }.
meeting-catch-up-dm = 📄 { $title } ({ $at }) est terminée. Le compte rendu et les actions sont dans le fil de l’ordre du jour.
meeting-written-holiday = 🗓️ { $title } ({ $at }) tombe un jour sans heures de travail. Elle se tient par écrit : vos points comptent jusqu’à { $until }.
meeting-written-too-few = 🗓️ Il y a moins de deux personnes pour { $title } ({ $at }). Elle se tient par écrit : vos points comptent jusqu’à { $until }.
meeting-written-missed = 🗓️ { $title } ({ $at }) n’a pas pu s’ouvrir à temps. Elle se tient par écrit : vos points comptent jusqu’à { $until }.
meeting-answer-line = 🙋 { $who } · 🏆 { $wins } · 🆘 { $help } · ➡️ { $plan }
meeting-point-line = ➕ { $who } : { $text }
meeting-decision-line = ⚖️ Décision ({ $who }) : { $text }
meeting-action-line = ▫️ { $action } { $owner } : { $text }
meeting-title = 🗓️ { $title } · { $at }
meeting-state-before = L’ordre du jour paraît { $at }. Voici ce que l’on sait déjà.
meeting-state-open = En cours. Dans le fil : « action @nom texte », « décision : texte ».
meeting-state-holiday = Par écrit (pas d’heures de travail ce jour-là), jusqu’à { $until }.
meeting-state-too-few = Par écrit (moins de deux personnes présentes), jusqu’à { $until }.
meeting-state-missed = Par écrit (elle n’a pas pu s’ouvrir à temps), jusqu’à { $until }.
meeting-state-closed = Terminée ; le compte rendu est dans le fil.
meeting-state-closed-by = Close par { $who } ; le compte rendu est dans le fil.
meeting-section-carried = Actions ouvertes
meeting-section-figures = Hors limites
meeting-section-points = Points ajoutés
meeting-section-decisions = Décisions
meeting-section-made = Nouvelles actions
meeting-section-carried-on = Reportées à la prochaine réunion
meeting-silent = Sans réponse : { $names }
meeting-away = En absence : { $names }
meeting-mark-done = Marquer comme faite…
meeting-summary-title = 📋 Compte rendu : { $title }
meeting-summary-counts = { $answers ->
    [one] { $answers } réponse
   *[other] { $answers } réponses
} sur { $asked } · Décisions { $decisions } · Nouvelles actions { $made } · Reportées { $open }
meeting-no-action = Sans action : { $names }
meeting-unknown = { $ref } n’existe pas. /reunion ordre montre la prochaine réunion.
meeting-none = Aucune réunion n’est prévue. Les séries se règlent dans le fichier de l’équipe.
meeting-answers-closed = { $meeting } a commencé ; les réponses sont figées. Dites-le dans le fil de l’ordre du jour.
meeting-over = { $meeting } est terminée. Utilisez /reunion ajouter pour la prochaine.
meeting-not-open = { $meeting } n’est pas encore ouverte ; l’ordre du jour paraît { $at }. D’ici là : /reunion ajouter.
meeting-too-many = La liste est pleine : { $max } entrées au plus. Rien n’a changé.
meeting-fill-how = Utilisez le bouton de mon message direct, ou la commande /reunion remplir : la réponse demande un formulaire.
meeting-answer-done = Merci, c’est noté. Modifiable jusqu’à { $until }.
meeting-add-done = C’est à l’ordre du jour de la réunion ({ $at }).
meeting-decision-done = Décision notée.
meeting-close-done = La réunion est close ; le compte rendu suit dans le fil.
action-made = { $action } notée pour { $owner } : { $text }
action-done = { $carried ->
    [0] ✅ { $action } est faite : { $text } ({ $owner })
   *[other] ✅ { $action } est faite : { $text } ({ $owner }, reportée { $carried }×)
}
action-dropped = { $carried ->
    [0] { $action } est abandonnée : { $text } ({ $owner })
   *[other] { $action } est abandonnée : { $text } ({ $owner }, reportée { $carried }×)
}
action-given-dm = { $has_due ->
    [0] ▫️ { $who } vous confie { $action } : { $text }
   *[other] ▫️ { $who } vous confie { $action } : { $text }. Échéance { $due }.
}
action-due-dm = { $carried ->
    [0] ⏰ { $action } arrive à échéance : { $text } ({ $owner })
   *[other] ⏰ { $action } arrive à échéance : { $text } ({ $owner }, reportée { $carried }×)
}
action-carried-lead = 🔁 { $action } de { $owner } a été reportée { $carried } fois : { $text }. Gardez-la, changez-la, ou abandonnez-la avec /reunion abandonner { $action }.
action-due = échéance { $due }
action-age = { $days ->
    [one] depuis { $days } jour
   *[other] depuis { $days } jours
}
action-carried = reportée { $carried }×
action-list-title = Actions ouvertes
action-none = Aucune action ouverte. 🌊
action-which = Quelle action ? Ajoutez son numéro, par exemple A-9. /reunion liste montre les actions ouvertes.
action-unknown = { $action } n’existe pas. /reunion liste montre les actions ouvertes.
action-closed-already = { $action } a déjà été close par { $who }.
action-bad-date = Je ne lis pas de jour à venir dans { $typed }. Exemples : ven, demain, 3j, 2026-03-20.
button-meet-fill = Mes points…
button-meet-add = Ajouter un point…
button-meet-close = Clore
form-meet-title = Mes points
form-meet-submit = Envoyer
form-meet-intro = { $title } : votre réponse reste modifiable jusqu’à { $until }.
form-meet-wins = Qu’est-ce qui a bien marché ?
form-meet-wins-hint = Un succès, un merci, un chiffre
form-meet-help = Où faut-il de l’aide ?
form-meet-help-hint = Un blocage, une attente, un doute
form-meet-plan = Quelle est la suite ?
form-meet-plan-hint = D’ici la prochaine réunion
form-meet-add-title = Ajouter un point
form-meet-add-submit = Ajouter
form-meet-add-label = Point
form-meet-add-hint = De quoi faut-il parler ?

command-meet = Réunions, décisions, actions
help-meet-agenda = l’ordre du jour de la réunion en cours ou à venir
help-meet-fill = donner mes points pour la prochaine réunion
help-meet-add = mettre un point à l’ordre du jour
help-meet-action = noter une action pour quelqu’un
help-meet-done = marquer une action comme faite
help-meet-drop = abandonner une action
help-meet-decision = noter une décision
help-meet-list = lister les actions ouvertes
help-meet-close = clore la réunion et publier le compte rendu
arg-who = @personne ou moi (me) ; un rôle : role:NOM
arg-due = Quand, p. ex. 4h, ven, demain, 3j, 2026-03-20
arg-action = L’action, p. ex. A-9
