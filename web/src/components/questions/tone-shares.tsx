import { useTranslation } from "react-i18next";
import type { ToneEstimates } from "~/api/types";
import { withinError } from "~/lib/estimate";
import { number, percent } from "~/lib/format";
import { TONES } from "~/lib/judgement";
import type { Tones } from "~/lib/questions/shapes";
import type { Selection } from "~/lib/selection";
import { EstimatedShare, Whisker } from "../estimate";
import { TONE_SIGNS } from "../tone";
import { useLocale } from "../use-locale";
import { ChangeMark } from "./change-mark";
import { Drill } from "./drill";
import { EstimateNote } from "./estimate-note";
import css from "./tone-shares.module.css";

interface Toned {
  tones: Tones;
  estimates: ToneEstimates | null;
}

interface ToneSharesProps extends Toned {
  /** The same of the compared stretch. */
  before?: Toned | null;
  /** What the shares are of, where it is not the selection of the page. */
  selection?: Selection;
  title: string;
  /** Without bars and notes: where the shares are an aside. */
  brief?: boolean;
}

/** Each tone as a share of all mentions: counted, corrected by people's labels with its interval, and how it changed. */
export function ToneShares({ tones, estimates, before = null, selection, title, brief = false }: ToneSharesProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const all = sum(tones);
  if (all === 0) return null;
  const rows = TONES.map((tone) => ({ tone, share: tones[tone] / all, estimate: estimates?.[tone] ?? null }));
  const most = Math.max(0.0001, ...rows.flatMap(({ share, estimate }) => [share, estimate?.high ?? 0]));
  return (
    <section className={css.shares} data-brief={brief} aria-label={title}>
      <h3>{title}</h3>
      <dl>
        {rows.map(({ tone, share, estimate }) => (
          <div key={tone}>
            <dt>
              <span className={css.sign} data-tone={tone} aria-hidden>
                {TONE_SIGNS[tone]}
              </span>
              <Drill part={{ ...(selection ?? {}), tone: [tone] }} title={number(tones[tone], locale)}>
                {t(`tone.${tone}`)}
              </Drill>
            </dt>
            <dd className={css.value}>
              <EstimatedShare share={share} estimate={estimate} />
              <Change tone={tone} now={{ tones, estimates }} before={before} />
            </dd>
            {!brief && (
              <dd className={css.track} aria-hidden>
                <i data-tone={tone} style={{ width: `${(share / most) * 100}%` }} />
                {estimate && <Whisker estimate={estimate} most={most} />}
              </dd>
            )}
          </div>
        ))}
      </dl>
      {!brief && <EstimateNote estimates={rows.map(({ estimate }) => estimate)} selection={selection} />}
    </section>
  );
}

interface ChangeProps {
  tone: (typeof TONES)[number];
  now: Toned;
  before: Toned | null;
}

/** Corrected shares are set against corrected ones, counted against counted ones. */
function Change({ tone, now, before }: ChangeProps) {
  const locale = useLocale();
  if (!before) return null;
  const all = sum(before.tones);
  const [one, other] = [now.estimates?.[tone], before.estimates?.[tone]];
  const corrected = one && other;
  const was = corrected ? other.value : all > 0 ? before.tones[tone] / all : null;
  const is = corrected ? one.value : now.tones[tone] / sum(now.tones);
  return (
    <ChangeMark
      points
      now={is * 100}
      before={was === null ? null : was * 100}
      was={was === null ? "" : percent(was, locale)}
      uncertain={Boolean(corrected && withinError(one, other))}
    />
  );
}

function sum(tones: Tones): number {
  return tones.negative + tones.neutral + tones.positive + tones.unjudged;
}
