import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Choice, toSelection } from "~/lib/selection";
import { useQueryCheck } from "./use-query-check";
import { useCount } from "./use-search";

/**
 * The query while it is written: the list stays as it is until it is sent off, and meanwhile a count says what it would find.
 */
export function useSearchDraft(
  choice: Choice,
  zone: string,
  onChange: (choice: Choice) => void,
  refresh: () => unknown,
) {
  const { t } = useTranslation();
  const sent = choice.query ?? "";
  const [text, setText] = useState(sent);
  const checked = useQueryCheck(text, "mentions");

  // The address may change by itself: back, a view, a chip.
  const before = useRef(sent);
  useEffect(() => {
    if (before.current !== sent) setText(sent);
    before.current = sent;
  }, [sent]);

  const written = text.trim() === "" ? undefined : text;
  const differs = (written ?? "") !== sent.trim() && written !== choice.query;
  const faulty = !checked.blank && checked.current && checked.check.data?.valid === false;
  const selection = useMemo(
    () => toSelection({ ...choice, query: written }, Date.now(), zone),
    [choice, written, zone],
  );
  const { count, current } = useCount(selection, differs && (checked.blank || (checked.current && !faulty)));

  const outlook = () => {
    if (!differs) return null;
    if (faulty) return t("search.query.fix");
    if (count.data === undefined) return count.isError ? t("search.query.enter") : t("search.counting");
    // The last count stays readable while the next one is on its way.
    const found = t("search.query.outlook", { count: count.data.count });
    return current && checked.current ? found : `${found} …`;
  };

  const submit = () => {
    if (faulty) return;
    if (differs) onChange({ ...choice, query: written });
    else refresh();
  };

  return { text, checked, faulty, outlook: outlook(), write: setText, submit };
}
