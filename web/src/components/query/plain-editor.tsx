import { useImperativeHandle, useRef } from "react";
import type { CodeEditorProps } from "./code-editor";
import css from "./query-field.module.css";

/** The query as a plain text field: what stands in when the editor could not be loaded, so that nobody is kept from writing. */
export function PlainEditor({ value, onChange, onCursor, texts, attributes, handle, onSubmit }: CodeEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);

  const select = (start: number, end: number) => {
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };

  useImperativeHandle(handle, () => ({
    select: ({ start, end }) => select(start, end),
    replace: ({ start, end }, text) => {
      onChange(value.slice(0, start) + text + value.slice(end));
      requestAnimationFrame(() => select(start + text.length, start + text.length));
    },
  }));

  return (
    <textarea
      {...attributes}
      ref={field}
      className={css.plain}
      value={value}
      rows={7}
      spellCheck={false}
      autoCapitalize="off"
      placeholder={texts.placeholder}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.shiftKey || !onSubmit) return;
        event.preventDefault();
        onSubmit();
      }}
      onSelect={(event) => onCursor(event.currentTarget.selectionStart)}
    />
  );
}
