//! What happens at each moment: who says what about whom. The words come later, in [`crate::write`].
//!
//! Every minute holds numbered slots. A slot's plan follows from key, minute and number alone, so that an answer can
//! find the post it answers without a memory of the stream.

use molva_domain::Timestamp;

use crate::author::{Place, Voice, is_bot, some_community, somebody};
use crate::dice::Dice;
use crate::label::Intent;
use crate::outage;
use crate::rhythm::{self, CELL_SECONDS};
use crate::world::{BRANDS, Network, Tongue};

const CELL: i64 = 1;
const SLOT: i64 = 2;
const CAMPAIGN: i64 = 3;
/// Copy-paste campaigns live this long, in seconds, this many at a time.
const CAMPAIGN_SECONDS: i64 = 3 * 3_600;
const CAMPAIGNS: usize = 6;

/// The stream's key and volume: all that its posts depend on besides time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stream {
    pub(crate) key: u64,
    pub(crate) posts_per_day: f64,
}

/// A place in the stream: the minute and the number within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) cell: i64,
    pub(crate) index: i64,
}

/// A post that answers nothing.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    pub(crate) slot: Slot,
    pub(crate) at: Timestamp,
    pub(crate) place: Place,
    pub(crate) voice: Voice,
    pub(crate) community: Option<usize>,
    pub(crate) intent: Intent,
    /// The brand it is about; where there is none, an index that nobody reads.
    pub(crate) brand: Option<usize>,
    /// Drives the words.
    pub(crate) dice: Dice,
}

/// An answer to a root, or to an answer to it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) slot: Slot,
    pub(crate) at: Timestamp,
    pub(crate) root: Root,
    /// The answer that this one answers, when not the root itself.
    pub(crate) to: Option<Slot>,
    pub(crate) voice: Voice,
    pub(crate) intent: Intent,
    pub(crate) dice: Dice,
}

/// One copy of a text that many authors post.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub(crate) slot: Slot,
    pub(crate) at: Timestamp,
    pub(crate) place: Place,
    pub(crate) voice: Voice,
    pub(crate) community: Option<usize>,
    pub(crate) campaign: u64,
    pub(crate) brand: Option<usize>,
    /// Drives the text that all copies share.
    pub(crate) shared: Dice,
    pub(crate) dice: Dice,
}

/// What a slot holds.
#[derive(Clone, Debug)]
pub(crate) enum Plan {
    Root(Root),
    Answer(Box<Answer>),
    Copy(Copy),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Root,
    Answer,
    Retort,
    Copy,
}

struct Outline {
    at: Timestamp,
    tongue: Tongue,
    shape: Shape,
    dice: Dice,
}

impl Stream {
    /// How many slots that minute has.
    #[expect(clippy::cast_precision_loss, reason = "seconds of a minute")]
    pub(crate) fn slots(&self, cell: i64) -> i64 {
        let minute_share = CELL_SECONDS as f64 / 86_400.0;
        let rate = rhythm::rates(cell).iter().sum::<f64>();
        let mean = self.posts_per_day * (1.0 - outage::MEAN_SHARE) * minute_share * rate;
        i64::from(Dice::new(self.key, &[CELL, cell]).count(mean))
    }

    fn outline(&self, slot: Slot) -> Outline {
        let mut dice = Dice::new(self.key, &[SLOT, slot.cell, slot.index]);
        let at = moment(slot.cell, &mut dice);
        let tongue = rhythm::tongue(&rhythm::rates(slot.cell), &mut dice);
        let shape = match dice.weighted(&[0.77, 0.13, 0.05, 0.05]) {
            0 => Shape::Root,
            1 => Shape::Answer,
            2 => Shape::Retort,
            _ => Shape::Copy,
        };
        Outline { at, tongue, shape, dice }
    }

    /// When the post of that slot is published.
    pub(crate) fn time_of(&self, slot: Slot) -> Timestamp {
        self.outline(slot).at
    }

    pub(crate) fn plan(&self, slot: Slot) -> Plan {
        let outline = self.outline(slot);
        match outline.shape {
            Shape::Copy => Plan::Copy(self.copy(slot, outline)),
            Shape::Answer | Shape::Retort => match self.answer(slot, &outline) {
                Some(answer) => Plan::Answer(Box::new(answer)),
                None => Plan::Root(self.root(slot, outline)),
            },
            Shape::Root => Plan::Root(self.root(slot, outline)),
        }
    }

    fn root(&self, slot: Slot, outline: Outline) -> Root {
        let Outline { at, tongue, mut dice, .. } = outline;
        let networks = tongue.networks();
        let weights: Vec<f64> = networks.iter().map(|(_, share)| *share).collect();
        let network = networks[dice.weighted(&weights)].0;
        let place = Place { network, tongue };
        let community = dice.chance(network.communal()).then(|| some_community(&mut dice));
        let number = somebody(&mut dice);
        let some_brand = dice.weighted(&BRANDS.map(|(_, _, _, _, share)| share));
        let (intent, brand) = match network {
            Network::News if dice.chance(0.16) => (Intent::News, Some(some_brand)),
            Network::Reviews if dice.chance(0.42) => (Intent::Review, Some(some_brand)),
            Network::News | Network::Reviews => (Intent::Chatter, None),
            _ if is_bot(place, number) || dice.chance(0.835) => (Intent::Chatter, None),
            _ => (brand_talk(&mut dice), Some(some_brand)),
        };
        let voice = match (network, intent, community) {
            (Network::News, _, Some(community)) => Voice::Editors(community),
            (_, Intent::Advert, _) => Voice::Official(some_brand),
            _ => Voice::Person(number),
        };
        let community = community.filter(|_| intent != Intent::Advert);
        Root { slot, at, place, voice, community, intent, brand, dice }
    }

    fn answer(&self, slot: Slot, outline: &Outline) -> Option<Answer> {
        let mut dice = outline.dice.clone();
        let (root, to) = if outline.shape == Shape::Retort {
            let earlier = self.earlier(slot, outline.tongue, Shape::Answer, &mut dice)?;
            let answer = self.answer(earlier, &self.outline(earlier))?;
            (answer.root, Some((earlier, answer.voice)))
        } else {
            let earlier = self.earlier(slot, outline.tongue, Shape::Root, &mut dice)?;
            (self.root(earlier, self.outline(earlier)), None)
        };
        let about_brand = root.brand.filter(|_| !matches!(root.intent, Intent::News | Intent::Job));
        let asks_the_brand =
            matches!(root.intent, Intent::Complaint | Intent::Question | Intent::Review | Intent::Churn);
        let (voice, intent) = match (about_brand, to) {
            (Some(brand), None) if asks_the_brand && dice.chance(0.45) => (Voice::Official(brand), Intent::Support),
            // Whoever wrote the root comes back to answer.
            (_, Some((_, answered))) if answered != root.voice && dice.chance(0.6) && is_person(root.voice) => {
                (root.voice, Intent::Answer)
            }
            _ => (Voice::Person(somebody(&mut dice)), Intent::Answer),
        };
        Some(Answer { slot, at: outline.at, root, to: to.map(|(slot, _)| slot), voice, intent, dice })
    }

    /// A slot of an earlier minute of that language and shape: mostly of the last hour, or nothing when it is quiet.
    #[expect(clippy::cast_possible_truncation, reason = "minutes back are few")]
    fn earlier(&self, slot: Slot, tongue: Tongue, shape: Shape, dice: &mut Dice) -> Option<Slot> {
        for _ in 0..14 {
            let cell = slot.cell - 1 - dice.exponential(45.0) as i64;
            let slots = usize::try_from(self.slots(cell)).unwrap_or(0);
            if slots == 0 {
                continue;
            }
            let found = Slot { cell, index: i64::try_from(dice.below(slots)).unwrap_or(0) };
            let outline = self.outline(found);
            if outline.tongue != tongue || outline.shape != shape {
                continue;
            }
            let talked_about = shape != Shape::Root || self.root(found, outline).intent != Intent::Chatter;
            if talked_about || dice.chance(0.3) {
                return Some(found);
            }
        }
        None
    }

    fn copy(&self, slot: Slot, outline: Outline) -> Copy {
        let Outline { at, mut dice, .. } = outline;
        let stretch = at.as_secs().div_euclid(CAMPAIGN_SECONDS);
        let number = i64::try_from(dice.below(CAMPAIGNS)).unwrap_or(0);
        let mut shared = Dice::new(self.key, &[CAMPAIGN, stretch, number]);
        let campaign = shared.word();
        let tongue = [Tongue::Russian, Tongue::Ukrainian, Tongue::English][shared.weighted(&[0.62, 0.25, 0.13])];
        let brand = shared.chance(0.45).then(|| shared.weighted(&BRANDS.map(|(_, _, _, _, share)| share)));
        let networks: Vec<Network> = tongue.networks().iter().map(|(network, _)| *network).collect();
        // The last two are reviews and news, where spam does not get in.
        let network = *dice.pick(&networks[..networks.len() - 2]);
        let community = dice.chance(network.communal()).then(|| some_community(&mut dice));
        let voice = Voice::Person(dice.below(6_000));
        Copy { slot, at, place: Place { network, tongue }, voice, community, campaign, brand, shared, dice }
    }
}

/// The moment of a post within its minute, to the millisecond.
pub(crate) fn moment(cell: i64, dice: &mut Dice) -> Timestamp {
    let offset = dice.below(usize::try_from(CELL_SECONDS * 1_000).unwrap_or(1));
    Timestamp::from_millis(cell * CELL_SECONDS * 1_000 + i64::try_from(offset).unwrap_or(0))
}

const fn is_person(voice: Voice) -> bool {
    matches!(voice, Voice::Person(_))
}

fn brand_talk(dice: &mut Dice) -> Intent {
    const SHARES: [(Intent, f64); 9] = [
        (Intent::Question, 0.17),
        (Intent::Complaint, 0.25),
        (Intent::Praise, 0.14),
        (Intent::Advert, 0.08),
        (Intent::Help, 0.07),
        (Intent::Purchase, 0.13),
        (Intent::Nameless, 0.07),
        (Intent::Churn, 0.07),
        (Intent::Job, 0.02),
    ];
    SHARES[dice.weighted(&SHARES.map(|(_, share)| share))].0
}
