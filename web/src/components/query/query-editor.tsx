import { lazy, type RefObject, Suspense, useMemo } from "react";
import type { QueryLanguage } from "~/api/types";
import type { Stretch } from "~/lib/query/spans";
import type { useQueryCheck } from "~/state/use-query-check";
import { useLocale } from "../use-locale";
import type { EditorHandle } from "./code-editor";
import { PlainEditor } from "./plain-editor";
import { useEditorTexts } from "./use-editor-texts";

/** A part that could not be fetched, as after an update of the server, must not take the draft with it. */
const CodeEditor = lazy(() => import("./code-editor").catch(() => ({ default: PlainEditor })));

type Checked = ReturnType<typeof useQueryCheck>;

interface QueryEditorProps {
  /** Begins the ids of what stands beside it: `-explanation`, `-faults`, `-keys`. */
  id: string;
  handle: RefObject<EditorHandle | null>;
  value: string;
  checked: Checked;
  language: QueryLanguage | undefined;
  label: string;
  placeholder: string;
  /** How the text looks until the editor is loaded. */
  waiting: string | undefined;
  /** A part to be pointed at. */
  pointed?: Stretch | null;
  onChange: (query: string) => void;
  onCursor?: (cursor: number) => void;
  onTidy: () => void;
  onSubmit?: () => void;
}

/** The editor of a query with its faults underlined; plain text until it is loaded. */
export function QueryEditor(props: QueryEditorProps) {
  const { id, value, checked, placeholder } = props;
  const { check, current, blank } = checked;
  const locale = useLocale();
  const texts = useEditorTexts(placeholder);
  const diagnostics = useMemo(() => (blank ? [] : (check.data?.diagnostics ?? [])), [blank, check.data]);
  return (
    <Suspense fallback={<pre className={props.waiting}>{value || placeholder}</pre>}>
      <CodeEditor
        key={locale}
        handle={props.handle}
        value={value}
        onChange={props.onChange}
        onCursor={props.onCursor ?? ignore}
        onTidy={props.onTidy}
        onSubmit={props.onSubmit}
        diagnostics={current || blank ? diagnostics : null}
        words={current && !blank ? (check.data?.words ?? []) : []}
        language={props.language}
        pointed={props.pointed ?? null}
        texts={texts}
        attributes={{
          "aria-label": props.label,
          "aria-describedby": `${id}-explanation ${id}-faults ${id}-keys`,
          "aria-invalid": String(hasErrors(checked)),
          "data-testid": "query",
        }}
      />
    </Suspense>
  );
}

/** The query as it stands cannot be read. */
export function hasErrors({ check, current, blank }: Checked): boolean {
  return !blank && current && (check.data?.diagnostics ?? []).some((one) => one.severity === "error");
}

const ignore = () => {};
