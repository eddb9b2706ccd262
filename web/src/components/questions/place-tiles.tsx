import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { countryName, number, percent } from "~/lib/format";
import type { Mapping, PlaceMap, Tile } from "~/lib/questions/places/place-map";
import { neighbour, shadeOf, shades } from "~/lib/questions/places/tiles";
import type { PlaceValue } from "~/lib/questions/shapes";
import type { ListName } from "~/lib/selection";
import { useLocale } from "../use-locale";
import { Drill } from "./drill";
import css from "./place-tiles.module.css";

interface PlaceTilesProps {
  mapping: Mapping;
  facet: ListName;
  /** What is told where nothing has a square. */
  none: string;
}

/** Each place a square about where it lies, the deeper the more is said there; what has no square stands beneath. */
export function PlaceTiles({ mapping: { maps, elsewhere }, facet, none }: PlaceTilesProps) {
  const steps = shades(maps.flatMap((map) => map.tiles.map((tile) => tile.mentions)));
  return (
    <>
      {maps.length === 0 && <p className={css.none}>{none}</p>}
      <div className={css.maps}>
        {maps.map((map) => (
          <TileMap key={map.country ?? ""} map={map} facet={facet} steps={steps} />
        ))}
      </div>
      {maps.length > 0 && <Scale steps={steps} />}
      {elsewhere.length > 0 && <Elsewhere values={elsewhere} facet={facet} />}
    </>
  );
}

interface TileMapProps {
  map: PlaceMap;
  facet: ListName;
  steps: readonly number[];
}

function TileMap({ map, facet, steps }: TileMapProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const list = useRef<HTMLUListElement>(null);
  const said = map.tiles.filter((tile) => tile.mentions > 0);
  const first = said.reduce<Tile | undefined>(
    (most, tile) => (most && most.mentions >= tile.mentions ? most : tile),
    undefined,
  );
  const [code, setCode] = useState<string>();
  // The chosen one may be gone with another choice of mentions.
  const stop = said.find((tile) => tile.code === code) ?? first;

  const press = (event: KeyboardEvent) => {
    const next = stop && neighbour(said, stop, event.key);
    if (!next) return;
    event.preventDefault();
    setCode(next.code);
    list.current?.querySelector<HTMLElement>(`[data-code="${next.code}"] a`)?.focus();
  };

  const nameOf = (tile: Tile) => {
    const figure = `${tile.name}: ${t("questions.mentionCount", { count: tile.mentions })}`;
    return tile.share === null || tile.mentions === 0 ? figure : `${figure}, ${percent(tile.share, locale)}`;
  };
  const title = map.country === null ? t("questions.places.world") : countryName(map.country, locale);

  return (
    <section className={css.map} aria-label={title}>
      {map.country !== null && (
        <h3 className={css.country}>
          {title} <span>{t("questions.mentionCount", { count: map.mentions })}</span>
        </h3>
      )}
      <div className={css.scroll}>
        <ul
          ref={list}
          className={css.tiles}
          style={{ "--columns": map.columns } as React.CSSProperties}
          data-wide={map.columns > 20}
          aria-label={title}
          onKeyDown={press}
        >
          {map.tiles.map((tile) => {
            const name = nameOf(tile);
            return (
              <li
                key={tile.code}
                className={css.tile}
                style={{ gridColumn: tile.column + 1, gridRow: tile.row + 1 }}
                data-code={tile.code}
                data-shade={shadeOf(tile.mentions, steps)}
                title={name}
                aria-hidden={tile.mentions === 0 || undefined}
              >
                {tile.mentions > 0 ? (
                  <Drill
                    part={{ [facet]: tile.values }}
                    tabIndex={tile === stop ? 0 : -1}
                    onFocus={() => setCode(tile.code)}
                  >
                    <span aria-hidden>{tile.mark}</span>
                    <span className="hidden">{name}</span>
                  </Drill>
                ) : (
                  <span>{tile.mark}</span>
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

/** From how many mentions on a square has which shade. */
function Scale({ steps }: { steps: readonly number[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className={css.scale}>
      <span>{t("questions.places.scale")}</span>
      <ul>
        <li>
          <i data-shade={0} aria-hidden /> 0
        </li>
        {steps.map((least, index) => {
          const next = steps[index + 1];
          const last = next === undefined ? null : next - 1;
          const from = number(least, locale);
          return (
            <li key={least}>
              <i data-shade={shadeOf(least, steps)} aria-hidden />{" "}
              {last === null ? `≥ ${from}` : last === least ? from : `${from}–${number(last, locale)}`}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** What is known but has no square, with its figures: nothing is left out without a word. */
function Elsewhere({ values, facet }: { values: readonly PlaceValue[]; facet: ListName }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const count = values.reduce((sum, { mentions }) => sum + mentions, 0);
  const name = (place: PlaceValue) =>
    facet === "country" ? countryName(place.value, locale) : place.label || place.value;
  return (
    <section className={css.elsewhere} aria-label={t("questions.places.elsewhere", { count })}>
      <h3>{t("questions.places.elsewhere", { count })}</h3>
      <ul>
        {values.map((place) => (
          <li key={place.value}>
            <Drill part={{ [facet]: [place.value] }}>{name(place)}</Drill> {number(place.mentions, locale)}
          </li>
        ))}
      </ul>
    </section>
  );
}
