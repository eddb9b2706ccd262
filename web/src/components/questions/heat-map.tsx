import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { compact, number } from "~/lib/format";
import { momentsOfCell } from "~/lib/questions/heat-moments";
import type { Rhythm } from "~/lib/questions/shapes";
import { heatDrawing } from "~/lib/questions/svg";
import { dayNames } from "~/lib/questions/time-labels";
import { unitFits } from "~/lib/questions/unit-fits";
import type { Selection } from "~/lib/selection";
import { Dialog } from "../dialog";
import { useLocale } from "../use-locale";
import { useQuestions } from "./context";
import { Defined } from "./defined";
import { ExportMenu } from "./export-menu";
import css from "./heat-map.module.css";
import { HeatMoments } from "./heat-moments";
import { TableSwitch } from "./panel";
import { chartColors } from "./use-chart-colors";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Hours by days of the week, in the workspace's zone. A cell opens the hours it is made of. */
export function HeatMap({ rhythm, selection }: { rhythm: Rhythm; selection: Selection }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { view, now } = useQuestions();
  const [[day, hour], setPlace] = useState<[number, number]>([0, 9]);
  const [opened, setOpened] = useState(false);
  const grid = useRef<HTMLTableElement>(null);
  const { heat, time_zone: zone } = rhythm;
  const most = Math.max(0, ...heat.flat());
  const figures = view.tables.includes("heat");
  const short = dayNames(locale, "short");
  const long = dayNames(locale, "long");
  const clock = (of: number) => `${String(of).padStart(2, "0")}:00`;
  const range = { from: selection.from ?? rhythm.buckets[0]?.from, to: selection.to ?? rhythm.buckets.at(-1)?.to };

  const press = (event: KeyboardEvent) => {
    const next: Record<string, [number, number]> = {
      ArrowLeft: [day, hour - 1],
      ArrowRight: [day, hour + 1],
      ArrowUp: [day - 1, hour],
      ArrowDown: [day + 1, hour],
      Home: [day, 0],
      End: [day, 23],
    };
    const to = next[event.key];
    if (!to) return;
    event.preventDefault();
    const place: [number, number] = [Math.min(6, Math.max(0, to[0])), Math.min(23, Math.max(0, to[1]))];
    setPlace(place);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${place[0]}-${place[1]}"]`)?.focus();
  };

  return (
    <section className={css.heat} aria-labelledby="heat-title">
      <div className={css.head}>
        <h3 id="heat-title">
          <Defined figure="heat">{t("questions.heat.title")}</Defined>
        </h3>
        <span className="dim">{zone}</span>
        <span className={css.spread} />
        <TableSwitch chart="heat" />
        <ExportMenu
          what="rhythm"
          title={t("questions.heat.title")}
          selection={selection}
          unit={range.from && range.to && unitFits("hour", { from: range.from, to: range.to }) ? "hour" : undefined}
          draw={() =>
            heatDrawing({
              cells: heat,
              days: short,
              hours: HOURS.map(clock),
              colors: chartColors(),
              count: (value) => compact(value, locale),
            })
          }
        />
      </div>
      <div className={css.scroll}>
        <table ref={grid} className={css.grid} onKeyDown={press} data-figures={figures}>
          <caption className="hidden">{t("questions.heat.caption", { zone })}</caption>
          <thead>
            <tr>
              <td />
              {HOURS.map((of) => (
                <th key={of} scope="col">
                  <span className={of % 3 === 0 ? undefined : "hidden"}>{String(of).padStart(2, "0")}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {heat.map((row, inWeek) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the seven days never change places
              <tr key={inWeek}>
                <th scope="row">
                  <span aria-hidden>{short[inWeek]}</span>
                  <span className="hidden">{long[inWeek]}</span>
                </th>
                {row.map((value, of) => {
                  const depth = most === 0 ? 0 : value / most;
                  const name = t("questions.heat.cell", {
                    day: long[inWeek],
                    from: clock(of),
                    to: clock((of + 1) % 24),
                    count: value,
                  });
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the hours never change places
                    <td key={of}>
                      <button
                        type="button"
                        className={`bare ${css.cell}`}
                        data-cell={`${inWeek}-${of}`}
                        tabIndex={day === inWeek && hour === of ? 0 : -1}
                        aria-label={name}
                        title={name}
                        style={{ "--depth": value === 0 ? 0 : 10 + Math.round(depth * 90) } as React.CSSProperties}
                        onFocus={() => setPlace([inWeek, of])}
                        onClick={() => setOpened(true)}
                      >
                        <span aria-hidden>{compact(value, locale)}</span>
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={css.scale}>
        <span>0</span>
        <span className={css.ramp} aria-hidden />
        <span>{t("questions.heat.most", { value: number(most, locale) })}</span>
      </p>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("questions.heat.cell", {
          day: long[day],
          from: clock(hour),
          to: clock((hour + 1) % 24),
          count: heat[day]?.[hour] ?? 0,
        })}
        size={520}
      >
        {opened && (
          <HeatMoments moments={momentsOfCell(day, hour, range, zone, now)} selection={selection} zone={zone} />
        )}
      </Dialog>
    </section>
  );
}
