import { Button } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LengthRule, Reply } from "~/api/replies";
import { measure } from "~/lib/replies/length";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import { useProblemText } from "../use-problem-text";
import { Counter } from "./counter";
import css from "./replies.module.css";

interface ChangeReplyProps {
  reply: Reply;
  rule: LengthRule | undefined;
  save: (reply: Reply, text: string) => Promise<void>;
  onDone: () => void;
}

/** Other words for a reply that has not gone out yet. */
export function ChangeReply({ reply, rule, save, onDone }: ChangeReplyProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [text, setText] = useState(reply.text);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const measured = rule && measure(rule, text);
  const blocked = busy || text.trim() === "" || measured?.over === true;
  useEffect(() => field.current?.focus(), []);

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (blocked) return;
    setBusy(true);
    setError(null);
    try {
      if (text !== reply.text) await save(reply, text);
      onDone();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onDone();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <form className={css.box} onSubmit={(event) => void submit(event)} onKeyDown={press}>
      <textarea
        ref={field}
        className={css.text}
        aria-label={t("reply.text")}
        aria-describedby={id}
        aria-invalid={measured?.over ?? false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {rule && measured && <Counter id={id} rule={rule} measured={measured} text={text} />}
      {error !== null && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      <div className={css.foot}>
        <Button type="submit" size="compact-md" loading={busy} disabled={blocked}>
          {t("common.save")}
        </Button>
        <Button size="compact-md" variant="default" onClick={onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
