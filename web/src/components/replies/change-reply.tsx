import { Button } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LengthRule, Reply, ReplyChange } from "~/api/replies";
import { fieldOf, momentIn, nextMorning } from "~/lib/replies/later";
import { measure } from "~/lib/replies/length";
import { Notice } from "../notice";
import { Sentence } from "../sentence";
import { useNow } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import { useZone } from "../use-zone";
import { Counter } from "./counter";
import { Later } from "./later";
import css from "./replies.module.css";

interface ChangeReplyProps {
  reply: Reply;
  rule: LengthRule | undefined;
  save: (reply: Reply, changed: ReplyChange) => Promise<void>;
  onDone: () => void;
}

/** Other words, or another time, for a reply that has not gone out yet. */
export function ChangeReply({ reply, rule, save, onDone }: ChangeReplyProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [text, setText] = useState(reply.text);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const measured = rule && measure(rule, text);
  const zone = useZone();
  const now = useNow();
  const kept = Date.parse(reply.send_after);
  const [later, setLater] = useState(kept > Date.now() + 60_000 ? fieldOf(kept, zone) : null);
  const at = later === null ? null : momentIn(later, zone);
  const wrongTime = later === null ? null : at === null ? "reply.laterEmpty" : at <= now ? "reply.laterPast" : null;
  const blocked = busy || text.trim() === "" || measured?.over === true || wrongTime !== null;
  useEffect(() => field.current?.focus(), []);

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (blocked) return;
    setBusy(true);
    setError(null);
    try {
      const changed: ReplyChange = {};
      if (text !== reply.text) changed.text = text;
      // The field has no seconds: what was not moved stays where it was.
      if (at !== null && later !== fieldOf(kept, zone)) changed.send_after = new Date(at).toISOString();
      if (later === null && kept > Date.now() + 60_000) changed.send_after = new Date().toISOString();
      if (Object.keys(changed).length > 0) await save(reply, changed);
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
      {later !== null && <Later value={later} zone={zone} wrong={wrongTime && t(wrongTime)} onChange={setLater} />}
      {error !== null && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      <div className={css.foot}>
        <Button type="submit" size="compact-md" loading={busy} disabled={blocked}>
          {t("common.save")}
        </Button>
        <Button
          size="compact-md"
          variant="default"
          onClick={() => setLater(later === null ? nextMorning(Date.now(), zone) : null)}
        >
          {t(later === null ? "reply.later" : "reply.laterNot")}
        </Button>
        <Button size="compact-md" variant="default" onClick={onDone}>
          {t("common.cancel")}
        </Button>
      </div>
    </form>
  );
}
