import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { Diagnostic, QueryLanguage, QueryWord } from "~/api/types";
import { difference, type Stretch } from "~/lib/query/spans";
import { appearance, queryLanguageSupport } from "./appearance";
import { clauseMark, point } from "./clause-mark";
import { type CompletionTexts, completion } from "./completion-source";
import { faultKeys, replace, select, showFaults } from "./faults";
import { formsTooltip } from "./forms-tooltip";
import { adoptStyleSheets } from "./style-sheets";
import { typingOver } from "./typing-over";

adoptStyleSheets();

/** What those around the editor may do to it. */
export interface EditorHandle {
  select: (span: Stretch) => void;
  replace: (span: Stretch, text: string) => void;
}

export interface EditorTexts extends CompletionTexts {
  placeholder: string;
  fix: (diagnostic: Diagnostic) => string;
  /** CodeMirror's own words, by their English. */
  phrases: Record<string, string>;
}

export interface CodeEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** Where the cursor stands, in UTF-16 code units. */
  onCursor: (place: number) => void;
  onTidy: () => void;
  /** Where Enter sends the query off; Shift+Enter then begins a line. */
  onSubmit?: () => void;
  /** Of the text as it stands; `null` while the answer is for another text: what is underlined then moves along. */
  diagnostics: readonly Diagnostic[] | null;
  /** Of the text as it stands, those that stand for all their forms. */
  words: readonly QueryWord[];
  language: QueryLanguage | undefined;
  /** The part that is pointed at from beside the editor. */
  pointed: Stretch | null;
  texts: EditorTexts;
  /** The editor is a text field to screen readers: its name, what describes it, whether it is wrong. */
  attributes: Record<string, string>;
  handle: Ref<EditorHandle>;
}

/** The query as a text with colours, on CodeMirror. Tab leaves it. Remount it for another language of the page. */
export default function CodeEditor(props: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const attributes = useRef(new Compartment());
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const editor = new EditorView({
      parent: box.current ?? undefined,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          ...behaviour(latest),
          attributes.current.of(EditorView.contentAttributes.of(latest.current.attributes)),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);

  const { value, diagnostics, pointed, texts } = props;
  useEffect(() => {
    const editor = view.current;
    const change = editor && difference(editor.state.doc.toString(), value);
    if (change) editor.dispatch({ changes: change, userEvent: "set" });
  }, [value]);

  useEffect(() => {
    if (view.current && diagnostics) showFaults(view.current, diagnostics, texts.fix);
  }, [diagnostics, texts]);

  useEffect(() => {
    if (view.current) point(view.current, pointed);
  }, [pointed]);

  const named = JSON.stringify(props.attributes);
  useEffect(() => {
    view.current?.dispatch({
      effects: attributes.current.reconfigure(EditorView.contentAttributes.of(JSON.parse(named))),
    });
  }, [named]);

  useImperativeHandle(props.handle, () => ({
    select: (span) => view.current && select(view.current, span),
    replace: (span, text) => view.current && replace(view.current, span, text),
  }));

  return <div ref={box} />;
}

function behaviour(latest: { current: CodeEditorProps }): Extension[] {
  // Ctrl+Enter saves the page; CodeMirror would begin a line.
  const usual = defaultKeymap.filter(({ key }) => key !== "Mod-Enter");
  const tidy = () => {
    latest.current.onTidy();
    return true;
  };
  const submit = () => {
    latest.current.onSubmit?.();
    return latest.current.onSubmit !== undefined;
  };
  return [
    history(),
    typingOver,
    drawSelection(),
    EditorView.lineWrapping,
    queryLanguageSupport,
    bracketMatching(),
    closeBrackets(),
    completion(
      () => latest.current.language,
      () => latest.current.texts,
    ),
    formsTooltip(() => latest.current.words),
    faultKeys(() => latest.current.diagnostics ?? []),
    keymap.of([
      { key: "Shift-Alt-f", run: tidy },
      { key: "Enter", run: submit },
      { key: "Mod-Enter", run: submit },
    ]),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...usual]),
    clauseMark,
    appearance,
    placeholder(latest.current.texts.placeholder),
    EditorState.phrases.of(latest.current.texts.phrases),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange(update.state.doc.toString());
      if (update.docChanged || update.selectionSet) latest.current.onCursor(update.state.selection.main.head);
    }),
  ];
}
