//! Queries as people write them in other products, and what becomes of them.

use molva_domain::Language;
use proptest::prelude::*;

use crate::dialects::{Dialect, import};
use crate::parse;

/// A foreign query, ours, and the notes: `lost` or `changed` with the place; `forms` for the one that tells of word forms.
type Example = (&'static str, &'static str, &'static [&'static str]);

fn check(dialect: Dialect, examples: &[Example]) {
    for (foreign, ours, notes) in examples {
        let imported = import(dialect, foreign);
        let told: Vec<_> = imported
            .notes
            .iter()
            .map(|note| match note.message(Language::ENGLISH) {
                message if message.starts_with("words are found here in every form") => "forms".to_owned(),
                _ => format!("{} {}", note.severity.name(), note.written),
            })
            .collect();
        assert_eq!(
            (imported.query.as_str(), told),
            (*ours, notes.iter().map(|note| (*note).to_owned()).collect()),
            "{foreign}"
        );
        for note in &imported.notes {
            assert!(foreign[note.span.clone()].starts_with(note.written.trim_end_matches('…')));
        }
        let usable = !notes.iter().any(|note| *note == format!("lost {foreign}"));
        assert_eq!(parse(ours).query.is_some(), usable, "{ours}");
    }
}

#[rustfmt::skip]
const BRANDWATCH: &[Example] = &[
    ("apple", "apple", &["forms"]),
    ("\"apple juice\"", "\"apple juice\"", &[]),
    ("apple AND (juice OR cider) NOT pie", "apple (juice OR cider) NOT =pie", &["forms"]),
    ("(apple OR orange) NEAR/5 (smartphone OR phone)", "(apple OR orange) NEAR/6 (smartphone OR phone)", &["forms"]),
    ("logitech NEAR/2f keyboard", "logitech ONEAR/3 keyboard", &["forms"]),
    ("\"apple juice\"~5", "\"apple juice\"~5", &["changed \"apple juice\"~5"]),
    ("(apple AND juice)~3", "apple NEAR/4 juice", &["forms"]),
    ("(apple AND juice AND pie)~3", "apple NEAR/4 juice NEAR/4 pie", &["forms", "changed (apple AND juice AND pie)~3"]),
    ("{Apple} AND phone", "==Apple phone", &["forms"]),
    ("{Apple Watch}", "\"==Apple ==Watch\"", &[]),
    ("raw:Google+", "==Google+", &["changed raw:Google+"]),
    ("raw:\"H&M\"", "==H&M", &["changed raw:\"H&M\""]),
    ("title:билайн", "title:билайн", &["forms"]),
    ("title:(билайн OR \"нет связи\") AND интернет", "(title:билайн OR title:\"нет связи\") интернет", &["forms"]),
    ("site:twitter.com AND \"apple juice\"", "site:twitter.com \"apple juice\"", &[]),
    ("url:\"msn.com/news\" AND \"Simon Cowell\"", "url:msn.com/news \"Simon Cowell\"", &[]),
    ("links:msn.com", "link:msn.com", &[]),
    ("author:BMW OR at_mentions:BMW", "author:BMW OR @BMW", &[]),
    ("(билайн OR beeline) AND language:ru AND country:russia", "(билайн OR beeline) lang:ru", &["forms", "lost country:russia"]),
    ("engagementType:RETWEET", "kind:repost", &[]),
    ("beeline NOT engagementType:(RETWEET OR QUOTE)", "beeline NOT (kind:repost OR kind:quote)", &["forms"]),
    ("authorFollowers:[1000 TO 50000] AND билайн", "followers:1000..50000 билайн", &["forms"]),
    ("rating:[1 TO 2] AND билайн", "rating:1..2 билайн", &["forms"]),
    ("банк* NOT (вакансия OR резюме)", "банк* NOT (=вакансия OR =резюме)", &[]),
    ("*банк", "", &["lost *банк", "lost *банк"]),
    ("те*фон", "", &["lost те*фон", "lost те*фон"]),
    ("<<<brand>>> билайн OR <<<latin>>> beeline", "билайн OR beeline", &["lost <<<brand>>>", "forms", "lost <<<latin>>>"]),
    ("ме* OR билайн", "билайн", &["lost ме*", "forms"]),
    ("билайн NOT (мега AND country:russia)", "билайн", &["forms", "lost (мега AND country:russia)", "lost country:russia"]),
    ("билайн NEAR/5 (плохо AND связь)", "билайн (плохо связь)", &["forms", "changed билайн NEAR/5 (плохо AND связь)"]),
    ("билайн NEAR/150 связь", "билайн связь", &["forms", "changed билайн NEAR/150 связь"]),
    ("#билайн OR @beeline_rus", "#билайн OR @beeline_rus", &[]),
    ("hashtags:билайн", "#билайн", &[]),
    ("subreddit:ukraine AND kyivstar", "community:reddit/ukraine kyivstar", &["changed subreddit:ukraine", "forms"]),
    ("authorVerified:true AND мтс", "verified:yes мтс", &["forms"]),
    ("minuteOfDay:[600 TO 659] AND билайн", "hour:10..10 билайн", &["changed minuteOfDay:[600 TO 659]", "forms"]),
    ("билайн AND latitude:[50 TO 60]", "билайн", &["forms", "lost latitude:[50 TO 60]"]),
    ("дом.ру OR \"дом ру\"", "дом.ру OR \"дом ру\"", &["forms"]),
    ("билайн (", "билайн", &["forms", "changed ("]),
    ("билайн AND AND связь", "билайн связь", &["forms", "lost AND"]),
    ("country:russia", "", &["lost country:russia", "lost country:russia"]),
    ("NOT билайн", "NOT =билайн", &["lost NOT билайн"]),
    ("(Tele2 OR \"Теле 2\") NEAR/3 (интернет* OR связ*) NOT site:tele2.ru", "(Tele2 OR \"Теле 2\") NEAR/4 (интернет* OR связ*) NOT site:tele2.ru", &["forms"]),
    ("tv AND \"M&M's\"", "tv \"M&M's\"", &["forms"]),
    ("foo:bar AND билайн", "билайн", &["lost foo:bar", "forms"]),
];

#[rustfmt::skip]
const YOUSCAN: &[Example] = &[
    ("билайн OR beeline", "билайн OR beeline", &[]),
    ("puma AND sneakers", "puma sneakers", &[]),
    ("coca /1 cola", "coca NEAR/1 cola", &[]),
    ("hand /2 cream", "hand NEAR/2 cream", &[]),
    ("(Ferrari OR McLaren) AND racecar", "(Ferrari OR McLaren) racecar", &[]),
    ("\"La Roche Posay\"", "\"La Roche Posay\"", &[]),
    ("(burger OR hamburger) AND NOT mushroom /2 sauce", "(burger OR hamburger) NOT (mushroom NEAR/2 sauce)", &[]),
    ("Mask -movie -\"Jim Carray\"", "Mask NOT movie NOT \"Jim Carray\"", &[]),
    ("comp*", "comp*", &[]),
    ("<<< конкуренты >>> мтс OR мегафон", "мтс OR мегафон", &["lost <<< конкуренты >>>"]),
    ("билайн связь -(вакансия OR резюме)", "билайн связь NOT (вакансия OR резюме)", &[]),
    ("(билайн OR beeline) /3 (связь OR интернет)", "(билайн OR beeline) NEAR/3 (связь OR интернет)", &[]),
    ("\"Билайн\"", "\"Билайн\"", &[]),
    ("#билайн", "#билайн", &[]),
    ("@beeline", "@beeline", &[]),
    ("author:\"ivan_petrov\" билайн", "author:ivan_petrov билайн", &[]),
    ("title:билайн", "title:билайн", &[]),
    ("\"нет связи\"~5", "\"нет связи\"~5", &["changed \"нет связи\"~5"]),
    ("source:vk.com билайн", "network:vk билайн", &[]),
    ("билайн country:Россия", "билайн", &["lost country:Россия"]),
    ("+мтс связь", "=мтс связь", &[]),
    ("lang:uk київстар", "lang:uk київстар", &[]),
    ("type:comment київстар", "kind:comment київстар", &[]),
    ("h&m", "h&m", &["changed h&m"]),
    ("100%", "100%", &["changed 100%"]),
    ("C++ разработчик", "C++ разработчик", &["changed C++"]),
    ("киевстар or київстар or kyivstar", "киевстар OR київстар OR kyivstar", &[]),
    ("дом.ру", "дом.ру", &[]),
];

#[rustfmt::skip]
const TALKWALKER: &[Example] = &[
    ("BMW AND bike", "BMW bike", &["forms"]),
    ("BMW AND NOT bike", "BMW NOT =bike", &["forms"]),
    ("chocolate -swiss", "chocolate NOT =swiss", &["forms"]),
    ("BMW -site:\"mysite.com\"", "BMW NOT site:mysite.com", &["forms"]),
    ("\"BMW series\"", "\"BMW series\"", &[]),
    ("BlackBerry site:\"www.cnet.com\" site:\"bild.de\"", "BlackBerry (site:www.cnet.com OR site:bild.de)", &["forms", "changed site:\"bild.de\""]),
    ("BMW AND (motorcycle OR car)", "BMW (motorcycle OR car)", &["forms"]),
    ("Luxemb*", "Luxemb*", &[]),
    ("w?men", "w?men", &[]),
    ("\"apple juice\"~5", "\"apple juice\"~5", &["changed \"apple juice\"~5"]),
    ("apple NEAR/5 juice", "apple NEAR/6 juice", &["forms"]),
    ("apple ONEAR/3 juice", "apple ONEAR/4 juice", &["forms"]),
    ("+\"e-mail\"", "=e-mail", &[]),
    ("++\"Orange\"", "==Orange", &[]),
    ("title:\"Deutsche Bank\"", "title:\"Deutsche Bank\"", &[]),
    ("lang:de AND sourcetype:SOCIALMEDIA_TWITTER AND bmw", "lang:de network:x bmw", &["forms"]),
    ("sourcecountry:lu AND bank", "bank", &["lost sourcecountry:lu", "forms"]),
    ("hashtag:bmw OR mention:bmw", "#bmw OR @bmw", &[]),
    ("bmw AND engagement:>100", "bmw", &["forms", "lost engagement:>100"]),
    ("билайн связь", "билайн связь", &["changed билайн связь", "forms"]),
    ("is:retweet AND bmw", "kind:repost bmw", &["forms"]),
    ("bmw AND NOT is:retweet", "bmw NOT kind:repost", &["forms"]),
    ("reach:>1000", "", &["lost reach:>1000", "lost reach:>1000"]),
    ("author:\"John Smith\"", "author:\"John Smith\"", &[]),
    ("(billion OR million) NEAR/3 dollar*", "(billion OR million) NEAR/4 dollar*", &["forms"]),
    ("domainurl:\"spiegel.de\" AND bank", "site:spiegel.de bank", &["forms"]),
    ("posttype:(IMAGE OR VIDEO) AND bmw", "(has:image OR has:video) bmw", &["forms"]),
    ("flag:matchinurls AND bmw", "bmw", &["lost flag:matchinurls", "forms"]),
];

#[rustfmt::skip]
const MELTWATER: &[Example] = &[
    ("apple and watch", "apple watch", &["forms"]),
    ("Apple NOT \"apple juice\"", "Apple NOT \"apple juice\"", &["forms"]),
    ("Apple NEAR watch", "Apple NEAR/5 watch", &["forms"]),
    ("Apple near/10 watch", "Apple NEAR/11 watch", &["forms"]),
    ("Apple ONEAR watch", "Apple ONEAR/5 watch", &["forms"]),
    ("Apple onear/10 watch", "Apple ONEAR/11 watch", &["forms"]),
    ("apple AND (watch OR iwatch) NOT (\"apple sauce\" OR \"apple juice\" OR \"apple orchard*\")", "apple (watch OR iwatch) NOT (\"apple sauce\" OR \"apple juice\" OR \"apple orchard*\")", &["forms"]),
    ("title:\"Golden State Warriors\"", "title:\"Golden State Warriors\"", &[]),
    ("title:(warriors or gsw)", "title:warriors OR title:gsw", &["forms"]),
    ("ingress:билайн", "билайн", &["changed ingress:билайн", "forms"]),
    ("(\"Golden State Warriors\" OR GSW) AND basketball", "(\"Golden State Warriors\" OR GSW) basketball", &["forms"]),
    ("\"apple juice\"~5", "\"apple juice\"~5", &["changed \"apple juice\"~5"]),
    ("atleast3 билайн", "билайн", &["changed atleast3 билайн", "forms"]),
    ("atleast3(билайн)", "билайн", &["changed atleast3(билайн)", "forms"]),
    ("билайн^5 OR beeline", "билайн OR beeline", &["lost билайн^5", "forms"]),
    ("shop* near center*", "shop* NEAR/5 center*", &[]),
    ("D*C*", "", &["lost D*C*", "lost D*C*"]),
    ("country:ru AND билайн", "билайн", &["lost country:ru", "forms"]),
    ("lang:ru билайн", "lang:ru билайн", &["forms"]),
    ("source:twitter AND билайн", "network:x билайн", &["forms"]),
    ("author:\"elonmusk\"", "author:elonmusk", &[]),
    ("hashtag:билайн", "#билайн", &[]),
    ("билайн NOT text:вакансия", "билайн", &["forms", "lost text:вакансия"]),
    ("(билайн or beeline) near/5 (кредит or \"нет связи\")", "(билайн OR beeline) NEAR/6 (кредит OR \"нет связи\")", &["forms"]),
    ("{GAP} AND jeans", "==GAP jeans", &["forms"]),
    ("url:\"beeline.ru\"", "url:beeline.ru", &[]),
    ("билайн not (вакансия or резюме)", "билайн NOT (=вакансия OR =резюме)", &["forms"]),
    ("2.0 AND билайн", "2.0 билайн", &["forms"]),
    ("sentiment:negative AND билайн", "билайн", &["lost sentiment:negative", "forms"]),
    ("билайн AND socialtype:comments", "билайн kind:comment", &["forms"]),
];

/// Each place is told of, also when the same is said of several.
#[rustfmt::skip]
const PLACES: &[(Dialect, Example)] = &[
    (Dialect::Brandwatch, ("\"a1 b1\"~5 OR \"c1 d1\"~6", "\"a1 b1\"~5 OR \"c1 d1\"~6", &["changed \"a1 b1\"~5", "changed \"c1 d1\"~6"])),
    (Dialect::Brandwatch, ("title:\"a1 b1\"~5", "title:a1 title:b1", &["changed \"a1 b1\"~5", "changed \"a1 b1\"~5"])),
    (Dialect::Brandwatch, ("raw:(\"H&M\" OR Google+)", "==H&M OR ==Google+", &["changed \"H&M\"", "changed Google+"])),
    (Dialect::Brandwatch, ("engagementType:(RETWEET OR WAVE) AND мтс", "мтс", &["lost engagementType:(RETWEET OR WAVE)", "forms", "lost WAVE"])),
    (Dialect::Brandwatch, ("(мтс OR билайн)~3", "мтс OR билайн", &["changed (мтс OR билайн)~3", "forms"])),
    (Dialect::Brandwatch, ("мтс NOT (связь NEAR/150 сбой)", "мтс NOT (=связь NEAR/100 =сбой)", &["forms", "changed (связь NEAR/150 сбой)"])),
    (Dialect::Brandwatch, ("{Apple", "==Apple", &["changed {"])),
    (Dialect::Brandwatch, ("мтс AND title:()", "мтс", &["forms", "lost title:()"])),
    (Dialect::Talkwalker, ("a1 b1 OR c1 d1", "a1 b1 OR c1 d1", &["changed a1 b1", "forms", "changed c1 d1"])),
    (Dialect::Talkwalker, ("site:(a.ru NOT b.ru)", "site:a.ru", &["lost NOT b.ru"])),
    (Dialect::Meltwater, ("site:(a.ru b.ru)", "site:a.ru OR site:b.ru", &["changed (a.ru b.ru)"])),
    (Dialect::Meltwater, ("билайн^5 OR мтс^2", "билайн OR мтс", &["lost билайн^5", "forms", "lost мтс^2"])),
    (Dialect::YouScan, ("h&m OR c&a", "h&m OR c&a", &["changed h&m", "changed c&a"])),
    (Dialect::YouScan, ("\"нет связи\"~500", "\"нет связи\"~100", &["changed \"нет связи\"~500", "changed \"нет связи\"~500"])),
];

#[test]
fn everything_lost_or_changed_is_told_at_its_place() {
    for (dialect, example) in PLACES {
        check(*dialect, std::slice::from_ref(example));
    }
}

#[test]
fn queries_of_brandwatch_are_carried_over() {
    check(Dialect::Brandwatch, BRANDWATCH);
}

#[test]
fn queries_of_youscan_are_carried_over() {
    check(Dialect::YouScan, YOUSCAN);
}

#[test]
fn queries_of_talkwalker_are_carried_over() {
    check(Dialect::Talkwalker, TALKWALKER);
}

#[test]
fn queries_of_meltwater_are_carried_over() {
    check(Dialect::Meltwater, MELTWATER);
}

#[test]
fn every_note_speaks_three_languages() {
    let imported = import(Dialect::Brandwatch, "те*фон OR билайн");
    let said: Vec<_> = [Language::RUSSIAN, Language::UKRAINIAN, Language::ENGLISH]
        .into_iter()
        .map(|language| imported.notes[0].message(language))
        .collect();
    assert_eq!(
        said,
        [
            "перед звёздочкой здесь нужно 3 буквы; `те*фон` пропущено",
            "перед зірочкою тут потрібні 3 літери; `те*фон` пропущено",
            "a star needs 3 letters before it here; `те*фон` is left out",
        ]
    );
    for dialect in Dialect::ALL {
        assert_eq!(Dialect::parse(dialect.name()), Some(*dialect));
    }
}

#[test]
fn limits_are_told_and_nothing_breaks() {
    assert!(import(Dialect::YouScan, &"а ".repeat(50_001)).notes[0].message(Language::ENGLISH).contains("100,000"));
    for text in [
        "(".repeat(90_000),
        "-".repeat(90_000),
        "NOT ".repeat(20_000),
        "a NEAR/1 ".repeat(10_000),
        "title:(".repeat(10_000),
    ] {
        for dialect in Dialect::ALL {
            assert!(!import(*dialect, &text).notes.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_imported_can_be_used_or_the_notes_say_why(
        text in "(a|слово|\"c d\"|-|\\+\\+?| AND | OR | NOT | and |\\||\\(|\\)|\"|\\{|\\}|~2| NEAR/2 | near | /3 |title:|site:x.y|rating:\\[1 TO 2\\]|country:|\\*|\\?|#|@|<<<|>>>|\\^2|atleast2| ){0,20}|\\PC{0,30}",
    ) {
        for dialect in Dialect::ALL {
            let imported = import(*dialect, &text);
            for note in &imported.notes {
                prop_assert!(text.get(note.span.clone()).is_some());
            }
            if !imported.notes.iter().any(|note| note.span == (0..text.len()) && note.severity.name() == "lost") {
                prop_assert!(parse(&imported.query).query.is_some(), "{:?} {}", dialect, imported.query);
            }
        }
    }
}
