import { useTranslation } from "react-i18next";
import type { StoryDetail } from "~/api/stories";
import { exact, number, percent } from "~/lib/format";
import { networkMark } from "~/lib/networks";
import { bucketName } from "~/lib/questions/time-labels";
import { NetworkBadge } from "../network-badge";
import { useLocale } from "../use-locale";
import css from "./stories.module.css";

/** How a story spread: posts over time, and by network. */
export function Spread({ story }: { story: StoryDetail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { buckets, unit, time_zone } = story.timeline;
  const most = Math.max(1, ...buckets.map((bucket) => bucket.mentions));
  const peak = buckets.reduce((best, bucket) => (bucket.mentions > best.mentions ? bucket : best), buckets[0] ?? NONE);
  const named = (bucket: { from: string; to: string }) => bucketName(bucket, unit, time_zone, locale);
  const all = Math.max(1, story.posts);
  return (
    <div className={css.spread}>
      <section className="card">
        <h2>{t("stories.overTime")}</h2>
        {peak.mentions > 0 && (
          <p className="dim">
            {t("stories.peak", { when: named(peak), posts: t("stories.mentions", { count: peak.mentions }) })}
          </p>
        )}
        <div className={css.bars} aria-hidden>
          {buckets.map((bucket) => (
            <i
              key={bucket.from}
              style={{ height: `${(bucket.mentions / most) * 100}%` }}
              title={`${named(bucket)}: ${number(bucket.mentions, locale)}`}
            />
          ))}
        </div>
        <div className={css.axis} aria-hidden>
          <span>{exact(story.first_at, locale)}</span>
          <span>{exact(story.last_at, locale)}</span>
        </div>
        <details className={css.table}>
          <summary>{t("stories.asTable")}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("stories.when")}</th>
                <th scope="col">{t("stories.mentionsTitle")}</th>
              </tr>
            </thead>
            <tbody>
              {buckets
                .filter((bucket) => bucket.mentions > 0)
                .map((bucket) => (
                  <tr key={bucket.from}>
                    <th scope="row">{named(bucket)}</th>
                    <td>{number(bucket.mentions, locale)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </details>
      </section>
      <section className="card">
        <h2>{t("stories.networks")}</h2>
        <ul className={css.shares}>
          {story.networks.map(({ network, posts }) => (
            <li key={network}>
              <span>
                <NetworkBadge network={network} size={18} /> {networkMark(network).title}
              </span>
              <span className={css.track} aria-hidden>
                <i style={{ width: `${(posts / all) * 100}%` }} />
              </span>
              <span>
                {number(posts, locale)} · {percent(posts / all, locale)}
              </span>
            </li>
          ))}
        </ul>
        <Tones story={story} />
      </section>
    </div>
  );
}

const NONE = { from: "", to: "", mentions: 0 };
const SIGNS = { negative: "−", neutral: "0", positive: "+", unjudged: "?" } as const;

function Tones({ story }: { story: StoryDetail }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tones = (Object.keys(SIGNS) as (keyof typeof SIGNS)[]).filter((tone) => story.tones[tone] > 0);
  if (tones.length === 0) return null;
  return (
    <>
      <h3>{t("tone.title")}</h3>
      <ul className={css.tones}>
        {tones.map((tone) => (
          <li key={tone} data-of={tone}>
            {SIGNS[tone]} {tone === "unjudged" ? t("tone.none") : t(`tone.${tone}`)}{" "}
            <strong>{number(story.tones[tone], locale)}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}
