import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { readSearch } from "~/lib/filters";
import { useShortcuts } from "~/state/use-shortcuts";
import { Icon } from "../icon";
import css from "./search-box.module.css";

const PAUSE_MS = 300;

/** The box around the query of a page that has one. */
export const PAGE_QUERY = "page-query";

/** Looks for words in the stream, from any page. What stands here is the `text` of the address. */
export function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const raw = useSearch({ strict: false }) as { text?: string };
  const shown = raw.text ?? "";
  const [draft, setDraft] = useState(shown);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (document.activeElement !== field.current) setDraft(shown);
  }, [shown]);

  const search = (text: string, replace: boolean) => {
    clearTimeout(timer.current);
    void navigate({
      to: "/stream",
      search: (before: Record<string, unknown>) => ({
        ...readSearch(before),
        text: text.trim() || undefined,
        mention: undefined,
      }),
      replace,
    });
  };

  // A page with a query of its own has the key.
  useShortcuts({
    search: () => {
      const own = document.querySelector<HTMLElement>(`#${PAGE_QUERY} [contenteditable], #${PAGE_QUERY} textarea`);
      if (own) own.focus();
      else field.current?.select();
    },
  });

  return (
    <search className={css.search}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        value={draft}
        placeholder={t("frame.search")}
        aria-label={t("frame.search")}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setDraft(text);
          clearTimeout(timer.current);
          if (location.pathname === "/stream") timer.current = setTimeout(() => search(text, true), PAUSE_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") search(draft, false);
          if (event.key === "Escape") {
            if (draft) {
              setDraft("");
              search("", true);
            } else field.current?.blur();
          }
        }}
      />
      <kbd aria-hidden>/</kbd>
    </search>
  );
}
