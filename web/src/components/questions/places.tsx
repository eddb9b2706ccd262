import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { placesQuery } from "~/api/questions";
import { compact, number, percent } from "~/lib/format";
import { PLACES, type PlaceKind, type PlaceValue } from "~/lib/questions/shapes";
import { barsDrawing } from "~/lib/questions/svg";
import type { ListName, Selection } from "~/lib/selection";
import { NetworkBadge } from "../network-badge";
import { rememberNames, useFacetWords } from "../search/facet-words";
import { Segments } from "../segments";
import { useLocale } from "../use-locale";
import { type Bar, BarList, ToneLegend } from "./bar-list";
import { useQuestions } from "./context";
import { DataTable } from "./data-table";
import { ExportMenu } from "./export-menu";
import css from "./lists.module.css";
import { Nothing, Panel, TableSwitch } from "./panel";
import { Rest } from "./rest";
import { TrustStrip } from "./trust-strip";
import { chartColors } from "./use-chart-colors";
import { useToneLegend } from "./use-tone-legend";

const LIMIT = 50;
const BARS = 10;

const FACETS = {
  networks: "network",
  sites: "site",
  communities: "community",
  countries: "country",
  regions: "region",
  cities: "city",
} as const satisfies Record<PlaceKind, ListName>;

/** Where is it said: on which networks, sites and communities, and from which parts of the world. */
export function PlacesPanel() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { selection, view, look } = useQuestions();
  const query = useQuery(placesQuery(selection, LIMIT));
  const toneLegend = useToneLegend();
  const words = useFacetWords();
  const communities = query.data?.communities;
  useEffect(() => {
    if (communities) rememberNames([{ facet: "community", ...communities }]);
  }, [communities]);
  const kind = view.places;
  const values = query.data?.[kind].values ?? [];
  const partOf = ({ value }: PlaceValue): Selection => ({ [FACETS[kind]]: [value] });
  const most = values[0]?.mentions ?? 1;
  const label = (place: PlaceValue) => words(FACETS[kind], place.value, place.label);
  const bars: Bar[] = values.slice(0, BARS).map((place) => ({
    key: place.value,
    label: label(place),
    name: (
      <>
        {kind === "networks" && <NetworkBadge network={place.value} />}
        <span>{label(place)}</span>
      </>
    ),
    length: place.mentions / most,
    value: number(place.mentions, locale),
    more: place.share === null ? undefined : percent(place.share, locale),
    tones: place,
    part: partOf(place),
  }));

  return (
    <Panel
      number={3}
      id="places"
      title={t("questions.places.title")}
      hint={t("questions.places.hint")}
      query={query}
      height={400}
      tools={
        <>
          <TableSwitch chart="places" />
          <ExportMenu
            what="places"
            title={`${t("questions.places.title")} ${t(`questions.places.${kind}`)}`}
            legend={toneLegend}
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
      {(places) => {
        const list = places[kind];
        const nothing = PLACES.every((one) => places[one].values.length === 0);
        if (nothing && list.without === 0) return <Nothing />;
        return (
          <>
            <div className={css.tabs}>
              <Segments
                label={t("questions.places.title")}
                value={kind}
                options={PLACES.map((value) => ({ value, label: t(`questions.places.${value}`) }))}
                onChange={(value) => look({ places: value as PlaceKind })}
              />
            </div>
            {list.values.length === 0 ? (
              <p className={css.none}>{t(`questions.places.none.${kind}`)}</p>
            ) : view.tables.includes("places") ? (
              <DataTable
                caption={t(`questions.places.${kind}`)}
                rows={list.values}
                keyOf={(place) => place.value}
                partOf={partOf}
                columns={[
                  { key: "name", title: t(`questions.places.${kind}`), cell: label },
                  {
                    key: "mentions",
                    title: t("questions.columns.mentions"),
                    figure: "place_mentions",
                    cell: (place) => number(place.mentions, locale),
                  },
                  {
                    key: "share",
                    title: t("questions.columns.share"),
                    figure: "place_share",
                    cell: (place) => (place.share === null ? "—" : percent(place.share, locale)),
                  },
                  ...(["negative", "neutral", "positive"] as const).map((tone) => ({
                    key: tone,
                    title: t(`tone.${tone}`),
                    cell: (place: PlaceValue) => number(place[tone], locale),
                  })),
                  {
                    key: "reach",
                    title: t("questions.columns.reach"),
                    figure: "reach",
                    cell: (place) => compact(place.reach, locale),
                  },
                ]}
              />
            ) : (
              <>
                <BarList label={t(`questions.places.${kind}`)} bars={bars} />
                <div className={css.legend}>
                  <ToneLegend />
                </div>
              </>
            )}
            <Rest
              distinct={list.distinct}
              shown={view.tables.includes("places") ? list.values.length : bars.length}
              others={
                list.others +
                list.values
                  .slice(view.tables.includes("places") ? LIMIT : BARS)
                  .reduce((sum, { mentions }) => sum + mentions, 0)
              }
              without={list.without}
              part={{ [FACETS[kind]]: [""] }}
            />
          </>
        );
      }}
    </Panel>
  );
}
