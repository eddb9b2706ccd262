import { Button, NativeSelect } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, type SyntheticEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ReplyOption, ReplyOptions } from "~/api/replies";
import type { Mention } from "~/api/types";
import { bytes } from "~/lib/format";
import { troubleOf } from "~/lib/replies/attachments";
import { EMPTY_DRAFT, type ReplyDraft } from "~/lib/replies/drafts";
import { greeted, greetedAnew, saysNothing } from "~/lib/replies/greeting";
import { momentIn, nextMorning } from "~/lib/replies/later";
import { besideFiles, measure } from "~/lib/replies/length";
import { draftOf, setDraft } from "~/state/reply-box";
import { showToast } from "~/state/toasts";
import { useSendReply } from "~/state/use-send-reply";
import { Notice } from "../notice";
import { Segments } from "../segments";
import { Sentence } from "../sentence";
import { useLocale, useNow } from "../use-locale";
import { useProblemText } from "../use-problem-text";
import { useZone } from "../use-zone";
import { AddFiles, Attachments } from "./attachments";
import { Counter } from "./counter";
import { Later } from "./later";
import { Preview } from "./preview";
import css from "./replies.module.css";
import { useAttachments } from "./use-attachments";

interface ReplyBoxProps {
  mention: Mention;
  options: ReplyOptions;
  draft: ReplyDraft;
  /** Grows each time the box is asked for. */
  turn: number;
  onLeave: () => void;
}

/** Where a reply is written: from whom, who sees it, how long it is, how it will look, and when it goes out. */
export function ReplyBox({ mention, options, draft, turn, onLeave }: ReplyBoxProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const locale = useLocale();
  const now = useNow();
  const problemText = useProblemText();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const free = options.accounts.filter(({ may }) => may === null);
  const chosen = free.find(({ account }) => account.id === draft.account) ?? free[0];
  const { send, busy, error } = useSendReply(mention.id, options.undo_seconds, onLeave);
  const greeting = chosen?.greeting ?? null;
  const brought = useAttachments({
    rule: chosen?.attachments ?? null,
    current: () => draftOf(mention.id).files ?? [],
    write: (files) => setDraft(mention.id, { ...draftOf(mention.id), files, key: undefined }),
    onTooLarge: ({ name }, most) =>
      showToast({ kind: "error", text: t("reply.files.wrong.big", { name, size: bytes(most, locale) }) }),
    onError: ({ name }, failure) =>
      showToast({ kind: "error", text: t("reply.files.notTaken", { name, reason: problemText(failure) }) }),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for again it takes the focus again
  useEffect(() => {
    // Written into the field at once, so that the caret stands behind it.
    if (draft.text === "" && greeting && field.current) {
      field.current.value = greeting;
      setDraft(mention.id, { ...draft, text: greeting });
    }
    field.current?.focus({ preventScroll: true });
    const end = field.current?.value.length ?? 0;
    field.current?.setSelectionRange(end, end);
    form.current?.scrollIntoView({ block: "nearest" });
  }, [turn]);

  if (!chosen) return null;
  const { rule, needs_approval: approved } = chosen;
  const visibility = rule.visibilities.find((one) => one === draft.visibility) ?? rule.visibilities[0] ?? "public";
  const files = draft.files ?? [];
  const length = besideFiles(rule.length, files.length > 0 ? chosen.attachments : null);
  const measured = measure(length, greeted(draft.text, greeting));
  const empty = saysNothing(draft.text, greeting);
  const at = draft.later === undefined ? null : momentIn(draft.later, zone);
  const wrongTime =
    draft.later === undefined ? null : at === null ? "reply.laterEmpty" : at <= now ? "reply.laterPast" : null;
  const badFiles = troubleOf(chosen.attachments, files, visibility) !== null || brought.coming.length > 0;
  const blocked = busy || empty || measured.over || badFiles || wrongTime !== null;
  const write = (part: Partial<ReplyDraft>) => setDraft(mention.id, { ...draft, ...part, key: undefined });

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    // Told again at the press: the clocks may have passed what was chosen.
    if (blocked || (at !== null && at <= Date.now())) return;
    void send(draft, { account_id: chosen.account.id, visibility, at });
  };
  const leave = () => {
    if (empty && files.length === 0) setDraft(mention.id, EMPTY_DRAFT);
    onLeave();
  };
  const choose = (account: string) => {
    const next = free.find((one) => one.account.id === account)?.greeting ?? null;
    write({ account, visibility: undefined, text: greetedAnew(draft.text, greeting, next) });
  };
  const forget = () => {
    setDraft(mention.id, EMPTY_DRAFT);
    showToast({ kind: "done", text: t("reply.forgotten"), undo: () => setDraft(mention.id, draft) });
    onLeave();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Files that were pasted or dropped; text goes where it always goes. */
  const take = (event: SyntheticEvent, data: DataTransfer) => {
    const given = [...data.files];
    if (!chosen.attachments || given.length === 0) return;
    event.preventDefault();
    void brought.bring(given);
  };

  return (
    <form
      ref={form}
      className={css.box}
      onSubmit={submit}
      onKeyDown={press}
      onPaste={(event) => take(event, event.clipboardData)}
      onDragOver={(event) => chosen.attachments && event.preventDefault()}
      onDrop={(event) => take(event, event.dataTransfer)}
      aria-label={t("reply.title")}
    >
      <div className={css.row}>
        <label htmlFor={`${id}-from`}>{t("reply.from")}</label>
        <FromPicker id={`${id}-from`} options={free} chosen={chosen} onChange={choose} />
        {rule.visibilities.length > 1 && (
          <Segments
            label={t("reply.who")}
            value={visibility}
            options={rule.visibilities.map((value) => ({ value, label: t(`reply.visibility.${value}`) }))}
            onChange={(value) => write({ visibility: value as typeof visibility })}
          />
        )}
        {rule.visibilities.length === 1 && visibility === "private" && (
          <span className="dim">{t("reply.visibility.private")}</span>
        )}
      </div>
      <NotFrom options={options} />
      <textarea
        ref={field}
        className={css.text}
        aria-label={t("reply.text")}
        placeholder={t("reply.placeholder")}
        aria-describedby={`${id}-counter`}
        aria-invalid={measured.over}
        value={draft.text}
        onChange={(event) => write({ text: event.currentTarget.value })}
      />
      <Attachments
        rule={chosen.attachments}
        visibility={visibility}
        files={files}
        coming={brought.coming}
        onChange={(files) => write({ files })}
        onRemove={brought.remove}
      />
      <Counter id={`${id}-counter`} rule={length} measured={measured} text={draft.text} />
      {greeting !== null && !empty && greeted(draft.text, greeting) !== draft.text.trim() && (
        <p className="dim">{t("reply.greeting", { greeting: greeting.trim() })}</p>
      )}
      <Preview text={empty ? "" : greeted(draft.text, greeting)} from={signed(chosen)} />
      {draft.later !== undefined && (
        <Later
          value={draft.later}
          zone={zone}
          wrong={wrongTime && t(wrongTime)}
          onChange={(later) => write({ later })}
        />
      )}
      {chosen.no_attachments !== null && <p className="dim">{chosen.no_attachments}</p>}
      {approved && <p className="dim">{t("reply.approvalNote")}</p>}
      {error !== null && (
        <Notice kind="error">
          <Sentence text={problemText(error)} />
        </Notice>
      )}
      <div className={css.foot}>
        <Button type="submit" size="compact-md" loading={busy} disabled={blocked}>
          {t(approved ? "reply.sendForApproval" : draft.later === undefined ? "reply.send" : "reply.schedule")}
          <kbd aria-hidden>Ctrl Enter</kbd>
        </Button>
        <Button
          size="compact-md"
          variant="default"
          onClick={() => write({ later: draft.later === undefined ? nextMorning(Date.now(), zone) : undefined })}
        >
          {t(draft.later === undefined ? "reply.later" : "reply.laterNot")}
        </Button>
        {chosen.attachments && <AddFiles rule={chosen.attachments} onFiles={(files) => void brought.bring(files)} />}
        <button type="button" className={css.plain} onClick={leave}>
          {t("reply.leave")} <kbd aria-hidden>Esc</kbd>
        </button>
        {(!empty || files.length > 0) && (
          <button type="button" className={css.plain} onClick={forget}>
            {t("reply.forget")}
          </button>
        )}
      </div>
    </form>
  );
}

interface FromPickerProps {
  id: string;
  options: readonly ReplyOption[];
  chosen: ReplyOption;
  onChange: (account: string) => void;
}

/** The account a reply goes out from, with whose it is. */
function FromPicker({ id, options, chosen, onChange }: FromPickerProps) {
  const { t } = useTranslation();
  const told = (option: ReplyOption) => {
    const { holder } = option.account;
    const whose =
      holder.kind === "company" ? t("reply.company") : t("reply.employee", { name: holder.user?.name ?? "" });
    return `${signed(option)} · ${whose}`;
  };
  if (options.length === 1) return <strong id={id}>{told(chosen)}</strong>;
  return (
    <NativeSelect
      id={id}
      size="xs"
      value={chosen.account.id}
      data={options.map((option) => ({ value: option.account.id, label: told(option) }))}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Accounts that exist and may not answer here, each with its reason. */
function NotFrom({ options }: { options: ReplyOptions }) {
  const { t } = useTranslation();
  return options.accounts.map(
    ({ account, may }) =>
      may && (
        <p key={account.id} className="dim">
          <Sentence text={t("reply.notFrom", { name: account.name, reason: may.message })} />
        </p>
      ),
  );
}

function signed({ account }: ReplyOption): string {
  return account.handle ? `${account.name} (@${account.handle})` : account.name;
}
