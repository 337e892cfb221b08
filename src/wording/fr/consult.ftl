# Consultations : questions aux personnes hors du planning, et la page des experts sans compte.

consult-asked = ❓ { $consultation } : question posée à { $whom } sur { $ticket }, réponse souhaitée pour { $due }.
consult-asked-line = ❓ { $consultation } · { $by } demande à { $whom } : { $question } (réponse souhaitée pour { $due })
consult-again-line = 🔁 { $consultation } · { $by } relance { $whom } : { $question } (réponse souhaitée pour { $due })
consult-asked-dm = ❓ { $by } a besoin de votre avis sur { $ticket } pour { $due } : { $question }
consult-due-dm = ⏰ { $by } attend toujours votre avis sur { $ticket } : { $question }
consult-outside-due-dm = ⏰ { $whom } n’a pas encore répondu à { $consultation } sur { $ticket }. Rappelez-le-lui, ou relancez pour obtenir un nouveau lien.
consult-late-line = ⏰ { $consultation } · { $whom } n’a pas répondu ; réponse souhaitée pour { $due }.
consult-late-dm = ⏰ { $whom } n’a pas répondu à { $consultation } sur { $ticket } : { $question } Relancez, demandez à quelqu’un d’autre, ou abandonnez la question.
consult-late-lead = ⏰ { $ticket } attend la réponse de { $whom } à { $by } ({ $consultation }) : { $question }
consult-answered-line = 💡 { $consultation } · { $who } répond à { $by } : { $text }
consult-answered-dm = 💡 { $who } a répondu au sujet de { $ticket } : { $text }
consult-done-dm = 💡 { $who } a répondu à { $consultation } : { $text }
consult-cancelled = { $consultation } est abandonnée ; { $whom } n’a plus à répondre.
consult-cancelled-line = ✖️ { $consultation } · la réponse de { $whom } n’est plus nécessaire.
consult-cancelled-dm = ✖️ Votre avis sur { $ticket } n’est plus nécessaire. Merci.
consult-closed-line = ✖️ { $consultation } · le ticket est résolu ; { $whom } n’a plus à répondre.
consult-closed-dm = ✖️ { $ticket } est résolu : votre avis n’est plus nécessaire. Merci.
consult-answer-taken = Merci. Votre réponse figure dans { $ticket }, pour l’équipe seulement.
consult-customer-wrote = Le client a écrit :
consult-on-card = ❓ { $consultation } · { $by } a consulté { $whom }, réponse souhaitée pour { $due } : { $question }
consult-on-card-late = ⏰ { $consultation } · { $whom } est en retard, réponse souhaitée pour { $due } : { $question }
consult-on-card-answered = 💡 { $consultation } · { $question } → { $who } : { $text }
consult-link = { $consultation } : transmettez ce lien à { $whom }. Il montre la question et les mots du client, accepte une seule réponse, et fonctionne jusqu’à { $until }.
consult-link-care = Toute personne qui a le lien peut répondre. Un nouveau lien (Relancer) ou l’abandon met aussitôt fin à celui-ci.
consult-link-sent = { $consultation } : je vous ai envoyé le lien pour { $whom } en message direct.
consult-list-title = { $count ->
    [one] Une question ouverte
   *[other] { $count } questions ouvertes
}
consult-list-line = { $late }{ $consultation } · { $ticket } · { $by } → { $whom }, pour { $due } : { $question }
consult-list-empty = Aucune question n’est ouverte.
consult-say-what = Dites à qui vous posez la question et ce que vous voulez savoir, par ex. /ticket consulter T-1 role:care Cette lampe est-elle sûre ? echeance:4h
consult-bad-due = Je ne comprends pas l’échéance { $typed }. Dites 4h ou 2j de temps ouvré, ou un moment comme « ven 15:00 » (30 jours ouvrés au plus).
consult-no-such = { $consultation } n’existe pas.
consult-which = De quelle question s’agit-il ? Donnez sa référence, par ex. Q-3 ; /consulter liste montre celles qui sont ouvertes.
consult-none = Aucune question n’est ouverte sur { $ticket }.
consult-nobody = Personne d’autre ne serait consulté : le rôle n’a pas d’autre titulaire, ou c’est vous. Nommez quelqu’un d’autre.
consult-no-address = Les personnes sans compte ne peuvent pas encore être consultées : aucune adresse publique n’est réglée. Demandez à la personne qui gère Vigie de renseigner public_url dans config/vigie.toml.
consult-ticket-resolved = { $ticket } est résolu. Rouvrez-le pour poser une question à son sujet.
consult-too-long = { $length } caractères ; { $max } au plus. Raccourcissez et renvoyez.
consult-answered-already = { $consultation } a déjà reçu sa réponse.
consult-not-open = { $consultation } n’est plus ouverte : aucune réponse n’est attendue.
consult-not-asked = { $consultation } s’adresse à { $whom } : seule cette personne peut répondre. Écrivez plutôt une note sur { $ticket }.
consult-link-over = Le lien de { $consultation } a expiré. Relancez pour en obtenir un nouveau.
button-consult-answer = Répondre…
button-consult-record = Noter la réponse…
button-consult-again = Relancer
button-consult-cancel = Abandonner
button-consult-link = Voir le lien
form-consult-title = Question sur { $ticket }
form-consult-submit = Demander
form-consult-who = À qui (nom, role:NOM, adresse)
form-consult-who-hint = par ex. role:product, @hugo, claire@example.com
form-consult-question = Question
form-consult-question-hint = Une question à laquelle on répond en quelques lignes
form-consult-due = Réponse souhaitée pour
form-consult-due-hint = par ex. 4h, 2j (temps ouvré), ven 15:00
form-consult-answer = Votre réponse ({ $max } caractères au plus)
form-consult-answer-hint = Pour l’équipe seulement ; le client ne la voit pas
form-consult-answer-submit = Répondre
command-consult = Questions aux personnes hors du planning
help-ticket-consult = consulter un rôle, une personne ou un expert externe sur un ticket
help-consult-answer = répondre à une question
help-consult-again = relancer, avec une nouvelle échéance et un nouveau lien
help-consult-cancel = abandonner une question ; son lien prend fin
help-consult-link = voir le lien pour un expert externe
help-consult-list = questions ouvertes
arg-consultation = question, par ex. Q-3
arg-question = ce que vous voulez savoir
digest-consultations = { $count ->
    [0] { $count } consultation en retard
    [one] 1 consultation en retard
   *[other] { $count } consultations en retard
}
page-title = { $office } vous demande votre avis
page-lead = { $office } aimerait votre avis pour bien répondre à un client.
page-customer = Le client a écrit
page-question = La question
page-answer = Votre réponse
page-hint = { $max } caractères au plus. Votre réponse va à l’équipe seulement ; rien n’est envoyé au client automatiquement.
page-due = Utile surtout avant { $due }.
page-submit = Envoyer ma réponse
page-once = Ce lien fonctionne une seule fois et expire de lui-même. Merci de ne pas le transmettre.
page-thanks-title = Merci
page-thanks = Votre réponse est bien arrivée. Vous pouvez fermer cette page.
page-over-title = Réponse plus nécessaire
page-over = Cette question est close, ou le lien a expiré. Si vous souhaitez encore répondre, demandez un nouveau lien à la personne qui vous l’a envoyé.
page-unknown-title = Rien ici
page-unknown = Ce lien n’est pas valable. Vérifiez qu’il est complet, ou demandez à la personne qui vous l’a envoyé.
page-slow-title = Un instant
page-slow = Trop de demandes. Réessayez dans une minute.
page-refused-title = Rouvrez le lien
page-refused = Ce formulaire est trop ancien ou ne vient pas de notre page. Rien n’a été pris en compte. Rouvrez le lien et envoyez votre réponse.
page-broken-title = Impossible pour le moment
page-broken = Votre réponse n’a pas pu être enregistrée. Réessayez dans quelques minutes ; revenez en arrière pour la retrouver.
page-error = À corriger :
