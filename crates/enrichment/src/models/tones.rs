//! The tone of a post that was read, by the model of its alphabet.

use molva_domain::{Language, Tone};

use super::Models;
use super::inputs::{Inputs, WANT_INPUTS, valence_inputs};
use crate::features::{Reader, Weighed};
use crate::judgement::{TextTone, ToneScores};

/// The tone towards the object or of the text, and the five classes of a Cyrillic text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tones {
    pub(crate) probabilities: [f32; 3],
    /// What the probabilities come from; of a Cyrillic text on its own they stay zero.
    pub(crate) margins: [f32; 3],
    pub(crate) said: usize,
    pub(crate) general: Option<([f32; 5], usize)>,
}

impl Models {
    /// Judges the tone of a post, whose features were weighed by [`Models::weigh`] with the same inputs. `known` stands in for what the model of tone towards objects answers: of a post that it
    /// was learnt from its own answer would be too good.
    pub(crate) fn tones(
        &self,
        reader: &Reader,
        weighed: &[Weighed],
        inputs: &mut Inputs,
        cyrillic: bool,
        towards_object: bool,
        known: Option<[f32; 3]>,
    ) -> Tones {
        let mut tones = Tones::default();
        let mut margins = [0.0; 3];
        if !cyrillic {
            self.english.margins(weighed, &valence_inputs(reader), &mut margins);
            tones.said = self.rules.english.judge(&margins, &mut tones.probabilities);
            tones.margins = margins;
            return tones;
        }
        let object = self.packed.as_ref().map(|_| inputs.work_out_gathered(self, reader, weighed));
        if object.is_none() {
            inputs.work_out(self, reader, weighed);
        }
        let mut general = [0.0; 5];
        let class = self.rules.general.judge(&inputs.general, &mut general);
        tones.general = Some((general, class));
        tones.take_the_text();
        if towards_object {
            match object {
                Some(sums) => {
                    margins = sums;
                    self.object.finish(&inputs.values, &mut margins);
                }
                None => self.object.margins(weighed, &inputs.values, &mut margins),
            }
            let margins = known.unwrap_or(margins);
            tones.said = self.rules.object.judge(&margins, &mut tones.probabilities);
            tones.margins = margins;
        }
        tones
    }
}

impl Tones {
    /// Says of the object what the text says on its own, where there is a model of texts for it.
    pub(crate) fn take_the_text(&mut self) {
        let Some((general, class)) = self.general else { return };
        self.probabilities = [general[0], general[1] + general[3] + general[4], general[2]];
        self.said = if class > 2 { 1 } else { class };
        self.margins = [0.0; 3];
    }

    /// What the model of wants learns from: the tones, less what they would be if nothing were known.
    pub(crate) fn want_inputs(&self) -> [f32; WANT_INPUTS] {
        let [negative, neutral, positive] = self.probabilities;
        let general = self.general.map_or([0.0; 5], |(general, _)| general);
        [negative, neutral, positive, general[0], general[1], general[2], general[3], general[4]]
    }

    pub(crate) fn scores(&self) -> ToneScores {
        let [negative, neutral, positive] = self.probabilities;
        ToneScores { negative, neutral, positive, said: tone_of(self.said) }
    }

    pub(crate) fn text(&self) -> Option<TextTone> {
        let ([negative, neutral, positive, speech, skip], said) = self.general?;
        Some(TextTone { negative, neutral, positive, speech, skip, said })
    }
}

pub(crate) const fn tone_of(class: usize) -> Tone {
    match class {
        0 => Tone::Negative,
        2 => Tone::Positive,
        _ => Tone::Neutral,
    }
}

/// Whether a text is for the models of Cyrillic: by its language, else by its letters.
pub(crate) fn is_cyrillic(text: &str, language: Option<Language>) -> bool {
    const ENOUGH: usize = 600;
    if let Some(language) = language {
        return matches!(language.code(), "ru" | "uk" | "be" | "bg" | "kk" | "mk" | "sr" | "ky" | "tg" | "mn");
    }
    let (mut cyrillic, mut latin) = (0, 0);
    for byte in text.bytes().take(ENOUGH) {
        cyrillic += usize::from(matches!(byte, 0xd0..=0xd3));
        latin += usize::from(byte.is_ascii_alphabetic());
    }
    // Addresses and names in posts of every alphabet are Latin.
    cyrillic * 3 >= latin && cyrillic > 0
}
