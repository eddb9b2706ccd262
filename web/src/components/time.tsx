import { exact, relative } from "~/lib/format";
import { useLocale, useNow } from "./use-locale";

/** `5 min ago`, the exact time on hover. */
export function Time({ at, className }: { at: string; className?: string }) {
  const locale = useLocale();
  const now = useNow();
  return (
    <time dateTime={at} title={exact(at, locale)} className={className}>
      {relative(at, now, locale)}
    </time>
  );
}
