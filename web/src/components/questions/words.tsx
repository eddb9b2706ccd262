import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { wordsQuery } from "~/api/questions";
import { decimal, number, percent } from "~/lib/format";
import { rangeOf } from "~/lib/period";
import { WORD_VIEWS, type WordView } from "~/lib/questions/address";
import { comparedStretch } from "~/lib/questions/compare";
import type { Word, Words } from "~/lib/questions/shapes";
import { barsDrawing, type Drawing } from "~/lib/questions/svg";
import { courseOf } from "~/lib/questions/word-size";
import { Icon } from "../icon";
import { PeriodPicker } from "../period-picker";
import { Segments } from "../segments";
import { useLocale } from "../use-locale";
import { type Bar, BarList } from "./bar-list";
import { useQuestions } from "./context";
import { DataTable } from "./data-table";
import { Defined } from "./defined";
import { ExportMenu } from "./export-menu";
import lists from "./lists.module.css";
import { Nothing, Panel, TableSwitch } from "./panel";
import { PhraseList } from "./phrase-list";
import { TrustStrip } from "./trust-strip";
import { chartColors } from "./use-chart-colors";
import { drawCloud, WordCloud } from "./word-cloud";
import css from "./words.module.css";

const LIMIT = 60;
const BARS = 12;

/** Of what is said: words and phrases that stand out against another time, hashtags, signs and links. */
export function WordsPanel() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { selection, view, look, compared, zone } = useQuestions();
  const previous = comparedStretch({ kind: "previous" }, selection, zone);
  // Words are set against each other by shares, so the days before may be whole ones although the last is still running.
  const before = previous && selection.from ? { from: previous.from, to: selection.from } : null;
  const baseline = view.baseline ?? (view.compare.kind === "previous" ? before : (compared ?? before));
  const query = useQuery(wordsQuery(selection, baseline, LIMIT));
  const cloud = useRef<HTMLUListElement>(null);
  const kind = view.words;

  const draw = (): Drawing | null => {
    if (cloud.current) return drawCloud(cloud.current);
    const words = query.data;
    if (!words) return null;
    const bars =
      kind === "phrases"
        ? words.phrases.values.map((phrase) => ({
            label: phrase.phrase,
            length: phrase.share / (words.phrases.values[0]?.share_high || 1),
            text: `${percent(phrase.share_low, locale)} – ${percent(phrase.share_high, locale)}`,
          }))
        : words[kind].slice(0, BARS).map((word) => ({
            label: word.word,
            length: word.mentions / (words[kind][0]?.mentions || 1),
            text: number(word.mentions, locale),
          }));
    return barsDrawing(bars, chartColors());
  };

  return (
    <Panel
      number={5}
      id="words"
      title={t("questions.words.title")}
      hint={t("questions.words.hint")}
      query={query}
      height={340}
      tools={
        <>
          <TableSwitch chart="words" />
          <ExportMenu
            what="words"
            compare={baseline}
            title={`${t("questions.words.title")} ${t(`questions.words.${kind}`)}`}
            draw={draw}
          />
        </>
      }
      trust={<TrustStrip />}
    >
      {(words) =>
        words.mentions === 0 ? (
          <Nothing />
        ) : (
          <>
            <div className={lists.tabs}>
              <Segments
                label={t("questions.words.title")}
                value={kind}
                options={WORD_VIEWS.map((value) => ({ value, label: t(`questions.words.${value}`) }))}
                onChange={(value) => look({ words: value as WordView })}
              />
            </div>
            <Baseline words={words} kind={kind} />
            {kind === "phrases" ? (
              <PhraseView phrases={words.phrases} table={view.tables.includes("words")} />
            ) : view.tables.includes("words") ? (
              <WordTable words={words[kind]} kind={kind} />
            ) : words[kind].length === 0 ? (
              <p className={lists.none}>{t(`questions.words.none.${kind}`)}</p>
            ) : kind === "links" ? (
              <LinkBars links={words.links} />
            ) : (
              <WordCloud ref={cloud} words={words[kind]} label={t(`questions.words.${kind}`)} />
            )}
            {kind !== "phrases" && kind !== "links" && !view.tables.includes("words") && words[kind].length > 0 && (
              <p className={css.key}>{t("questions.words.key")}</p>
            )}
          </>
        )
      }
    </Panel>
  );
}

/** What the words are set against, and the way to choose another time. */
function Baseline({ words, kind }: { words: Words; kind: WordView }) {
  const { t } = useTranslation();
  const { zone, view, look, now } = useQuestions();
  const { from, to, mentions } = words.baseline;
  return (
    <div className={css.baseline}>
      <Defined figure={kind === "rising" ? "rising" : "typical"}>{t("questions.words.against")}</Defined>
      <PeriodPicker
        label={t("questions.words.choose")}
        value={from && to ? { from, to } : {}}
        zone={zone}
        onChange={({ period, ...range }) => {
          const chosen = period ? rangeOf(period, now, zone) : range;
          if (chosen.from) look({ baseline: { from: chosen.from, to: chosen.to ?? new Date(now).toISOString() } });
        }}
      />
      {!from && <span>{t("questions.words.everything")}</span>}
      <span>{t("questions.mentionCount", { count: mentions })}</span>
      {view.baseline && (
        <button type="button" className={`bare ${css.reset}`} onClick={() => look({ baseline: null })}>
          <Icon name="close" size={12} /> {t("questions.words.usual")}
        </button>
      )}
    </div>
  );
}

function PhraseView({ phrases, table }: { phrases: Words["phrases"]; table: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (phrases.values.length === 0) return <p className={lists.none}>{t("questions.words.none.phrases")}</p>;
  return (
    <>
      {table ? (
        <DataTable
          caption={t("questions.words.phrases")}
          rows={phrases.values}
          keyOf={(phrase) => phrase.phrase}
          partOf={(phrase) => phrase.drill}
          columns={[
            { key: "phrase", title: t("questions.words.phrases"), cell: (phrase) => phrase.phrase },
            {
              key: "mentions",
              title: t("questions.words.inSample"),
              cell: (phrase) => number(phrase.mentions, locale),
            },
            {
              key: "share",
              title: t("questions.columns.share"),
              figure: "phrase_share",
              cell: (phrase) => percent(phrase.share, locale),
            },
            {
              key: "interval",
              title: t("questions.words.interval"),
              cell: (phrase) => `${percent(phrase.share_low, locale)} – ${percent(phrase.share_high, locale)}`,
            },
          ]}
        />
      ) : (
        <PhraseList phrases={phrases.values} />
      )}
      <p className={css.key}>{t("questions.words.sampled", { count: phrases.sampled })}</p>
    </>
  );
}

function LinkBars({ links }: { links: readonly Word[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const most = links[0]?.mentions ?? 1;
  const bars: Bar[] = links.slice(0, BARS).map((link) => {
    const short = link.word.replace(/^https?:\/\/(www\.)?/, "");
    return {
      key: link.word,
      label: link.word,
      name: <span>{short}</span>,
      length: link.mentions / most,
      value: number(link.mentions, locale),
      more: link.share === null ? undefined : percent(link.share, locale),
      strong: courseOf(link.lift, link.baseline) === "new",
      part: link.drill,
    };
  });
  return <BarList label={t("questions.words.links")} bars={bars} />;
}

function WordTable({ words, kind }: { words: readonly Word[]; kind: WordView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const share = (value: number | null) => (value === null ? "—" : percent(value, locale));
  return (
    <DataTable
      caption={t(`questions.words.${kind}`)}
      rows={words}
      keyOf={(word) => word.word}
      partOf={(word) => word.drill}
      columns={[
        { key: "word", title: t(`questions.words.${kind}`), cell: (word) => word.word },
        {
          key: "mentions",
          title: t("questions.columns.mentions"),
          figure: "word_mentions",
          cell: (word) => number(word.mentions, locale),
        },
        { key: "share", title: t("questions.columns.share"), figure: "word_share", cell: (word) => share(word.share) },
        { key: "baseline", title: t("questions.columns.before"), cell: (word) => number(word.baseline, locale) },
        {
          key: "was",
          title: t("questions.words.baselineShare"),
          figure: "baseline_share",
          cell: (word) => share(word.baseline_share),
        },
        {
          key: "lift",
          title: t("questions.words.lift"),
          figure: "lift",
          cell: (word) =>
            word.baseline === 0
              ? t("questions.words.isNew")
              : word.lift === null
                ? "—"
                : `× ${decimal(word.lift, locale)}`,
        },
      ]}
    />
  );
}
