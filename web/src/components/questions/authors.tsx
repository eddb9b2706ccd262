import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { authorsQuery } from "~/api/questions";
import { compact, number, percent } from "~/lib/format";
import { networkMark } from "~/lib/networks";
import type { AuthorOrder } from "~/lib/questions/address";
import type { AuthorValue } from "~/lib/questions/shapes";
import { NetworkBadge } from "../network-badge";
import { rememberNames } from "../search/facet-words";
import { Segments } from "../segments";
import { useLocale } from "../use-locale";
import type { Bar } from "./bar-list";
import { useQuestions } from "./context";
import { Defined } from "./defined";
import css from "./lists.module.css";
import { Nothing, Panel, TableSwitch } from "./panel";
import { BarsExport, MOST_BARS, Ranked, useToneColumns } from "./ranked";
import { TrustStrip } from "./trust-strip";

const LIMIT = 50;

/** Who says it: the most talkative and the most followed, and how many come back. */
export function AuthorsPanel() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { selection, view, look } = useQuestions();
  const query = useQuery(authorsQuery(selection, LIMIT));
  const tones = useToneColumns<AuthorValue>();
  const answered = query.data;
  // The key of an author says nothing: the page a row leads to is told the name.
  useEffect(() => {
    if (!answered) return;
    const values = [...answered.authors, ...answered.loudest].map((author) => ({
      value: author.author,
      label: author.name ?? author.handle ?? "",
      mentions: author.mentions,
    }));
    rememberNames([{ facet: "author", values, distinct: answered.distinct, others: 0, without: answered.without }]);
  }, [answered]);
  const loud = view.authors === "reach";
  const rows = (loud ? query.data?.loudest : query.data?.authors) ?? [];
  const measure = (author: AuthorValue) => (loud ? (author.followers ?? 0) : author.mentions);
  const most = Math.max(1, ...rows.map(measure));
  const label = (author: AuthorValue) =>
    author.name || (author.handle ? `@${author.handle}` : t("mention.unknownAuthor"));
  const partOf = (author: AuthorValue) => ({ author: [author.author] });
  const bars: Bar[] = rows.slice(0, MOST_BARS).map((author) => ({
    key: author.author,
    label: `${label(author)} · ${networkMark(author.network).title}`,
    name: (
      <>
        <NetworkBadge network={author.network} />
        <span>{label(author)}</span>
      </>
    ),
    length: measure(author) / most,
    value: loud
      ? author.followers === null
        ? "—"
        : compact(author.followers, locale)
      : number(author.mentions, locale),
    more: loud ? number(author.mentions, locale) : author.share === null ? undefined : percent(author.share, locale),
    tones: loud ? undefined : author,
    strong: loud,
    part: partOf(author),
  }));

  return (
    <Panel
      number={4}
      id="authors"
      title={t("questions.authors.title")}
      hint={t("questions.authors.hint")}
      query={query}
      height={400}
      tools={
        <>
          <TableSwitch chart="authors" />
          <BarsExport what="authors" title={t("questions.authors.title")} bars={bars} toned={!loud} />
        </>
      }
      trust={<TrustStrip />}
    >
      {(authors) =>
        authors.distinct === 0 ? (
          <Nothing />
        ) : (
          <>
            <div className={css.tabs}>
              <Segments
                label={t("questions.authors.order")}
                value={view.authors}
                options={[
                  { value: "mentions", label: t("questions.authors.byMentions") },
                  { value: "reach", label: t("questions.authors.byReach") },
                ]}
                onChange={(value) => look({ authors: value as AuthorOrder })}
              />
            </div>
            <dl className={css.facts}>
              <div>
                <dt>
                  <Defined figure="authors">{t("questions.figures.authors")}</Defined>
                </dt>
                <dd>{number(authors.distinct, locale)}</dd>
              </div>
              <div>
                <dt>
                  <Defined figure="repeat">{t("questions.authors.repeat")}</Defined>
                </dt>
                <dd>
                  {number(authors.repeat, locale)}
                  {authors.repeat_share !== null && (
                    <small>
                      {t("questions.authors.repeatShare", { share: percent(authors.repeat_share, locale) })}
                    </small>
                  )}
                </dd>
              </div>
              <div>
                <dt>
                  <Defined figure="potential_reach">{t("questions.figures.reach")}</Defined>
                </dt>
                <dd title={number(authors.potential_reach, locale)}>{compact(authors.potential_reach, locale)}</dd>
              </div>
            </dl>
            <Ranked
              chart="authors"
              bars={bars}
              legend={loud ? t("questions.authors.reachKey") : undefined}
              caption={t("questions.authors.title")}
              rows={rows}
              keyOf={(author) => author.author}
              partOf={partOf}
              columns={[
                { key: "name", title: t("questions.columns.author"), cell: label },
                {
                  key: "network",
                  title: t("filters.network"),
                  words: true,
                  cell: (author) => networkMark(author.network).title,
                },
                {
                  key: "mentions",
                  title: t("questions.columns.mentions"),
                  figure: "author_mentions",
                  cell: (author) => number(author.mentions, locale),
                },
                {
                  key: "share",
                  title: t("questions.columns.share"),
                  figure: "author_share",
                  cell: (author) => (author.share === null ? "—" : percent(author.share, locale)),
                },
                {
                  key: "followers",
                  title: t("questions.columns.followers"),
                  figure: "followers",
                  cell: (author) => (author.followers === null ? "—" : number(author.followers, locale)),
                },
                ...tones,
              ]}
            />
          </>
        )
      }
    </Panel>
  );
}
