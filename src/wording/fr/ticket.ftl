# Tickets : cartes, lignes de fil, messages directs.

note-line = 📝 { $who } (via { $via }) : { $text }
note-line-form = 📝 { $who } : { $text }
note-line-files = 📝 { $who } (via { $via }) : { $text } 📎 { $files }
note-line-only-files = 📝 { $who } (via { $via }) : 📎 { $files }
note-line-form-files = 📝 { $who } : { $text } 📎 { $files }
note-line-form-only-files = 📝 { $who } : 📎 { $files }
chat-slack = Slack
chat-discord = Discord
ticket-added-line = 💬 { $who } : { $text }
ticket-added-dm = 💬 Le client a réécrit sur { $ticket }.
ticket-reopened-line = ↩️ Rouvert.
ticket-assigned-dm = { $has_due ->
    [0] 📥 { $ticket } est à vous : { $customer } sur { $network }.{ $due }
   *[other] 📥 { $ticket } est à vous : { $customer } sur { $network }. Première réponse attendue { $due }.
}
ticket-taken-over-dm = { $who } s’occupe désormais de { $ticket }.
ticket-reminder-dm = { $has_due ->
    [0] ⏰ { $ticket } attend toujours votre réponse.{ $due }
   *[other] ⏰ { $ticket } attend toujours votre réponse, échéance { $due }.
}
ticket-late-lead = { $has_due ->
    [0] 🔥 { $ticket } est en retard et toujours sans réponse.{ $due }
   *[other] 🔥 { $ticket } est en retard et toujours sans réponse ; échéance { $due }.
}
ticket-nobody = { $has_due ->
    [0] 🙋 Personne n’est disponible pour { $ticket }.{ $due } Prenez-le, ou confiez-le avec /assigner.
   *[other] 🙋 Personne n’est disponible pour { $ticket }, échéance { $due }. Prenez-le, ou confiez-le avec /assigner.
}
card-title = P{ $priority } · { $ticket } · { $network } · { $topic }
card-followers = { $count ->
    [one] { $shown } abonné
   *[other] { $shown } abonnés
}
card-received = reçu { $at }
card-original = original
card-status = Statut
card-assignee = Responsable
card-nobody = personne pour l’instant
card-due-first = Échéance 1re réponse
card-due-resolution = Échéance résolution
card-role = Rôle
card-messages = Messages
card-outcome = Issue
card-notes = Notes
card-revision = révision { $revision }
card-also-in = aussi dans { $places }
card-resolved-by = résolu par { $who }
card-opened-by = ouvert par { $who }
card-cut = … (ouvrez l’original pour tout lire)
card-deleted = (supprimé par son auteur)
status-new = nouveau
status-assigned = assigné
status-waiting_customer = en attente du client
status-resolved = résolu
button-claim = Je prends
button-assign = Assigner…
button-reply = Répondre…
button-note = Note…
button-resolve = Résoudre…
button-reopen = Rouvrir
button-why = Pourquoi ?
button-more = Plus
thread-name = { $ticket } · { $customer } · { $topic }
topic-other = autre
topic-late-delivery = retard de livraison
topic-damaged = article abîmé
topic-refund = remboursement
topic-returns = retour
topic-replacement = remplacement
topic-repair = réparation
topic-order = commande
topic-complaint = réclamation
topic-safety = sécurité
topic-product = question produit
topic-sales = vente
topic-availability = disponibilité
topic-trade = professionnels
topic-gift = cadeau
topic-praise = compliment
topic-ads = publicité
topic-spam = spam
topic-collaboration = collaboration
topic-recruitment = recrutement
topic-legal = juridique
topic-press = presse
topic-leak = fuite de données
topic-counterfeit = contrefaçon
topic-ceo = pour la direction
topic-crisis = crise
topic-boycott = boycott
topic-vip = VIP
topic-content = contenu
