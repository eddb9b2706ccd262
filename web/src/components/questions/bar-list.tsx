import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TONES_STACKED } from "~/lib/questions/time-chart";
import type { Selection } from "~/lib/selection";
import css from "./bar-list.module.css";
import { Drill } from "./drill";

export interface Bar {
  key: string;
  name: ReactNode;
  /** The name without marks, for files and hovers. */
  label: string;
  /** 0 to 1 of the width. */
  length: number;
  /** Where the compared figure stood, 0 to 1 of the width. */
  before?: number | null;
  /** Drawn over the bar. */
  over?: ReactNode;
  value: ReactNode;
  /** Beside the value, dimmed. */
  more?: string;
  tones?: Record<(typeof TONES_STACKED)[number], number>;
  /** Ours: in the accent. */
  strong?: boolean;
  part: Selection | null;
}

interface BarListProps {
  label: string;
  bars: readonly Bar[];
  /** What stands beside the bars is long: on small screens the bars go beneath it. */
  roomy?: boolean;
}

/** Ranked bars; the whole of a row leads to its mentions. */
export function BarList({ label, bars, roomy = false }: BarListProps) {
  return (
    <ol className={css.bars} data-roomy={roomy} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.key} className={css.row} data-strong={bar.strong}>
          {bar.part ? (
            <Drill part={bar.part} className={css.name} title={bar.label}>
              {bar.name}
            </Drill>
          ) : (
            <span className={css.name} title={bar.label}>
              {bar.name}
            </span>
          )}
          <span className={css.track} aria-hidden>
            <span className={css.bar} style={{ width: `${Math.min(100, bar.length * 100)}%` }}>
              {bar.tones &&
                TONES_STACKED.map((tone) => (
                  <span key={tone} data-tone={tone} style={{ flexGrow: bar.tones?.[tone] ?? 0 }} />
                ))}
            </span>
            {bar.over}
            {typeof bar.before === "number" && (
              <span className={css.before} style={{ left: `${Math.min(100, bar.before * 100)}%` }} />
            )}
          </span>
          <span className={css.value}>{bar.value}</span>
          <span className={css.more}>{bar.more}</span>
        </li>
      ))}
    </ol>
  );
}

/** What the colours of the bars say, with a sign and a word each. */
export function ToneLegend({ before }: { before?: string | null }) {
  const { t } = useTranslation();
  const signs = { negative: "−", neutral: "0", positive: "+", unjudged: "?" } as const;
  return (
    <ul className={css.legend}>
      {TONES_STACKED.map((tone) => (
        <li key={tone}>
          <span className={css.sign} data-tone={tone} aria-hidden>
            {signs[tone]}
          </span>
          {tone === "unjudged" ? t("tone.none") : t(`tone.${tone}`)}
        </li>
      ))}
      {before && (
        <li>
          <span className={css.dash} aria-hidden />
          {before}
        </li>
      )}
    </ul>
  );
}
