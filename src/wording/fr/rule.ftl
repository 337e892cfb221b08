# Modération automatique : règles, ce qu’elles ont fait, masquer et supprimer.

rule-made = 🛡️ La règle { $rule } est enregistrée, encore coupée. Voici ce qu’elle aurait fait :
rule-edited = ✏️ La règle { $rule } est modifiée, encore coupée. Voici ce qu’elle aurait fait :
rule-edited-off = ✏️ La règle { $rule } est modifiée, et coupée jusqu’à ce que vous l’activiez de nouveau. Voici ce qu’elle aurait fait :
rule-tried = { $on ->
    [0] 🛡️ La règle { $rule } est coupée. Voici ce qu’elle aurait fait :
   *[other] 🛡️ La règle { $rule } est active. Telle qu’elle est aujourd’hui, elle aurait fait ceci :
}
rule-trial = Messages examinés sur les { $days } derniers jours : { $tried }. Elle en aurait traité { $found } (masqués { $hid }, avec réponse { $answered }, clos { $closed }) et épargné { $spared } en partie.
rule-trial-none = Messages examinés sur les { $days } derniers jours : { $tried }. Elle n’en aurait traité aucun.
rule-trial-cut = Il y avait plus de messages ; seuls les plus récents ont été regardés.
rule-trial-line = { $ticket } · { $author } : « { $words } » → { $some ->
    [0] {""}
   *[other] { $done }
}{ $spares ->
    [0] {""}
   *[other] { $some ->
        [0] sauf : { $spared }
       *[other]  ; sauf : { $spared }
    }
}
rule-spared = { $deed } ({ $why })
spared-urgent = urgent : à regarder par quelqu’un
spared-press = presse : à regarder par quelqu’un
spared-vip = VIP : à regarder par quelqu’un
spared-crisis = sujet de crise : à regarder par quelqu’un
spared-private = un message privé ne se masque pas
spared-not-there = pas écrit sur un réseau
spared-frozen = une crise a arrêté l’automatisation ici
spared-gone = plus dans l’équipe
spared-no-words = la phrase n’est pas en service
spared-other-language = pas de phrase dans la langue du client
spared-sensitive = ce sujet demande l’accord d’une personne
spared-answered-lately = déjà une réponse en 24 heures
spared-answered-once = ce ticket a déjà eu une réponse automatique
spared-being-answered = quelqu’un répond déjà
spared-own = écrit par nous
spared-cannot-leave = rien ne peut partir vers ce réseau
done-hid = demande au réseau de masquer le message
done-tagged = étiquette { $tag }
done-prioritised = priorité P{ $from } → P{ $to }
done-retopiced = sujet { $to }
done-rerouted = confié à { $role }
done-assigned = confié à { $to }
done-answered = répond avec { $reply }
done-closed = clos comme indésirable
would-hid = masquer
would-tagged = étiquette { $tag }
would-prioritised = priorité P{ $from } → P{ $to }
would-retopiced = sujet { $to }
would-rerouted = confier à { $role }
would-assigned = confier à { $to }
would-answer = répondre
would-answered = répondre
would-closed = clore comme indésirable
moderation-list = { $first }, { $rest }
rule-acted-line = 🛡️ Règle { $rule } (n° { $number }) : { $done }
rule-undone-line = ↩️ { $who } a annulé ce que la règle { $rule } avait fait (n° { $number })
rule-ran-wild = 🛑 La règle { $rule } s’est coupée d’elle-même : elle allait masquer { $hidden } messages sur { $seen } en une heure, plus de { $percent } %. Elle cherche { $when }. Ce qu’elle a masqué reste masqué ; /vigie regle journal montre chaque fois et comment l’annuler.
rule-on = ✅ La règle { $rule } est active. Chaque message est regardé à partir de maintenant ; /vigie regle journal montre ce qu’elle fait.
rule-off = ⏸️ La règle { $rule } est coupée. Ce qu’elle a fait reste tel quel.
rule-is-on = La règle { $rule } est déjà active.
rule-is-off = La règle { $rule } est déjà coupée.
rule-unchanged = La règle { $rule } dit déjà exactement cela.
rule-changed-since = { $who } a modifié la règle { $rule } depuis que vous l’avez vue. Regardez-la d’abord avec /vigie regle tester.
rule-none = Il n’y a pas encore de règle. Créez-en une avec /vigie regle ajouter : elle reste coupée tant que vous n’avez pas vu ce qu’elle ferait.
rule-unknown = La règle { $typed } n’existe pas. Règles : { $known }.
rule-too-many = Il y a déjà { $max } règles. Modifiez-en une qui ne sert plus avec /vigie regle modifier.
rule-too-many-on = { $max } règles sont déjà actives, et chacune est essayée sur chaque message. Coupez-en une d’abord.
rule-bad-days = { $typed } n’est pas un nombre de jours. Dites de 1j à { $max }j, par exemple /vigie regle tester R-4 7j.
rule-no-network = Le réseau { $typed } n’existe pas ici. Réseaux : { $known }.
rule-no-role = Le rôle { $typed } n’existe pas. Rôles : { $known }.
rule-answer-not-in-use = { $snippet } « { $title } » n’est pas approuvée ou plus en service : aucune règle ne peut répondre avec. Faites-la approuver d’abord.
rule-how = Dites les deux moitiés, par exemple /vigie regle ajouter quand:"net=x et texte~spam" alors:masquer,etiquette:spam. En commande slash sans elles, un formulaire s’ouvre.
rule-misread = Je ne peux pas lire { $part } au caractère { $at }{ $at_end ->
    [1] {""} (la fin)
   *[other] {""} ({ $found })
} : { $wanted }. Exemple : { $example }. Vous avez tapé : { $typed }
rule-wanted-test = il manque un critère ici
rule-wanted-column = ce n’est rien de ce qui peut être examiné : { $columns }
rule-wanted-sign = { $column } demande son signe juste après
rule-wanted-value-net = il faut le nom d’un réseau
rule-wanted-value-kind = il faut comment, dm, mention ou review
rule-wanted-value-lang = il faut les deux lettres d’une langue
rule-wanted-value-mood = il faut negatif, neutre ou positif
rule-wanted-value-topic = il faut le nom d’un sujet
rule-wanted-value-author = il faut un pseudo
rule-wanted-number = { $column } se compare à un nombre entier
rule-wanted-joiner = il faut « et », « ou » ou la fin ; plusieurs mots à chercher se mettent entre guillemets
rule-wanted-closing = la parenthèse n’est pas fermée
rule-wanted-end = ce qui commence ici ne se termine pas par { $sign }
rule-wanted-pattern = cette expression n’est pas utilisable ({ $why })
rule-wanted-words = il n’y a rien à chercher
rule-wanted-shorter = au plus { $max } caractères
rule-wanted-fewer-tests = au plus { $max } critères par règle
rule-wanted-flatter = au plus { $max } parenthèses imbriquées
rule-wanted-fewer-patterns = au plus { $max } expressions par règle
rule-wanted-fewer-values = au plus { $max } valeurs par critère
rule-wanted-deed = une règle peut masquer (hide), clore (close), tag:…, assign:…, prio:…, topic:… et answer:…
rule-wanted-deed-tag = tag demande un mot court après les deux-points
rule-wanted-deed-assign = assign demande role:NOM ou @personne après les deux-points
rule-wanted-deed-prio = prio demande p1 à p4 après les deux-points
rule-wanted-deed-topic = topic demande un sujet après les deux-points
rule-wanted-deed-answer = answer demande une phrase de la bibliothèque après les deux-points, comme B-3
rule-wanted-fewer-deeds = au plus { $max } actions par règle
rule-wanted-only-one = { $deed } ne peut figurer qu’une fois
rule-list-title = { $count ->
    [one] { $count } règle, { $on } active
   *[other] { $count } règles, { $on } actives
}
rule-line-on = ✅ { $rule }
rule-line-off = ⏸️ { $rule } (coupée)
rule-line-wild = 🛑 { $rule } (s’est coupée d’elle-même)
rule-line-counts = { $acted } fois · masqués { $hid } · annulés { $undone } · refusés { $failed } · { $by }
rule-log-title = { $on ->
    [0] Journal de { $rule } (coupée)
   *[other] Journal de { $rule } (active)
}
rule-log-made = { $at } · { $who } l’a créée
rule-log-edited = { $at } · { $who } l’a modifiée : { $when } → { $then }
rule-log-on = { $at } · ✅ { $who } l’a activée
rule-log-off = { $at } · ⏸️ { $who } l’a coupée
rule-log-acted = { $at } · n° { $number } sur { $ticket } : { $some ->
    [0] {""}
   *[other] { $done }
}{ $spares ->
    [0] {""}
   *[other] { $some ->
        [0] sauf : { $spared }
       *[other]  ; sauf : { $spared }
    }
}
rule-log-wild = { $at } · 🛑 elle s’est coupée d’elle-même : { $hidden } messages sur { $seen } en une heure
rule-log-undone = { $at } · ↩️ { $who } a annulé le n° { $number } sur { $ticket }
rule-log-failed = { $at } · ⚠️ le réseau a refusé le n° { $number } sur { $ticket } : { $cause }
rule-log-undo = Pour en annuler un : { $command }
rule-no-such-act = La règle { $rule } n’a pas d’acte { $typed }. Elle a agi { $last } fois ; /vigie regle journal donne les numéros.
rule-nothing-done = La règle { $rule } n’a rien fait au ticket au n° { $number } : il n’y a rien à annuler.
rule-undo-late = Le bouton marche dix minutes. Ensuite, tapez { $command }.
rule-undone = ↩️ Ce que la règle { $rule } avait fait à { $ticket } (n° { $number }) est annulé.{ $left ->
    [0] {""}
   *[other] {" "}Sa réponse { $reply } est partie et ne peut pas être reprise.
}
button-rule-on = Activer { $rule }
button-rule-off = Couper { $rule }
button-rule-edit = Modifier { $rule }…
button-rule-undo = Annuler
form-rule-add = Nouvelle règle
form-rule-edit = Modifier { $rule }
form-rule-submit = Garder et essayer
form-rule-intro = La règle reste coupée tant que vous n’avez pas vu ce qu’elle aurait fait et ne l’avez pas activée.
form-rule-when = Quels messages ?
form-rule-when-hint = ex. reseau=x et (texte~spam ou liens>=3)
form-rule-then = Que leur arrive-t-il ?
form-rule-then-hint = ex. masquer, etiquette:spam, clore
card-tags = Étiquettes
measure-hide-waiting = ⏳ Masquage sur { $network } en cours…
measure-hide-done = 🙈 Masqué sur { $network } par { $by_rule ->
    [1] la règle { $who } (n° { $number })
   *[other] { $who }
}
measure-hide-refused = ⚠️ { $network } a refusé de masquer le message : { $cause }
measure-unhide-waiting = ⏳ Réaffichage sur { $network } en cours…
measure-unhide-done = 👁️ De nouveau visible sur { $network }, par { $who }
measure-unhide-refused = ⚠️ { $network } a refusé de réafficher le message : { $cause }
measure-delete-proposed = 🗑️ { $who } propose de supprimer cela sur { $network }. Une deuxième personne confirme sur la fiche.
measure-delete-waiting = ⏳ Suppression sur { $network } en cours…
measure-delete-done = 🗑️ Supprimé sur { $network }, proposé par { $who }
measure-delete-refused = ⚠️ { $network } a refusé de supprimer le message : { $cause }
measure-delete-confirmed = 🗑️ { $who } a confirmé la suppression
measure-delete-withdrawn = ↩️ { $who } a arrêté la suppression
moderate-asked-hide = La demande de masquer ce dont parle { $ticket } part vers { $network }. La fiche dit quand c’est fait.
moderate-asked-unhide = La demande de réafficher ce dont parle { $ticket } part vers { $network }. La fiche dit quand c’est fait.
moderate-asked-delete = { $any ->
    [0] La suppression de { $ticket } sur { $network } attend une relecture : personne d’autre n’a le droit de supprimer.{ $names } Relisez dans dix minutes et confirmez sur la fiche, ou faites donner ce droit à quelqu’un.
   *[other] La suppression de { $ticket } sur { $network } attend une deuxième personne : { $names }. Les boutons sont sur la fiche, pendant un jour.
}
moderate-confirmed = La demande de supprimer ce dont parle { $ticket } part vers { $network }. La fiche dit quand c’est fait.
moderate-withdrawn = Rien de { $ticket } n’est supprimé.
button-moderate-confirm = Confirmer la suppression
button-moderate-withdraw = Ne pas supprimer
button-moderate-again = Réessayer
more-hide = 🙈 Masquer
more-unhide = 👁️ Réafficher
more-delete = 🗑️ Supprimer (à deux)
refused-moderate-private = { $ticket } est un message privé : personne d’autre ne le voit, il ne peut être ni masqué ni supprimé.
refused-moderate-not-there = { $ticket } n’a pas été écrit sur un réseau : il n’y a rien à y masquer ou supprimer.
refused-moderate-already-hide = Les messages de { $ticket } sont déjà masqués, ou le seront dès que le réseau répond.
refused-moderate-already-unhide = Aucun message de { $ticket } n’est masqué.
refused-moderate-already-delete = Il ne reste rien à supprimer pour { $ticket }.
refused-moderate-proposed = Une suppression de { $ticket } attend déjà une deuxième personne. Ses boutons sont sur la fiche.
refused-moderate-nothing-proposed = Aucune suppression de { $ticket } n’attend une deuxième personne. Proposez-la de nouveau avec /ticket moderer { $ticket } supprimer.
refused-moderate-second-look = Personne d’autre ne peut confirmer la suppression de { $ticket } : relisez-la, vous pourrez la confirmer à partir de { $again }.
refused-moderate-second-person = Vous avez proposé de supprimer { $ticket } : quelqu’un d’autre doit confirmer.
refused-moderate-undone = { $who } l’a déjà annulé.
audit-rule-made = { $who } a créé la règle { $ref }
audit-rule-edited = { $who } a modifié la règle { $ref }
audit-rule-switched-on = { $who } a activé la règle { $ref }
audit-rule-switched-off = { $who } a coupé la règle { $ref }
audit-rule-ran-wild = La règle { $ref } s’est coupée d’elle-même (noté par { $who })
audit-ticket-measure-asked = { $who } a demandé de masquer, réafficher ou supprimer ce dont parle { $ref }
audit-ticket-measure-confirmed = { $who } a confirmé une suppression pour { $ref }
audit-ticket-rule-undone = { $who } a annulé ce qu’une règle avait fait à { $ref }
me-admin-rules = 🛡️ Règles : { $on } actives, { $off } coupées
group-vigie-rule = Règles de modération automatique
help-vigie-rule-add = créer une règle de modération ; elle reste coupée et montre ce qu’elle ferait
help-vigie-rule-edit = modifier une règle ; elle est coupée jusqu’à être activée de nouveau
help-vigie-rule-test = ce qu’une règle aurait fait ces derniers jours (30 au plus)
help-vigie-rule-on = activer une règle
help-vigie-rule-off = couper une règle
help-vigie-rule-list = toutes les règles de modération, et ce que chacune a fait
help-vigie-rule-log = chaque fois qu’une règle a agi, qui l’a modifiée, ce qui fut annulé
help-vigie-rule-undo = annuler ce qu’une règle a fait une fois
help-ticket-moderate = masquer le message d’un client, le réafficher ou le supprimer (à deux)
arg-vigie-rule-rule = Règle, par exemple R-4
arg-vigie-rule-when = Quels messages, par exemple reseau=x et texte~spam
arg-then = Que leur arrive-t-il, par exemple masquer,etiquette:spam
arg-days = Sur combien de jours, par exemple 7j
arg-event = Quelle fois, par son numéro dans le journal, par exemple 12
arg-act = masquer, afficher ou supprimer
why-rule = La règle { $rule } a confié { $ticket } à { $who }.
