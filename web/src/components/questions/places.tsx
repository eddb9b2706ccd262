import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { placesQuery, volumeQuery } from "~/api/questions";
import { compact, number, percent } from "~/lib/format";
import type { PlaceShape } from "~/lib/questions/address";
import { isMapped, mapped } from "~/lib/questions/places/place-map";
import { PLACES, type PlaceKind, type PlaceValue } from "~/lib/questions/shapes";
import { tilesDrawing } from "~/lib/questions/svg";
import type { ListName, Selection } from "~/lib/selection";
import { NetworkBadge } from "../network-badge";
import { rememberNames, useFacetWords } from "../search/facet-words";
import { Segments } from "../segments";
import { useLocale } from "../use-locale";
import type { Bar } from "./bar-list";
import { useQuestions } from "./context";
import { ExportMenu } from "./export-menu";
import css from "./lists.module.css";
import { Nothing, Panel, TableSwitch } from "./panel";
import { PlaceTiles } from "./place-tiles";
import { BarsExport, MOST_BARS, Ranked, useToneColumns } from "./ranked";
import { Rest } from "./rest";
import { ToneShares } from "./tone-shares";
import { TrustStrip } from "./trust-strip";
import { chartColors } from "./use-chart-colors";

const LIMIT = 50;
/** As many as the server gives: a map should miss nothing. */
const MAP_LIMIT = 100;

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
  const { selection, compared, view, look } = useQuestions();
  // The first question asks the same; places have no tones of their whole.
  const whole = useQuery(volumeQuery(selection, compared)).data?.tones;
  const kind = view.places;
  const facet = FACETS[kind];
  const tabled = view.tables.includes("places");
  const mappable = isMapped(kind);
  const onMap = mappable && view.shape === "map" && !tabled;
  const query = useQuery(placesQuery(selection, onMap ? MAP_LIMIT : LIMIT));
  const words = useFacetWords();
  const tones = useToneColumns<PlaceValue>();
  const communities = query.data?.communities;
  useEffect(() => {
    if (communities) rememberNames([{ facet: "community", ...communities }]);
  }, [communities]);
  const values = query.data?.[kind].values;
  const mapping = useMemo(
    () => (onMap && isMapped(kind) ? mapped(kind, values ?? [], locale) : null),
    [onMap, kind, values, locale],
  );
  const partOf = ({ value }: PlaceValue): Selection => ({ [facet]: [value] });
  const most = values?.[0]?.mentions ?? 1;
  const label = (place: PlaceValue) => words(facet, place.value, place.label);
  const bars: Bar[] = (values ?? []).slice(0, MOST_BARS).map((place) => ({
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
  const title = `${t("questions.places.title")} ${t(`questions.places.${kind}`)}`;

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
          {mapping && mapping.maps.length > 0 ? (
            <ExportMenu
              what="places"
              title={title}
              draw={() => tilesDrawing(mapping.maps, chartColors(), (value) => compact(value, locale))}
            />
          ) : (
            <BarsExport what="places" title={title} bars={bars} toned />
          )}
        </>
      }
      trust={<TrustStrip />}
    >
      {(places) => {
        const list = places[kind];
        const nothing = PLACES.every((one) => places[one].values.length === 0);
        if (nothing && list.without === 0) return <Nothing />;
        const shown = tabled || onMap ? list.values.length : bars.length;
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
            {mappable && !tabled && list.values.length > 0 && (
              <div className={css.tabs}>
                <Segments
                  label={t("questions.places.shape")}
                  value={view.shape}
                  options={[
                    { value: "map", label: t("questions.places.asMap") },
                    { value: "list", label: t("questions.places.asList") },
                  ]}
                  onChange={(value) => look({ shape: value as PlaceShape })}
                />
              </div>
            )}
            {list.values.length === 0 ? (
              <p className={css.none}>{t(`questions.places.none.${kind}`)}</p>
            ) : mapping ? (
              <PlaceTiles mapping={mapping} facet={facet} none={t("questions.places.noMap")} />
            ) : (
              <Ranked
                chart="places"
                bars={bars}
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
                  ...tones,
                  {
                    key: "reach",
                    title: t("questions.columns.reach"),
                    figure: "reach",
                    cell: (place) => compact(place.reach, locale),
                  },
                ]}
              />
            )}
            {whole && (
              <ToneShares brief title={t("questions.places.together")} tones={whole} estimates={places.estimates} />
            )}
            <Rest
              distinct={list.distinct}
              shown={shown}
              others={list.others + list.values.slice(shown).reduce((sum, { mentions }) => sum + mentions, 0)}
              without={list.without}
              part={{ [facet]: [""] }}
            />
          </>
        );
      }}
    </Panel>
  );
}
