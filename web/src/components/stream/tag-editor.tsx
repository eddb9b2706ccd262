import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "~/api/queries";
import { Icon } from "../icon";
import css from "./detail.module.css";
import { TAG_FIELD } from "./use-stream-keys";

interface TagEditorProps {
  tags: string[];
  onAdd: (tag: string) => void;
  onRemove: (tag: string) => void;
}

const LONGEST = 64;

/** Tags as chips with a field behind them: Enter adds, Backspace in the empty field takes the last one away. */
export function TagEditor({ tags, onAdd, onRemove }: TagEditorProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState("");
  const known = useQuery(tagsQuery).data ?? [];

  const add = () => {
    const tag = draft.trim().replace(/^#/, "");
    setDraft("");
    if (tag && !tags.includes(tag)) onAdd(tag);
  };

  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    }
    if (event.key === "Escape") event.currentTarget.blur();
    const last = tags.at(-1);
    if (event.key === "Backspace" && draft === "" && last) onRemove(last);
  };

  return (
    <div className={css.tags}>
      {tags.map((tag) => (
        <span key={tag} className={css.chip}>
          {tag}
          <button type="button" aria-label={t("tags.remove", { tag })} onClick={() => onRemove(tag)}>
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
      <input
        id={TAG_FIELD}
        value={draft}
        list="known-tags"
        maxLength={LONGEST}
        placeholder={t("tags.add")}
        aria-label={t("tags.add")}
        title={`${t("tags.add")} (L)`}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={press}
        onBlur={add}
      />
      <datalist id="known-tags">
        {known
          .filter(({ tag }) => !tags.includes(tag))
          .map(({ tag }) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
    </div>
  );
}
