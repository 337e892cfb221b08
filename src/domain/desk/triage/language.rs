//! The language of a short post: function words of seven languages first, a character model where they do not decide.
//!
//! Short posts are full of addresses, handles and hashtags that look like English: they are taken out before anything is counted.
//! Never a guess about text without letters. Start reading at [`language`].

use std::collections::HashMap;
use std::sync::LazyLock;

use whichlang::{Lang, detect_language};

/// How much of a text is looked at, in characters: a language shows in far less.
const SAMPLE_CHARS_MAX: usize = 1_000;
/// What the character model's vote is worth, in function words.
const MODEL_VOTE: f32 = 1.5;

const WORD_LANGUAGES: [&str; 7] = ["en", "fr", "es", "de", "it", "pt", "nl"];

/// Frequent words of each language, in the order of [`WORD_LANGUAGES`]. A word of several languages counts less for each.
const WORDS: [&str; 7] = [
    "the and you that is are was for with this have not it's i'm don't can't what my your of to be from they will would just about who \
     get when so how out up all there has been i we he she but or if it on at by an as me do no one like now more his her our their \
     had were them than then these those please thanks thank why where because love good great today really going want know i've you're \
     that's didn't doesn't isn't won't lol it its u ur im dont cant never always too very here time day new some any into over only back \
     did should could think make need still after last first off got see go come much happy best people",
    "le la les des est et un une pour dans pas que qui vous je tu il elle nous ils du au aux avec ce cette sur mais plus c'est j'ai \
     j'en d'un d'une qu'il qu'on n'est n'a ne se son sa ses mon ma mes ton ta tes votre vos notre nos leur leurs sont été être fait \
     faire quand comme bien tout tous toute très aussi merci bonjour même où alors donc car sans sous chez ça suis va vais peut on ou \
     y en à l'on s'il moi toi lui eux rien jamais toujours encore déjà après avant depuis aujourd'hui demain hier parce quoi \
     pourquoi comment combien ai as avez avons ont était étaient sera mdr ptdr faut veux peux oui non si bon bonne jour",
    "el la los las es y un una para en no que por con del se lo al su sus mi mis tu tus te me le les como más pero muy ya está están \
     estoy hay ser soy eres fue son todo todos toda hoy mañana ayer cuando donde dónde qué cómo quién porque sin sobre entre hasta desde \
     yo él ella nosotros ellos usted ustedes gracias hola también sí si esto este esta ese esa eso nos de bueno buenos buenas días mejor \
     nada nunca siempre ahora así a o e tengo tiene tienen hace hacer quiero puede puedo vamos voy va jaja jajaja xd aquí allí otra otro",
    "der die das und ist ich nicht ein eine einen einem einer zu den dem des mit auf für von im in es sie er wir ihr du mich mir dich dir \
     uns euch sich auch so wie was wenn dann noch nur schon mal aber oder als am bei nach aus um an war sind hat habe haben bin bist \
     wird werden kann mein meine dein deine sein seine kein keine heute morgen gestern immer sehr mehr hier da doch ja nein bitte danke \
     über unter vor zum zur vom dass daß weil gut man alle alles jetzt wieder warum wo wer gibt geht machen muss will ihn ihm ihre \
     bis durch gegen ohne wurde wäre würde hätte leider endlich ganz gerade viel viele neue neuen",
    "il lo la i gli le è e un una uno per di non che in con del della dei delle degli dal dalla nel nella al alla allo agli sul sulla si ma \
     più come mi ti ci vi ne se sono sei siamo hai ho ha hanno questo questa quello quella tutto tutti anche molto oggi domani ieri \
     quando dove perché perchè cosa chi mai sempre solo già ancora poi ora adesso grazie ciao buongiorno buona buon bene essere fare fatto \
     stato era mio mia tuo tua suo sua loro noi voi lui lei io tu da o su tra fra però così quindi senza dopo prima po' c'è cos'è \
     dell'anno l'ho non niente nulla nessuno altro altri italia vita giorno",
    "o a os as é e um uma para de não que em com do da dos das no na nos nas se por pelo pela ao à mais mas eu você vc tu ele ela nós eles \
     meu minha seu sua teu tua muito muita já está estou tá tô são foi ser ter tem tenho vai vou isso isto esse essa este esta hoje amanhã \
     ontem quando onde porque pra pro só também como bem tudo todos todo nada nunca sempre agora aqui lá depois antes sem sobre até entre \
     obrigado obrigada bom boa dia gente q me te lhe ou fazer feito pode quero ainda kkk kkkk kkkkk mesmo assim aí né então",
    "de het een en van ik je niet dat die in te is zijn op voor met aan er maar om ook als bij nog naar uit dan wat wel zo hij ze we wij \
     jij u mij me mijn jouw zijn haar hun ons onze dit deze die was heb hebt heeft hebben had ben bent worden wordt werd kan kunnen moet \
     moeten wil gaan gaat ga doen doet heel erg veel meer geen niets nooit altijd vandaag morgen gisteren nu weer al alle alles over \
     onder tot door tegen zonder omdat want toen waar wie hoe waarom hier daar goed leuk mooi dank bedankt toch even echt lekker net \
     eens zou iets iemand mensen jullie zeg zie komt mag beetje",
];

/// Signs that few of the languages use, with the places of those that do in [`WORD_LANGUAGES`].
const SIGNS: &[(char, &[usize])] = &[
    ('ñ', &[2]),
    ('¿', &[2]),
    ('¡', &[2]),
    ('ß', &[3]),
    ('ä', &[3]),
    ('ö', &[3]),
    ('ü', &[3]),
    ('ã', &[5]),
    ('õ', &[5]),
    ('ç', &[1, 5]),
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

type Votes = [f32; WORD_LANGUAGES.len()];

static WORD_VOTES: LazyLock<HashMap<&'static str, Votes>> = LazyLock::new(|| {
    let mut votes: HashMap<&'static str, Votes> = HashMap::new();
    for (place, words) in WORDS.iter().enumerate() {
        for word in words.split_whitespace() {
            votes.entry(word).or_default()[place] = 1.0;
        }
    }
    for vote in votes.values_mut() {
        let languages: f32 = vote.iter().sum();
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
    match WORD_LANGUAGES.iter().position(|known| *known == model) {
        Some(place) => votes[place] += MODEL_VOTE,
        // Another script, which no function word can outvote, or another Latin language, which two can.
        None if votes.iter().all(|&vote| vote < MODEL_VOTE) => return Some(model),
        None => {}
    }
    let best = votes.iter().enumerate().max_by(|left, right| left.1.total_cmp(right.1))?;
    Some(WORD_LANGUAGES[best.0])
}

/// The text without addresses, handles and retweet marks; hashtags lose their sign.
fn plain_words(text: &str) -> String {
    let end = text.char_indices().nth(SAMPLE_CHARS_MAX).map_or(text.len(), |(end, _)| end);
    let mut words = String::with_capacity(end);
    for word in text[..end].split_whitespace() {
        let lower_start = word.get(..4).unwrap_or_default().to_ascii_lowercase();
        let noise = word.starts_with('@') || lower_start == "http" || lower_start == "www." || word == "RT";
        if !noise {
            words.push_str(word);
            words.push(' ');
        }
    }
    words
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
