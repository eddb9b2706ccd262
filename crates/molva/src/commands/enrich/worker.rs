//! Judges lines: what one thread does on its own.

use molva_domain::{Language, Timestamp};
use molva_enrichment::slow::{Asked, SecondOpinion};
use molva_enrichment::stories::{Signature, Signer};
use molva_enrichment::training::Brands;
use molva_enrichment::{Enricher, Judgement, Models, Object, PostSigns, Span};
use molva_text::{Analysis, PrefixFilter};

use super::answer::Writer;
use super::clock::{Spent, Watch};
use super::line::{Line, Lines};

/// Words of a post; the memory of those that had more is given back.
const FEW_WORDS: usize = 4_000;

/// One thread's models and memory.
pub(super) struct Worker<'a> {
    models: &'a Models,
    opinion: Option<&'a dyn SecondOpinion>,
    object_field: &'a str,
    enricher: Enricher,
    brands: Brands,
    signer: Signer,
    analyses: Vec<Analysis>,
    writer: Writer,
}

/// Answers that lack the names of their stories: those depend on all posts before.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) text: Vec<u8>,
    pub(super) posts: Vec<Answer>,
    pub(super) lines: u64,
    /// Lines that could not be read, with their numbers.
    pub(super) bad: Vec<(u64, anyhow::Error)>,
    pub(super) judgements: u64,
    pub(super) spent: Spent,
}

pub(super) struct Answer {
    /// Where the name of the story is missing.
    pub(super) story_at: usize,
    pub(super) signature: Signature,
    pub(super) at: Timestamp,
}

/// A post that was cut into words.
struct Read<'a> {
    line: Line<'a>,
    language: Option<Language>,
    signature: Signature,
}

impl<'a> Worker<'a> {
    pub(super) fn new(models: &'a Models, opinion: Option<&'a dyn SecondOpinion>, object_field: &'a str) -> Self {
        Self {
            models,
            opinion,
            object_field,
            enricher: Enricher::default(),
            brands: Brands::default(),
            signer: Signer::default(),
            analyses: Vec::new(),
            writer: Writer::new(),
        }
    }

    pub(super) fn answer(&mut self, lines: &Lines) -> anyhow::Result<Answers> {
        let (mut answers, mut watch) = (Answers { lines: lines.len() as u64, ..Answers::default() }, Watch::start());
        let mut posts = Vec::with_capacity(lines.len());
        for (number, line) in lines.iter() {
            match Line::read(line, self.object_field) {
                Ok(post) => posts.push(post),
                Err(error) => answers.bad.push((number, error)),
            }
        }
        watch.lap(&mut answers.spent.lines);
        self.analyses.resize_with(posts.len().max(self.analyses.len()), Analysis::default);
        let posts: Vec<Read<'_>> = posts.into_iter().enumerate().map(|(at, line)| self.read(line, at)).collect();
        watch.lap(&mut answers.spent.every_post);
        let judged = self.judge(&posts)?;
        answers.judgements = judged.len() as u64;
        watch.lap(&mut answers.spent.judging);
        self.write(posts, &judged, &mut answers);
        self.analyses.retain(|analysis| analysis.tokens().len() <= FEW_WORDS);
        watch.lap(&mut answers.spent.lines);
        Ok(answers)
    }

    fn read<'l>(&mut self, line: Line<'l>, at: usize) -> Read<'l> {
        let analysis = &mut self.analyses[at];
        analysis.run("", &line.text, &PrefixFilter::default());
        let language = line.language.or_else(|| analysis.language("", &line.text));
        let signature = self.signer.sign_analysed(analysis, "", &line.text);
        Read { line, language, signature }
    }

    /// One judgement for each object of each post; one of the text where a post has none.
    fn judge(&mut self, posts: &[Read<'_>]) -> anyhow::Result<Vec<Judgement>> {
        if let Some(opinion) = self.opinion {
            return self.judge_again(opinion, posts);
        }
        let mut judged = Vec::with_capacity(posts.len());
        let (mut own, mut others) = (Vec::new(), Vec::new());
        for (post, analysis) in posts.iter().zip(&self.analyses) {
            let text = &*post.line.text;
            let mut judge = |object: Option<Object<'_>>| {
                let signs = PostSigns::default();
                self.enricher.judge_analysed(self.models, analysis, ("", text), post.language, &signs, object)
            };
            if post.line.objects.is_empty() {
                judged.push(judge(None));
                continue;
            }
            self.brands.read(analysis, text);
            for name in &post.line.objects {
                self.brands.find_read(name, &mut own, &mut others);
                judged.push(judge(Some(Object { own: &own, others: &others })));
            }
        }
        Ok(judged)
    }

    /// The same by somebody who knows better.
    fn judge_again(&mut self, opinion: &dyn SecondOpinion, posts: &[Read<'_>]) -> anyhow::Result<Vec<Judgement>> {
        let mut places: Vec<Vec<(Vec<Span>, Vec<Span>)>> = Vec::with_capacity(posts.len());
        for (post, analysis) in posts.iter().zip(&self.analyses) {
            self.brands.read(analysis, &post.line.text);
            let place = |name| {
                let (mut own, mut others) = (Vec::new(), Vec::new());
                self.brands.find_read(name, &mut own, &mut others);
                (own, others)
            };
            places.push(post.line.objects.iter().map(|name| place(name)).collect());
        }
        let mut asked: Vec<Asked<'_>> = Vec::new();
        for (post, places) in posts.iter().zip(&places) {
            let (text, language) = (&*post.line.text, post.language);
            let ask = |object| Asked { title: "", text, language, signs: PostSigns::default(), object };
            asked.extend(places.iter().map(|(own, others)| ask(Some(Object { own, others }))));
            if places.is_empty() {
                asked.push(ask(None));
            }
        }
        let judged = opinion.judge(self.models, &asked)?;
        let mut fast = |asked: &Asked<'_>| {
            let Asked { title, text, language, signs, object } = *asked;
            self.enricher.judge(self.models, title, text, language, &signs, object)
        };
        Ok(asked.iter().zip(judged).map(|(asked, judged)| judged.unwrap_or_else(|| fast(asked))).collect())
    }

    fn write(&mut self, posts: Vec<Read<'_>>, judged: &[Judgement], answers: &mut Answers) {
        let mut rest = judged;
        for Read { line, language, signature } in posts {
            let (said, behind) = rest.split_at(line.objects.len().max(1).min(rest.len()));
            rest = behind;
            let Some(first) = said.first() else { return };
            self.writer.before_story(&mut answers.text, &line, language, first);
            let story_at = answers.text.len();
            self.writer.behind_story(&mut answers.text, &line.objects, said);
            let at = line.published.unwrap_or(Timestamp::from_secs(0));
            answers.posts.push(Answer { story_at, signature, at });
        }
    }
}
