# Pourquoi moi : qui a un ticket, et comment il lui est venu.

why-rotation = { $ticket } est allé à { $who } par la rotation.
why-claimed = { $who } a pris { $ticket } de son propre chef.
why-named = { $by } a confié { $ticket } à { $who }.
why-has = { $who } a { $ticket }.
why-nobody = Personne n’a encore { $ticket }.
why-candidate = • { $who } : tour { $turn }, { $load } en cours
why-excluded-away = • { $who } : absence (tour { $turn }, { $load } en cours)
why-excluded-off-shift = • { $who } : hors horaires (tour { $turn }, { $load } en cours)
why-excluded-no-right = • { $who } : pas de droit sur ce réseau ou ce sujet (tour { $turn }, { $load } en cours)
why-excluded-at-capacity = • { $who } : nombre maximal de tickets atteint (tour { $turn }, { $load } en cours)
why-excluded-no-skill = • { $who } : pas pour ce sujet (tour { $turn }, { $load } en cours)
why-excluded-no-share = • { $who } : hors rotation (tour { $turn }, { $load } en cours)
why-excluded-has-it = • { $who } : l’avait déjà (tour { $turn }, { $load } en cours)
why-tie-only = Personne d’autre ne pouvait être choisi.
why-tie-sticky = Connaît ce client et était assez près de son tour.
why-tie-turn = Plus petit tour d’abord : travail déjà reçu, divisé par la part et la compétence.
why-tie-longest = À tours égaux : qui attendait un ticket depuis le plus longtemps.
why-tie-id = Égalité parfaite : premier de la liste.
why-passed = Au maximum, donc non retenu : { $names }.
why-counted = Attribué le { $at }. Compte pour { $cost } dans la rotation { $role }.
why-counted-by-hand = Depuis le { $at }. Compte pour { $cost } hors rotation dans { $role } : la rotation le compensera.
assign-nobody-else = Personne d’autre de service ne peut prendre { $ticket } maintenant. Il reste à { $who }.

why-on-call = { $ticket } est allé à { $who }, d’astreinte jusqu’au { $until }.
why-on-call-instead = { $ticket } est allé à { $who } pour { $away }, d’astreinte jusqu’au { $until } et en absence.

# Équité.

fairness-title = Équité du { $from } au { $to }
fairness-none = Rien n’a été attribué pendant cette période.
fairness-role = { $role } : Jain { $jain } · maximum ÷ médiane { $spread }
fairness-by-hand = { $count } hors rotation
fairness-sticky = { $count } à qui connaissait le client
fairness-capacity = { $count } à d’autres, faute de place
fairness-list-by-hand = hors rotation
fairness-list-sticky = à qui connaissait le client
fairness-list-capacity = à d’autres, faute de place
fairness-list = { $role } · { $what } ({ $count })
fairness-person = • { $who } : { $tickets ->
    [one] { $tickets } ticket
   *[other] { $tickets } tickets
 }, coût { $cost }, part { $share }, { $hours } h de présence, charge { $load }
fairness-guest = • { $who } : { $tickets ->
    [one] { $tickets } ticket
   *[other] { $tickets } tickets
 }, coût { $cost }, hors de cette rotation
fairness-how = Charge = coût attribué ÷ (part × heures de présence). Jain 1 = égal. Le travail pris hors rotation compte ; la rotation le compense.

# Le roulement.

rota-title = Roulement de la semaine { $week }, { $from } au { $to }
rota-role-turns = { $role } : à tour de rôle, le plus petit tour d’abord
rota-role-on-call = { $role } : une personne par semaine
rota-nobody = Personne n’a ce rôle.
rota-any-time = toujours dans la rotation
rota-person = • { $who } : { $hours } · part { $share } · tour { $turn } · { $open } en cours
rota-away = { " " }· en absence jusqu’au { $until }
rota-away-open = { " " }· en absence
rota-shift = • du { $from } au { $until } : { $who }
rota-bad-number = Je ne peux pas lire { $typed } comme un nombre de { $min } à { $max }.
rota-no-topic = Le sujet { $topic } n’existe pas. Connus : { $known }
rota-weight = { $who } a maintenant une part de { $weight } dans la rotation.
rota-weight-none = { $who } ne prend plus part à la rotation.
rota-capacity = La rotation ne donne plus rien à { $who } { $capacity ->
    [one] tant qu’un ticket est en cours
   *[other] tant que { $capacity } tickets sont en cours
 }.
rota-capacity-none = { $who } n’a plus de limite de tickets en cours.
rota-skill = { $who } a maintenant la compétence { $skill } en { $topic }.
rota-skill-none = { $who } ne reçoit plus { $topic } de la rotation.

# Échanges.

swap-made-day = 🔁 { $swap } : le { $day }, { $one } et { $other } échangent leurs horaires.
swap-made-weeks = 🔁 { $swap } : { $other } est d’astreinte pour { $role } à partir du { $given }, et { $one } à partir du { $taken }.
swap-cancelled-day = ↩️ { $swap } est annulé : le { $day }, { $one } et { $other } gardent leurs horaires.
swap-cancelled-weeks = ↩️ { $swap } est annulé : { $one } est d’astreinte pour { $role } à partir du { $given }, et { $other } à partir du { $taken }.
swap-line-day = 🔁 { $swap } · { $day } : { $one } ⇄ { $other }
swap-line-weeks = 🔁 { $swap } · { $role } : { $one } ({ $given }) ⇄ { $other } ({ $taken })
swap-same-person = Il faut deux personnes différentes pour un échange.
swap-past = Ce jour est passé. Indiquez un jour à venir.
swap-no-common-role = Ces deux personnes n’ont aucun rôle de rotation en commun : aucune ne peut faire le travail de l’autre.
swap-away = { $who } est en absence à ce moment. Choisissez un autre jour ou une autre personne.
swap-already = Cet échange est déjà fait : { $swap }.
swap-closed = Cet échange est terminé ou déjà annulé.
swap-not-on-call = { $who } n’est pas d’astreinte le { $day }. /planning voir dit qui l’est.
swap-bad-day = Je ne peux pas lire { $typed } comme un jour. Exemples : ven, demain, 2026-03-20.
swap-which = Quel échange ? Par exemple : /planning annuler X-1
swap-unknown = L’échange { $swap } n’existe pas.
on-call-over = Votre semaine d’astreinte pour { $role } est terminée. { $other } prend la suite.
on-call-begins = Vous êtes d’astreinte pour { $role } jusqu’au { $until }, après { $other }.

# Les commandes.

command-rota = Le planning : qui travaille quand, échanges, parts, équité
help-rota-show = une semaine du planning, d’un rôle ou de tous
help-rota-fairness = l’équité du partage du travail
help-rota-swap = deux personnes échangent un jour, ou leurs semaines d’astreinte
help-rota-undo = annuler un échange
help-rota-weight = changer la part de quelqu’un dans la rotation (0 à 10)
help-rota-capacity = nombre maximal de tickets en cours avant que la rotation passe
help-rota-skill = changer la compétence de quelqu’un sur un sujet (0 à 5)
arg-week = cette, prochaine, 23/03 ou 2026-S12
arg-one = L’une des deux personnes
arg-other = L’autre personne
arg-day = Quel jour : ven, demain, 2026-03-20
arg-swap = L’échange, p. ex. X-1
arg-weight = La part : 1 est un plein temps, 0 hors rotation
arg-capacity = Tickets en cours au maximum, ou aucune pour ne pas limiter
arg-skill = 0 jamais, 1 ordinaire, jusqu’à 5
