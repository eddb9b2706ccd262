//! Who speaks: the same key and number are the same person for ever.

use molva_domain::{Author, Community, Urn};

use crate::dice::{Dice, mix};
use crate::grammar::{Scene, Spelling};
use crate::world::{BRANDS, Network, Tongue};

/// Persons of one language on one network.
const PERSONS: f64 = 9_000.0;
/// Communities of one language on one network.
const COMMUNITIES: usize = 36;
const PERSON: i64 = 101;
const COMMUNITY: i64 = 102;

/// Where somebody speaks: a network and a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) network: Network,
    pub(crate) tongue: Tongue,
}

/// A speaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Somebody, by number.
    Person(usize),
    /// The account of a brand, by its index.
    Official(usize),
    /// The editors of a community, by its number.
    Editors(usize),
}

/// What a speaker is, for the one who writes in that name.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) author: Author,
    pub(crate) handle: String,
    pub(crate) woman: bool,
    pub(crate) city: usize,
    pub(crate) followers: u64,
    pub(crate) spelling: Spelling,
    /// Key of the habits of writing.
    pub(crate) habits: u64,
}

/// A few people write much, most write rarely.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number of persons")]
pub(crate) fn somebody(dice: &mut Dice) -> usize {
    (PERSONS * dice.unit().powi(3)) as usize
}

pub(crate) fn some_community(dice: &mut Dice) -> usize {
    dice.below(COMMUNITIES)
}

/// One person in forty is a program, on networks where programs say so.
pub(crate) fn is_bot(place: Place, number: usize) -> bool {
    number % 40 == 17 && matches!(place.network, Network::Telegram | Network::Mastodon | Network::X)
}

impl Place {
    fn dice(self, key: u64, what: i64, number: usize) -> Dice {
        let number = i64::try_from(number).unwrap_or(0);
        Dice::new(key, &[what, self.network as i64, self.tongue as i64, number])
    }

    pub(crate) fn profile(self, key: u64, voice: Voice) -> Profile {
        match voice {
            Voice::Person(number) => self.person(key, number),
            Voice::Official(brand) => self.official(key, brand),
            Voice::Editors(number) => self.editors(key, number),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "followers are capped and not negative"
    )]
    fn person(self, key: u64, number: usize) -> Profile {
        let mut dice = self.dice(key, PERSON, number);
        let words = self.tongue.vocabulary();
        let woman = dice.chance(0.52);
        let (first, first_latin) = *dice.pick(if woman { words.women } else { words.men });
        let (man_surname, woman_surname, surname_latin) = *dice.pick(words.surnames);
        let surname = if woman { woman_surname } else { man_surname };
        let (nickname, nickname_latin) = *dice.pick(words.nicknames);
        // Unique on a network: no name ends in a digit, and the languages take turns.
        let number_there = number * 3 + self.tongue as usize;
        let handle = match dice.below(6) {
            0 => format!("{nickname_latin}{number_there}"),
            1 => format!("{first_latin}_{surname_latin}{number_there}"),
            2 => format!("{surname_latin}.{first_latin}{number_there}"),
            3 => format!("{nickname_latin}_{number_there}"),
            4 => format!("{first_latin}{number_there}"),
            _ => format!("{}_{nickname_latin}{number_there}", &first_latin[..1]),
        };
        let bot = is_bot(self, number);
        let name = match dice.below(10) {
            _ if bot => format!("{nickname} bot"),
            0..5 if self.network.pseudonymous() => nickname.to_owned(),
            5..7 if self.network.pseudonymous() => handle.clone(),
            7 => first.to_owned(),
            8 => format!("{first} {}.", surname.chars().next().unwrap_or('A')),
            _ => format!("{first} {surname}"),
        };
        let spelling = match dice.below(20) {
            0..14 => Spelling::Native,
            14..17 => Spelling::Nickname,
            17 => Spelling::Latin,
            _ => Spelling::LowerLatin,
        };
        let weights: Vec<f64> = words.cities.iter().map(|city| city.weight).collect();
        let city = dice.weighted(&weights);
        let followers = dice.pareto(18.0, 0.95).min(1_400_000.0) as u64;
        let home = dice.chance(0.6).then_some(&words.cities[city]);
        let author = Author {
            urn: Some(self.urn("author", &handle)),
            name: Some(name),
            url: Some(self.address(&handle)),
            followers: Some(followers),
            verified: Some(followers > 150_000),
            bot: is_bot(self, number).then_some(true),
            city: home.map(|home| home.forms[0].to_owned()),
            region: home.map(|home| home.region.to_owned()),
            country: home.map(|home| home.country.to_owned()),
            handle: Some(handle.clone()),
        };
        Profile { author, handle, woman, city, followers, spelling, habits: dice.word() }
    }

    fn official(self, key: u64, brand: usize) -> Profile {
        let (_, _, _, latin, _) = BRANDS[brand];
        let handle = format!("{latin}_{}", self.tongue.language());
        let followers = mix(key, brand as u64) % 400_000 + 20_000;
        let name = self.tongue.vocabulary().brands[brand].name.forms[0].to_owned();
        self.institution(handle, name, followers, key)
    }

    fn editors(self, key: u64, number: usize) -> Profile {
        let community = self.community(key, number);
        let followers = self.dice(key, COMMUNITY, number).word() % 90_000 + 900;
        let handle = community.key.rsplit('/').next().unwrap_or("editors").to_owned();
        let mut profile = self.institution(handle, community.title.unwrap_or_default(), followers, key);
        profile.city = self.community_city(key, number);
        profile
    }

    fn institution(self, handle: String, name: String, followers: u64, key: u64) -> Profile {
        let author = Author {
            urn: Some(self.urn("author", &handle)),
            name: Some(name),
            url: Some(self.address(&handle)),
            followers: Some(followers),
            verified: Some(true),
            handle: Some(handle.clone()),
            ..Author::default()
        };
        Profile { author, handle, woman: false, city: 0, followers, spelling: Spelling::Native, habits: key }
    }

    /// The city a community is about; also the one its posts speak of.
    pub(crate) fn community_city(self, key: u64, number: usize) -> usize {
        let weights: Vec<f64> = self.tongue.vocabulary().cities.iter().map(|city| city.weight).collect();
        self.dice(key, COMMUNITY, number).weighted(&weights)
    }

    pub(crate) fn community(self, key: u64, number: usize) -> Community {
        let mut dice = self.dice(key, COMMUNITY + 1, number);
        let scene = Scene {
            vocabulary: self.tongue.vocabulary(),
            brand: 0,
            other: 1,
            city: self.community_city(key, number),
            goods: 0,
            woman: false,
            spelling: Spelling::Native,
        };
        let grammar = self.tongue.grammar();
        let title = match grammar.find(&[&format!("title.{}", self.network.as_str()), "title"]) {
            Some(rule) => grammar.expand(rule, &scene, &mut dice),
            None => format!("{} {number}", self.network.as_str()),
        };
        let native = format!("{}{number}{}", self.tongue.language(), dice.below(900) + 100);
        Community {
            key: format!("{}/{native}", self.network.as_str()),
            title: Some(title),
            url: Some(self.address(&native)),
        }
    }

    fn urn(self, kind: &str, native: &str) -> Urn {
        Urn::of("demo", Some(self.network.as_str()), kind, native)
    }

    pub(crate) fn address(self, handle: &str) -> String {
        format!("https://demo.example/{}/{handle}", self.network.as_str())
    }
}
