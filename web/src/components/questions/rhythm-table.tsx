import { useTranslation } from "react-i18next";
import { number, percent } from "~/lib/format";
import { gapsWithin } from "~/lib/questions/gap-bands";
import type { Bucket, Rhythm } from "~/lib/questions/shapes";
import { netSentiments, TONES_STACKED } from "~/lib/questions/time-chart";
import { bucketName } from "~/lib/questions/time-labels";
import { useLocale } from "../use-locale";
import { useQuestions } from "./context";
import { DataTable } from "./data-table";
import { signed } from "./signed";

/** The rhythm in figures, the newest first. */
export function RhythmTable({ rhythm }: { rhythm: Rhythm }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { now } = useQuestions();
  const rows = [...rhythm.buckets].reverse();
  const compared = rows.some((bucket) => bucket.before !== null);
  const figure = (tone: (typeof TONES_STACKED)[number]) => ({
    key: tone,
    title: tone === "unjudged" ? t("tone.none") : t(`tone.${tone}`),
    cell: (bucket: Bucket) => number(bucket[tone], locale),
  });
  return (
    <DataTable
      caption={t("questions.rhythm.chart")}
      rows={rows}
      keyOf={(bucket) => bucket.from}
      partOf={(bucket) => ({ from: bucket.from, to: bucket.to })}
      columns={[
        {
          key: "when",
          title: t("questions.columns.when"),
          cell: (bucket) => bucketName(bucket, rhythm.unit, rhythm.time_zone, locale),
        },
        {
          key: "mentions",
          title: t("questions.columns.mentions"),
          figure: "bucket_mentions",
          cell: (bucket) => number(bucket.mentions, locale),
        },
        ...TONES_STACKED.map(figure),
        {
          key: "net",
          title: t("questions.figures.net"),
          figure: "net_sentiment",
          cell: (bucket) => {
            const [net] = netSentiments([bucket]);
            return net == null ? "—" : signed(net, locale);
          },
        },
        {
          key: "negative-share",
          title: t("questions.columns.negativeShare"),
          cell: (bucket) => (bucket.mentions > 0 ? percent(bucket.negative / bucket.mentions, locale) : "—"),
        },
        ...(compared
          ? [
              {
                key: "before",
                title: t("questions.columns.before"),
                figure: "bucket_before",
                cell: (bucket: Bucket) => (bucket.before === null ? "—" : number(bucket.before, locale)),
              },
            ]
          : []),
        {
          key: "gap",
          title: t("questions.columns.gap"),
          figure: "gap",
          words: true,
          cell: (bucket) =>
            bucket.gap
              ? `▨ ${gapsWithin(rhythm.gaps, bucket, now)
                  .map((gap) => gap.source)
                  .join(", ")}`
              : "",
        },
      ]}
    />
  );
}
