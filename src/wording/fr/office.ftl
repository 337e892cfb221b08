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

office-no-member = Personne dans l’équipe ne s’appelle { $member }. /vigie rôle liste montre qui est là.
office-no-role = Il n’y a pas de rôle { $role }. /vigie rôle liste les montre tous.
office-no-network = L’équipe n’a pas de compte sur { $network }.
office-role-exists = Le rôle { $role } existe déjà. /vigie rôle confier le donne à quelqu’un.
office-role-of-file = Le rôle { $role } vient du fichier de l’équipe : c’est là qu’il faut le retirer.
office-role-held = Quelqu’un a encore le rôle { $role }. Retirez-le d’abord avec /vigie rôle retirer.
office-not-held = { $member } n’a pas le rôle { $role } de cette façon.
office-end-past = Cette fin est déjà passée. Donnez une date plus lointaine.
office-backup-circle = Ces remplacements tourneraient en rond : { $circle }. Choisissez quelqu’un d’autre.
office-too-many = L’équipe ne garde pas plus de changements faits dans le chat. Reportez-les dans le fichier de l’équipe avec vigie office export et vigie office apply.
