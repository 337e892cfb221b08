# La vie d’un ticket : reporter, attendre, sujets, fusion, scission, verrou, retour en arrière, et qui est le client.

status-waiting_internal = en attente en interne
status-merged = fusionné
status-drafting = réponse en rédaction
status-in-review = réponse en relecture
status-sending = réponse en cours d’envoi
card-snoozed = 🧊 jusqu’à { $until }
card-locked = 🔒 { $who }
card-writing = ✍️ { $who } écrit ({ $ago })
card-clock-stands = à l’arrêt : au client de répondre
card-due-next = Échéance prochaine réponse
card-contacts = Contacts
card-related = Tickets liés
contact-line = { $ticket } · { $at } · { $network } · { $what }
related-merged = continue dans { $ticket }
related-absorbed = a intégré { $ticket }
related-split-from = issu de { $ticket }
related-split-into = scindé vers { $ticket }
related-continues = suite de { $ticket }
related-continued-by = continué par { $ticket }
ticket-resolved-line = ✅ { $who } a résolu ce ticket.
ticket-resolved-outcome-line = ✅ { $who } a résolu ce ticket : { $outcome }
ticket-resolved-note-line = ✅ { $who } a résolu ce ticket. { $note }
ticket-resolved-both-line = ✅ { $who } a résolu ce ticket : { $outcome }. { $note }
ticket-resolved-dm = ✅ { $ticket }, que vous suivez, est résolu.
ticket-concluded-line = 🏁 { $who } a noté l’issue : { $outcome }
ticket-prioritised-line = 🎚️ { $who } a changé la priorité de P{ $from } à P{ $to }.
ticket-retopiced-line = 🏷️ { $who } a changé le sujet de « { $from } » à « { $to } ».
ticket-rerouted-line = 🔀 { $who } a confié ce ticket au rôle { $role }.
ticket-snoozed-line = 🧊 { $who } a reporté ce ticket jusqu’à { $until }. Le délai continue de courir.
ticket-woken-line = ⏰ { $who } a repris ce ticket.
ticket-woken-dm = { $has_due ->
    [0] ⏰ { $ticket } revient : c’est le moment.{ $due }
   *[other] ⏰ { $ticket } revient : c’est le moment. Échéance { $due }.
}
ticket-wait-customer-line = ⏸️ { $who } : au client de répondre. Le délai est à l’arrêt.
ticket-wait-internal-line = 🏠 { $who } : en attente de quelqu’un en interne. Le délai continue de courir.
ticket-wait-over-line = ▶️ { $who } : à nous de jouer.
ticket-locked-line = 🔒 { $who } a verrouillé ce ticket : seuls son responsable et les leads y agissent. Les notes restent ouvertes à tous.
ticket-unlocked-line = 🔓 { $who } a déverrouillé ce ticket.
ticket-merged-line = 🔗 { $who } a fusionné ce ticket avec { $into }. Il continue là-bas, avec tous ses messages et ses notes.
ticket-absorbed-line = 🔗 { $who } a fusionné { $from } avec ce ticket.
ticket-absorbed-dm = 🔗 { $from } a été fusionné avec { $ticket }, qui est à vous.
ticket-split-line = { $count ->
    [one] ✂️ { $who } a fait d’un message un ticket à part : { $into }.
   *[other] ✂️ { $who } a fait de { $count } messages un ticket à part : { $into }.
}
ticket-continued-line = ➡️ La suite est dans { $into }.
ticket-undone-line = ↩️ { $who } est revenu en arrière.
snooze-done = { $ticket } est reporté jusqu’à { $until }. Un nouveau message du client le ramène aussitôt.
snooze-done-early = { $ticket } est reporté jusqu’à { $until }. Attention, son échéance tombe avant : { $due }. Le délai continue de courir.
snooze-unreadable = Je ne comprends pas { $typed } comme une heure. Exemples : +2h, 15:30, demain 9h, lundi 9h ; « fin » reprend le ticket.
wake-done = { $ticket } est de retour.
wait-customer-done = { $ticket } attend le client. Le délai est à l’arrêt jusqu’à son message, ou jusqu’à /ticket attendre fini.
wait-internal-done = { $has_due ->
    [0] { $ticket } attend quelqu’un en interne.{ $due } Le délai continue de courir.
   *[other] { $ticket } attend quelqu’un en interne. Le délai continue de courir : échéance { $due }.
}
wait-over-done = { $has_due ->
    [0] { $ticket } : à vous de jouer.{ $due }
   *[other] { $ticket } : à vous de jouer, échéance { $due }.
}
prio-done = { $has_due ->
    [0] { $ticket } est maintenant en P{ $priority }.{ $due }
   *[other] { $ticket } est maintenant en P{ $priority }, échéance { $due }.
}
prio-same = { $has_due ->
    [0] { $ticket } est déjà en P{ $priority }.{ $due }
   *[other] { $ticket } est déjà en P{ $priority }, échéance { $due }.
}
topic-offer = « { $topic } » relève du rôle { $role }. Lui confier { $ticket } ?
reroute-done = { $ticket } est passé au rôle { $role } : { $who } s’en occupe.
reroute-kept = { $ticket } relève maintenant du rôle { $role } ; son responsable a ce rôle et le garde.
reroute-same = { $ticket } relève déjà du rôle { $role }.
reroute-nobody = { $ticket } est passé au rôle { $role }. Personne n’y est encore libre ; il sera proposé dès que quelqu’un le sera.
reroute-nowhere = Aucun rôle ne prend seul en rotation le sujet de { $ticket }. Confiez-le avec /assigner { $ticket }.
lock-done = { $ticket } est verrouillé : seuls son responsable et les leads y agissent. /ticket deverrouiller le rouvre à tous.
unlock-done = { $ticket } est de nouveau ouvert à tous.
outcome-done = C’est noté : issue de { $ticket }, « { $outcome } ».
merge-done = { $ticket } continue dans { $into }, avec tous ses messages et ses notes.
merge-into-what = { $typed } n’est pas un ticket. Dites avec lequel fusionner, par exemple /ticket fusionner T-12 T-9.
merge-reply-open = Une réponse à { $ticket } est en cours ({ $draft }). Terminez-la ou annulez-la d’abord, puis fusionnez.
merge-consult-open = Quelqu’un a été consulté sur { $ticket } ({ $question }) et n’a pas encore répondu. Attendez la réponse ou annulez la question, puis fusionnez.
merge-private = De { $ticket } et { $into }, l’un est privé, l’autre public. Ils restent séparés, pour qu’aucune réponse ne parte au mauvais endroit.
merge-other-customer = { $ticket } et { $into } viennent de clients différents : répondre à l’un ne répondrait pas à l’autre. Si c’est la même personne, dites-le d’abord avec /ticket lier. Si c’est voulu, ajoutez --force.
split-which = { $count ->
    [one] { $ticket } n’a qu’un message ; il n’y a rien à en séparer.{ $typed }
   *[other] Je ne retrouve pas les messages { $typed } de { $ticket }. Donnez leurs numéros, de 1 à { $count }, par exemple 2 ou 2-3.
}
split-done = { $into } est ouvert avec les messages choisis dans { $ticket }.
go-on-done = { $ticket } a été résolu il y a plus de 14 jours : la suite est dans un nouveau ticket qui y est lié, { $into }.
undo-done = C’est annulé. { $ticket } est comme avant.
undo-hint = Vous pouvez revenir en arrière pendant { $minutes } minutes.
history-title = { $count ->
    [one] { $customer } : 1 contact
   *[other] { $customer } : { $count } contacts
}
history-hidden = { $count ->
    [one] Un autre contact est hors de ce que vous pouvez voir.
   *[other] { $count } autres contacts sont hors de ce que vous pouvez voir.
}
history-more = { $count ->
    [one] Un contact plus ancien n’est pas montré.
   *[other] { $count } contacts plus anciens ne sont pas montrés.
}
history-handle = { $network } { $name }
history-handle-joined = { $network } { $name } (lié par { $who }, { $at })
handle-link-done = { $handle } et { $customer } sont désormais une seule personne. /ticket delier revient en arrière.
link-no-customer = { $ticket } a été ouvert à la main et n’a pas de client à lier.
link-unknown = Personne du nom de { $typed } ne nous a encore écrit. Vérifiez le compte, ajoutez net: et le réseau, ou nommez un de ses tickets : /ticket lier T-12 T-9
link-several = { $typed } peut désigner plusieurs personnes : { $choices }. Ajoutez net: et le réseau, ou nommez le ticket.
link-same = { $typed } et { $customer } sont déjà une seule personne.
link-not-theirs = { $typed } n’est pas un compte de { $customer }. /ticket historique les montre.
link-only-one = { $customer } n’est connu que par un seul compte.
link-too-many = { $customer } aurait plus de { $max } comptes. Quelque chose ne va pas.
unlink-done = { $handle } est de nouveau une personne à part, avec ses propres tickets.
refused-role = Le rôle « { $role } » n’existe pas.
refused-merged = { $ticket } a été fusionné : il continue dans { $into }. Agissez là-bas.
refused-locked = { $ticket } a été verrouillé par { $by } : seuls { $owner } et les leads y agissent. Vous pouvez écrire une note, ou leur demander.
refused-not-owner = Seul le responsable ou un lead verrouille { $ticket }. Prenez-le d’abord, ou demandez-le.
refused-nobody-to-lock-for = Personne n’a encore { $ticket } : un verrou ne servirait à personne. Prenez-le d’abord.
refused-not-locked = { $ticket } n’est pas verrouillé.
refused-not-snoozed = { $ticket } n’est pas reporté.
refused-not-waiting = { $ticket } n’attend personne : c’est à nous de jouer.
refused-snooze-range = Un ticket se reporte à une heure à venir, dans { $days } jours au plus.
refused-with-itself = { $ticket } ne peut pas fusionner avec lui-même. Nommez le ticket dans lequel il doit continuer.
refused-nothing-to-split = Aucun de ces messages n’appartient à { $ticket }.
refused-nothing-would-stay = Tous les messages de { $ticket } sont choisis ; il doit en rester un. Choisissez-en moins.
refused-nothing-to-undo = Vous n’avez rien à annuler sur { $ticket }.
refused-undo-too-late = C’était il y a plus de dix minutes. Utilisez plutôt les boutons de { $ticket }.
refused-changed-since = { $ticket } a changé depuis ; revenir en arrière déferait le travail de quelqu’un. Regardez sa carte.
since-changed = { $ticket } a changé depuis : je n’ai rien fait. Entre-temps : { $changes }. Regardez la carte à jour, puis décidez.
since-claimed = { $who } l’a pris ({ $at })
since-assigned = { $who } l’a confié à { $to } ({ $at })
since-added = { $author } a réécrit ({ $at })
since-noted = { $who } a écrit une note ({ $at })
since-resolved = { $who } l’a résolu ({ $at })
since-reopened = { $who } l’a rouvert ({ $at })
since-prioritised = { $who } l’a mis en P{ $priority } ({ $at })
since-retopiced = { $who } a changé le sujet en « { $topic } » ({ $at })
since-rerouted = { $who } l’a confié au rôle { $role } ({ $at })
since-snoozed = { $who } l’a reporté jusqu’à { $until } ({ $at })
since-waits = { $who } l’a mis en attente ({ $at })
since-wait-ended = { $who } a mis fin à l’attente ({ $at })
since-answered = { $who } a répondu au client ({ $at })
since-locked = { $who } l’a verrouillé ({ $at })
since-unlocked = { $who } l’a déverrouillé ({ $at })
since-merged = { $who } l’a fusionné avec { $into } ({ $at })
since-absorbed = { $who } y a fusionné { $from } ({ $at })
since-split = { $who } en a séparé { $into } ({ $at })
since-undone = { $who } est revenu en arrière ({ $at })
button-undo = Annuler
button-reroute = Confier à { $role }
menu-outcome = Quelle issue ?
menu-snooze = Plus tard…
snooze-for-1h = dans 1 heure
snooze-for-2h = dans 2 heures
snooze-for-4h = dans 4 heures
snooze-for-1d = dans 1 jour
snooze-for-3d = dans 3 jours
snooze-for-7d = dans une semaine
more-snooze = 🧊 Reporter…
more-wake = ⏰ Reprendre
more-wait-customer = ⏸️ Attendre le client
more-wait-internal = 🏠 Attendre un collègue
more-resume = ▶️ À nous de jouer
more-priority = 🎚️ Priorité…
more-topic = 🏷️ Sujet…
more-merge = 🔗 Fusionner…
more-split = ✂️ Scinder…
more-lock = 🔒 Verrouiller
more-unlock = 🔓 Déverrouiller
more-consult = 🙋 Demander un avis…
more-history = 📇 Historique du client
more-link = 👥 Lier un autre compte…
more-steps = 📋 Étapes de la procédure
more-why = 🧭 Pourquoi cette personne ?
more-outcome = 🏁 Issue…
priority-1 = P1 · tout de suite
priority-2 = P2 · aujourd’hui
priority-3 = P3 · ordinaire
priority-4 = P4 · quand il y a le temps
outcome-answered = répondu
outcome-refunded = remboursé
outcome-replaced = remplacé
outcome-repaired = réparé
outcome-forwarded = transmis
outcome-thanked = remercié
outcome-no-answer = sans réponse nécessaire
outcome-spam = spam
form-snooze-title = Reporter { $ticket }
form-snooze-label = Jusqu’à quand
form-snooze-hint = +2h, 15:30, demain 9h, lundi 9h
form-snooze-submit = Reporter
form-priority-title = Priorité de { $ticket }
form-priority-label = Priorité
form-priority-submit = Changer
form-topic-title = Sujet de { $ticket }
form-topic-label = Sujet
form-topic-submit = Changer
form-outcome-title = Issue de { $ticket }
form-outcome-label = Ce que cela a donné
form-outcome-submit = Enregistrer
form-merge-title = Fusionner { $ticket }
form-merge-label = Avec quel ticket
form-merge-hint = Son numéro, p. ex. T-9. Tout y sera repris.
form-merge-submit = Fusionner
form-split-title = Scinder { $ticket }
form-split-label = Quels messages
form-split-hint = Leurs numéros, p. ex. 2 ou 2-3
form-split-submit = Scinder
form-link-title = Lier sur { $ticket }
form-link-label = Compte, ou un de ses tickets
form-link-hint = @kim, ou T-9
form-link-submit = Lier
help-ticket-snooze = reporter un ticket (fin : le reprendre)
help-ticket-wait = dire à qui de jouer : client (le délai s’arrête), interne, fini
help-ticket-merge = fusionner un ticket avec un autre
help-ticket-split = faire de quelques messages un ticket à part
help-ticket-lock = seuls le responsable et les leads y agissent
help-ticket-unlock = rouvrir à tous un ticket verrouillé
help-ticket-history = montrer tout ce que ce client a écrit, sur tous les réseaux
help-ticket-link = dire que deux comptes sont une seule personne
help-ticket-unlink = séparer de nouveau un compte
arg-whom = client, interne ou fini
arg-about = Sujet, p. ex. remboursement
arg-into = Le ticket dans lequel il continue, p. ex. T-9
arg-messages = Numéros des messages, p. ex. 2 ou 2-3
arg-handle = Un compte (@kim), ou un de ses tickets
since-corrected = { $who } a corrigé : { $field } ({ $at })
more-correct = ✏️ Corriger…
