# Réponses et publications : brouillons, approbations, publication.

# Où en est un brouillon, sur les cartes.
draft-status-drafting = brouillon
draft-status-in-review = en attente d’approbation
draft-status-approved = approuvé
draft-status-scheduled = planifié
draft-status-queued = sur le départ
draft-status-sending = envoi…
draft-status-sent = envoyé
draft-status-refused = refusé par le réseau
draft-status-unknown = inconnu, à vérifier
draft-status-held = retenu par un gel
draft-status-cancelled = annulé
draft-word-sent = envoyé
draft-is-drafting = ✏️ { $draft } v{ $version }, par { $who } : brouillon.
draft-is-drafting-wish = ✏️ { $draft } v{ $version }, par { $who } : { $by } demande des changements : « { $wish } »
draft-is-in-review = ⏳ { $draft } v{ $version }, par { $who }, attend l’approbation de { $reviewers }.
draft-is-approved = ✅ { $draft } v{ $version }, par { $who } : approbation de { $approvers }.
draft-is-scheduled = 🗓️ { $draft } v{ $version }, par { $who }, approbation de { $approvers } : départ { $at }.
draft-is-queued = 📤 { $draft } v{ $version }, par { $who }, est sur le départ.
draft-is-queued-later = 📤 { $draft } v{ $version }, par { $who }, attend le réseau : { $cause }
draft-is-sending = 📤 { $draft } v{ $version }, par { $who } : envoi…
draft-is-sent = ✅ { $draft } v{ $version }, par { $who } : { $link } { $at }
draft-is-refused = ⛔ { $draft } v{ $version }, par { $who } : refus du réseau : { $cause }
draft-is-unknown = ❓ { $draft } v{ $version }, par { $who } : inconnu, à vérifier sur le réseau. { $cause }
draft-is-unknown-looking = ❓ { $draft } v{ $version }, par { $who } : pas de réponse ; je cherche si c’est parti. { $cause }
draft-is-held = 🧊 { $draft } v{ $version }, par { $who }, est retenu par le gel ({ $crisis }). Rien ne part tout seul.
draft-is-cancelled = 🚫 { $draft } v{ $version }, par { $who }, est annulé.
draft-on-card = { $standing } { $link }
    « { $text } »
draft-foot = écrit par { $names }
draft-field-account = Compte
draft-field-plan = Départ
draft-field-missed = N’est pas parti
draft-field-visibility = Visibilité
draft-field-length = Caractères
draft-public = Public
draft-private = Message privé
draft-diff-by = Ancienne version de { $old }, nouvelle version de { $new }. +ajouté −retiré
draft-answers = Répond à { $ticket } : « { $text } »

# Boutons.
button-draft-approve = Approuver v{ $version }
button-draft-changes = Demander des changements…
button-draft-edit = Modifier…
button-draft-show = Lire toute la v{ $version }
button-draft-diff = Voir les changements
button-draft-submit = Demander l’approbation
button-draft-submit-reply = Envoyer v{ $version }
button-draft-plan = Planifier…
button-draft-unplan = Déplanifier
button-draft-now = Publier maintenant
button-draft-cancel = Annuler ce brouillon
button-draft-revoke = Retirer l’approbation
button-draft-retry = Réessayer
button-draft-out = C’est parti
button-draft-again = Pas parti, renvoyer
button-draft-pass = Laisser partir (pilote de crise)

# Lignes dans les fils.
draft-edited-line = ✏️ { $who } a écrit { $draft } v{ $version } : { $diff }
draft-edited-voided-line = ✏️ { $who } a écrit { $draft } v{ $version } : { $diff }. L’approbation de { $names } ne vaut plus.
draft-submitted-line = ⏳ { $who } demande à { $names } d’approuver { $draft } v{ $version } : « { $text } »
draft-approved-line = ✅ { $who } a approuvé { $draft } v{ $version }.
draft-approved-comment-line = ✅ { $who } a approuvé { $draft } v{ $version } : « { $comment } »
draft-changes-line = ↩️ { $who } demande des changements sur { $draft } v{ $version } : « { $text } »
draft-revoked-line = ↩️ { $who } a retiré l’approbation de { $draft } v{ $version }, qui attend de nouveau une approbation.
draft-planned-line = 🗓️ { $who } a planifié { $draft } pour { $at }.
draft-window-voided-line = L’heure a bougé de plus de 2 heures : l’approbation de { $draft } par { $names } ne vaut plus. C’est maintenant la v{ $version }.
draft-unplanned-line = 🗓️ { $who } a retiré { $draft } du calendrier.
draft-too-late-line = ⏰ { $draft } devait partir { $at }, il y a plus d’une heure. Rien n’a été publié : publiez maintenant ou choisissez une autre heure.
draft-missed-line = ⏰ { $draft } n’a pas été publié { $at } : personne n’avait approuvé la v{ $version }.
draft-returned-line = ↩️ { $draft } v{ $version } demande une approbation et n’en a pas. Rien n’a été envoyé.
draft-refused-line = ⛔ { $network } a refusé { $draft } v{ $version } : { $cause }. Rien n’est parti.
draft-unknown-line = ❓ Pas de réponse pour { $draft } v{ $version }, introuvable sur le réseau ({ $cause }). Vérifiez sur { $network }, puis dites sur la carte si c’est parti. Rien n’est renvoyé tout seul.
draft-resent-line = 📤 { $who } a vérifié que { $draft } v{ $version } n’est pas parti ; nouvel envoi.
draft-held-line = 🧊 { $draft } v{ $version } est retenu : les publications sont gelées ({ $crisis }). Rien ne part tout seul, même à la fin du gel.
draft-passed-line = 🧊 { $who } laisse partir { $draft } v{ $version } malgré le gel.
draft-late-line = ⏰ { $draft } a { $late } de retard.
draft-cancelled-line = 🚫 { $who } a annulé { $draft }.
draft-sent-line = ✅ { $draft } v{ $version } est en ligne { $link } : « { $text } »
draft-sent-by-word-line = ✅ { $who } a vérifié : { $draft } v{ $version } est en ligne.

# Messages directs.
draft-edited-dm = ✏️ { $who } a modifié votre { $draft }, maintenant v{ $version } : { $diff }
draft-being-edited-dm = ✏️ { $who } a modifié { $draft }, maintenant v{ $version } : { $diff }. Les approbations précédentes ne valent plus.
draft-review-dm = ⏳ { $who } demande votre approbation pour { $draft } v{ $version }.
draft-approved-dm = ✅ { $who } a approuvé votre { $draft } v{ $version }.
draft-approved-comment-dm = ✅ { $who } a approuvé votre { $draft } v{ $version } : « { $comment } »
draft-decided-dm = ✅ { $who } a approuvé { $draft } v{ $version }. Plus rien à faire.
draft-changes-dm = ↩️ { $who } demande des changements sur votre { $draft } v{ $version } : « { $text } »
draft-returned-by-dm = ↩️ { $draft } v{ $version } est revenu à son auteur : { $who } demande des changements. Plus rien à faire.
draft-revoked-dm = ↩️ { $who } a retiré l’approbation de { $draft } v{ $version }, qui attend de nouveau une approbation.
draft-window-dm = 🗓️ { $who } a déplacé votre { $draft } : { $at }. C’est maintenant la v{ $version }, qui attend de nouveau une approbation.
draft-unapproved-dm = ⏰ Votre { $draft } doit partir { $at } et la v{ $version } n’est pas approuvée. Sans approbation, rien n’est publié.
draft-remind-dm = ⏰ { $draft } v{ $version } doit partir { $at } et attend votre approbation.
draft-too-late-dm = ⏰ Votre { $draft } devait partir { $at }, il y a plus d’une heure. Rien n’a été publié : publiez maintenant ou choisissez une autre heure.
draft-missed-dm = ⏰ Votre { $draft } n’a pas été publié { $at } : personne n’avait approuvé la v{ $version }.
draft-returned-dm = ↩️ Votre { $draft } v{ $version } demande une approbation et n’en a pas. Rien n’a été envoyé.
draft-refused-dm = ⛔ { $network } a refusé votre { $draft } v{ $version } : { $cause }. Rien n’est parti : réessayez ou modifiez.
draft-unknown-dm = ❓ Pas de réponse pour votre { $draft } v{ $version }, introuvable sur le réseau ({ $cause }). Vérifiez sur { $network } et dites si c’est parti.
draft-held-dm = 🧊 Votre { $draft } v{ $version } est retenu : les publications sont gelées ({ $crisis }). Il faudra ensuite votre décision.
draft-late-dm = ⏰ Votre { $draft } a { $late } de retard.
draft-cancelled-dm = 🚫 { $who } a annulé { $draft }. Plus rien à faire.
draft-sent-dm = ✅ Votre { $draft } v{ $version } est en ligne { $link }

# Réponses.
draft-asked = { $draft } v{ $version } attend l’approbation de { $names }.
draft-going = { $draft } v{ $version } part vers { $network }. La carte dira « envoyé » quand le réseau l’aura confirmé.
draft-edited = { $draft } est maintenant en v{ $version }.
draft-unchanged = { $draft } v{ $version } dit déjà exactement cela. Rien n’a changé.
draft-kept-beside = { $who } vient de répondre avec { $other } : « { $said } » Votre réponse n’est pas partie. Elle est gardée sous { $draft } : comparez, puis envoyez-la ou annulez-la sur la carte.
draft-revoked = L’approbation de { $draft } est retirée.
draft-cancelled = { $draft } est annulé.
draft-settled = { $draft } v{ $version } compte comme envoyé.
draft-changes-asked = { $draft } v{ $version } est renvoyé avec vos mots.
draft-approved-going = { $draft } v{ $version } est approuvé et part maintenant.
draft-approved-planned = { $draft } v{ $version } est approuvé : départ { $at }.
draft-approved-unplanned = { $draft } v{ $version } est approuvé. Le départ se fait quand quelqu’un planifie ou publie.
draft-planned = 🗓️ Départ de { $draft } : { $at } ({ $wall }, { $zone }).{ $shift }
draft-planned-in-review = 🗓️ Départ prévu de { $draft } : { $at } ({ $wall }, { $zone }).{ $shift } Seulement si la v{ $version } est approuvée d’ici là.
draft-planned-unapproved = 🗓️ Départ prévu de { $draft } : { $at } ({ $wall }, { $zone }).{ $shift } Seulement si elle est approuvée d’ici là : /publication soumettre { $draft }
draft-shift-none = { "" }
draft-shift-skipped = { " " }L’heure tapée n’existe pas cette nuit-là (changement d’heure) ; c’est le premier instant qui suit.
draft-shift-doubled = { " " }Cette heure passe deux fois cette nuit-là (changement d’heure) ; c’est la première.
draft-same-text = ⚠️ { $other } dit la même chose sur ce réseau à moins de 24 heures ({ $at }).
draft-clash = ⚠️ { $other } part sur ce réseau presque à la même heure ({ $at }).
draft-unplanned = { $draft } n’est plus au calendrier.
post-begun = { $draft } est en brouillon pour { $network }. Demandez l’approbation avec /publication soumettre { $draft }, ou par le bouton de sa carte.
post-list-title = Publications en cours ({ $count })
post-list-empty = Aucune publication en cours.
approve-list-title = En attente de votre approbation ({ $count })
approve-list-empty = Rien n’attend votre approbation. 🌊

# Refus.
no-such-draft = { $draft } n’existe pas. /publication liste montre les publications en cours.
which-draft = Lequel ? Ajoutez sa référence, par exemple P-7, ou T-12 pour la réponse à un ticket.
no-reply-of-ticket = { $ticket } n’a pas encore de réponse. Écrivez-en une avec /ticket repondre { $ticket }
not-a-post = { $draft } n’est pas une publication. Les publications s’écrivent P-7 ; /publication liste les montre.
no-network = Aucun réseau n’est relié pour publier. La personne qui gère Vigie ajoute un compte avec publish_url au fichier de l’équipe et un secret pour son webhook.
network-not-connected = { $any ->
    [0] Rien ne peut partir vers { $network } : aucun réseau n’est relié pour publier.{ $known }
   *[other] Rien ne peut partir vers { $network } : ce réseau n’est pas relié pour publier. Réseaux reliés : { $known }.
}
reply-nowhere = { $ticket } ne vient pas d’un réseau social : il n’y a nulle part où envoyer une réponse. Répondez là où le message a été écrit, puis résolvez le ticket.
draft-said-already = { $draft } dit déjà exactement cela. Rien n’a été envoyé une deuxième fois.
draft-too-long = Ce texte a { $length } caractères ; { $network } en accepte { $max } au plus. Raccourcissez-le d’autant.
draft-replaced-beside = La v{ $shown } de { $draft } a été remplacée par la v{ $current } : mêmes mots, mais l’heure, les images ou le lieu ont changé. Regardez d’abord la nouvelle version.
draft-replaced = La v{ $shown } de { $draft } a été remplacée par la v{ $current } : { $diff }. Regardez d’abord la nouvelle version.
draft-own-version = Vous avez écrit une partie de { $draft }, et personne n’approuve son propre texte. C’est à quelqu’un d’autre : /publication voir { $draft } dit à qui la demande est allée.
draft-not-in-review = { $draft } n’attend pas d’approbation (état : { $status }). Son auteur la demande avec /publication soumettre { $draft }
draft-already-approved = { $who } a déjà approuvé { $draft } v{ $version }.
draft-nobody-to-approve = { $draft } est gardé en brouillon : personne d’autre n’a le droit « { $right } » pour { $network } et ce sujet. La personne qui tient le fichier de l’équipe peut donner ce droit à une deuxième personne ; redemandez ensuite.
draft-not-approved = { $draft } v{ $version } n’est pas approuvé. Demandez l’approbation avec /publication soumettre { $draft }
draft-same-person = Publier tout de suite demande deux personnes : vous avez approuvé { $draft } vous-même, quelqu’un d’autre doit donc publier, ou planifiez.
draft-other-time = { $draft } a été approuvé pour { $at }. Pour une autre heure, redemandez l’approbation : /publication soumettre { $draft }
draft-on-its-way = { $draft } ne peut pas changer maintenant (état : { $status }). Attendez la réponse du réseau sur la carte.
draft-finished = { $draft } ne peut plus changer (état : { $status }).
draft-nothing-to-revoke = { $draft } n’a pas d’approbation à retirer.
draft-not-planned = { $draft } n’est pas planifié.
draft-only-posts = { $draft } est une réponse : elle part dès qu’elle le peut et ne se planifie pas.
draft-frozen = Les publications vers { $network } sont gelées ({ $crisis }). { $draft } pourra être planifié ou publié à la fin du gel.
draft-not-now = { $draft } a avancé entre-temps (état : { $status }). La carte montre ce qui est possible.
draft-no-such-version = Les versions de { $draft } disponibles vont de v{ $first } à v{ $last }.
draft-form-refused = { $reason }

    Votre texte, pour qu’il ne soit pas perdu :
    { $text }
when-unreadable = Je ne comprends pas l’heure { $typed }. Exemples : 15:30, lundi 9h, demain 9h, +2h, 2026-03-17T09:00
when-past = Cette heure est passée. Choisissez-en une à venir.
when-too-far = { $typed } est à plus de 400 jours. Vérifiez l’année.
visibility-unclear = « { $typed } » n’est ni public ni private. Rien n’a été envoyé.
text-with-flag = { $flag } serait retiré de votre texte. Mettez le texte entre guillemets, ou utilisez le formulaire.
which-version = { $typed } n’est pas une version. Les versions s’écrivent v3.
reply-type-it = Tapez-la après la commande : /ticket repondre { $ticket } votre texte
edit-type-it = Tapez-le après la commande : /publication modifier { $draft } votre texte
changes-type-it = Dites quoi changer : /approuver corriger { $draft } vos mots
when-type-it = Dites quand : /publication planifier { $draft } lundi 9h
post-type-it = Dites où et quoi : /publication nouvelle net:instagram votre texte. Réseaux reliés : { $known }.
reply-writing = ✍️ { $who } a ouvert ce formulaire il y a { $ago } et écrit peut-être.

# Formulaires.
form-reply-title = Répondre à { $ticket }
form-draft-text = Texte ({ $max } caractères au plus)
form-draft-submit = Envoyer
form-edit-title = Modifier { $draft }
form-edit-submit = Enregistrer
form-edit-voids = Tout changement annule les approbations ; la nouvelle version est soumise de nouveau.
form-changes-title = Corriger { $draft }
form-changes-text = Que changer ? ({ $max } caractères au plus)
form-changes-submit = Renvoyer
form-plan-title = Départ de { $draft }
form-plan-when = Quand, heure de { $zone }
form-plan-hint = lundi 9h · 15:30 · +2h · 2026-03-17T09:00
form-plan-submit = Planifier
form-post-title = Nouvelle publication
form-post-network = Réseau
form-post-intro = Elle est gardée en brouillon ; elle ne part qu’après l’approbation de quelqu’un d’autre.

# Aide.
help-ticket-reply = répondre au client ; attend une approbation si nécessaire
help-post-new = écrire une publication
help-post-edit = écrire une nouvelle version ; les approbations tombent
help-post-submit = demander l’approbation
help-post-schedule = dire quand part une publication approuvée
help-post-unschedule = retirer une publication du calendrier
help-post-publish-now = publier tout de suite une publication approuvée (à deux)
help-post-cancel = abandonner un brouillon
help-post-list = publications en cours
help-post-show = montrer un brouillon en entier, avec ses boutons
help-post-diff = ce qui a changé entre deux versions
help-approve = approuver une version d’une réponse ou d’une publication
help-approve-ok = approuver une version d’une réponse ou d’une publication
help-approve-list = ce qui attend mon approbation
help-approve-changes = renvoyer un brouillon avec un souhait
help-approve-revoke = retirer une approbation avant le départ
command-post = Écrire, planifier et publier
command-approve = Approuver les réponses et publications des autres
arg-draft = Le brouillon, p. ex. P-7, R-5, ou T-12 pour sa réponse
arg-version = La version lue, p. ex. v3, puis un commentaire si besoin
arg-when = Quand, p. ex. lundi 9h, 15:30, +2h
arg-visibility = public ou private
arg-old = Ancienne version, p. ex. v1
arg-new = Nouvelle version, p. ex. v2
right-send-reply = envoyer des réponses
right-assign-others = assigner à d’autres
right-schedule-approved = planifier des publications approuvées
right-goals = modifier les objectifs
right-meeting = participer aux réunions
