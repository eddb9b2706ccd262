//! From a plan to a post with words, names and numbers.

use molva_domain::{Engagement, Post, PostKind, Timestamp, Urn};

use crate::author::{Place, Profile, Voice, is_bot};
use crate::dice::Dice;
use crate::grammar::Scene;
use crate::label::{Intent, Label};
use crate::outage::{Outage, SOURCES};
use crate::plan::{Answer, Copy, Plan, Root, Slot, Stream, moment};
use crate::style::{self, Mood};
use crate::world::{BRANDS, Network, Tongue, Trade};

const WITNESS: i64 = 301;
const SOURCE: i64 = 302;

/// Everything about a post but its words.
struct Draft {
    native: String,
    at: Timestamp,
    place: Place,
    voice: Voice,
    community: Option<usize>,
    /// Overrides the city of the author.
    city: Option<usize>,
    brand: Option<usize>,
    mood: Mood,
    kind: PostKind,
}

impl Stream {
    pub(crate) fn write(&self, plan: Plan) -> (Post, Label) {
        match plan {
            Plan::Root(root) => self.write_root(root),
            Plan::Answer(answer) => self.write_answer(*answer),
            Plan::Copy(copy) => self.write_copy(copy),
        }
    }

    fn write_root(&self, root: Root) -> (Post, Label) {
        let Root { slot, at, place, voice, community, intent, brand, mut dice } = root;
        let trade = brand.map_or("any", |brand| BRANDS[brand].2.as_str());
        let rating = [1, 2, 3, 4, 5][dice.weighted(&[0.27, 0.09, 0.12, 0.17, 0.35])];
        let name = match (place.network, intent) {
            (Network::News, Intent::Chatter) => "news.other".to_owned(),
            (Network::Reviews, Intent::Chatter) if rating <= 2 => "review.bad".to_owned(),
            (Network::Reviews, Intent::Chatter) => "review.good".to_owned(),
            (_, Intent::Review) => match rating {
                1 | 2 => format!("{trade}.complaint"),
                3 => format!("{trade}.mixed"),
                _ => format!("{trade}.praise"),
            },
            (_, Intent::Chatter) => match voice {
                Voice::Person(number) if is_bot(place, number) => "chat.bot".to_owned(),
                _ => "chat".to_owned(),
            },
            _ => format!("{trade}.{}", intent.as_str()),
        };
        let kept = if intent == Intent::Review { "mixed" } else { intent.as_str() };
        let fallback = format!("any.{kept}");
        let mood = match intent {
            Intent::Praise => Mood::Glad,
            Intent::Complaint | Intent::Nameless | Intent::Churn => Mood::Sad,
            Intent::Review if rating <= 2 => Mood::Sad,
            _ => Mood::Even,
        };
        let draft = Draft {
            native: self.native(slot),
            at,
            place,
            voice,
            community,
            city: None,
            brand,
            mood,
            kind: kind_of(place.network, community.is_some()),
        };
        let mut post = self.compose(&draft, &[&name, &fallback], &mut dice);
        if place.network == Network::Reviews {
            post.engagement.rating = Some(rating);
        }
        (post, Label::new(intent, brand))
    }

    fn write_answer(&self, answer: Answer) -> (Post, Label) {
        let Answer { slot, at, root, to, voice, intent, mut dice } = answer;
        let name = match (intent, to, root.intent) {
            (Intent::Support, ..) => "reply.support",
            (_, Some(_), _) if voice == root.voice => "reply.back",
            (_, _, Intent::Complaint | Intent::Churn | Intent::Nameless) => "reply.agree",
            (_, _, Intent::Question | Intent::Purchase | Intent::Help) if root.brand.is_some() => "reply.advice",
            (_, _, Intent::Chatter | Intent::News | Intent::Review) => "reply.chat",
            _ => "reply.doubt",
        };
        let draft = Draft {
            native: self.native(slot),
            at,
            place: root.place,
            voice,
            community: root.community,
            city: None,
            brand: root.brand,
            mood: Mood::Even,
            kind: answer_kind(root.place.network),
        };
        let mut post = self.compose(&draft, &[name], &mut dice);
        post.in_reply_to = Some(self.urn(root.place.network, &self.native(to.unwrap_or(root.slot))));
        (post, Label::new(intent, root.brand))
    }

    fn write_copy(&self, copy: Copy) -> (Post, Label) {
        let Copy { slot, at, place, voice, community, campaign, brand, mut shared, mut dice } = copy;
        let trade = brand.map(|brand| BRANDS[brand].2);
        let name = trade.map_or("spam.other".to_owned(), |trade| format!("spam.{}", trade.as_str()));
        let kind = kind_of(place.network, community.is_some());
        let (native, mood) = (self.native(slot), Mood::Even);
        let draft = Draft { native, at, place, voice, community, city: None, brand, mood, kind };
        let profile = place.profile(self.key, voice);
        let spelling = crate::grammar::Spelling::Native;
        let scene = Scene { city: 0, woman: false, spelling, ..self.scene(&draft, &profile, &mut shared) };
        let text = match place.tongue.grammar().find(&[&name]) {
            Some(rule) => style::tidy(&place.tongue.grammar().expand(rule, &scene, &mut shared), place.tongue),
            None => String::new(),
        };
        let text = style::disguise(&text, &mut dice);
        let post = self.dress(&draft, &profile, text, &mut dice);
        (post, Label { campaign: Some(campaign), ..Label::new(Intent::Spam, brand) })
    }

    /// All posts of that outage in that minute.
    pub(crate) fn write_outage(&self, outage: &Outage, cell: i64, out: &mut Vec<(Post, Label)>) {
        if let Some(index) = SOURCES.iter().position(|after| outage.start + after == cell) {
            out.push((self.outage_source(outage, index), outage_label(outage)));
        }
        let count = Dice::new(self.key, &[WITNESS, outage.id.cast_signed(), cell]).count(outage.intensity(cell));
        for index in 0..i64::from(count) {
            let mut dice = Dice::new(self.key, &[WITNESS, outage.id.cast_signed(), cell, index]);
            let at = moment(cell, &mut dice);
            let source = match dice.weighted(&[0.46, 0.12, 0.42]) {
                0 | 1 if dice.chance(0.02) => None,
                way @ (0 | 1) => outage.source_to_pass_on(cell, &mut dice).map(|source| (source, way == 0)),
                _ => None,
            };
            let native = format!("{}-{cell}-o{index}", self.short_key());
            let post = match source {
                Some((source, repost)) => self.outage_echo(outage, native, at, source, repost, &mut dice),
                None => self.outage_witness(outage, native, at, cell, &mut dice),
            };
            out.push((post, outage_label(outage)));
        }
    }

    /// One of the posts that the others pass on.
    fn outage_source(&self, outage: &Outage, index: usize) -> Post {
        let mut dice = Dice::new(self.key, &[SOURCE, outage.id.cast_signed(), i64::try_from(index).unwrap_or(0)]);
        let cell = outage.start + SOURCES[index];
        let at = moment(cell, &mut dice);
        let wide = if outage.tongue == Tongue::Ukrainian { Network::Facebook } else { Network::Vk };
        let (network, name) = [
            (Network::Telegram, "outage.first"),
            (wide, "outage.channel"),
            (wide, "outage.official"),
            (Network::News, "outage.news"),
        ][index];
        let place = Place { network, tongue: outage.tongue };
        let community = (0..36).find(|number| place.community_city(self.key, *number) == outage.city).unwrap_or(0);
        let voice = match index {
            0 => Voice::Person(crate::author::somebody(&mut dice)),
            2 => Voice::Official(outage.brand),
            _ => Voice::Editors(community),
        };
        let draft = Draft {
            native: format!("{}-{cell}-s{index}", self.short_key()),
            at,
            place,
            voice,
            community: (index != 2).then_some(community),
            city: Some(outage.city),
            brand: Some(outage.brand),
            mood: Mood::Even,
            kind: kind_of(network, true),
        };
        self.compose(&draft, &[name], &mut dice)
    }

    /// A repost of a source, sometimes with a word of one's own, or an answer to it.
    fn outage_echo(
        &self,
        outage: &Outage,
        native: String,
        at: Timestamp,
        source: usize,
        repost: bool,
        dice: &mut Dice,
    ) -> Post {
        let original = self.outage_source(outage, source);
        let network = match source {
            0 => Network::Telegram,
            3 => *dice.pick(&[Network::Telegram, Network::X, Network::News]),
            _ if outage.tongue == Tongue::Ukrainian => Network::Facebook,
            _ => Network::Vk,
        };
        let repost = repost && network != Network::News;
        let mut draft = self.outage_draft(outage, native, at, network, dice);
        if !repost {
            draft.kind = answer_kind(network);
            let mut post = self.compose(&draft, &["outage.answer"], dice);
            post.in_reply_to = Some(original.urn);
            return post;
        }
        draft.kind = PostKind::Repost;
        let profile = draft.place.profile(self.key, draft.voice);
        let text = if dice.chance(0.25) {
            let comment = self.words(&draft, &profile, &["outage.comment"], dice);
            format!("{comment}\n\n{}", original.text)
        } else {
            original.text
        };
        let mut post = self.dress(&draft, &profile, text, dice);
        post.repost_of = Some(original.urn);
        post
    }

    fn outage_witness(&self, outage: &Outage, native: String, at: Timestamp, cell: i64, dice: &mut Dice) -> Post {
        let networks: Vec<Network> = outage.tongue.networks().iter().map(|(network, _)| *network).collect();
        let network = *dice.pick(&networks[..networks.len() - 2]);
        let draft = self.outage_draft(outage, native, at, network, dice);
        let name = if outage.is_over(cell) && dice.chance(0.7) { "outage.after" } else { "outage.witness" };
        self.compose(&draft, &[name], dice)
    }

    fn outage_draft(&self, outage: &Outage, native: String, at: Timestamp, network: Network, dice: &mut Dice) -> Draft {
        let community = dice.chance(network.communal()).then(|| crate::author::some_community(dice));
        Draft {
            native,
            at,
            place: Place { network, tongue: outage.tongue },
            voice: Voice::Person(crate::author::somebody(dice)),
            community,
            city: Some(outage.city),
            brand: Some(outage.brand),
            mood: Mood::Sad,
            kind: kind_of(network, community.is_some()),
        }
    }

    fn compose(&self, draft: &Draft, rules: &[&str], dice: &mut Dice) -> Post {
        let profile = draft.place.profile(self.key, draft.voice);
        let text = self.words(draft, &profile, rules, dice);
        self.dress(draft, &profile, text, dice)
    }

    fn words(&self, draft: &Draft, profile: &Profile, rules: &[&str], dice: &mut Dice) -> String {
        let tongue = draft.place.tongue;
        let grammar = tongue.grammar();
        let scene = self.scene(draft, profile, dice);
        let raw = grammar.find(rules).map(|rule| grammar.expand(rule, &scene, dice)).unwrap_or_default();
        let text = style::tidy(&raw, tongue);
        match draft.voice {
            Voice::Person(_) => {
                let loose = draft.place.network.looseness();
                style::type_out(text, tongue, scene.vocabulary, draft.mood, loose, profile.habits, dice)
            }
            Voice::Official(_) | Voice::Editors(_) => text,
        }
    }

    fn scene<'a>(&self, draft: &Draft, profile: &Profile, dice: &mut Dice) -> Scene<'a> {
        let vocabulary = draft.place.tongue.vocabulary();
        let brand = draft.brand.unwrap_or(0);
        let rivals: Vec<usize> =
            (0..BRANDS.len()).filter(|&other| other != brand && BRANDS[other].2 == BRANDS[brand].2).collect();
        let community_city = draft.community.map(|number| draft.place.community_city(self.key, number));
        Scene {
            vocabulary,
            brand,
            other: if rivals.is_empty() { brand } else { *dice.pick(&rivals) },
            city: draft.city.or(community_city).unwrap_or(profile.city),
            goods: dice.below(vocabulary.goods.len()),
            woman: profile.woman,
            spelling: profile.spelling,
        }
    }

    /// Puts a text into a post with all that surrounds it.
    fn dress(&self, draft: &Draft, profile: &Profile, text: String, dice: &mut Dice) -> Post {
        let Draft { native, at, place, .. } = draft;
        let (title, text) = match draft.kind {
            PostKind::Post | PostKind::Article => split_title(place.network, text),
            _ => (None, text),
        };
        let links = text.split_whitespace().filter(|word| word.starts_with("https://")).map(str::to_owned).collect();
        let mut post = Post::new(self.urn(place.network, native), place.network.as_str(), text, *at, *at);
        post.kind = draft.kind;
        post.author = profile.author.clone();
        post.community = draft.community.map(|number| place.community(self.key, number));
        post.title = title;
        post.language = Some(place.tongue.language());
        post.url = Some(format!("{}/{native}", place.address(&profile.handle)));
        post.links = links;
        post.engagement = engagement(place.network, profile.followers, dice);
        post
    }

    /// 32 bits of the key, enough to tell demos apart.
    fn short_key(&self) -> String {
        format!("{:08x}", self.key >> 32)
    }

    fn native(&self, slot: Slot) -> String {
        format!("{}-{}-{}", self.short_key(), slot.cell, slot.index)
    }

    fn urn(&self, network: Network, native: &str) -> Urn {
        Urn::of("demo", Some(network.as_str()), "post", native)
    }
}

fn outage_label(outage: &Outage) -> Label {
    Label { outage: Some(outage.id), ..Label::new(Intent::Outage, Some(outage.brand)) }
}

const fn kind_of(network: Network, communal: bool) -> PostKind {
    match network {
        Network::Telegram => PostKind::Message,
        Network::Reviews => PostKind::Review,
        Network::News => PostKind::Article,
        Network::Vk | Network::Ok if communal => PostKind::Comment,
        _ => PostKind::Post,
    }
}

const fn answer_kind(network: Network) -> PostKind {
    match network {
        Network::X | Network::Mastodon | Network::Bluesky | Network::Telegram => PostKind::Reply,
        _ => PostKind::Comment,
    }
}

/// News carry the title in their first line; forum threads are named by their first sentence.
fn split_title(network: Network, text: String) -> (Option<String>, String) {
    match network {
        Network::News => match text.split_once('\n') {
            Some((title, body)) => (Some(title.to_owned()), body.trim_start().to_owned()),
            None => (None, text),
        },
        Network::Forum => match text.find(['.', '?', '!']) {
            Some(end) if text.len() - end > 40 && text[..end].chars().count() <= 70 => {
                let (title, rest) = text.split_at(end + 1);
                (
                    Some(title.trim_end_matches('.').to_owned()),
                    rest.trim_start_matches(['.', '!', '?', ' ', '\n']).to_owned(),
                )
            }
            _ => (None, text),
        },
        _ => (None, text),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "audience figures are far below 2^53 and not negative"
)]
fn engagement(network: Network, followers: u64, dice: &mut Dice) -> Engagement {
    let reach = (followers as f64).powf(0.45);
    let mut draw = |share: f64| Some(((dice.pareto(1.0, 1.15) - 1.0) * share * reach).min(400_000.0) as u64);
    let (likes, reposts, comments, views) = (draw(0.30), draw(0.06), draw(0.08), draw(6.0));
    match network {
        Network::Telegram => Engagement { views, comments, ..Engagement::default() },
        Network::Vk => Engagement { likes, reposts, comments, views, rating: None },
        Network::Forum | Network::News => Engagement { comments, views, ..Engagement::default() },
        Network::Reviews => Engagement { likes, ..Engagement::default() },
        _ => Engagement { likes, reposts, comments, ..Engagement::default() },
    }
}

/// Only operators fall silent for a city.
const _: () = assert!(matches!(BRANDS[0].2, Trade::Telecom));
