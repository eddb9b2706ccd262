use std::io::{BufRead, BufReader};
use std::time::Duration;

use molva_domain::{PostId, StoryId, Timestamp};

use super::{BrokenSnapshot, Joined, Limits, Placed, Signer, Stories, sign};

#[path = "../../examples/stories/edits.rs"]
mod edits;

use edits::{Dice, EDITS, Judged, content_words, count_pairs, edit};

const NEWS: &str = "С 16 июля МТС введет единый тариф на звонки во все сети по всей стране";

fn day(days: i64) -> Timestamp {
    Timestamp::from_secs(1_700_000_000 + days * 86_400)
}

struct Index(Stories, i64);

impl Index {
    fn new() -> Self {
        Self(Stories::new(Limits::default()), 0)
    }

    /// Places the next post; ids are 1, 2, 3, …
    fn place(&mut self, text: &str, at: Timestamp) -> Placed {
        self.1 += 1;
        self.0.place(sign("", text), PostId(self.1), at)
    }

    fn story(&mut self, text: &str) -> i64 {
        self.place(text, day(0)).story.0
    }
}

#[test]
fn a_repost_and_an_edited_copy_join_the_story_of_the_first_post() {
    let mut index = Index::new();
    let first = index.place(NEWS, day(0));
    assert_eq!(first, Placed { story: StoryId(1), joined: Joined::New, same_text: false });
    let repost = index.place(&format!("RT @news: {NEWS} http://t.co/1"), day(1));
    assert_eq!(repost, Placed { story: StoryId(1), joined: Joined::Exact, same_text: true });
    let copy = index.place(&format!("Ну вот, дождались наконец! {NEWS} #мтс"), day(1));
    assert!(
        matches!(copy, Placed { story: StoryId(1), joined: Joined::Near { similarity }, same_text: false } if similarity > 0.9)
    );
    assert_eq!(index.story("Билайн открыл новый салон связи в центре Новосибирска на площади Ленина"), 4);
}

#[test]
fn posts_of_two_words_are_stories_of_their_own() {
    let mut index = Index::new();
    assert_eq!((index.story("спасибо, билайн"), index.story("спасибо, билайн"), index.0.texts()), (1, 2, 0));
}

#[test]
fn a_story_ends_when_nobody_tells_it_for_a_window_and_goes_on_while_somebody_does() {
    let mut index = Index::new();
    for at in [0, 6, 12, 18] {
        assert_eq!(index.place(NEWS, day(at)).story, StoryId(1));
    }
    assert_eq!(index.place(NEWS, day(26)).joined, Joined::New);
    assert_eq!(index.place(NEWS, day(18)).joined, Joined::New, "a late post is far from those of day 26 too");
    assert_eq!((index.0.texts(), index.0.len()), (2, 2), "and what nobody told for a week is forgotten");
}

#[test]
fn a_chain_of_changes_ends_where_nothing_of_the_beginning_is_left() {
    let words: Vec<String> = (0..200).map(|word| format!("слово{}", word * 37 % 1_000)).collect();
    let mut index = Index::new();
    let last = (0..180).map(|from| index.story(&words[from..from + 12].join(" "))).last();
    assert!(last > Some(100), "{last:?}");
}

#[test]
fn memory_is_bounded_and_texts_told_again_stay_longest() {
    let limits = Limits { texts: 1_000, ..Limits::default() };
    let mut stories = Stories::new(limits);
    let mut signer = Signer::default();
    for post in 0..20_000 {
        let text = format!("пост номер {post} о том что бывает {} и {}", post * 7_919, post * 104_729);
        stories.place(signer.sign("", &text), PostId(post), day(0));
        if post % 100 == 0 {
            let placed = stories.place(signer.sign("", NEWS), PostId(100_000 + post), day(0));
            assert_eq!(placed.story, StoryId(100_000));
        }
    }
    assert!(stories.texts() <= 1_000 && stories.len() <= 1_000);
    let few = stories.bytes();
    assert!(few < 2_500_000, "{few}");

    let mut small = Stories::new(Limits { bytes: 500_000, ..Limits::default() });
    for post in 0..5_000 {
        small.place(signer.sign("", &format!("{post} {} {}", post * 7_919, post * 104_729)), PostId(post), day(0));
    }
    assert!(small.bytes() < 800_000 && small.texts() > 200, "{} bytes, {} texts", small.bytes(), small.texts());
}

#[test]
fn merged_stories_go_on_as_one_and_stay_so_after_a_restart() {
    let other = "Мобильный оператор отменяет роуминг внутри страны с середины лета навсегда";
    let mut index = Index::new();
    assert_eq!((index.story(NEWS), index.story(other)), (1, 2));
    index.0.merge(StoryId(2), StoryId(1));
    assert_eq!(index.story(&format!("{other} #ура")), 1);
    assert_eq!((index.0.current(StoryId(2)), index.0.len()), (StoryId(1), 1));
    let mut again = Stories::from_bytes(Limits::default(), &index.0.to_bytes()).unwrap();
    assert_eq!(again.to_bytes(), index.0.to_bytes());
    assert_eq!(again.place(sign("", other), PostId(9), day(0)).story, StoryId(1));
}

#[test]
fn a_text_split_off_begins_its_own_story_and_its_copies_follow() {
    let other = NEWS.replace("МТС", "Билайн").replace("единый", "двойной");
    let mut index = Index::new();
    index.story(NEWS);
    index.0.merge(StoryId(2), StoryId(1));
    index.0.restore(sign("", &other), day(0), StoryId(1));
    assert_eq!(index.story(&other), 1);
    let from = index.0.current(StoryId(1));
    assert_eq!(index.0.split(&sign("", &other), PostId(2), from), Some(StoryId(2)));
    assert_eq!(index.story(&other), 2);
    assert_eq!(index.story(&format!("{other} #ура")), 2);
    assert_eq!(index.story(NEWS), 1);
    assert_eq!(index.0.split(&sign("", NEWS), PostId(1), StoryId(1)), None, "the first post names the story");
    let again = Stories::from_bytes(Limits::default(), &index.0.to_bytes()).unwrap();
    assert_eq!(again.to_bytes(), index.0.to_bytes());
}

#[test]
fn bytes_that_are_no_index_are_refused() {
    let mut index = Index::new();
    index.story(NEWS);
    let bytes = index.0.to_bytes();
    for length in 0..bytes.len() {
        assert_eq!(Stories::from_bytes(Limits::default(), &bytes[..length]).err(), Some(BrokenSnapshot));
    }
}

#[test]
fn an_index_filled_again_from_stored_signatures_goes_on_with_the_same_stories() {
    let mut index = Index::new();
    let copy = format!("{NEWS} и не только");
    let texts = [NEWS, copy.as_str(), "совсем другая новость о связи в метро Москвы", NEWS];
    let stories = texts.map(|text| index.place(text, day(0)).story);
    let mut again = Stories::new(Limits { window: Duration::from_secs(7 * 86_400), ..Limits::default() });
    for (text, story) in texts.iter().zip(stories) {
        again.restore(sign("", text), day(0), story);
    }
    for (text, story) in texts.iter().zip(stories) {
        assert_eq!(again.place(sign("", text), PostId(99), day(0)).story, story);
    }
    assert_eq!((again.texts(), again.len()), (index.0.texts(), index.0.len()));
}

/// A smaller run of the example `stories`, on real posts where they are at hand.
#[test]
fn edited_copies_of_real_posts_find_their_originals() {
    let Some(path) = std::env::var_os("MOLVA_TEST_DATA") else {
        eprintln!("skipped: `MOLVA_TEST_DATA` does not name the folder with replay/ru-brand-tweets.jsonl.gz");
        return;
    };
    let path = std::path::Path::new(&path).join("replay/ru-brand-tweets.jsonl.gz");
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(std::fs::File::open(path).unwrap())).lines();
    let tweets: Vec<String> = lines
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(&line.unwrap()).unwrap()["text"].as_str().unwrap().to_owned()
        })
        .collect();
    let mut dice = Dice(5);
    let words: Vec<&str> = tweets.iter().flat_map(|text| content_words(text)).collect();
    let mut posts: Vec<(usize, String, &str)> = Vec::new();
    for (group, text) in tweets.iter().filter(|text| content_words(text).len() >= 6).step_by(150).enumerate() {
        posts.push((group, text.clone(), text));
        for kind in 0..EDITS.len() {
            let other = &tweets[dice.below(tweets.len())];
            posts.push((group, edit(kind, text, &words, other, &mut dice), text));
        }
    }
    let others = tweets.iter().skip(1).step_by(25).enumerate();
    posts.extend(others.map(|(at, text)| (1_000_000 + at, text.clone(), text.as_str())));
    dice.shuffle(&mut posts);
    let mut stories = Stories::new(Limits::default());
    let judged: Vec<Judged<'_>> = posts
        .iter()
        .enumerate()
        .map(|(id, (group, text, origin))| {
            let story = stories.place(sign("", text), PostId(id as i64), day(0)).story.0;
            Judged { group: *group, story, text, origin }
        })
        .collect();
    let pairs = count_pairs(&judged, |_, _| {});
    let (precision, strict, recall) = (pairs.precision(), pairs.strict_precision(), pairs.recall());
    assert!(precision >= 0.97 && strict >= 0.9 && recall >= 0.85, "{precision} {strict} {recall} {pairs:?}");
}
