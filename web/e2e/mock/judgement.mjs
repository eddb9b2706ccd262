// The machine of the mock: a few words decide, the same every time.

export const INTENTS = [
  "complaint",
  "help",
  "question",
  "idea",
  "praise",
  "purchase",
  "churn",
  "news",
  "advert",
  "spam",
];
export const STAGES = ["search", "buy", "use", "service", "leave"];
const BAD = /без интернета|молчит|лежить|аварія|down again|fibre cut|обещают|очередь/giu;
const GOOD = /всё летает|дякую|здивований|impressed|just worked/giu;
const SPAM = /займите/giu;

const hash = (id) => Number(BigInt(id) % 997n);

/** What the machine says of a text; nothing of a tenth of them, which it has not read yet. */
export function machineOf(id, text) {
  if (hash(id) % 10 === 7) return null;
  const bad = (text.match(BAD) ?? []).length;
  const good = (text.match(GOOD) ?? []).length;
  const tone = bad > good ? "negative" : good > bad ? "positive" : "neutral";
  const sure = 0.62 + (hash(id) % 33) / 100;
  const rest = (1 - sure) / 2;
  const scores = { negative: rest, neutral: rest, positive: rest, [tone]: sure };
  // Sometimes what it says is not what it holds for likeliest.
  if (tone === "negative" && hash(id) % 7 === 3)
    Object.assign(scores, { negative: 0.41, neutral: 0.46, positive: 0.13 });
  const intents = {};
  if (bad) intents.complaint = 0.91;
  if (/поддержк|кто-нибудь|anyone nearby/iu.test(text)) intents.help = 0.58;
  if (/\?/u.test(text)) intents.question = 0.77;
  if (good) intents.praise = 0.83;
  if (/выбираю|comparing|перенести номер/iu.test(text)) intents.purchase = 0.66;
  if (/открыл новый/iu.test(text)) intents.news = 0.88;
  if (text.search(SPAM) >= 0) intents.spam = 0.9;
  intents.idea = 0.07;
  const stage = intents.purchase ? "search" : bad ? "service" : good ? "use" : null;
  return {
    tone,
    tone_scores: scores,
    intents,
    decided: INTENTS.filter((intent) => (intents[intent] ?? 0) >= 0.5),
    stage,
    stage_score: 0.64,
    bot: null,
    second: hash(id) % 5 === 2 ? { by: "encoder", first: "neutral" } : null,
    relevance: hash(id) % 4 === 0 ? null : 0.05 + (hash(id) % 90) / 100,
    spam: text.search(SPAM) >= 0 ? 0.93 : 0.03,
    motive: bad ? text.match(BAD)[0] : null,
    model_id: "3",
  };
}

const said = (machine) => machine?.decided ?? [];

/** Puts what the machine says beside what people said. */
export function judged(mention) {
  const machine = machineOf(mention.id, mention.post.text);
  mention.machine = machine;
  mention.by_people = mention.tone === null ? [] : ["tone"];
  mention.tone ??= machine?.tone ?? null;
  mention.intents = said(machine);
  mention.stage = machine?.stage ?? null;
  mention.spam = machine?.spam ?? null;
  mention.story ??= null;
  return mention;
}

/** A change of judgements: `null` gives the word back to the machine. */
export function change(mention, body) {
  const { machine } = mention;
  const set = (kind, value, own) => {
    if (!(kind in body)) return;
    mention[kind] = body[kind] === null ? own : value;
    const others = mention.by_people.filter((one) => one !== kind);
    mention.by_people = body[kind] === null ? others : [...others, kind];
  };
  set("tone", body.tone, machine?.tone ?? null);
  set("intents", body.intents, said(machine));
  set("stage", body.stage === "none" ? null : body.stage, machine?.stage ?? null);
  set("spam", Number(body.spam), machine?.spam ?? null);
}

const SIGNS = {
  ru: ["Три вопросительных знака подряд", "Автор пишет от первого лица"],
  uk: ["Три знаки питання поспіль", "Автор пише від першої особи"],
  en: ["Three question marks in a row", "The author writes in the first person"],
};

/** The words and signs that decided. */
export function explanation(mention, locale) {
  const { text } = mention.post;
  const { machine } = mention;
  const places = (pattern) =>
    [...text.matchAll(pattern)].map((hit) => ({ in_title: false, start: hit.index, end: hit.index + hit[0].length }));
  const words = (pattern, weight) =>
    places(pattern).map((span, index) => ({
      kind: "words",
      text: text.slice(span.start, span.end),
      spans: [span],
      sign: null,
      weight: weight / (index + 1),
    }));
  const sign = (index, weight) => ({
    kind: "sign",
    text: (SIGNS[locale] ?? SIGNS.en)[index],
    spans: [],
    sign: `sign_${index}`,
    weight,
  });
  const toward = machine.tone === "positive" ? -1 : 1;
  return {
    tone: {
      label: machine.tone,
      score: machine.tone_scores[machine.tone],
      reasons: [
        ...words(BAD, 0.84 * toward),
        ...words(GOOD, -0.71 * toward),
        ...words(/подскажите|пока|anyone|хто/giu, -0.22),
        sign(1, 0.18),
      ],
    },
    intents: machine.decided.map((intent) => ({
      intent,
      score: machine.intents[intent],
      reasons: [...words(BAD, 0.6), ...words(/звонил|support|підтримці|выбираю/giu, 0.4), sign(0, -0.1)],
    })),
    stage: machine.stage && { stage: machine.stage, score: 0.64, reasons: words(/тариф\p{L}*|договір/giu, 0.5) },
    spam: { score: machine.spam, reasons: machine.spam > 0.5 ? [...words(SPAM, 0.9), sign(1, 0.3)] : [] },
    motive: machine.motive,
    motive_spans: machine.motive ? places(BAD).slice(0, 1) : [],
    model: { id: "3", version: "2026.11-3" },
  };
}
