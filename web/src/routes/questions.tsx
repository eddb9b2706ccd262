import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { topicsQuery } from "~/api/queries";
import { Empty } from "~/components/empty";
import { usePeriodText } from "~/components/period-picker";
import { AuthorsPanel } from "~/components/questions/authors";
import { type Questions, QuestionsContext } from "~/components/questions/context";
import { Bar, Chips, Tools } from "~/components/questions/head";
import { PlacesPanel } from "~/components/questions/places";
import css from "~/components/questions/questions.module.css";
import { RhythmPanel } from "~/components/questions/rhythm";
import { UnderstandingPanel } from "~/components/questions/understanding";
import { VolumePanel } from "~/components/questions/volume";
import { WordsPanel } from "~/components/questions/words";
import { useLocale } from "~/components/use-locale";
import { useZone } from "~/components/use-zone";
import { offers } from "~/lib/offered";
import { pageStretch, readView, settledSelection, type View, writeAddress } from "~/lib/questions/address";
import { type Choice, choiceKey, chosenIn, readChoice } from "~/lib/selection";

// The charts' library is asked for together with the first figures, not after them.
void import("~/components/questions/plot-engine");

/** Lines of more topics than this cannot be told apart. */
const MOST_BESIDE = 6;

/** Is it said of us, how much and how often, where, by whom, of what. */
export function QuestionsPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const zone = useZone();
  const periodText = usePeriodText();
  const raw = useSearch({ strict: false }) as Record<string, unknown>;
  const choice = useMemo(() => readChoice(raw), [raw]);
  const view = useMemo(() => readView(raw), [raw]);
  const topicList = useQuery(topicsQuery);
  const topics = topicList.data ?? [];
  // The figures are of one moment until they are asked for anew: nothing moves while it is read.
  const [now, setNow] = useState(() => Date.now());
  const key = choiceKey(choice);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key tells when the choice has changed
  const selection = useMemo(() => settledSelection(choice, now, zone), [key, now, zone]);
  const fresh = useRef(Object.values(raw).every((value) => value === undefined));

  // Who comes without an address is shown the last thirty days beside the thirty before.
  useEffect(() => {
    if (!fresh.current) return;
    fresh.current = false;
    void navigate({ to: "/questions", search: { period: "30d", compare: "previous" }, replace: true });
  }, [navigate]);

  const go = (nextChoice: Choice, nextView: View, replace = false) =>
    void navigate({
      to: "/questions",
      search: { ...writeAddress(nextChoice, nextView), ...everything(nextChoice) },
      replace,
    });

  const chosen = chosenIn(choice, "topic");
  const named = topics.filter((topic) => chosen.includes(topic.id));
  const beside =
    view.compare.kind === "topics"
      ? (named.length > 0 ? named : topics.filter((topic) => topic.kind !== "market")).slice(0, MOST_BESIDE)
      : [];
  const page: Questions = {
    choice,
    selection,
    view,
    zone,
    now,
    topics,
    compared: pageStretch(view, selection, zone),
    beside,
    title: [
      named.length > 0 ? named.map((topic) => topic.name).join(", ") : t("filters.allTopics"),
      periodText(choice.period ? { from: selection.from, to: selection.to } : choice, zone),
    ].join(" · "),
    look: (change) => go(choice, { ...view, ...change }),
    choose: (next) => go(next, { ...view, zoom: null, unit: undefined }),
  };
  const at = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now);

  const refresh = () => {
    setNow(Date.now());
    void cache.invalidateQueries({ queryKey: ["questions"] });
    void cache.invalidateQueries({ queryKey: ["annotations"] });
  };

  return (
    <QuestionsContext value={page}>
      <div className={css.page}>
        <div className={css.head}>
          <div className={css.title}>
            <h1>{t("nav.questions")}</h1>
            <p className="dim">{t("questions.lead")}</p>
            <Tools onRefresh={refresh} at={at} />
          </div>
          <Bar />
          <Chips />
        </div>
        {topicList.data?.length === 0 ? (
          <div className="card">
            <Empty icon="questions" title={t("questions.noTopics")} text={t("questions.noTopicsHint")}>
              <Link to="/topics/$id" params={{ id: "new" }} className={css.start}>
                {t("topics.add")}
              </Link>
            </Empty>
          </div>
        ) : (
          <div className={css.panels}>
            <VolumePanel />
            <RhythmPanel />
            <PlacesPanel />
            <AuthorsPanel />
            <WordsPanel />
            {offers("askUnderstanding") && <UnderstandingPanel />}
          </div>
        )}
      </div>
    </QuestionsContext>
  );
}

/** All time stands in the address too, so that it is not taken for no address at all. */
function everything(choice: Choice): { all?: string } {
  return choice.period || choice.from || choice.to ? {} : { all: "true" };
}
