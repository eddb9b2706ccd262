// Queries while they are written: what is wrong, what each part does, tidying, bringing from elsewhere.
import { ok, problem } from "./answers.mjs";
import { languageOf } from "./query-language.mjs";

const WORD = /(?<![\p{L}\p{N}=:"@#*.-])\p{L}{3,}(?![\p{L}\p{N}*:])/gu;
const OPERATOR = /^(AND|OR|NOT|И|ИЛИ|НЕ|І|АБО|SENTENCE|NEAR|ONEAR|OF)$/;
const CLAUSE = /(?:NOT|НЕ)\s*\([^)]*\)|(?:(?:NOT|НЕ)\s+|-)\S+|"[^"]*"(?:~\d+)?|[a-z.]+:\S+|[=\p{L}\p{N}@#*?]+/gu;
const ENDINGS = " а у ом е ы ов ам ами ах и ою ой ем ей ях ям ями ю я".split(" ");
const EFFECTS_MS = 300;
/** A query with this word is answered late, for tests of answers that cross. */
const SLOW = "медленно";
const SLOW_MS = 900;

export function queryRoutes({ state }) {
  const bare = (list) => ({ name: list.name, kind: list.kind, size: list.entries.length });
  return [
    [
      "POST",
      "/api/queries/check",
      async ({ body }) => {
        if (body.query.includes(SLOW)) await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
        return ok(check(body.query));
      },
    ],
    [
      "POST",
      "/api/queries/effects",
      async ({ body }) => {
        await new Promise((resolve) => setTimeout(resolve, EFFECTS_MS));
        return ok({
          scanned: 3_000,
          matched: 412,
          cut_short: body.query.length > 500,
          clauses: clausesOf(body.query).map((clause, index) => ({
            ...clause,
            change: clause.role === "excluded" ? -1_240 : ([37, 351, 0][index] ?? 0),
          })),
        });
      },
    ],
    [
      "POST",
      "/api/queries/format",
      ({ body }) => {
        const { diagnostics, valid } = check(body.query);
        if (!valid) return problem(422, "query_has_errors", "в запросе есть ошибки", undefined, { diagnostics });
        const tidy = body.query
          .replace(/\s+/g, " ")
          .trim()
          .replace(/ (NOT|НЕ) /g, "\n$1 ");
        return ok({ query: tidy });
      },
    ],
    ["POST", "/api/queries/import", ({ body }) => ok(imported(body.query, state.locale))],
    ["GET", "/api/queries/language", () => ok(languageOf(state.locale, state.lists.map(bare)))],
  ];
}

function imported(foreign, locale) {
  const notes = [];
  const say = (ru, en) => (locale === "ru" ? ru : en);
  for (const found of foreign.matchAll(/\b(engagementType|raw|at_mentions):\S+/g))
    notes.push({
      start: found.index,
      end: found.index + found[0].length,
      written: found[0],
      severity: "lost",
      message: say(
        `\`${found[1]}:\` здесь ни с чем не сравнить; условие опущено`,
        `\`${found[1]}:\` has no counterpart here; the condition is left out`,
      ),
    });
  for (const found of foreign.matchAll(/\bNEAR\/(\d+)f\b/g))
    notes.push({
      start: found.index,
      end: found.index + found[0].length,
      written: found[0],
      severity: "changed",
      message: say(`порядок слов пишется \`ONEAR/${found[1]}\``, `the order of words is written \`ONEAR/${found[1]}\``),
    });
  const query = foreign
    .replace(/\s*(AND\s+)?\b(engagementType|raw|at_mentions):\S+/g, "")
    .replace(/\bNEAR\/(\d+)f\b/g, "ONEAR/$1");
  return { query, notes, diagnostics: check(query).diagnostics };
}

/** The parts whose effect may be asked, told apart as roughly as a test needs. */
function clausesOf(query) {
  return [...query.matchAll(CLAUSE)]
    .filter(([text]) => !OPERATOR.test(text) && !/^(O?NEAR\/\d+|\d+)$/.test(text))
    .map((found) => ({
      start: found.index,
      end: found.index + found[0].length,
      role: /^(NOT|НЕ|-)/.test(found[0]) ? "excluded" : /OR|\|/.test(query) ? "any" : "required",
    }));
}

/** A word in some of its forms: known words decline, Latin ones stand for themselves, the rest is guessed. */
function wordOf(found) {
  const written = found[0];
  const stem = written.toLowerCase().replace(/[аяыиуюоеьй]$/, "");
  const cyrillic = /\p{Script=Cyrillic}/u.test(written);
  const known = /^(вакансия|резюме|интернет|связь|тариф)/i.test(written);
  const forms = cyrillic ? ENDINGS.map((end) => stem + end) : [written];
  return {
    start: found.index,
    end: found.index + written.length,
    written,
    lexemes: [
      {
        lemma: written.toLowerCase(),
        language: cyrillic ? (/[іїєґ]/i.test(written) ? "uk" : "ru") : "en",
        origin: cyrillic ? (known ? "dictionary" : "guessed") : "rules",
        forms,
        forms_total: cyrillic ? forms.length : 2,
      },
    ],
  };
}

function check(query) {
  const diagnostics = [];
  const lower = /(?<=\s)or(?=\s)/.exec(query);
  if (lower)
    diagnostics.push({
      severity: "warning",
      code: "lower_case_or",
      start: lower.index,
      end: lower.index + 2,
      message: "«or» строчными читается как слово; для «или» пишите прописными",
      replacement: "OR",
    });
  const opened = [...query].filter((one) => one === "(").length - [...query].filter((one) => one === ")").length;
  if (opened > 0) {
    const at = query.lastIndexOf("(");
    diagnostics.unshift({
      severity: "error",
      code: "unclosed_bracket",
      start: at,
      end: at + 1,
      message: "скобка не закрыта; добавьте `)`",
      replacement: null,
    });
  }
  const valid = opened <= 0 && query.trim() !== "";
  const plain = query.match(/\p{L}{3,}/gu)?.filter((word) => !OPERATOR.test(word)) ?? [];
  const every = /^\s*(и|на|не|это)\s*$/i.test(query);
  const heavy = /\?{2,}|каждый/.test(query);
  return {
    valid,
    diagnostics,
    explanation: `любое из слов: ${plain.slice(0, 6).join(", ")} — во всех формах`,
    words: [...query.matchAll(WORD)].filter(([word]) => !OPERATOR.test(word)).map(wordOf),
    clauses: valid ? clausesOf(query) : [],
    cost: valid
      ? {
          class: every ? "every_post" : heavy ? "heavy" : "light",
          looks_per_million: every ? 1_000_000 : heavy ? 84_000 : 120,
        }
      : null,
  };
}
