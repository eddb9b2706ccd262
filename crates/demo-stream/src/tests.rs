//! What the stream promises, held over whole days.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use std::time::Duration;

use molva_domain::{Language, Post, Timestamp};
use proptest::prelude::*;

use crate::{DemoStream, Intent, Label};

/// 2026-03-02, a Monday, midnight UTC.
const DAY: Timestamp = Timestamp::from_secs(1_772_409_600);
const A_DAY: Duration = Duration::from_secs(86_400);

/// One day that most tests look at.
fn a_day() -> &'static [(Post, Label)] {
    static POSTS: LazyLock<Vec<(Post, Label)>> =
        LazyLock::new(|| DemoStream::new(7, 20_000).labelled_between(DAY, DAY.plus(A_DAY)));
    &POSTS
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_stretch_is_the_sum_of_its_parts(seed: u64, start in 0_u64..86_400_000, first in 0_u64..5_000_000, second in 0_u64..5_000_000) {
        let stream = DemoStream::new(seed, 1_500);
        let a = DAY.plus(Duration::from_millis(start));
        let b = a.plus(Duration::from_millis(first));
        let c = b.plus(Duration::from_millis(second));
        let mut parts = stream.between(a, b);
        parts.extend(stream.between(b, c));
        prop_assert_eq!(stream.between(a, c), parts);
    }

    #[test]
    fn posts_come_in_order_inside_the_stretch_and_are_never_empty(seed: u64) {
        let end = DAY.plus(Duration::from_secs(10_000));
        let posts = DemoStream::new(seed, 2_000).between(DAY, end);
        prop_assert!(posts.windows(2).all(|pair| pair[0].published_at <= pair[1].published_at));
        prop_assert!(posts.iter().all(|post| DAY <= post.published_at && post.published_at < end));
        let whole = |text: &str| !text.is_empty() && !text.contains(['{', '}', '<', '>']);
        prop_assert!(posts.iter().all(|post| whole(&post.text)));
    }
}

#[test]
fn a_day_holds_the_posts_asked_for_each_with_its_own_urn() {
    let days: Vec<usize> = (0..6)
        .map(|day| {
            let from = DAY.plus(A_DAY * day);
            let posts = DemoStream::new(1, 4_000).between(from, from.plus(A_DAY));
            let urns: HashSet<_> = posts.iter().map(|post| post.urn.clone()).collect();
            assert_eq!(urns.len(), posts.len());
            posts.len()
        })
        .collect();
    let mean = days.iter().sum::<usize>() / days.len();
    assert!((3_700..=4_300).contains(&mean), "{days:?}");
}

#[test]
fn other_seeds_tell_other_stories() {
    let urns = |seed| -> HashSet<_> {
        DemoStream::new(seed, 500).between(DAY, DAY.plus(A_DAY)).into_iter().map(|post| post.urn).collect()
    };
    assert!(urns(1).is_disjoint(&urns(2)));
}

#[test]
fn the_night_is_quiet_and_the_evening_is_loud() {
    let mut hours = [0_u32; 24];
    for (post, _) in a_day() {
        hours[usize::try_from(post.published_at.as_secs().rem_euclid(86_400) / 3_600).expect("an hour")] += 1;
    }
    // 1:00 UTC is 4:00 in Moscow and 3:00 in Kyiv; 17:00 UTC is 20:00 and 19:00.
    assert!(hours[17] > 5 * hours[1], "{hours:?}");
    assert!(hours[17] > hours[9], "{hours:?}");
}

#[test]
fn three_languages_share_the_stream() {
    let posts = a_day();
    let share = |language| {
        let count = posts.iter().filter(|(post, _)| post.language == Some(language)).count();
        count * 100 / posts.len()
    };
    assert!((54..=70).contains(&share(Language::RUSSIAN)), "{}", share(Language::RUSSIAN));
    assert!((20..=34).contains(&share(Language::UKRAINIAN)), "{}", share(Language::UKRAINIAN));
    assert!((8..=18).contains(&share(Language::ENGLISH)), "{}", share(Language::ENGLISH));
}

#[test]
fn ukrainian_texts_have_no_russian_letters_and_the_other_way_round() {
    for (post, label) in a_day() {
        // Reposts and spam are texts like any others; only names of brands are shared.
        let foreign: &[char] = match post.language {
            Some(Language::UKRAINIAN) => &['ы', 'э', 'ъ', 'ё'],
            Some(Language::RUSSIAN) => &['і', 'ї', 'є', 'ґ'],
            _ => continue,
        };
        assert!(!post.text.to_lowercase().contains(foreign), "{label:?}: {}", post.text);
    }
}

#[test]
fn one_post_in_six_or_so_names_a_brand() {
    let posts = a_day();
    let stems = [
        "звенор",
        "брамтел",
        "вейлинк",
        "вейлінк",
        "ферз",
        "полмар",
        "zvenora",
        "bramtel",
        "veylink",
        "ferzbank",
        "polmara",
    ];
    let named = posts.iter().filter(|(post, _)| {
        let text = format!("{} {}", post.title.as_deref().unwrap_or(""), post.text).to_lowercase();
        stems.iter().any(|stem| text.contains(stem))
    });
    let share = named.count() * 100 / posts.len();
    assert!((10..=20).contains(&share), "{share} %");
}

#[test]
fn a_reader_does_not_see_the_template() {
    let honest: Vec<_> =
        a_day().iter().filter(|(post, label)| label.intent == Intent::Chatter && post.repost_of.is_none()).collect();
    let longer: Vec<_> =
        honest.iter().map(|(post, _)| &post.text).filter(|text| text.chars().count() > 40).take(1_000).collect();
    let distinct: HashSet<_> = longer.iter().collect();
    assert!(longer.len() - distinct.len() <= 15, "{} of 1,000 are repeated", longer.len() - distinct.len());

    let mut openings: HashMap<String, f64> = HashMap::new();
    let first: Vec<_> = honest.iter().take(1_000).collect();
    for (post, _) in &first {
        let opening: Vec<_> = post.text.split_whitespace().take(3).map(str::to_lowercase).collect();
        *openings.entry(opening.join(" ")).or_default() += 1.0;
    }
    let total: f64 = openings.values().sum();
    let bits: f64 = openings.values().map(|count| -count / total * (count / total).log2()).sum();
    assert!(bits > 9.0, "{bits} bits in the first three words");
}

#[test]
fn an_answer_answers_an_earlier_post_of_its_network() {
    let posts = a_day();
    let times: HashMap<_, _> =
        posts.iter().map(|(post, _)| (post.urn.clone(), (post.published_at, post.network.clone()))).collect();
    let answers: Vec<_> = posts.iter().filter_map(|(post, _)| Some((post, post.in_reply_to.clone()?))).collect();
    // Answers of the first minutes may point into the day before.
    let known = answers.iter().filter(|(_, to)| times.contains_key(to)).count();
    assert!(known * 100 / answers.len() > 95, "{known} of {}", answers.len());
    assert!(answers.len() * 100 / posts.len() > 8);
    for (post, to) in answers {
        if let Some((at, network)) = times.get(&to) {
            assert!(*at < post.published_at, "{} answers the future", post.urn);
            assert!(*network == post.network || post.urn.as_str().contains("-o"), "{} answers {to}", post.urn);
        }
    }
}

#[test]
fn an_outage_spreads_by_reposts_and_fades() {
    let week = DemoStream::new(9, 8_000).labelled_between(DAY, DAY.plus(A_DAY * 7));
    let mut outages: HashMap<u64, Vec<&Post>> = HashMap::new();
    for (post, label) in &week {
        if let Some(outage) = label.outage {
            outages.entry(outage).or_default().push(post);
        }
    }
    assert!((2..=7).contains(&outages.len()), "{}", outages.len());
    let biggest = outages.values().max_by_key(|posts| posts.len()).expect("an outage");
    let reposts = biggest.iter().filter(|post| post.repost_of.is_some()).count();
    assert!(reposts * 100 / biggest.len() > 25, "{reposts} of {}", biggest.len());
    let start = biggest[0].published_at;
    let within = |from: u64, to: u64| {
        let inside = |post: &&&Post| (from..to).contains(&(post.published_at.since(start).as_secs() / 60));
        biggest.iter().filter(inside).count()
    };
    assert!(within(0, 10) < within(20, 30) && within(20, 30) > within(200, 210));
}

#[test]
fn copies_of_a_campaign_share_a_text_and_have_many_authors() {
    let mut campaigns: HashMap<u64, Vec<&Post>> = HashMap::new();
    for (post, label) in a_day() {
        if let Some(campaign) = label.campaign {
            campaigns.entry(campaign).or_default().push(post);
        }
    }
    let biggest = campaigns.values().max_by_key(|posts| posts.len()).expect("a campaign");
    let texts: HashSet<_> = biggest.iter().map(|post| &post.text).collect();
    let authors: HashSet<_> = biggest.iter().map(|post| &post.author.urn).collect();
    assert!(texts.len() * 3 < biggest.len() * 2, "{} texts in {} copies", texts.len(), biggest.len());
    assert!(texts.len() > 1 && authors.len() * 10 > biggest.len() * 9);
}

#[test]
fn the_same_author_is_the_same_person() {
    let mut people = HashMap::new();
    for (post, _) in a_day() {
        let urn = post.author.urn.clone().expect("every author has a name on the network");
        let known = people.entry(urn).or_insert_with(|| post.author.clone());
        assert_eq!(*known, post.author);
    }
    assert!(people.len() > 3_000);
}
