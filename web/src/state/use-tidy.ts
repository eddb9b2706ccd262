import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatQuery } from "~/api/operations";
import { isProblem } from "~/api/problem";
import { useProblemText } from "~/components/use-problem-text";
import { showToast } from "./toasts";

/** Writes a query in the tidy way; what was typed in the meantime is not overwritten. Undo takes it back. */
export function useTidy(query: string, onChange: (query: string) => void) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const latest = useRef(query);
  latest.current = query;

  const run = () => {
    if (busy || query.trim() === "") return;
    setBusy(true);
    formatQuery(query)
      .then((tidy) => {
        if (latest.current !== query) return;
        if (tidy.query === query) showToast({ kind: "done", text: t("query.tidyAlready") });
        else onChange(tidy.query);
      })
      .catch((error: unknown) => {
        const text = isProblem(error, "query_has_errors") ? t("query.tidyFaulty") : problemText(error);
        showToast({ kind: "error", text });
      })
      .finally(() => setBusy(false));
  };
  return { run, busy };
}
