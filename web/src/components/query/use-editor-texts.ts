import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { EditorTexts } from "./code-editor";

/** The words the editor shows, in the language of the page. */
export function useEditorTexts(placeholder: string): EditorTexts {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      placeholder,
      fix: ({ replacement }) => (replacement ? t("editor.write", { text: replacement }) : t("editor.remove")),
      entries: (count) => t("lists.entries", { count }),
      phrases: { Completions: t("query.proposals"), "Selection deleted": t("query.deleted") },
    }),
    [t, placeholder],
  );
}
