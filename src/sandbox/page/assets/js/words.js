// The page's own words, English and French. Words of Slack, Discord and the customers are theirs and are not here.

import { memory } from "./server.js";

const WORDS = {
  en: {
    all: "All", slack: "Slack", discord: "Discord", customers: "Customers", views: "What to show",
    clock: "Sandbox clock", clock_moves: "Move the clock forward", next_morning: "Next working day 08:45", one_day: "+1 day",
    zone: "Europe/Paris", faults: "Faults", faults_title: "Faults to order", faults_help: "Make the next calls go wrong, as they do in real life. Nothing may be lost.",
    faults_clear: "Cancel the waiting faults", faults_cleared: "No fault waits any more.", faults_ordered: "Ordered: {what}", faults_count: "How many", order: "Order",
    next_hint: "Try next", hint_dismiss: "Hide this hint", hints_done: "All hints done. The page is yours.", hint_count: "{done} of {all}",
    language: "Language of this page", open_vigie: "Vigie's own pages", more: "More", close: "Close", offline: "The sandbox does not answer. Trying again…",
    acting_as: "You act as", locale: "Language of this member", search: "Search", nothing_found: "Nothing found", loading: "Loading…", cancel: "Cancel",
    channels: "Channels", show_channels: "Show channels", send: "Send", unread: "{n} unread", new_messages: "{n} new messages",
    message_actions: "Actions on this message", react: "Add a reaction", edit: "Edit message", remove: "Delete message", pin: "Pin to the channel", unpin: "Unpin", save: "Save",
    reply_in_thread: "Reply in thread", reply: "Reply", apps: "Apps", no_workspace: "This sandbox runs without {name}.", not_answered: "Not done: {error}",
    cust_intro: "Write as a customer. What the brand answers appears beneath.", cust_network: "Network", cust_author: "Who writes", cust_kind: "Kind",
    cust_text: "What they write", cust_send: "Send as customer", cust_sample: "Sample message", cust_reply_to: "Follows up on {name}", cust_new: "New conversation instead",
    cust_empty: "No conversation yet. Write the first message, or take a sample.", kind_comment: "Comment", kind_dm: "Private message", kind_mention: "Mention", kind_review: "Review",
    followers: "{n} followers", sent: "sent", in_private: "in private", follow_up: "Write again", original: "Original",
    d_waiting: "to be delivered again", d_in_flight: "on its way", d_delivered: "delivered to Vigie", gone_hidden: "🙈 hidden by the brand", gone_deleted: "🗑️ deleted by the brand", d_abandoned: "given up", d_no_target: "nobody listens",
    conversations: "Conversations", brand_posts: "Published by the brand", filter_all: "All networks", attempts: "attempt {n}",
    f_network_refuse: "Refuse answers: token expired (403)", f_network_before: "Fail before the work (500)", f_network_after: "Lose the answer after the work (500)",
    f_network_429: "Too many requests (429)", f_network_hang: "Never answer", f_network_slow: "Answer 5 s late", f_network_drop: "Lose deliveries to Vigie", f_network_double: "Deliver twice to Vigie",
    f_429: "Too many requests (429)", f_500: "Fail before the work (500)", f_lost: "Lose the answer after the work", f_slow: "Answer 3 s late", f_drop: "Lose events", f_double: "Deliver events twice",
    f_delay: "Deliver events 5 s late", f_cut: "Cut all sockets", f_freeze: "Freeze the sockets",
  },
  fr: {
    all: "Tout", slack: "Slack", discord: "Discord", customers: "Clients", views: "Que montrer",
    clock: "Horloge du bac à sable", clock_moves: "Avancer l’horloge", next_morning: "Prochain jour ouvré 08:45", one_day: "+1 jour",
    zone: "Europe/Paris", faults: "Pannes", faults_title: "Pannes sur commande", faults_help: "Faites échouer les prochains appels, comme dans la vraie vie. Rien ne doit se perdre.",
    faults_clear: "Annuler les pannes en attente", faults_cleared: "Plus aucune panne en attente.", faults_ordered: "Commandé : {what}", faults_count: "Combien", order: "Commander",
    next_hint: "À essayer", hint_dismiss: "Masquer cette aide", hints_done: "Toutes les aides sont faites. La page est à vous.", hint_count: "{done} sur {all}",
    language: "Langue de cette page", open_vigie: "Pages de Vigie", more: "Plus", close: "Fermer", offline: "Le bac à sable ne répond pas. Nouvel essai…",
    acting_as: "Vous agissez comme", locale: "Langue de ce membre", search: "Rechercher", nothing_found: "Rien trouvé", loading: "Chargement…", cancel: "Annuler",
    channels: "Canaux", show_channels: "Montrer les canaux", send: "Envoyer", unread: "{n} non lus", new_messages: "{n} nouveaux messages",
    message_actions: "Actions sur ce message", react: "Ajouter une réaction", edit: "Modifier le message", remove: "Supprimer le message", pin: "Épingler au canal", unpin: "Désépingler", save: "Enregistrer",
    reply_in_thread: "Répondre dans le fil", reply: "Répondre", apps: "Applications", no_workspace: "Ce bac à sable tourne sans {name}.", not_answered: "Pas fait : {error}",
    cust_intro: "Écrivez comme un client. La réponse de la marque s’affiche en dessous.", cust_network: "Réseau", cust_author: "Qui écrit", cust_kind: "Type",
    cust_text: "Son message", cust_send: "Envoyer comme client", cust_sample: "Message exemple", cust_reply_to: "Fait suite à {name}", cust_new: "Plutôt une nouvelle conversation",
    cust_empty: "Aucune conversation. Écrivez le premier message ou prenez un exemple.", kind_comment: "Commentaire", kind_dm: "Message privé", kind_mention: "Mention", kind_review: "Avis",
    followers: "{n} abonnés", sent: "envoyé", in_private: "en privé", follow_up: "Écrire encore", original: "Original",
    d_waiting: "à livrer de nouveau", d_in_flight: "en route", d_delivered: "livré à Vigie", gone_hidden: "🙈 masqué par la marque", gone_deleted: "🗑️ supprimé par la marque", d_abandoned: "abandonné", d_no_target: "personne n’écoute",
    conversations: "Conversations", brand_posts: "Publié par la marque", filter_all: "Tous les réseaux", attempts: "essai {n}",
    f_network_refuse: "Refuser les réponses : jeton expiré (403)", f_network_before: "Échouer avant le travail (500)", f_network_after: "Perdre la réponse après le travail (500)",
    f_network_429: "Trop de requêtes (429)", f_network_hang: "Ne jamais répondre", f_network_slow: "Répondre 5 s plus tard", f_network_drop: "Perdre les livraisons à Vigie", f_network_double: "Livrer deux fois à Vigie",
    f_429: "Trop de requêtes (429)", f_500: "Échouer avant le travail (500)", f_lost: "Perdre la réponse après le travail", f_slow: "Répondre 3 s plus tard", f_drop: "Perdre des événements", f_double: "Livrer deux fois les événements",
    f_delay: "Livrer les événements 5 s plus tard", f_cut: "Couper toutes les connexions", f_freeze: "Geler les connexions",
  },
};

let language = memory.get("language", (navigator.language || "en").startsWith("fr") ? "fr" : "en");

/** "en" or "fr". */
export function lang() {
  return language;
}

/** The locale for the page's own dates. */
export function pageLocale() {
  return language === "fr" ? "fr-FR" : "en-GB";
}

export function setLang(next) {
  language = next;
  memory.set("language", next);
  document.documentElement.lang = next;
}

/** A sentence of the page, with `{name}` filled in. */
export function t(key, fill) {
  let text = WORDS[language][key] ?? WORDS.en[key] ?? key;
  for (const [name, value] of Object.entries(fill || {})) text = text.replace(`{${name}}`, value);
  return text;
}
