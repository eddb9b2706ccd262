//! What stands between words, and the counts that become signs.

use molva_text::TokenKind;

use super::{Block, Reader, Sign, mix};
use crate::judgement::Span;

/// What was counted while a post was read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    words: u32,
    small_words: u32,
    capitalised: u32,
    shouted: u32,
    stretched: u32,
    repeated: u32,
    last_words: [u64; 8],
    pub(super) numbers: u32,
    pub(super) hashtags: u32,
    pub(super) emoji: u32,
    addresses: u32,
    begins_with_address: bool,
    mentions: u32,
    begins_with_mention: bool,
    repost: bool,
    own: u32,
    own_first: bool,
    own_addressed: bool,
    pub(super) others: u32,
    exclamations: u32,
    questions: u32,
    ellipses: u32,
    quotes: u32,
    smiles: u32,
    frowns: u32,
    prices: u32,
    open_brackets: u32,
}

impl Tally {
    pub(super) fn own(&mut self, kind: TokenKind, place: u16, anew: bool) {
        self.own += u32::from(anew);
        self.own_first |= place == 0;
        self.own_addressed |= kind == TokenKind::Mention;
        self.begins_with_mention |= kind == TokenKind::Mention && place == 0;
    }

    pub(super) fn address(&mut self, place: u16) {
        self.addresses += 1;
        self.begins_with_address |= place == 0;
    }

    pub(super) fn mention(&mut self, place: u16) {
        self.mentions += 1;
        self.begins_with_mention |= place == 0;
    }

    pub(super) fn word(&mut self, written: &str, form: &str) {
        self.words += 1;
        let letters = form.chars().count();
        let mut chars = written.chars();
        let capital = chars.next().is_some_and(char::is_uppercase);
        self.small_words += u32::from(!capital && letters <= 3);
        self.capitalised += u32::from(capital);
        self.shouted += u32::from(letters >= 4 && capital && chars.all(|c| !c.is_lowercase()));
        self.stretched += u32::from(written.chars().count() > letters + 1);
        self.repost |= form == "rt" && self.words == 1;
        let hash = molva_text::hash::hash_letters(form);
        self.repeated += u32::from(letters > 3 && self.last_words.contains(&hash));
        self.last_words[self.words as usize % 8] = hash;
        self.prices += u32::from(matches!(form, "руб" | "рублей" | "грн" | "гривень" | "usd" | "eur"));
    }
}

/// A mark between words, as a unit of its own.
#[derive(Clone, Copy)]
enum Mark {
    Exclamation,
    Exclamations,
    Question,
    Questions,
    Surprise,
    Ellipsis,
    Smile,
    BroadSmile,
    Frown,
    DeepFrown,
    Quote,
}

const MARK: u64 = 0x6d61_726b_0000_0000;
const MARK_SPACE: u64 = 0xa7;

impl Reader {
    /// The signs between two tokens.
    pub(super) fn gap(&mut self, source: &str, from: usize, to: usize, in_title: bool, offset: u32) {
        let gap = &source.as_bytes()[from..to];
        if gap.len() == 1 && gap[0] == b' ' || gap.is_empty() {
            return;
        }
        let mut at = 0;
        while at < gap.len() {
            let byte = gap[at];
            let run = gap[at..].iter().take_while(|next| **next == byte).count();
            let eyes = at > 0 && matches!(gap[at - 1], b':' | b';' | b'=' | b'-' | b'8');
            let mark = match byte {
                b'!' | b'?' => {
                    let length = gap[at..].iter().take_while(|next| matches!(next, b'!' | b'?')).count();
                    let marks = &gap[at..at + length];
                    let questions = marks.iter().filter(|mark| **mark == b'?').count();
                    self.tally.questions += questions as u32;
                    self.tally.exclamations += (length - questions) as u32;
                    let mark = match (length - questions, questions) {
                        (1, 0) => Mark::Exclamation,
                        (_, 0) => Mark::Exclamations,
                        (0, 1) => Mark::Question,
                        (0, _) => Mark::Questions,
                        _ => Mark::Surprise,
                    };
                    self.mark(mark, (from + at, from + at + length), in_title, offset);
                    self.negated = 0;
                    at += length;
                    continue;
                }
                b'.' if run >= 2 => {
                    self.tally.ellipses += 1;
                    Some(Mark::Ellipsis)
                }
                b'.' | b'\n' => {
                    self.negated = 0;
                    None
                }
                b')' => self.closing(run as u32, eyes),
                b'(' => {
                    let before_word = at + run == gap.len() && to < source.len();
                    if eyes || run > 1 || !before_word {
                        self.tally.frowns += run as u32;
                        Some(if run > 1 { Mark::DeepFrown } else { Mark::Frown })
                    } else {
                        self.tally.open_brackets += 1;
                        None
                    }
                }
                b'"' => {
                    self.tally.quotes += 1;
                    Some(Mark::Quote)
                }
                b'%' | b'$' => {
                    self.tally.prices += 1;
                    None
                }
                0xc2 if gap[at..].starts_with("«".as_bytes()) => {
                    self.tally.quotes += 1;
                    Some(Mark::Quote)
                }
                0xe2 if gap[at..].starts_with("…".as_bytes()) => {
                    self.tally.ellipses += 1;
                    Some(Mark::Ellipsis)
                }
                0xe2 if gap[at..].starts_with("€".as_bytes()) || gap[at..].starts_with("₽".as_bytes()) => {
                    self.tally.prices += 1;
                    None
                }
                _ => None,
            };
            if let Some(mark) = mark {
                // Some marks are longer than a byte.
                let end =
                    (from + at + run..source.len()).find(|end| source.is_char_boundary(*end)).unwrap_or(source.len());
                self.mark(mark, (from + at, end), in_title, offset);
            }
            at += run;
        }
    }

    /// Brackets that close one that was opened are no smile.
    fn closing(&mut self, run: u32, eyes: bool) -> Option<Mark> {
        let mut run = run;
        if !eyes && self.tally.open_brackets > 0 {
            self.tally.open_brackets -= 1;
            run -= 1;
        }
        if run == 0 {
            return None;
        }
        self.tally.smiles += run;
        Some(if run > 1 { Mark::BroadSmile } else { Mark::Smile })
    }

    fn mark(&mut self, mark: Mark, (start, end): (usize, usize), in_title: bool, offset: u32) {
        let smiley = matches!(mark, Mark::Smile | Mark::BroadSmile | Mark::Frown | Mark::DeepFrown);
        if self.blind_to_smileys && smiley || self.places.len() + 1 >= usize::from(super::NOWHERE) {
            return;
        }
        let place = self.places.len() as u16;
        self.places.push(Span { in_title, start: start as u32 + offset, end: end as u32 + offset });
        self.masks.push(super::Mask::None);
        let unit = MARK + mark as u64;
        self.add(Block::Word, mix(unit, MARK_SPACE), place, place);
        let pair = mix(self.previous, MARK_SPACE).wrapping_add(unit.rotate_left(17));
        self.add(Block::Word, mix(pair, MARK_SPACE), place.saturating_sub(1), place);
    }

    /// Turns what was counted into signs.
    pub(super) fn signs(&mut self, text: &str, cyrillic: bool, asked: bool) {
        let tally = self.tally;
        let words = tally.words.max(1);
        let last = text.trim_end();
        // Smileys at the end are no end: models that are blind to them must not see them here either.
        let ends = last.ends_with(['.', '!', '?', '…']);
        let cut_off = last.ends_with('…') || last.ends_with("...");
        let begins_small = text.trim_start().chars().next().is_some_and(char::is_lowercase);
        let smileys = !self.blind_to_smileys;
        let not_named = asked && !self.masks.contains(&super::Mask::Own);
        for (sign, shown) in [
            (Sign::Link, tally.addresses > 0),
            (Sign::SeveralLinks, tally.addresses > 1),
            (Sign::BeginsWithLink, tally.begins_with_address),
            (Sign::Reply, tally.begins_with_mention),
            (Sign::SeveralMentions, tally.mentions > 1),
            (Sign::Repost, tally.repost),
            (Sign::Hashtag, tally.hashtags > 0),
            (Sign::ManyHashtags, tally.hashtags > 2),
            (Sign::Exclamation, tally.exclamations > 0),
            (Sign::SeveralExclamations, tally.exclamations > 1),
            (Sign::Question, tally.questions > 0),
            (Sign::SeveralQuestions, tally.questions > 1),
            (Sign::Ellipsis, tally.ellipses > 0),
            (Sign::Quotation, tally.quotes > 0),
            (Sign::Capitals, tally.shouted > 0),
            (Sign::Shouting, tally.shouted * 2 > words && words > 2),
            (Sign::StretchedLetters, tally.stretched > 0),
            (Sign::Smile, smileys && tally.smiles > 0),
            (Sign::BroadSmile, smileys && tally.smiles > 1),
            (Sign::Frown, smileys && tally.frowns > 0),
            (Sign::DeepFrown, smileys && tally.frowns > 1),
            (Sign::Emoji, smileys && tally.emoji > 0),
            (Sign::Number, tally.numbers > 0),
            (Sign::ManyNumbers, tally.numbers > 2),
            (Sign::Price, tally.prices > 0),
            (Sign::FewWords, words <= 5),
            (Sign::ManyWords, words >= 15),
            (Sign::TitleCase, tally.capitalised * 5 > words * 3 && words > 3),
            (Sign::RepeatedWords, tally.repeated > 1),
            (Sign::FewSmallWords, words > 4 && tally.small_words * 7 < words),
            (Sign::CutOff, cut_off),
            (Sign::ObjectNotNamed, not_named),
            (Sign::ObjectRepeated, tally.own > 1),
            (Sign::ObjectFirst, tally.own_first),
            (Sign::ObjectAddressed, tally.own_addressed),
            (Sign::RivalNamed, tally.others > 0),
            (Sign::NotCyrillic, !cyrillic),
            (Sign::NoEndOfSentence, !ends),
            (Sign::BeginsSmall, begins_small),
        ] {
            if shown {
                self.sign(sign);
            }
        }
    }
}
