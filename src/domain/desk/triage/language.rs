//! The language of a short post: function words of nine languages first, then the letters of the words that no list holds, and a
//! character model where both leave it open.
//!
//! Short posts are full of addresses, handles and hashtags that look like English: they are taken out before anything is counted.
//! Never a guess about text without letters. Start reading at [`language`].

use std::collections::HashMap;
use std::sync::LazyLock;

use whichlang::{Lang, detect_language};

use super::fold::unaccented;
use super::letters;

/// How much of a text is looked at, in characters: a language shows in far less.
const SAMPLE_CHARS_MAX: usize = 1_000;
/// What the character model's vote is worth, in function words.
const MODEL_VOTE: f32 = 0.8;

pub(super) const WORD_LANGUAGES: [&str; 9] = ["en", "fr", "es", "de", "it", "pt", "nl", "sv", "tr"];

/// Frequent words of each language and words of customer care, in the order of [`WORD_LANGUAGES`]. A word of several languages
/// counts less for each; a word also counts without its accents, as people type it.
pub(super) const WORDS: [&str; WORD_LANGUAGES.len()] = [
    "the and you that is are was for with this have not it's i'm don't can't what my your of to be from they will would \
     just about who get when so how out up all there has been i we he she but or if it on at by an as me do no one like \
     now more his her our their had were them than then these those please thanks thank why where because love good \
     great today really going want know i've you're that's didn't doesn't isn't won't lol its u ur im dont cant never \
     always too very here time day new some any into over only back did should could think make need still after last \
     first off got see go come much happy best people again tomorrow tonight morning night week school why's next big \
     anyone anybody everyone someone something nothing everything waiting wait order parcel package delivery delivered \
     refund account help customer service broken working app update password login phone email days hours money price \
     shop store website sorry bad worst terrible amazing awesome nice video watch follow show game team world life haha \
     hahaha omg wtf yeah yes okay ok gonna wanna gotta she's he's they're we're let's let other being through before \
     same thing things way makes made says said year years two three may most while yet such many own each few down \
     under between",
    "le la les des est et un une pour dans pas que qui vous je tu il elle nous ils du au aux avec ce cette sur mais plus \
     c'est j'ai j'en d'un d'une qu'il qu'on n'est n'a ne se son sa ses mon ma mes ton ta tes votre vos notre nos leur \
     leurs sont été être fait faire quand comme bien tout tous toute très aussi merci bonjour même où alors donc car \
     sans sous chez ça suis va vais peut on ou y en à l'on s'il moi toi lui eux rien jamais toujours encore déjà après \
     avant depuis aujourd'hui demain hier parce quoi pourquoi comment combien ai as avez avons ont était étaient sera \
     pris prise feu reçu reçue arrivé arrivée marche achat acheté achetée mdr ptdr faut veux peux oui non si bon bonne jour commande colis livraison livré livrée remboursement remboursé \
     compte aide client clients cassé panne appli mot passe téléphone jours heures semaine semaines argent prix magasin \
     site désolé nul génial super voir vidéo matin soir nuit monde vie trop vrai vraiment juste autre autres chose \
     choses dire dit passer prendre mettre voilà ouais ouai stp svp bsr bjr slt pk pcq jsuis chui aime adore arrête \
     attends attend reçu personne réponse répondre besoin problème française france est-ce qu'est-ce vas allez regarde \
     merde putain belle beau petit petite grand grande fois année ans deux trois premier première contre pendant vers \
     chaque",
    "el la los las es y un una para en no que por con del se lo al su sus mi mis tu tus te me le les como más pero muy \
     ya está están estoy hay ser soy eres fue son todo todos toda hoy mañana ayer cuando donde dónde qué cómo quién \
     porque sin sobre entre hasta desde yo él ella nosotros ellos usted ustedes gracias hola también sí si esto este \
     esta ese esa eso nos de bueno buenos buenas días mejor nada nunca siempre ahora así a o e tengo tiene tienen hace \
     hacer quiero puede puedo vamos voy va jaja jajaja xd aquí allí otra otro pedido paquete entrega reembolso cuenta \
     ayuda cliente roto funciona teléfono semana dinero precio tienda sitio malo peor genial ver vídeo noche tarde mundo \
     vida verdad otros cosa cosas decir dice dijo hecho pues tan tanto menos ahí porq xq pq tb jajajaja felicidades \
     felicitaciones saludos perdona perdón feliz gente amor amigo amiga amigos casa trabajo año años dos tres primer \
     primera contra durante cada cuál cual cuanto cuánto pa ay mierda joder tío vaya venga dios dulce chicos chicas \
     noticia mismo misma estás estan estamos ellas fin hecha quien sea vez ir lleva",
    "der die das und ist ich nicht ein eine einen einem einer zu den dem des mit auf für von im in es sie er wir ihr du \
     mich mir dich dir uns euch sich auch so wie was wenn dann noch nur schon mal aber oder als am bei nach aus um an \
     war sind hat habe haben bin bist wird werden kann mein meine dein deine sein seine kein keine heute morgen gestern \
     immer sehr mehr hier da doch ja nein bitte danke über unter vor zum zur vom dass daß weil gut man alle alles jetzt \
     wieder warum wo wer gibt geht machen muss will ihn ihm ihre bis durch gegen ohne wurde wäre würde hätte leider \
     endlich ganz gerade viel viele neue neuen bestellung paket lieferung geliefert erstattung konto hilfe kunde kunden \
     kaputt handy woche wochen geld preis laden seite schlecht super toll video abend nacht welt leben wirklich andere \
     anderen sache sagen sagt gesagt mach macht gemacht dankeschön liebe grüße guten freue freut warten warte wartet \
     antwort problem leute schön schöne einfach eigentlich vielleicht gleich klar genau denn deshalb zwei drei jahr \
     jahre erste zwischen während jeder jede jedes diese dieser dieses euer eure unser unsere wieso hallo moin servus \
     kaffee fahren kommt kommen lassen lange gedacht deutschland bitteschön müssen können könnte solche also",
    "il lo la i gli le è e un una uno per di non che in con del della dei delle degli dal dalla nel nella al alla allo \
     agli sul sulla si ma più come mi ti ci vi ne se sono sei siamo hai ho ha hanno questo questa quello quella tutto \
     tutti anche molto oggi domani ieri quando dove perché perchè cosa chi mai sempre solo già ancora poi ora adesso \
     grazie ciao buongiorno buona buon bene essere fare fatto stato era mio mia tuo tua suo sua loro noi voi lui lei io \
     tu da o su tra fra però così quindi senza dopo prima po' c'è cos'è dell'anno l'ho niente nulla nessuno altro altri \
     italia vita giorno ordine pacco consegna rimborso conto aiuto cliente clienti rotto funziona telefono settimana \
     soldi prezzo negozio sito male peggio bello bella video vedere mattina sera notte mondo davvero altra cose dire \
     dice detto scusa scusate auguri buonanotte proprio sembra forse troppo tanto tanti tutta tutte ogni anni due tre \
     primo contro durante mentre qualcuno quanto quale quali quelli queste questi sarà saranno può possiamo vuole voglio \
     devo deve amici amore casa lavoro gente italiani governo siete avete abbiamo stai sta sto stiamo fosse anno",
    "o a os as é e um uma para de não que em com do da dos das no na nos nas se por pelo pela ao à mais mas eu você vc \
     tu ele ela nós eles meu minha seu sua teu tua muito muita já está estou tá tô são foi ser ter tem tenho vai vou \
     isso isto esse essa este esta hoje amanhã ontem quando onde porque pra pro só também como bem tudo todos todo nada \
     nunca sempre agora aqui lá depois antes sem sobre até entre obrigado obrigada bom boa dia gente q me te lhe ou \
     fazer feito pode quero ainda kkk kkkk kkkkk mesmo assim aí né então pedido encomenda entrega reembolso conta ajuda \
     cliente quebrado funciona telefone celular semana dinheiro preço loja site ruim pior ótimo vídeo manhã noite tarde \
     mundo vida verdade outro outra outros coisa coisas dizer diz disse desculpa parabéns amor amigo amiga amigos casa \
     trabalho ano anos dois duas três primeiro primeira contra durante cada qual quanto quantos pq mto mt tb tbm vlw blz \
     pfv msm oq dnv hj ngm alguém ninguém deus foda porra caralho merda pessoal galera demais saudade aff mano cara \
     menina menino tava tinha seria era faz fazendo deixando perder n eh estava cadê",
    "de het een en van ik je niet dat die in te is zijn op voor met aan er maar om ook als bij nog naar uit dan wat wel \
     zo hij ze we wij jij u mij me mijn jouw haar hun ons onze dit deze was heb hebt heeft hebben had ben bent worden \
     wordt werd kan kunnen moet moeten wil gaan gaat ga doen doet heel erg veel meer geen niets nooit altijd vandaag \
     morgen gisteren nu weer al alle alles over onder tot door tegen zonder omdat want toen waar wie hoe waarom hier \
     daar goed leuk mooi dank bedankt toch even echt lekker net eens zou iets iemand mensen jullie zeg zie komt mag \
     beetje bestelling pakket pakketje levering geleverd terugbetaling account hulp klant kapot werkt telefoon week \
     weken geld prijs winkel slecht mooie video avond nacht wereld leven andere dingen zeggen zegt gezegd gedaan sorry \
     morgenochtend leuke lieve fijne vrienden huis werk jaar jaren twee drie eerste tussen tijdens elke ieder zoals \
     hallo hoi welterusten wachten wacht antwoord probleem jammer misschien gewoon alleen samen zelf beter grote kleine \
     nieuwe krijg krijgt komen gekomen laten vind vindt denk denkt ben't hoor zeker steeds inmiddels blijft",
    "och är det jag inte på att som en ett den har med för till av så men om var vi du han hon man kan ska vill mig dig \
     min mitt mina din ditt när vad hur här där från eller bara också mycket tack hej idag imorgon paket beställning \
     aldrig alltid ju nu de dom skulle blir blev nya",
    "bir ve bu çok için değil ben sen biz siz onlar ne mi mı mu mü da de ile gibi daha ama var yok evet hayır \
     teşekkürler lütfen merhaba nasıl neden niye şey kadar sonra önce her hiç bugün yarın dün sipariş kargo olarak olan \
     diye bana sana beni seni ya artık",
];

/// Signs that few of the languages use, with the places of those that do in [`WORD_LANGUAGES`].
const SIGNS: &[(char, &[usize])] = &[
    ('ñ', &[2]),
    ('¿', &[2]),
    ('¡', &[2]),
    ('ß', &[3]),
    ('ä', &[3, 7]),
    ('ö', &[3, 7, 8]),
    ('ü', &[3, 8]),
    ('å', &[7]),
    ('ı', &[8]),
    ('ş', &[8]),
    ('ğ', &[8]),
    ('ã', &[5]),
    ('õ', &[5]),
    ('ç', &[1, 5, 8]),
    ('œ', &[1]),
    ('ê', &[1, 5]),
    ('û', &[1]),
    ('î', &[1]),
    ('ù', &[1, 4]),
    ('ò', &[4]),
    ('ì', &[4]),
    ('è', &[1, 4]),
    ('ó', &[2, 5]),
    ('í', &[2, 5]),
    ('á', &[2, 5]),
    ('ú', &[2, 5]),
];

/// Below so many letters the hashtags are read with the words.
const FEW_LETTERS: usize = 40;
/// What the letters of one unknown word are worth, in function words.
const LETTER_VOTE: f32 = 0.6;
/// How fast a difference of letters becomes a certainty.
const LETTER_SCALE: f32 = 0.5;
/// Unknown words looked at.
const LETTER_WORDS_MAX: usize = 30;
/// Languages that are seldom written here need so much more to be taken, in function words.
const RARE: Votes = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 0.4];

type Votes = [f32; WORD_LANGUAGES.len()];

static WORD_VOTES: LazyLock<HashMap<String, Votes>> = LazyLock::new(|| {
    let mut votes: HashMap<String, Votes> = HashMap::new();
    for (place, words) in WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            votes.entry(word.to_owned()).or_default()[place] = 1.0;
            let bare: String = word.chars().map(unaccented).collect();
            let vote = &mut votes.entry(bare).or_default()[place];
            *vote = vote.max(0.5);
        }
    }
    for vote in votes.values_mut() {
        let languages: f32 = vote.iter().sum::<f32>().max(1.0);
        vote.iter_mut().for_each(|vote| *vote /= languages);
    }
    votes
});

/// The language of a text as an ISO 639-1 code (ar de en es fr hi it ja ko nl pt ru sv tr vi zh), or `None` when it has no letters
/// beside addresses and handles.
#[must_use]
pub fn language(text: &str) -> Option<&'static str> {
    let sample = plain_words(text);
    if !sample.chars().any(char::is_alphabetic) {
        return None;
    }
    let model = code(detect_language(&sample));
    let mut votes = word_votes(&sample);
    letter_votes(&sample, &mut votes);
    for (vote, rare) in votes.iter_mut().zip(RARE) {
        *vote -= rare;
    }
    match WORD_LANGUAGES.iter().position(|known| *known == model) {
        Some(place) => votes[place] += MODEL_VOTE,
        // A script of its own: Latin words in such a text are names.
        None if model != "vi" => return Some(model),
        None if votes.iter().all(|&vote| vote < MODEL_VOTE) => return Some(model),
        None => {}
    }
    let best = votes.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1))?;
    Some(WORD_LANGUAGES[best.0])
}

/// Whether a word, in lower case, is one of the frequent words of any language: it says nothing of what a message is about.
#[must_use]
pub fn is_function_word(word: &str) -> bool {
    WORD_VOTES.contains_key(word)
}

/// Whether a language is told by Latin letters, so that a model trained on some of them may know better.
#[must_use]
pub fn is_latin(language: &str) -> bool {
    WORD_LANGUAGES.contains(&language)
}

/// The text without addresses, handles, retweet marks and, when enough is left without them, hashtags; a letter drawn out is shortened.
fn plain_words(text: &str) -> String {
    let end = text.char_indices().nth(SAMPLE_CHARS_MAX).map_or(text.len(), |(end, _)| end);
    let (mut words, mut hashtags) = (String::with_capacity(end), String::new());
    for word in text[..end].split_whitespace() {
        let start = word.get(..4).unwrap_or_default().to_ascii_lowercase();
        let noise = word.starts_with('@') || start == "http" || start == "www." || word == "RT";
        if noise {
            continue;
        }
        let list = if word.starts_with('#') { &mut hashtags } else { &mut words };
        list.push_str(word.trim_start_matches('#'));
        list.push(' ');
    }
    if words.chars().filter(|char| char.is_alphabetic()).count() < FEW_LETTERS {
        words.push_str(&hashtags);
    }
    shortened(&words)
}

/// "sooooo" as "soo": no language served has a letter three times in a row.
fn shortened(words: &str) -> String {
    let mut kept = String::with_capacity(words.len());
    let (mut before, mut last) = (' ', ' ');
    for char in words.chars() {
        if !(char.is_alphabetic() && char == last && last == before) {
            kept.push(char);
        }
        (before, last) = (last, char);
    }
    kept
}

fn word_votes(sample: &str) -> Votes {
    let mut votes = Votes::default();
    let lower = sample.to_lowercase().replace(['\u{2019}', '\u{2018}', '\u{b4}'], "'");
    for word in lower.split(|char: char| !char.is_alphabetic() && char != '\'').map(|word| word.trim_matches('\'')) {
        let known = WORD_VOTES.get(word).or_else(|| elided(word).and_then(|rest| WORD_VOTES.get(rest)));
        if let Some(known) = known {
            votes.iter_mut().zip(known).for_each(|(vote, known)| *vote += known);
        }
    }
    for char in lower.chars().filter(|char| !char.is_ascii()) {
        if let Some((_, places)) = SIGNS.iter().find(|(sign, _)| *sign == char) {
            for &place in *places {
                votes[place] += 0.5 / places.len() as f32;
            }
        }
    }
    votes
}

/// What the letters of the words say that no list holds.
fn letter_votes(sample: &str, votes: &mut Votes) {
    let mut scores = Votes::default();
    let mut words = 0;
    let lower = sample.to_lowercase();
    for word in lower.split(|char: char| !char.is_alphabetic()).filter(|word| word.len() > 2).take(LETTER_WORDS_MAX) {
        if !WORD_VOTES.contains_key(word) {
            letters::add(&super::fold::folded(word), &mut scores);
            words += 1;
        }
    }
    if words == 0 {
        return;
    }
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shares = scores.map(|score| ((score - most) * LETTER_SCALE).exp());
    let total: f32 = shares.iter().sum();
    let worth = LETTER_VOTE * (words as f32).sqrt();
    votes.iter_mut().zip(shares).for_each(|(vote, share)| *vote += worth * share / total);
}

/// "l'équipe" is "équipe" behind an article: what stands before the apostrophe.
fn elided(word: &str) -> Option<&str> {
    word.split_once('\'').map(|(article, _)| article)
}

fn code(language: Lang) -> &'static str {
    match language {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}
