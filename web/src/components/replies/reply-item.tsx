import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LengthRule, Reply } from "~/api/replies";
import { when } from "~/lib/replies/later";
import { safeLink } from "~/lib/safe-link";
import { Icon } from "../icon";
import { Sentence } from "../sentence";
import { useLocale } from "../use-locale";
import { useZone } from "../use-zone";
import { SentFiles } from "./attachments";
import { ChangeReply } from "./change-reply";
import { Rendered } from "./preview";
import css from "./replies.module.css";
import { ReplyBadge } from "./state-badge";
import { allowed, DEEDS, type Deed, type ReplyActions } from "./use-reply-actions";
import { useSecondsUntil } from "./use-seconds";

interface ReplyItemProps {
  reply: Reply;
  actions: ReplyActions;
  /** How long it may be, where that is known. */
  rule: LengthRule | undefined;
  /** What is told before its words. */
  before?: ReactNode;
  current?: boolean;
  /** Keys that do the deeds here. */
  keys?: Record<Deed, string>;
}

const LABELS = { approve: "reply.approve", again: "reply.again", cancel: "reply.cancel" } as const;
const SURE = { approve: "reply.approveSure", again: "reply.againSure", cancel: "reply.cancelSure" } as const;

/** What was refused is not cancelled any more: it is put aside. */
function label(reply: Reply, deed: Deed, armed: boolean) {
  if (deed === "cancel" && reply.state === "refused") return armed ? "reply.asideSure" : "reply.aside";
  return armed ? SURE[deed] : LABELS[deed];
}

/** One reply: where it is on its way, its words, and what can be done now. */
export function ReplyItem({ reply, actions, rule, before, current = false, keys }: ReplyItemProps) {
  const { t } = useTranslation();
  const [changing, setChanging] = useState(false);
  const link = safeLink(reply.url);
  const account = reply.account.handle ? `@${reply.account.handle}` : reply.account.name;
  const deeds = DEEDS.filter((deed) => allowed(reply, deed));
  const armed = actions.armed?.id === reply.id ? actions.armed.deed : null;
  return (
    <li className={css.item} data-reply={reply.id} data-current={current} aria-current={current || undefined}>
      <div className={css.head}>
        <ReplyBadge state={reply.state} />
        <span className="dim">
          {t("reply.writtenBy", { name: reply.written_by.name, account })}
          {reply.approved_by && ` · ${t("reply.approvedBy", { name: reply.approved_by.name })}`}
          {reply.visibility === "private" && ` · ${t("reply.private")}`}
        </span>
      </div>
      {before}
      {changing ? (
        <ChangeReply reply={reply} rule={rule} save={actions.change} onDone={() => setChanging(false)} />
      ) : (
        <p className={css.said}>
          <Rendered text={reply.text} />
        </p>
      )}
      <SentFiles files={reply.attachments} />
      <Word reply={reply} />
      {link && (
        <a href={link} target="_blank" rel="noopener noreferrer nofollow">
          {t("reply.openSent")} <Icon name="external" size={13} />
        </a>
      )}
      {!changing && (reply.may.change || deeds.length > 0) && (
        <div className={css.actions} role="group" aria-label={t("reply.title")}>
          {deeds.map((deed) => (
            <Button
              key={deed}
              size="compact-sm"
              variant={armed === deed || (deed === "approve" && !armed) ? "filled" : "default"}
              color={armed === deed && deed === "cancel" ? "red" : undefined}
              loading={actions.busy === reply.id}
              onClick={() => actions.press(reply, deed)}
            >
              {t(label(reply, deed, armed === deed))}
              {keys && <kbd>{keys[deed]}</kbd>}
            </Button>
          ))}
          {armed && (
            <Button size="compact-sm" variant="subtle" onClick={actions.disarm}>
              {t("reply.not")}
            </Button>
          )}
          {reply.may.change && !armed && (
            <Button size="compact-sm" variant="subtle" onClick={() => setChanging(true)}>
              {t("reply.change")}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

/** What its state means, what comes next, and the way out. */
function Word({ reply }: { reply: Reply }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  const seconds = useSecondsUntil(reply.state === "waiting" ? reply.send_after : null);
  const at = (iso: string) => when(iso, zone, locale, Date.now());
  const { state, problem, next_attempt_at: next, sent_at: sent } = reply;
  const later = Date.parse(reply.send_after) > Date.now() + 60_000;

  if (state === "cancelled") return null;
  return (
    <div className={css.trouble}>
      {state === "awaiting_approval" && <p>{t("reply.say.awaiting_approval")}</p>}
      {state === "awaiting_approval" && later && <p>{t("reply.say.at", { when: at(reply.send_after) })}</p>}
      {state === "waiting" && (
        <p>
          {seconds === null
            ? t("reply.say.at", { when: at(reply.send_after) })
            : seconds > 0
              ? t("reply.say.countdown", { count: seconds })
              : t("reply.say.now")}
        </p>
      )}
      {state === "sending" && <p>{t("reply.say.sending")}</p>}
      {state === "unsure" && <p>{t("reply.say.unsure")}</p>}
      {problem && state !== "sent" && (
        <p>
          <Sentence text={problem.message} />
        </p>
      )}
      {problem?.advice && state !== "sent" && (
        <p>
          <Sentence text={problem.advice} />
        </p>
      )}
      {(state === "retrying" || state === "unsure") && next && <p>{t("reply.say.next", { when: at(next) })}</p>}
      {state === "sent" && sent && <p className="dim">{t("reply.say.sent", { when: at(sent) })}</p>}
    </div>
  );
}
