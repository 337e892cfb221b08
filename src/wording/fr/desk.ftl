# Le bureau de chacun : /vigie moi, la page d’accueil, le message épinglé.

me-title = Travail de { $who }
me-queue = { $open ->
    [one] 📥 { $open } ticket ouvert
   *[other] 📥 { $open } tickets ouverts
} · { $late } en retard
me-nothing = Aucun ticket ouvert. 🌊
me-approvals = ✍️ En attente de mon approbation ({ $count })
me-actions = ☑️ Mes actions ({ $count })
me-crises = Crises ouvertes ({ $count })
me-week = 🗓️ Ma semaine
me-covers = Je prends le relais de { $names }.
me-covered-by = { $who } prend le relais.
me-away = 🌴 Vous êtes en absence jusqu’à votre retour.
me-away-until = 🌴 Vous êtes en absence jusqu’à { $until }.
me-load-title = ⚖️ Ma charge
me-load = { $own } · médiane des { $people } personnes de mes rotations : { $median }
me-load-alone = { $own } · personne ne partage de rotation avec moi
me-roles = Rôles : { $roles }
me-admin = 🔧 Réglages
me-admin-networks = Réseaux : { $names }
me-admin-roles = Personnes par rôle : { $names }
me-admin-parked = { $parked ->
    [0] Aucun envoi n’a échoué définitivement.
    [one] ⚠️ { $parked } envoi a échoué définitivement : « Santé » le montre.
   *[other] ⚠️ { $parked } envois ont échoué définitivement : « Santé » les montre.
}
button-me-away = Absence…
button-me-sick = Malade
button-me-back = Je suis de retour
button-me-lang = In English
button-me-health = Santé
form-me-away-title = Absence
form-me-away-submit = Aperçu
form-me-away-intro = Vous voyez d’abord ce qui passe à qui ; rien ne change avant votre confirmation.
form-me-away-label = De quand à quand, ou combien de temps ?
form-me-away-hint = 2j, demain, du 3 au 10 mars
