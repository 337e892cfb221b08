// Invented people and messages for the customers' pane. Nobody here exists.

/** Who may write. */
export const PERSONAS = [
  { id: "u_marie", name: "Marie Delorme", handle: "marie.d", followers: 312, lang: "fr" },
  { id: "u_tom", name: "Tom Whitfield", handle: "tomwhit", followers: 89, lang: "en" },
  { id: "u_ines", name: "Inès Barka", handle: "ines.b.style", followers: 48200, lang: "fr" },
  { id: "u_priya", name: "Priya Raman", handle: "priya_reviews", followers: 15800, lang: "en" },
  { id: "u_luc", name: "Luc Ferrand", handle: "lucferrand", followers: 27, lang: "fr" },
  { id: "u_gazette", name: "La Gazette du Commerce", handle: "gazettecommerce", followers: 126000, lang: "fr" },
  { id: "u_olu", name: "Olu Adeyemi", handle: "olu_a", followers: 640, lang: "en" },
  { id: "u_spam", name: "Crypto Gains 4 U", handle: "gains4u_77", followers: 3, lang: "en" },
];

/** What they may write: [language, network, kind, text]. */
export const SAMPLES = [
  ["fr", "instagram", "comment", "3 semaines d’attente pour ma lampe, personne ne répond, j’annule tout si ça continue 😡"],
  ["en", "x", "mention", "Your checkout has been throwing an error all morning and I can’t pay. Anyone awake over there?"],
  ["fr", "facebook", "dm", "Bonjour, j’ai reçu le mauvais coloris (beige au lieu de vert sapin). Comment faire l’échange ?"],
  ["en", "instagram", "dm", "Hi! Is the walnut desk coming back in stock before the end of the month? I need two of them."],
  ["fr", "google_reviews", "review", "★☆☆☆☆ Le chargeur chauffe énormément, il a presque brûlé ma table. C’est dangereux, arrêtez de le vendre."],
  ["en", "google_reviews", "review", "★★★★★ Lovely shop, the assistant took twenty minutes to explain the differences. Will be back!"],
  ["fr", "tiktok", "comment", "Vous faites des partenariats ? Je prépare une vidéo déco pour la rentrée 👀"],
  ["fr", "x", "mention", "Nous préparons un article sur les délais de livraison des marques françaises. Qui peut répondre à nos questions aujourd’hui ?"],
  ["en", "facebook", "comment", "Order 20418 says delivered but nothing arrived and the parcel locker is empty. Please help."],
  ["fr", "instagram", "comment", "Merci pour la réponse ultra rapide hier, commande reçue et parfaite ❤️"],
  ["en", "mastodon", "mention", "Why does your app ask for my contacts? I would like to know what you store about me before I sign up."],
  ["en", "x", "comment", "🔥 EARN 500€ A DAY FROM HOME 🔥 message me now http://example.com/not-a-scam"],
  ["fr", "facebook", "comment", "Mot de passe oublié, le mail de réinitialisation n’arrive jamais. Ça fait quatre fois que j’essaie."],
  ["en", "tiktok", "comment", "does the small one fit under an airplane seat? asking before I buy"],
  ["fr", "linkedin", "comment", "La déclaration de votre directrice générale sur le télétravail mérite une clarification."],
];
