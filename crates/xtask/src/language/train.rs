//! Learns a table: softmax over the sums of features' weights, by AdaGrad over random cuts of texts.

use super::corpus::Corpus;
use super::sources::Tongue;

/// Weights stay small, so that a step of their rounding is small too.
const LARGEST: f32 = 1.5;
const RATE: f32 = 0.12;

/// Repeatable random numbers (SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// From 0 to 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Weights of features and of no feature at all.
pub(super) struct Table<const N: usize> {
    bits: u32,
    step: f32,
    bias: [f32; N],
    rows: Vec<[f32; N]>,
}

pub(super) fn train<const N: usize>(corpora: &[Corpus], bits: u32, texts: usize) -> Table<N> {
    let mut table = Table { bits, step: LARGEST / 127.0, bias: [0.0; N], rows: vec![[0.0; N]; 1 << bits] };
    let mut squares = vec![[0.01_f32; N]; 1 << bits];
    let mut bias_squares = [1.0_f32; N];
    let mut random = Random(20);
    let shares: Vec<f32> = corpora.iter().map(|corpus| corpus.share).collect();
    let all: f32 = shares.iter().sum();
    let mut features = Vec::new();
    for seen in 0..texts {
        let mut wanted = random.share() as f32 * all;
        let class = shares.iter().position(|share| {
            wanted -= share;
            wanted < 0.0
        });
        let class = class.unwrap_or(N - 1);
        features.clear();
        draw(&corpora[class], &mut random, &mut features);
        if features.is_empty() {
            continue;
        }
        let rate = RATE * (1.0 - seen as f32 / texts as f32);
        let mut slope = table.probabilities(features.iter().copied());
        slope[class] -= 1.0;
        for feature in &features {
            let row = (feature >> (32 - bits)) as usize;
            descend(&mut table.rows[row], &mut squares[row], &slope, rate);
        }
        descend(&mut table.bias, &mut bias_squares, &slope, rate * 0.1);
    }
    table
}

fn descend<const N: usize>(weights: &mut [f32; N], squares: &mut [f32; N], slope: &[f32; N], rate: f32) {
    for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slope) {
        *square += slope * slope;
        *weight = (*weight - rate * slope / square.sqrt()).clamp(-LARGEST, LARGEST);
    }
}

/// A cut of a text, most of them short: that is where languages are hard to tell.
fn draw(corpus: &Corpus, random: &mut Random, features: &mut Vec<u32>) {
    let kind = random.share();
    let source = if kind < 0.4 && !corpus.posts.is_empty() {
        &corpus.posts
    } else if kind < 0.65 {
        &corpus.sentences
    } else if kind < 0.75 {
        &corpus.words
    } else {
        for _ in 0..1 + random.below(6) {
            features.extend_from_slice(corpus.fragments.draw(random));
        }
        return;
    };
    let text = &source[random.below(source.len())];
    let length = 1 + if random.below(4) == 0 { random.below(20) } else { random.below(6) };
    let from = if random.below(2) == 0 { 0 } else { random.below(text.len().saturating_sub(length) + 1) };
    text[from..].iter().take(length).for_each(|word| features.extend_from_slice(word));
}

impl<const N: usize> Table<N> {
    pub(super) fn probabilities(&self, features: impl Iterator<Item = u32>) -> [f32; N] {
        let mut points = self.bias;
        for feature in features {
            let row = &self.rows[(feature >> (32 - self.bits)) as usize];
            points.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
        }
        let most = points.iter().copied().fold(f32::MIN, f32::max);
        let shares = points.map(|point| (point - most).exp());
        let sum: f32 = shares.iter().sum();
        shares.map(|share| share / sum)
    }

    /// As it will be after writing and reading.
    pub(super) fn rounded(mut self) -> Self {
        let step = self.step;
        self.rows.iter_mut().flatten().for_each(|weight| *weight = (*weight / step).round() * step);
        self
    }

    pub(super) fn bytes(&self, tongues: &[&Tongue]) -> Vec<u8> {
        let mut bytes = vec![self.bits as u8];
        bytes.extend(self.step.to_le_bytes());
        for (tongue, bias) in tongues.iter().zip(self.bias) {
            bytes.extend(tongue.code.as_bytes());
            bytes.extend(bias.to_le_bytes());
        }
        bytes.extend(self.rows.iter().flatten().map(|weight| (weight / self.step).round() as i8 as u8));
        bytes
    }
}
