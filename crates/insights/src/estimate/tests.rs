//! Intervals must cover the truth as often as they promise: thousands of draws from populations that are known in full.

use std::io::Read as _;
use std::path::Path;

use super::*;

/// Draws of each population.
const RESAMPLES: usize = 1_000;
/// Labels of each draw.
const LABELS: u64 = 200;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ (number >> 31)
    }

    fn real(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// A mention whose truth is known: tones are -1, 0, 1.
#[derive(Clone, Copy)]
struct Known {
    truth: f64,
    said: f64,
    score: f64,
    /// Whether the selection holds it.
    selected: bool,
}

/// A machine that misses a third of the negative and calls many neutral ones negative, and is unsure where it errs more.
fn simulated(size: usize, negative: f64, positive: f64, dice: &mut Dice) -> Vec<Known> {
    let one = |_| {
        let roll = dice.real();
        let truth = if roll < negative {
            -1.0
        } else if roll < negative + positive {
            1.0
        } else {
            0.0
        };
        let roll = dice.real();
        let said = match truth {
            -1.0 if roll < 0.66 => -1.0,
            1.0 if roll < 0.55 => 1.0,
            0.0 if roll < 0.12 => -1.0,
            0.0 if roll < 0.15 => 1.0,
            _ => 0.0,
        };
        let sure = dice.real() < if said == truth { 0.7 } else { 0.3 };
        let score = if sure { 0.85 } else { 0.55 } + dice.real() / 10.0;
        Known { truth, said, score, selected: dice.real() < if truth < 0.0 { 0.7 } else { 0.5 } }
    };
    (0..size).map(one).collect()
}

/// The training part of the bank or telecom tweets, judged by a rule that only looks for a few signs; `None` where the data are
/// not on this machine.
fn real_tweets(name: &str) -> Option<Vec<Known>> {
    let folder = std::env::var("MOLVA_DATA").unwrap_or_else(|_| "../../../shared/data".to_owned());
    let path = Path::new(&folder).join("tone").join(name);
    let mut lines = String::new();
    let read =
        std::fs::File::open(&path).and_then(|file| flate2::read::GzDecoder::new(file).read_to_string(&mut lines));
    if let Err(error) = read {
        {
            eprintln!("LEFT OUT: no `{}` ({error}); set `MOLVA_DATA` to the folder of the data", path.display());
        }
        return None;
    }
    let mut known = Vec::new();
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row is JSON");
        let text = row["text"].as_str().unwrap_or_default().to_lowercase();
        let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        let said = if has(&["не ", "нет", "хуй", "бля", "(("]) {
            -1.0
        } else if has(&[")", "спасибо", "лучш"]) {
            1.0
        } else {
            0.0
        };
        for tone in row["tone"].as_object().expect("tones").values() {
            let truth = match tone.as_str() {
                Some("negative") => -1.0,
                Some("positive") => 1.0,
                _ => 0.0,
            };
            let score = if text.chars().count() > 80 { 0.9 } else { 0.6 };
            known.push(Known { truth, said, score, selected: text.contains("rt ") });
        }
    }
    Some(known)
}

/// What is estimated.
#[derive(Clone, Copy, Debug)]
enum Figure {
    Share(f64),
    Net,
}

/// How labels are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Design {
    Simple,
    /// As a round draws them.
    Strata,
    /// The same, of a selection that holds a part of every stratum.
    Part,
}

/// How the intervals did: part that covers the truth, mean half-width, part by Wilson, and the mean error of the raw figure and of
/// the value.
#[derive(Debug)]
struct Outcome {
    covers: f64,
    half: f64,
    wilson: f64,
    raw_error: f64,
    bias: f64,
}

fn outcome(known: &[Known], design: Design, figure: Figure, seed: u64) -> Outcome {
    let mut dice = Dice(seed);
    let value = |tone: f64| match figure {
        Figure::Share(of) => f64::from(u8::from(tone == of)),
        Figure::Net => tone,
    };
    let inside: Vec<&Known> = known.iter().filter(|known| design != Design::Part || known.selected).collect();
    let size = inside.len() as f64;
    let truth = inside.iter().map(|known| value(known.truth)).sum::<f64>() / size;
    let raw = inside.iter().map(|known| value(known.said)).sum::<f64>() / size;
    let (mut covers, mut half, mut by_wilson, mut sum) = (0.0, 0.0, 0.0, 0.0);
    for _ in 0..RESAMPLES {
        let (strata, drawn) = drawn(known, design, &mut dice);
        let audits: Vec<Audit> = drawn
            .into_iter()
            .filter(|(number, _)| design != Design::Part || known[*number].selected)
            .map(|(number, stratum)| Audit { y: value(known[number].truth), f: value(known[number].said), stratum })
            .collect();
        let population = inside.len() as u64;
        let estimate = match figure {
            Figure::Share(_) => share(raw, population, &strata, &audits),
            Figure::Net => net(raw, population, &strata, &audits),
        };
        let estimate = estimate.expect("enough labels");
        let least = if matches!(figure, Figure::Net) { -1.0 } else { 0.0 };
        assert!(least <= estimate.low && estimate.low <= estimate.value, "{estimate:?}");
        assert!(estimate.value <= estimate.high && estimate.high <= 1.0, "{estimate:?}");
        covers += f64::from(u8::from(estimate.low <= truth && truth <= estimate.high));
        half += (estimate.high - estimate.low) / 2.0;
        by_wilson += f64::from(u8::from(estimate.method == Method::Wilson));
        sum += estimate.value;
    }
    let times = RESAMPLES as f64;
    Outcome {
        covers: covers / times,
        half: half / times,
        wilson: by_wilson / times,
        raw_error: raw - truth,
        bias: sum / times - truth,
    }
}

/// Strata, and the drawn ones with the number of their stratum.
fn drawn(known: &[Known], design: Design, dice: &mut Dice) -> (Vec<Stratum>, Vec<(usize, usize)>) {
    if design == Design::Simple {
        let mut numbers: Vec<usize> = (0..known.len()).collect();
        for place in 0..LABELS as usize {
            numbers.swap(place, place + dice.below(known.len() - place));
        }
        let stratum = Stratum { population: known.len() as u64, labelled: LABELS };
        return (vec![stratum], numbers[..LABELS as usize].iter().map(|number| (*number, 0)).collect());
    }
    let mut listed: Vec<Listed<usize>> = Vec::new();
    let mut populations = [0; TONES];
    for (number, known) in known.iter().enumerate() {
        let tone = (known.said + 1.0) as usize;
        populations[tone] += 1;
        listed.push(Listed { id: number, tone, score: known.score, beside: String::new(), chance: dice.next() });
    }
    // A round lists some of the mentions and draws of those.
    listed.sort_by_key(|listed| listed.chance);
    listed.truncate(2_000);
    listed.iter_mut().for_each(|listed| listed.chance = dice.next());
    let drawn = draw(listed, populations, LABELS);
    let mut strata = vec![Stratum::default(); 2 * TONES];
    drawn
        .iter()
        .for_each(|drawn| strata[drawn.stratum] = Stratum { population: drawn.population, labelled: drawn.drawn });
    (strata, drawn.into_iter().map(|drawn| (drawn.id, drawn.stratum)).collect())
}

/// Where people see few cases the interval is Wilson's, which does not count what strata know: it may cover more.
const RARE: f64 = 0.99;
const USUAL: f64 = 0.97;

#[track_caller]
fn check(known: &[Known], design: Design, figure: Figure, most: f64) {
    let outcome = outcome(known, design, figure, 5);
    {
        println!("{design:?} {figure:?}: {outcome:.3?}");
    }
    let Outcome { covers, half, wilson, raw_error, bias } = outcome;
    assert!((0.93..=most).contains(&covers), "{design:?} {figure:?} covers {covers}");
    assert!(
        bias.abs() < 0.005 && bias.abs() < raw_error.abs(),
        "{design:?} {figure:?} is off by {bias}, raw by {raw_error}"
    );
    assert!(half < 0.1 && (most > USUAL || wilson < 0.1), "{design:?} {figure:?}: {half}, {wilson} by Wilson");
}

#[test]
fn intervals_of_simulated_mentions_cover_the_truth() {
    let known = simulated(3_000, 0.3, 0.15, &mut Dice(1));
    for design in [Design::Simple, Design::Strata, Design::Part] {
        for figure in [Figure::Share(-1.0), Figure::Net] {
            check(&known, design, figure, USUAL);
        }
    }
}

#[test]
fn intervals_of_what_is_rare_cover_the_truth() {
    for share in [0.02, 0.06] {
        let known = simulated(3_000, share, 0.02, &mut Dice(1));
        check(&known, Design::Simple, Figure::Share(-1.0), RARE);
        check(&known, Design::Strata, Figure::Share(-1.0), RARE);
        check(&known, Design::Strata, Figure::Net, RARE);
    }
}

#[test]
fn intervals_of_real_tweets_cover_the_truth() {
    for name in ["sentirueval2016-telecom-train.jsonl.gz", "sentirueval2016-banks-train.jsonl.gz"] {
        let Some(known) = real_tweets(name) else { return };
        check(&known, Design::Simple, Figure::Share(1.0), USUAL);
        check(&known, Design::Strata, Figure::Net, USUAL);
    }
}

#[test]
fn too_few_labels_or_too_little_of_the_time_tell_nothing() {
    let strata = [Stratum { population: 1_000, labelled: 30 }];
    let audits = vec![Audit { y: 1.0, f: 0.0, stratum: 0 }; 30];
    assert_eq!(share(0.5, 1_000, &strata, &audits[..29]), None);
    assert_eq!(share(0.5, 0, &strata, &audits), None);
    // The labelled weeks hold a thousand of ten thousand mentions.
    assert_eq!((share(0.5, 10_000, &strata, &audits), net(0.5, 10_000, &strata, &audits)), (None, None));
    let half = share(0.5, 2_000, &strata, &audits).expect("an estimate");
    assert_eq!((half.audited, half.value, half.method), (30, 1.0, Method::Wilson));
    assert!((half.covered - 0.5).abs() < 1e-9, "{half:?}");
}

#[test]
fn labels_weigh_what_they_stand_for() {
    // Of 900 mentions 20 were labelled, of 100 as many: half of the first and all of the second have it.
    let strata = [Stratum { population: 900, labelled: 20 }, Stratum { population: 100, labelled: 20 }];
    let audits: Vec<Audit> = (0..40)
        .map(|number| Audit { y: f64::from(u8::from(number >= 10)), f: 0.0, stratum: usize::from(number >= 20) })
        .collect();
    let estimate = share(0.0, 1_000, &strata, &audits).expect("an estimate");
    assert!((estimate.value - 0.55).abs() < 1e-12, "{estimate:?}");
    // By hand: 900² (1 - 20/900) (20 · 0.25 / 19) / 20 / 1000² = 0.010421; Kish 1000² / (20 · 45² + 20 · 5²) = 24.39, so the
    // allowance is 0.96 · 0.25 · 3.8415 / (4 · 594.9) = 0.000387.
    let half = 1.959_964 * (0.010_421_f64 + 0.000_387).sqrt();
    assert!((estimate.high - 0.55 - half).abs() < 1e-4 && estimate.method == Method::PredictionPowered, "{estimate:?}");
}

#[test]
fn strata_without_labels_are_counted_with_their_neighbours() {
    let strata = [(300, 0), (100, 1), (100, 20), (500, 29), (7, 0)];
    let strata = strata.map(|(population, labelled)| Stratum { population, labelled });
    let groups = Groups::of(&strata);
    assert_eq!(groups.of_stratum, [0, 0, 0, 1, 1]);
    let told: Vec<(u64, u64)> = groups.groups.iter().map(|group| (group.population, group.labelled)).collect();
    assert_eq!(told, [(500, 21), (507, 29)]);
}
