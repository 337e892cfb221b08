# L’équipe telle qu’on la change dans le chat : rôles, attributions, comptes.

role-granted = { $named ->
    [1] { $by } vous a confié le rôle { $role }
   *[other] Vous avez maintenant le rôle { $role }
}{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
}.{ $explained ->
    [1] {" "}Sa mission : { $mission }
   *[other] {""}
}
role-granted-group = Vous êtes dans le groupe { $group } : vous avez donc le rôle { $role }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
}.{ $explained ->
    [1] {" "}Sa mission : { $mission }
   *[other] {""}
}
role-revoked = { $named ->
    [1] { $by } vous a retiré le rôle { $role }.
   *[other] Vous n’avez plus le rôle { $role }.
}
role-revoked-group = Vous avez quitté le groupe { $group } : vous n’avez donc plus le rôle { $role }.
role-ended = Votre rôle { $role } est arrivé à son terme, comme prévu quand il vous a été confié.
account-linked = Ce compte est maintenant relié au vôtre : ce que vous faites dans un chat ou dans l’autre compte comme vous.

office-no-member = Personne dans l’équipe ne s’appelle { $member }. /vigie role liste montre qui est là.
office-no-role = Il n’y a pas de rôle { $role }. /vigie role liste les montre tous.
office-no-network = L’équipe n’a pas de compte sur { $network }.
office-role-exists = Le rôle { $role } existe déjà. /vigie role donner le donne à quelqu’un.
office-role-of-file = Le rôle { $role } vient du fichier de l’équipe : c’est là qu’il faut le retirer.
office-role-held = Quelqu’un a encore le rôle { $role }. Retirez-le d’abord avec /vigie role retirer.
office-not-held = { $member } n’a pas le rôle { $role } de cette façon.
office-end-past = Cette fin est déjà passée. Donnez une date plus lointaine.
office-backup-circle = Ces remplacements tourneraient en rond : { $circle }. Choisissez quelqu’un d’autre.
office-too-many = L’équipe ne garde pas plus de changements faits dans le chat. Reportez-les dans le fichier de l’équipe avec vigie office export et vigie office apply.

ticket-released-line = { $who } ne peut plus traiter ce ticket. Il retourne dans la file.
office-last-head = Plus personne ne pourrait changer les réglages. Confiez d’abord ce rôle à quelqu’un d’autre.
office-no-brand = Il n’y a pas de marque { $brand }. Marques : { $known }.

role-name = { $role } ne peut pas être le nom d’un rôle : lettres minuscules sans accent, chiffres, « - », « _ » et « . », 32 au plus.
role-mission-long = Cette mission est trop longue : { $max } caractères au plus.
role-added = Le rôle { $role } existe maintenant. Il donne les droits de : { $rights } (sujets : { $topics }). Pour le confier : { $example }
role-grant-done = Vous avez maintenant le rôle { $role }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
}, { $who }.
role-grant-told = { $who } a maintenant le rôle { $role }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
}. Je l’en ai informé et lui ai montré sa mission.
role-by-group = { $member } a le rôle { $role } par le groupe { $group } dans { $chat }. Retirez cette personne du groupe : le rôle disparaît dans la minute.
role-last-holder = { $member } est la dernière personne à avoir le rôle { $role }, et { $count ->
    [one] un ticket ouvert l’attend
   *[other] { $count } tickets ouverts l’attendent
}. Confiez d’abord le rôle à quelqu’un d’autre.
role-revoke-done = { $member } n’a plus le rôle { $role }. Ses tickets ouverts qui en dépendaient sont passés aux suivants de la rotation.
role-who-title = Rôle { $role }
role-nobody = Personne ne l’a.
role-holder-file = • { $who }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
} (fichier de l’équipe)
role-holder-command = • { $who }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
} (confié dans le chat)
role-holder-group = • { $who }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
} (groupe { $group })
role-carries = Droits de : { $rights }
role-list-title = Rôles
role-line = { $role } ({ $rights }) : { $holders }
role-line-nobody = { $role } ({ $rights }) : personne
role-list-foot = Le détail d’un rôle : /vigie role qui NOM
post-head-of-social = responsable social media
post-social-media-manager = social media manager
post-community-manager = community manager
post-creator = création, rédaction, graphisme
post-analyst = analyste
post-paid-social = publicité sociale
post-expert = expert service client, ventes ou produit
post-brand = marque, presse, juridique
post-executive = direction
post-guest = client ou invité

audit-title = Journal d’audit
audit-title-of = Journal d’audit de { $who }
audit-nothing = Rien sur cette période.
audit-more = Il y a des lignes plus anciennes. Pour préciser : /vigie audit @nom 24h
audit-denied = { $who } s’est vu refuser : { $right }
audit-stranger = { $who }, qui n’est pas de l’équipe, s’est vu refuser une demande
audit-office = { $who } a changé l’équipe
audit-operator = { $name } (ligne de commande)
audit-applied = { $who } a appliqué un autre fichier de l’équipe
audit-file-used = { $who } : le fichier de l’équipe a changé et fait de nouveau foi
audit-role-added = { $who } a ajouté le rôle { $role }
audit-role-removed = { $who } a supprimé le rôle { $role }
audit-granted = { $who } a confié à { $member } le rôle { $role }{ $limited ->
    [1] {" "}pour { $limits }
   *[other] {""}
}{ $ends ->
    [1] {" "}jusqu’au { $until }
   *[other] {""}
}
audit-revoked = { $who } a retiré le rôle { $role } à { $member }
audit-grant-ended = { $who } : le rôle { $role } de { $member } est arrivé à son terme
audit-linked = { $who } a relié un compte de { $chat } à { $member }
audit-unlinked = { $who } a détaché un compte de { $chat } de { $member }
audit-weight = { $who } a fixé la part de { $member } à { $weight }
audit-capacity = { $who } a fixé la capacité de { $member } { $limited ->
    [1] à { $capacity }
   *[other] sans limite
}
audit-skill = { $who } a fixé la compétence de { $member } en { $topic } à { $skill }
audit-backup = { $who } { $named ->
    [1] a désigné { $backup } pour remplacer { $member }
   *[other] a laissé { $member } sans remplaçant
}{ $limited ->
    [1] {" "}pour { $role }
   *[other] {""}
}
audit-cover-hours = { $who } a changé les heures de présence de { $network }
audit-shift-strategy = { $who } a changé la répartition des tickets de { $role }
audit-ticket-assigned = { $who } a confié { $ref } à { $to }
audit-ticket-released = { $who } a remis { $ref } dans la file
audit-ticket-resolved = { $who } a résolu { $ref }
audit-ticket-reopened = { $who } a rouvert { $ref }
audit-ticket-prioritised = { $who } a changé la priorité de { $ref }
audit-draft-submitted = { $who } a demandé l’approbation de { $ref }
audit-draft-approved = { $who } a approuvé { $ref }
audit-draft-changes-asked = { $who } a demandé des changements dans { $ref }
audit-draft-revoked = { $who } a retiré son approbation de { $ref }
audit-draft-planned = { $who } a programmé { $ref }
audit-draft-unplanned = { $who } a déprogrammé { $ref }
audit-draft-sent = { $ref } a été publié ({ $who })
audit-draft-cancelled = { $who } a annulé { $ref }
audit-crisis-declared = { $who } a déclaré { $ref }
audit-crisis-level-changed = { $who } a changé le niveau de { $ref }
audit-crisis-frozen = { $who } a gelé les publications ({ $ref })
audit-crisis-unfrozen = { $who } a levé le gel ({ $ref })
audit-crisis-stood-down = { $who } a clos { $ref }
audit-meeting-decided = { $who } a noté une décision dans { $ref }
audit-meeting-cancelled = { $who } a annulé { $ref }
audit-action-finished = { $who } a terminé { $ref }
audit-action-dropped = { $who } a abandonné { $ref }

help-vigie-role-add = ajouter un rôle avec sa mission et ses droits
help-vigie-role-grant = confier un rôle à quelqu’un, sur certains réseaux ou jusqu’à une date
help-vigie-role-revoke = retirer un rôle ; les tickets ouverts passent aux suivants
help-vigie-role-who = qui a un rôle, et à quoi il sert
help-vigie-role-list = tous les rôles et qui les a
help-vigie-audit = qui a décidé quoi, et qui s’est vu refuser quoi
arg-role = Rôle, p. ex. care
arg-mission = À quoi sert le rôle ; dit à qui le reçoit
arg-rights = De qui il donne les droits
arg-topics = Ses sujets, p. ex. retours,livraison
arg-rotation = yes si ses tickets sont répartis à tour de rôle
arg-brand = Seulement pour les comptes de cette marque
arg-until = Jusqu’à quand, p. ex. 4h, lun 9h ou 2026-12-31 ; off met fin à une attente
arg-since = Jusqu’où remonter, p. ex. 24h ou 30j
draft-too-soon = Vous êtes toute l’équipe : c’est donc votre second regard qui compte. Relisez { $draft } après { $at }, puis approuvez.

link-not-ready = Les codes existent dès que Vigie a démarré une première fois sur cette base.
link-code = Dans l’autre chat, tapez { $command }. Le code sert une seule fois, jusqu’au { $until }.
link-known = Ce compte est déjà celui de { $member }. Tapez ici /vigie relier sans code, puis le code dans l’autre chat.
link-done = { $account } est maintenant { $member }.
link-yours = Bienvenue, { $member }. Ce compte est maintenant relié au vôtre.
link-wrong = Ce code n’est pas valable : mal tapé, déjà utilisé ou trop ancien. Tapez /vigie relier dans le chat où je vous connais pour en obtenir un autre.
link-too-often = Trop de codes erronés. Attendez une heure, ou demandez à la personne qui tient le fichier de l’équipe de vous relier.
link-taken = Ce compte appartient déjà à { $member }. Détachez-le d’abord avec /vigie detacher.
link-none = { $member } n’a pas de compte que je connaisse dans { $chat }.
link-no-account = Je ne trouve pas un seul compte « { $account } » dans ce chat. Mentionnez-le avec @.
link-undone = Le compte de { $member } dans { $chat } n’est plus relié à personne.
help-vigie-link = relier mes comptes des deux chats par un code à usage unique
help-vigie-unlink = détacher mon compte de ce chat
arg-code = Le code reçu dans l’autre chat
arg-member = À qui est le compte (demande le droit de modifier les réglages)
arg-account = Le compte dans ce chat
audit-learnt = { $who } { $on ->
    [0] a coupé la règle de tri { $rule }
   *[other] a mis en vigueur la règle de tri { $rule } pour « { $topic } »
}
audit-ticket-corrected = { $who } a corrigé la lecture de { $ref }
bad-length = Je ne comprends pas la durée { $typed }. Exemples : 30m, 4h, 2j.
