import { Button } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { countQuery } from "~/api/questions";
import { number } from "~/lib/format";
import type { Stretch } from "~/lib/questions/shapes";
import { bucketName } from "~/lib/questions/time-labels";
import type { Selection } from "~/lib/selection";
import { useLocale } from "../use-locale";
import { Drill } from "./drill";
import css from "./heat-map.module.css";

const FIRST = 8;

interface HeatMomentsProps {
  moments: readonly Stretch[];
  selection: Selection;
  zone: string;
}

/** The hours behind a cell of the heat map, each with its count; an hour leads to its mentions. */
export function HeatMoments({ moments, selection, zone }: HeatMomentsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [shown, setShown] = useState(FIRST);
  const first = moments.slice(0, shown);
  const counts = useQueries({ queries: first.map((moment) => countQuery({ ...selection, ...moment })) });
  return (
    <>
      <p className="dim">{t("questions.heat.moments", { count: moments.length })}</p>
      <ul className={css.moments}>
        {first.map((moment, index) => (
          <li key={moment.from}>
            <Drill part={moment}>{bucketName(moment, "hour", zone, locale)}</Drill>
            <span>{counts[index]?.data === undefined ? "…" : number(counts[index].data, locale)}</span>
          </li>
        ))}
      </ul>
      {shown < moments.length && (
        <Button size="compact-md" variant="default" onClick={() => setShown(shown + 24)}>
          {t("questions.more", { count: moments.length - shown })}
        </Button>
      )}
    </>
  );
}
