//! Which alphabet a text is in; many a language has one of its own.

use molva_domain::Language;

/// Alphabets between which a post chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Cyrillic,
    Latin,
    Greek,
    Armenian,
    Hebrew,
    Arabic,
    /// Arabic letters that Persian has added.
    Persian,
    Devanagari,
    Thai,
    Georgian,
    Hangul,
    Kana,
    Han,
}

pub(super) const SCRIPTS: usize = 13;

impl Script {
    /// The alphabet of a letter.
    #[must_use]
    pub const fn of(c: char) -> Option<Self> {
        Some(match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{531}'..='\u{587}' => Self::Armenian,
            '\u{5d0}'..='\u{5ea}' => Self::Hebrew,
            'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' => Self::Persian,
            '\u{620}'..='\u{6d3}' => Self::Arabic,
            '\u{904}'..='\u{939}' => Self::Devanagari,
            '\u{e01}'..='\u{e3a}' => Self::Thai,
            '\u{10a0}'..='\u{10ff}' => Self::Georgian,
            '\u{ac00}'..='\u{d7a3}' => Self::Hangul,
            '\u{3041}'..='\u{30ff}' => Self::Kana,
            '\u{4e00}'..='\u{9fff}' => Self::Han,
            _ => return None,
        })
    }

    /// The language that has this alphabet for itself among those met most; none where letters must tell.
    pub(super) fn language(self) -> Option<Language> {
        Language::parse(match self {
            Self::Cyrillic | Self::Latin => return None,
            Self::Greek => "el",
            Self::Armenian => "hy",
            Self::Hebrew => "he",
            Self::Arabic => "ar",
            Self::Persian => "fa",
            Self::Devanagari => "hi",
            Self::Thai => "th",
            Self::Georgian => "ka",
            Self::Hangul => "ko",
            Self::Kana => "ja",
            Self::Han => "zh",
        })
    }
}
