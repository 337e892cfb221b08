//! Invented customers of the sample office and what they write, in French and English; and the hints of the page.

use crate::sandbox::network::{MessageKind, NetworkAuthor, NetworkMessage};

/// A message of an invented customer.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    network: &'static str,
    kind: &'static str,
    handle: &'static str,
    followers: u64,
    text: &'static str,
}

/// An approved answer of the sample office's library.
#[derive(Clone, Copy, Debug)]
pub struct SampleSnippet {
    /// Title.
    pub title: &'static str,
    /// Language, ISO 639-1.
    pub language: &'static str,
    /// The words.
    pub text: &'static str,
}

/// What is in the library when the demo begins.
pub const SNIPPETS: [SampleSnippet; 6] = [
    SampleSnippet {
        title: "Retard de livraison",
        language: "fr",
        text: "Bonjour, nous sommes désolés pour ce retard. Pouvez-vous nous envoyer votre numéro de commande en message \
               privé ? Nous retrouvons votre colis et revenons vers vous aujourd’hui.",
    },
    SampleSnippet {
        title: "Late delivery",
        language: "en",
        text: "Hello, we are sorry about the delay. Could you send us your order number in a private message? We will find \
               your parcel and come back to you today.",
    },
    SampleSnippet {
        title: "Retour sous 30 jours",
        language: "fr",
        text: "Bonjour, vous avez trente jours pour nous renvoyer un article. Envoyez-nous votre numéro de commande en \
               message privé : nous vous préparons l’étiquette de retour.",
    },
    SampleSnippet {
        title: "Returns within 30 days",
        language: "en",
        text: "Hello, you can return any item within thirty days. Send us your order number in a private message and we \
               will prepare the return label.",
    },
    SampleSnippet {
        title: "Merci",
        language: "fr",
        text: "Merci beaucoup, votre message fait plaisir à toute l’équipe de l’atelier !",
    },
    SampleSnippet {
        title: "Thank you",
        language: "en",
        text: "Thank you so much, your message made everybody’s day at the workshop!",
    },
];

const fn sample(
    network: &'static str,
    kind: &'static str,
    handle: &'static str,
    followers: u64,
    text: &'static str,
) -> Sample {
    Sample { network, kind, handle, followers, text }
}

/// What customers write while the demo runs.
pub const MESSAGES: [Sample; 14] = [
    sample(
        "instagram",
        "comment",
        "@camille.dessine",
        1_240,
        "Bonjour, ma lampe Halo devait arriver lundi et toujours rien. Vous pouvez vérifier ?",
    ),
    sample(
        "x",
        "mention",
        "@northern_nick",
        310,
        "@maisonlumiere the switch on my Halo lamp stopped working after two weeks. Can it be repaired?",
    ),
    sample(
        "facebook",
        "dm",
        "Josiane P.",
        85,
        "Bonjour, je voudrais retourner l’abat-jour que j’ai reçu hier, il est fendu.",
    ),
    sample(
        "google_reviews",
        "review",
        "Théo V.",
        12,
        "★★★★★ Magnifique suspension et conseil au top à la boutique de Lyon. Merci !",
    ),
    sample(
        "instagram",
        "dm",
        "@atelier.bois.brut",
        54_000,
        "Hello! We love your brand and would like to talk about a collaboration for the spring collection.",
    ),
    sample("tiktok", "comment", "@lumi.addict", 2_300, "C’est quoi l’ampoule dans la vidéo ? On la trouve où ?"),
    sample(
        "x",
        "mention",
        "@amelie_conso",
        128_000,
        "3 semaines d’attente, personne ne répond, j’annule tout. Merci @maisonlumiere…",
    ),
    sample("facebook", "comment", "Graham Poole", 40, "Is the brass version of the Arc lamp back in stock this month?"),
    sample(
        "instagram",
        "comment",
        "@petite.souris.cuisine",
        730,
        "Mon plafonnier fait de la fumée quand je l’allume, c’est dangereux ??",
    ),
    sample(
        "google_reviews",
        "review",
        "Helen M.",
        3,
        "★★ Nice lamp but the parcel came broken and I am still waiting for the replacement.",
    ),
    sample("instagram", "comment", "@deco.nantes", 8_100, "Trop beau ce nouveau coloris terracotta !"),
    sample(
        "facebook",
        "dm",
        "Marius L.",
        20,
        "Bonjour, je suis journaliste et je prépare un sujet sur les luminaires réparables. Qui puis-je contacter ?",
    ),
    sample("x", "mention", "@late_in_leeds", 95, "Order 4471 was promised for Friday. It is Tuesday. Any news?"),
    sample("tiktok", "comment", "@promo.cash.now", 0, "Gagnez 500€ par jour, lien en bio !!!"),
];

impl Sample {
    /// Its network and the message as the sandbox network takes it.
    #[must_use]
    pub fn message(&self) -> (&'static str, NetworkMessage) {
        let kind = match self.kind {
            "dm" => MessageKind::Dm,
            "mention" => MessageKind::Mention,
            "review" => MessageKind::Review,
            _ => MessageKind::Comment,
        };
        let author = NetworkAuthor {
            id: self.handle.trim_start_matches('@').to_lowercase().replace([' ', '.'], "-"),
            name: self.handle.to_owned(),
            url: None,
            followers: self.followers,
        };
        let message =
            NetworkMessage { author, kind, text: self.text.to_owned(), parent_id: None, attachments: Vec::new() };
        (self.network, message)
    }
}

/// Hints: id, English, French; ticked off in this order.
pub const HINTS: [(&str, &str, &str); 6] = [
    (
        "write",
        "Be a customer: choose a network under Customers, write something, send.",
        "Soyez client : choisissez un réseau sous Clients, écrivez, envoyez.",
    ),
    (
        "card",
        "Look at #social in Slack and in Discord: one ticket, one live card in each.",
        "Regardez #social dans Slack et dans Discord : un ticket, une carte vivante dans chacun.",
    ),
    (
        "claim",
        "Press Claim in Discord and watch the Slack card change.",
        "Cliquez sur Je prends dans Discord et voyez la carte Slack changer.",
    ),
    (
        "assign",
        "Type /assign T-1 next in Slack, then “Why?” on the card.",
        "Tapez /assigner T-1 next dans Slack, puis « Pourquoi ? » sur la carte.",
    ),
    (
        "note",
        "Write in the card’s thread: it becomes a note in both chats and never reaches the customer.",
        "Écrivez dans le fil de la carte : c’est une note dans les deux messageries, jamais vue du client.",
    ),
    (
        "time",
        "Move the clock forward: an unanswered ticket reminds its owner, then the lead.",
        "Avancez l’horloge : un ticket sans réponse relance son responsable, puis le pilote.",
    ),
];
