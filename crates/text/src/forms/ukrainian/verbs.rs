//! Ukrainian conjugation: both conjugations with their changed consonants, past, imperative, participles, -ся.

use super::Cuts;

const PRESENT_ON_VOWEL: &[&str] = &["ю", "єш", "є", "ємо", "єм", "єте", "ють", "й", "йте", "ймо", "ючи"];
const PRESENT_FIRST: &[&str] = &["у", "еш", "е", "емо", "ем", "ете", "уть", "и", "іть", "імо", "учи"];
const PRESENT_SECOND: &[&str] =
    &["у", "иш", "ить", "имо", "им", "ите", "ять", "ать", "и", "іть", "ь", "ьте", "ячи", "ачи"];
/// Behind the infinitive: працюватиму.
const FUTURE: &[&str] = &["му", "меш", "ме", "мемо", "мем", "мете", "муть"];
const PAST: &[&str] = &["в", "ла", "ло", "ли", "вши"];
const PARTICIPLE: &[&str] = &["о", "ий", "ого", "ому", "им", "ім", "а", "ої", "ій", "у", "ою", "е", "і", "их", "ими"];

pub(super) const CUTS: Cuts = &[
    ("увала", &["увати"]),
    ("ували", &["увати"]),
    ("ував", &["увати"]),
    ("уємо", &["увати"]),
    ("ують", &["увати"]),
    ("ує", &["увати"]),
    ("ую", &["увати"]),
    ("юють", &["ювати"]),
    ("ює", &["ювати"]),
    ("юю", &["ювати"]),
    ("ають", &["ати"]),
    ("яють", &["яти"]),
    ("іють", &["іти"]),
    ("ає", &["ати"]),
    ("яє", &["яти"]),
    ("аю", &["ати"]),
    ("іє", &["іти"]),
    ("ала", &["ати"]),
    ("али", &["ати"]),
    ("ало", &["ати"]),
    ("яла", &["яти"]),
    ("яли", &["яти"]),
    ("ила", &["ити"]),
    ("или", &["ити"]),
    ("ило", &["ити"]),
    ("іла", &["іти"]),
    ("іли", &["іти"]),
    ("нула", &["нути"]),
    ("нули", &["нути"]),
    ("нув", &["нути"]),
    ("не", &["нути"]),
    ("нуть", &["нути"]),
    ("ить", &["ити"]),
    ("ять", &["ити"]),
    ("ав", &["ати"]),
    ("яв", &["яти"]),
    ("ив", &["ити"]),
];

/// All forms of a verb in the infinitive; `None` for other words.
pub(super) fn paradigm(lemma: &str) -> Option<Vec<String>> {
    if lemma.chars().count() < 5 {
        return None;
    }
    if let Some(active) = lemma.strip_suffix("ся").or_else(|| lemma.strip_suffix("сь")) {
        let forms = paradigm(active)?;
        let mut reflexive = Vec::with_capacity(forms.len() * 2);
        for form in std::iter::once(active.to_owned()).chain(forms) {
            if form.ends_with(['є', 'е']) {
                reflexive.push(format!("{form}ться"));
            }
            reflexive.push(format!("{form}сь"));
            reflexive.push(format!("{form}ся"));
        }
        return Some(reflexive);
    }
    let past_stem = lemma.strip_suffix("ти")?;
    let theme = past_stem.chars().last()?;
    let root = &past_stem[..past_stem.len() - theme.len_utf8()];
    let mut forms = Vec::with_capacity(48);
    let mut put = |stem: &str, endings: &[&str]| forms.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
    put(lemma, FUTURE);
    match theme {
        'а' | 'я' => {
            put(past_stem, PAST);
            put(&format!("{past_stem}н"), PARTICIPLE);
            if let Some(stem) = root.strip_suffix('в').filter(|stem| stem.ends_with(['у', 'ю'])) {
                // працювати, працюю
                put(stem, PRESENT_ON_VOWEL);
                // блокувати, заблоковано
                let root = &stem[..stem.len() - 'у'.len_utf8()];
                put(&format!("{root}{}ван", if stem.ends_with('у') { "о" } else { "ьо" }), PARTICIPLE);
            } else {
                put(past_stem, PRESENT_ON_VOWEL);
                // писати, пишу
                put(&softened(root), PRESENT_FIRST);
                if root.ends_with(super::is_sibilant) {
                    // кричати, кричить
                    put(root, PRESENT_SECOND);
                }
            }
        }
        'и' => {
            put(past_stem, PAST);
            put(root, PRESENT_SECOND);
            let soft = softened(root);
            // плачу, люблю; люблять; оплачено
            put(&soft, &["у", "ю", "ять"]);
            put(&format!("{soft}ен"), PARTICIPLE);
        }
        'і' => {
            put(past_stem, PAST);
            put(past_stem, PRESENT_ON_VOWEL);
            put(root, PRESENT_SECOND);
            put(&softened(root), &["у", "ю"]);
        }
        'у' if root.ends_with('н') => {
            put(past_stem, PAST);
            put(&format!("{past_stem}т"), PARTICIPLE);
            put(root, PRESENT_FIRST);
            // зникнути, зник, зникла
            if let Some(stem) = root.strip_suffix('н') {
                put(stem, &["", "ла", "ло", "ли", "ши"]);
            }
        }
        _ if crate::forms::alphabet::is_consonant(theme) => {
            put(past_stem, &["", "ла", "ло", "ли", "ши"]);
            put(past_stem, PRESENT_FIRST);
        }
        _ => return None,
    }
    Some(forms)
}

/// The root before -у and -ю: платити, плачу; любити, люблю; просити, прошу.
fn softened(root: &str) -> String {
    const CHANGES: &[(&str, &str)] = &[
        ("ст", "щ"),
        ("ск", "щ"),
        ("зд", "ждж"),
        ("т", "ч"),
        ("д", "дж"),
        ("с", "ш"),
        ("з", "ж"),
        ("к", "ч"),
        ("г", "ж"),
        ("х", "ш"),
        ("б", "бл"),
        ("п", "пл"),
        ("в", "вл"),
        ("м", "мл"),
        ("ф", "фл"),
    ];
    CHANGES
        .iter()
        .find_map(|(from, to)| root.strip_suffix(from).map(|stem| format!("{stem}{to}")))
        .unwrap_or_else(|| root.to_owned())
}
