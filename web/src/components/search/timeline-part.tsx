import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { brushed, choiceOf, frameOf, type SearchAddress, zoomed } from "~/lib/search-address";
import { choiceKey, rangeOfChoice, toSelection } from "~/lib/selection";
import { useGaps, useTimeline } from "~/state/use-search";
import { useProblemText } from "../use-problem-text";
import css from "./search.module.css";
import { Timeline } from "./timeline";

interface TimelinePartProps {
  address: SearchAddress;
  zone: string;
  onChange: (address: SearchAddress, replace?: boolean) => void;
}

/** The timeline with what it asks for. It shows the period around the brush, so that brushing does not move it. */
export function TimelinePart({ address, zone, onChange }: TimelinePartProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { from: _, to: __, period: ___, ...rest } = choiceOf(address);
  const framed = { ...rest, ...frameOf(address) };
  const key = choiceKey(framed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says whether the choice differs
  const selection = useMemo(() => toSelection(framed, Date.now(), zone), [key, zone]);
  const timeline = useTimeline(selection, true);
  const gaps = useGaps(selection, timeline.isSuccess);
  const chosen = useMemo(() => rangeOfChoice(address, Date.now(), zone), [address, zone]);

  if (timeline.data === undefined) {
    return (
      <div className={css.timelineWaiting} role="status">
        {timeline.isError ? problemText(timeline.error) : t("common.loading")}
      </div>
    );
  }
  if (timeline.data.buckets.length === 0) return null;
  return (
    <Timeline
      answer={timeline.data}
      stale={timeline.isPlaceholderData}
      gaps={gaps.data ?? []}
      from={address.frame ? chosen.from : undefined}
      to={address.frame ? chosen.to : undefined}
      brushed={address.frame !== undefined}
      onBrush={(part) => onChange(brushed(address, part))}
      onZoom={() => onChange(zoomed(address))}
    />
  );
}
