import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { volumeQuery } from "~/api/questions";
import { margin } from "~/lib/estimate";
import { compact, decimal, number, percent } from "~/lib/format";
import type { TopicVolume, Totals, Volume } from "~/lib/questions/shapes";
import { barsDrawing } from "~/lib/questions/svg";
import type { Selection } from "~/lib/selection";
import { LEVELS, widestOwn } from "~/lib/topic-levels";
import { Segments } from "../segments";
import { useLocale } from "../use-locale";
import { type Bar, BarList } from "./bar-list";
import { ChangeMark } from "./change-mark";
import { useQuestions } from "./context";
import { DataTable } from "./data-table";
import { Defined } from "./defined";
import { Drill } from "./drill";
import { ExportMenu } from "./export-menu";
import { Nothing, Panel, TableSwitch } from "./panel";
import { signed } from "./signed";
import { ToneShares } from "./tone-shares";
import { TrustStrip } from "./trust-strip";
import { chartColors } from "./use-chart-colors";
import css from "./volume.module.css";

/** Is it said of us? How much is said, by how many, and what share of it is ours. */
export function VolumePanel() {
  const { t } = useTranslation();
  const { selection, compared, view } = useQuestions();
  const query = useQuery(volumeQuery(selection, compared));
  const bars = useShareBars(query.data);

  return (
    <Panel
      number={1}
      id="volume"
      title={t("questions.volume.title")}
      hint={t("questions.volume.hint")}
      query={query}
      height={360}
      tools={
        <>
          <TableSwitch chart="volume" />
          <ExportMenu
            what="volume"
            title={t("questions.volume.share")}
            compare={compared}
            draw={() =>
              barsDrawing(
                bars.map((bar) => ({ ...bar, text: `${bar.value} · ${bar.more ?? ""}` })),
                chartColors(),
              )
            }
          />
        </>
      }
      trust={<TrustStrip />}
    >
      {(volume) => (
        <>
          <FigureRow volume={volume} />
          {volume.mentions === 0 && <Nothing />}
          <ToneShares
            title={t("questions.volume.tones")}
            tones={volume.tones}
            estimates={volume.estimates}
            before={volume.before}
          />
          {volume.topics.length > 0 && <Shares volume={volume} bars={bars} table={view.tables.includes("volume")} />}
        </>
      )}
    </Panel>
  );
}

function FigureRow({ volume }: { volume: Volume }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { view, topics } = useQuestions();
  const { before } = volume;
  const net = (totals: Totals | null) => (totals?.net_sentiment == null ? null : totals.net_sentiment);
  const unjudged = volume.mentions > 0 ? volume.tones.unjudged / volume.mentions : null;

  const corrected = volume.estimates?.net_sentiment ?? null;

  const ours = (totals: Totals | null) =>
    (view.weighted ? totals?.share_of_voice_weighted : totals?.share_of_voice) ?? null;
  const widest = widestOwn(topics);
  const own = topics.filter((topic) => topic.kind === "own" && topic.level === widest).map((topic) => topic.id);
  const share = ours(volume);
  const shareBefore = ours(before);

  return (
    <ul className={css.figures}>
      <BigFigure
        figure={view.weighted ? "share_of_voice_weighted" : "share_of_voice"}
        name={t("questions.figures.voice")}
        value={share === null ? "—" : percent(share, locale)}
        part={{ topic: own }}
        note={t(view.weighted ? "questions.figures.voiceWeighted" : "questions.figures.voicePlain")}
      >
        <ChangeMark
          points
          better
          now={share === null ? null : share * 100}
          before={shareBefore === null ? null : shareBefore * 100}
          was={shareBefore === null ? "" : percent(shareBefore, locale)}
        />
      </BigFigure>
      <BigFigure
        figure="mentions"
        name={t("questions.figures.mentions")}
        value={number(volume.mentions, locale)}
        part={{}}
        note={
          volume.per_day === null
            ? undefined
            : t("questions.figures.perDay", { value: decimal(volume.per_day, locale, volume.per_day < 10 ? 1 : 0) })
        }
      >
        <ChangeMark
          now={volume.mentions}
          before={before?.mentions}
          was={before ? number(before.mentions, locale) : ""}
        />
      </BigFigure>
      <BigFigure
        figure="authors"
        name={t("questions.figures.authors")}
        value={number(volume.authors, locale)}
        part={{}}
      >
        <ChangeMark now={volume.authors} before={before?.authors} was={before ? number(before.authors, locale) : ""} />
      </BigFigure>
      <BigFigure
        figure="potential_reach"
        name={t("questions.figures.reach")}
        value={compact(volume.potential_reach, locale)}
        exact={number(volume.potential_reach, locale)}
        part={{}}
        note={
          volume.reach_unknown > 0
            ? t("questions.figures.reachUnknown", { count: volume.reach_unknown })
            : t("questions.figures.upperBound")
        }
      >
        <ChangeMark
          now={volume.potential_reach}
          before={before?.potential_reach}
          was={before ? number(before.potential_reach, locale) : ""}
        />
      </BigFigure>
      <BigFigure
        figure="net_sentiment"
        name={t("questions.figures.net")}
        value={volume.net_sentiment === null ? "—" : signed(volume.net_sentiment, locale)}
        corrected={corrected && `${signed(corrected.value, locale)} ± ${decimal(margin(corrected), locale)}`}
        part={{}}
        note={unjudged === null ? undefined : t("questions.figures.unjudged", { share: percent(unjudged, locale) })}
      >
        <ChangeMark
          points
          better
          now={net(volume)}
          before={net(before)}
          was={before?.net_sentiment == null ? "" : signed(before.net_sentiment, locale)}
        />
      </BigFigure>
    </ul>
  );
}

interface BigFigureProps {
  figure: string;
  name: string;
  value: string;
  exact?: string;
  note?: string;
  /** The figure as people's labels correct it. */
  corrected?: string | null;
  part: Selection;
  children: ReactNode;
}

function BigFigure({ figure, name, value, exact, note, corrected, part, children }: BigFigureProps) {
  const { t } = useTranslation();
  return (
    <li className={css.figure}>
      <span className={css.name}>
        <Defined figure={figure}>{name}</Defined>
      </span>
      <span className={css.value}>
        <Drill part={part} title={exact}>
          <span className="hidden">{name}: </span>
          {value}
        </Drill>
        {children}
      </span>
      {corrected && (
        <span className={css.corrected}>
          {t("estimate.corrected")} <strong>{corrected}</strong>
        </span>
      )}
      {note && <span className={css.note}>{note}</span>}
    </li>
  );
}

const MOST_SHARES = 12;

/** The rows of share of voice, level by level: a share is one among topics of its level. */
function useShareBars(volume: Volume | undefined): Bar[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const { topics, view } = useQuestions();
  if (!volume) return [];
  const shareOf = (topic: TopicVolume) => (view.weighted ? topic.share_weighted : topic.share);
  const most = Math.max(...volume.topics.map((topic) => shareOf(topic) ?? 0), 0) || 1;
  return [...volume.topics]
    .sort(
      (a, b) =>
        LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
        (shareOf(b) ?? -1) - (shareOf(a) ?? -1) ||
        b.mentions - a.mentions,
    )
    .slice(0, MOST_SHARES)
    .map((topic) => {
      const known = topics.find((one) => one.id === topic.topic_id);
      const before = volume.before?.topics.find((one) => one.topic_id === topic.topic_id);
      const share = shareOf(topic);
      const was = before ? shareOf(before) : null;
      const name = known?.name ?? topic.topic_id;
      return {
        key: topic.topic_id,
        label: `${name} · ${t(`topicKind.${topic.kind}`)} · ${t(`topicLevel.${topic.level}`)}`,
        name: (
          <>
            <span>{name}</span>
            <small className={css.kind}>
              {t(`topicKind.${topic.kind}`)} · {t(`topicLevel.${topic.level}`)}
            </small>
          </>
        ),
        length: (share ?? 0) / most,
        before: was === null ? null : was / most,
        value: share === null ? "—" : percent(share, locale),
        more: view.weighted ? compact(topic.reach, locale) : number(topic.mentions, locale),
        strong: topic.kind === "own",
        part: { topic: [topic.topic_id] },
      };
    });
}

function Shares({ volume, bars, table }: { volume: Volume; bars: Bar[]; table: boolean }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { view, look, topics, compared } = useQuestions();
  const nameOf = (topic: TopicVolume) => topics.find((one) => one.id === topic.topic_id)?.name ?? topic.topic_id;
  const share = (value: number | null | undefined) => (value == null ? "—" : percent(value, locale));

  return (
    <div className={css.shares}>
      <div className={css.sharesHead}>
        <h3>
          <Defined figure={view.weighted ? "share_weighted" : "share"}>{t("questions.volume.share")}</Defined>
        </h3>
        <span className={css.basis}>{t("questions.volume.basis")}</span>
        <Segments
          label={t("questions.volume.measure")}
          value={view.weighted ? "reach" : "mentions"}
          options={[
            { value: "mentions", label: t("questions.volume.plain"), hint: t("questions.volume.plainHint") },
            { value: "reach", label: t("questions.volume.weighted"), hint: t("questions.volume.weightedHint") },
          ]}
          onChange={(value) => look({ weighted: value === "reach" })}
        />
      </div>
      {table ? (
        <DataTable
          caption={t("questions.volume.share")}
          rows={volume.topics}
          keyOf={(topic) => topic.topic_id}
          partOf={(topic) => ({ topic: [topic.topic_id] })}
          columns={[
            { key: "topic", title: t("questions.columns.topic"), cell: nameOf },
            { key: "level", title: t("questions.columns.level"), cell: (topic) => t(`topicLevel.${topic.level}`) },
            {
              key: "mentions",
              title: t("questions.columns.mentions"),
              figure: "mentions",
              cell: (topic) => number(topic.mentions, locale),
            },
            {
              key: "share",
              title: t("questions.columns.share"),
              figure: "share",
              cell: (topic) => share(topic.share),
            },
            {
              key: "reach",
              title: t("questions.columns.reach"),
              figure: "reach",
              cell: (topic) => number(topic.reach, locale),
            },
            {
              key: "weighted",
              title: t("questions.columns.weighted"),
              figure: "share_weighted",
              cell: (topic) => share(topic.share_weighted),
            },
            {
              key: "net",
              title: t("questions.figures.net"),
              figure: "net_sentiment",
              cell: (topic) => (topic.net_sentiment === null ? "—" : signed(topic.net_sentiment, locale)),
            },
            ...(volume.topics.some((topic) => topic.estimates?.net_sentiment)
              ? [
                  {
                    key: "corrected",
                    title: t("questions.columns.corrected"),
                    cell: ({ estimates }: TopicVolume) => {
                      const net = estimates?.net_sentiment;
                      return net ? `${signed(net.value, locale)} ± ${decimal(margin(net), locale)}` : "—";
                    },
                  },
                ]
              : []),
            ...(volume.before
              ? [
                  {
                    key: "before",
                    title: t("questions.columns.before"),
                    cell: (topic: TopicVolume) =>
                      share(volume.before?.topics.find((one) => one.topic_id === topic.topic_id)?.share),
                  },
                ]
              : []),
          ]}
        />
      ) : (
        <BarList label={t("questions.volume.share")} bars={bars} />
      )}
      {compared && !table && (
        <p className={css.key}>
          <span className={css.tick} aria-hidden /> {t("questions.volume.tick")}
        </p>
      )}
    </div>
  );
}
