//! English forms: made by rule and kept when the Porter2 stemmer takes them for the same word.

use frostem::{Algorithm, Stemmer};
use molva_domain::Language;

use super::lexeme::{Lexeme, Origin};

/// Words whose forms no rule makes, the lemma first. Verbs and nouns that people write about brands.
const IRREGULAR: &[&[&str]] = &[
    &["be", "am", "is", "are", "was", "were", "been", "being"],
    &["have", "has", "had", "having"],
    &["do", "does", "did", "done", "doing"],
    &["go", "goes", "went", "gone", "going"],
    &["become", "becomes", "became", "becoming"],
    &["begin", "begins", "began", "begun", "beginning"],
    &["break", "breaks", "broke", "broken", "breaking"],
    &["bring", "brings", "brought", "bringing"],
    &["build", "builds", "built", "building"],
    &["buy", "buys", "bought", "buying", "buyer", "buyers"],
    &["catch", "catches", "caught", "catching"],
    &["choose", "chooses", "chose", "chosen", "choosing"],
    &["come", "comes", "came", "coming"],
    &["cut", "cuts", "cutting"],
    &["deal", "deals", "dealt", "dealing"],
    &["die", "dies", "died", "dying"],
    &["draw", "draws", "drew", "drawn", "drawing"],
    &["drink", "drinks", "drank", "drunk", "drinking"],
    &["drive", "drives", "drove", "driven", "driving"],
    &["eat", "eats", "ate", "eaten", "eating"],
    &["fall", "falls", "fell", "fallen", "falling"],
    &["feel", "feels", "felt", "feeling"],
    &["fight", "fights", "fought", "fighting"],
    &["find", "finds", "found", "finding"],
    &["fly", "flies", "flew", "flown", "flying"],
    &["forget", "forgets", "forgot", "forgotten", "forgetting"],
    &["freeze", "freezes", "froze", "frozen", "freezing"],
    &["get", "gets", "got", "gotten", "getting"],
    &["give", "gives", "gave", "given", "giving"],
    &["grow", "grows", "grew", "grown", "growing"],
    &["hear", "hears", "heard", "hearing"],
    &["hide", "hides", "hid", "hidden", "hiding"],
    &["hold", "holds", "held", "holding"],
    &["keep", "keeps", "kept", "keeping"],
    &["know", "knows", "knew", "known", "knowing"],
    &["lead", "leads", "led", "leading"],
    &["leave", "leaves", "left", "leaving"],
    &["lend", "lends", "lent", "lending"],
    &["lie", "lies", "lied", "lying"],
    &["lose", "loses", "lost", "losing"],
    &["make", "makes", "made", "making"],
    &["mean", "means", "meant", "meaning"],
    &["meet", "meets", "met", "meeting"],
    &["pay", "pays", "paid", "paying"],
    &["put", "puts", "putting"],
    &["read", "reads", "reading"],
    &["ride", "rides", "rode", "ridden", "riding"],
    &["run", "runs", "ran", "running"],
    &["say", "says", "said", "saying"],
    &["see", "sees", "saw", "seen", "seeing"],
    &["sell", "sells", "sold", "selling"],
    &["send", "sends", "sent", "sending"],
    &["set", "sets", "setting"],
    &["show", "shows", "showed", "shown", "showing"],
    &["shut", "shuts", "shutting"],
    &["speak", "speaks", "spoke", "spoken", "speaking"],
    &["spend", "spends", "spent", "spending"],
    &["stand", "stands", "stood", "standing"],
    &["steal", "steals", "stole", "stolen", "stealing"],
    &["swim", "swims", "swam", "swum", "swimming"],
    &["take", "takes", "took", "taken", "taking"],
    &["teach", "teaches", "taught", "teaching"],
    &["tell", "tells", "told", "telling"],
    &["think", "thinks", "thought", "thinking"],
    &["throw", "throws", "threw", "thrown", "throwing"],
    &["understand", "understands", "understood", "understanding"],
    &["wear", "wears", "wore", "worn", "wearing"],
    &["win", "wins", "won", "winning"],
    &["write", "writes", "wrote", "written", "writing"],
    &["child", "children", "child's", "children's"],
    &["foot", "feet"],
    &["goose", "geese"],
    &["half", "halves"],
    &["knife", "knives", "knife's"],
    &["leaf", "leaves"],
    &["life", "lives", "life's"],
    &["man", "men", "man's", "men's"],
    &["mouse", "mice"],
    &["person", "people", "persons", "person's", "people's"],
    &["shelf", "shelves"],
    &["thief", "thieves"],
    &["tooth", "teeth"],
    &["wife", "wives", "wife's"],
    &["wolf", "wolves"],
    &["woman", "women", "woman's", "women's"],
    &["bad", "worse", "worst"],
    &["good", "better", "best"],
];

/// The English words a form may belong to; the word itself first.
pub(super) fn lexemes(form: &str) -> Vec<Lexeme> {
    let irregular: Vec<_> =
        IRREGULAR.iter().filter(|forms| forms.contains(&form)).map(|forms| of_table(forms)).collect();
    if !irregular.is_empty() {
        return irregular;
    }
    let base = form.strip_suffix("'s").unwrap_or(form);
    let stemmer = Stemmer::new(Algorithm::English);
    let stem = stemmer.stem(base).into_owned();
    // The forms of the word itself and of the word it may be a form of; what is not the same word is weeded out.
    let mut forms = with_endings(base);
    for other in bases(base) {
        if stemmer.stem(&other) == stem {
            forms.extend(with_endings(&other));
            forms.push(other);
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms.retain(|candidate| {
        let bare = candidate.strip_suffix("'s").unwrap_or(candidate);
        bare == base || stemmer.stem(bare) == stem
    });
    forms.extend(certain_plurals(base));
    vec![english(base.to_owned(), forms)]
}

/// A row of the table, and what the word takes besides: goods, man's.
fn of_table(forms: &[&str]) -> Lexeme {
    let lemma = forms[0];
    let regular = ["s", "'s"].iter().map(|ending| format!("{lemma}{ending}"));
    english(lemma.to_owned(), forms.iter().map(|form| (*form).to_owned()).chain(regular).collect())
}

/// Where the stemmer takes a plural for another word: buses, analyses.
fn certain_plurals(word: &str) -> Vec<String> {
    let mut forms = Vec::new();
    if let Some(stem) = word.strip_suffix("sis").filter(|stem| stem.len() >= 2) {
        forms.push(format!("{stem}ses"));
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) && word.len() >= 3 {
        forms.push(format!("{word}es"));
    }
    for (plural, singular) in [("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")] {
        let singular = word.strip_suffix(plural).filter(|stem| stem.len() >= 2).map(|stem| format!("{stem}{singular}"));
        // Cases has lost its e, not a bus's.
        forms.extend(singular.filter(|word| !word.ends_with('s') || word.ends_with("us") || word.ends_with("ss")));
    }
    forms
}

fn english(lemma: String, forms: Vec<String>) -> Lexeme {
    Lexeme::new(lemma, Some(Language::ENGLISH), Origin::Rules, forms)
}

/// Endings put on a word, right and wrong ones alike.
fn with_endings(word: &str) -> Vec<String> {
    let mut forms: Vec<String> =
        ["s", "'s", "es", "ed", "ing"].iter().map(|ending| format!("{word}{ending}")).collect();
    if let Some(stem) = word.strip_suffix('y') {
        forms.extend(["ies", "ied"].iter().map(|ending| format!("{stem}{ending}")));
    }
    if let Some(stem) = word.strip_suffix('e') {
        forms.extend(["ed", "ing"].iter().map(|ending| format!("{stem}{ending}")));
    } else if let Some(last) = word.chars().last().filter(|last| "bdgklmnprtvz".contains(*last)) {
        forms.extend(["ed", "ing"].iter().map(|ending| format!("{word}{last}{ending}")));
    }
    forms
}

/// What a form may be made of: banks -> bank, stopped -> stop, making -> make, stories -> story.
fn bases(form: &str) -> Vec<String> {
    let mut bases = Vec::new();
    for (ending, instead) in
        [("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")]
    {
        // Its is no form of it.
        let shortest = if ending == "s" { 3 } else { 2 };
        let Some(stem) = form.strip_suffix(ending).filter(|stem| stem.len() >= shortest) else { continue };
        bases.push(format!("{stem}{instead}"));
        let bytes = stem.as_bytes();
        if instead.is_empty() && ending.len() > 1 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] {
            bases.push(stem[..stem.len() - 1].to_owned());
        }
    }
    bases
}
