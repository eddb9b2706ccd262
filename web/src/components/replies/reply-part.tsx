import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { mentionRepliesQuery, type ReplyOptions, replyOptionsQuery } from "~/api/replies";
import type { Mention } from "~/api/types";
import { networkMark } from "~/lib/networks";
import { offers } from "~/lib/offered";
import { saysNothing } from "~/lib/replies/greeting";
import { safeLink } from "~/lib/safe-link";
import { closeReplyBox, openReplyBox, replyBox, useDraft } from "~/state/reply-box";
import { useStore } from "~/state/store";
import { Icon } from "../icon";
import { Sentence } from "../sentence";
import css from "./replies.module.css";
import { ReplyBox } from "./reply-box";
import { ReplyItem } from "./reply-item";
import { Thread } from "./thread";
import { useReplyActions } from "./use-reply-actions";

/** Answering a mention, and what was answered already. */
export function ReplyPart({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const options = useQuery(replyOptionsQuery(mention.id));
  return (
    <section className={css.part} aria-label={t("reply.title")} data-testid="reply">
      {options.isPending && <p className="dim">{t("reply.checking")}</p>}
      {options.isError && !options.data && (
        <p>
          {t("reply.checkFailed")}{" "}
          <button type="button" className={css.plain} onClick={() => void options.refetch()}>
            {t("common.retry")}
          </button>
        </p>
      )}
      {options.data && <Answering key={mention.id} mention={mention} options={options.data} />}
      <Replies mention={mention} options={options.data} />
      {offers("getThread") && <Thread mention={mention} />}
    </section>
  );
}

function Answering({ mention, options }: { mention: Mention; options: ReplyOptions }) {
  const { t } = useTranslation();
  const order = useStore(replyBox);
  const draft = useDraft(mention.id);
  const opener = useRef<HTMLButtonElement>(null);
  const wanted = order?.mention === mention.id;
  const possible = options.can_answer && options.accounts.some(({ may }) => may === null);
  const way = useRef<HTMLDivElement>(null);

  // Where it cannot be answered the key leads to the reason.
  useEffect(() => {
    if (wanted && !possible) way.current?.querySelector<HTMLElement>("a, [tabindex]")?.focus();
  }, [wanted, possible]);
  // Another mention begins with a closed box.
  useEffect(() => () => closeReplyBox(mention.id), [mention.id]);

  const leave = () => {
    closeReplyBox(mention.id);
    // The button comes back with the next paint.
    requestAnimationFrame(() => opener.current?.focus());
  };

  if (!possible) return <Cannot options={options} mention={mention} box={way} />;
  if (wanted) {
    return <ReplyBox mention={mention} options={options} draft={draft} turn={order.turn} onLeave={leave} />;
  }
  const begun = !options.accounts.some(({ greeting }) => saysNothing(draft.text, greeting));
  return (
    <div className={css.closed}>
      <Button
        ref={opener}
        size="compact-md"
        variant={begun ? "light" : "default"}
        leftSection={<Icon name="reply" size={15} />}
        onClick={() => openReplyBox(mention.id)}
      >
        {t(begun ? "reply.goOn" : "reply.open")} <kbd aria-hidden>R</kbd>
      </Button>
      {begun && (
        <span className={css.excerpt}>
          {t("reply.draft")}: {draft.text}
        </span>
      )}
    </div>
  );
}

interface CannotProps {
  mention: Mention;
  options: ReplyOptions;
  box: React.RefObject<HTMLDivElement | null>;
}

/** Why it cannot be answered from here, and the way out. */
function Cannot({ mention, options, box }: CannotProps) {
  const { t } = useTranslation();
  const original = safeLink(options.original_url ?? mention.post.url);
  const reasons = options.accounts.flatMap(({ account, may }) => (may ? [{ account, may }] : []));
  const missing = options.why_not?.code === "no_account" || (options.can_answer && options.accounts.length === 0);
  return (
    <div ref={box} className={css.cannot} data-testid="cannot-reply">
      <strong>{t("reply.cannot")}</strong>
      {missing ? (
        <p>{t("reply.noAccount", { network: networkMark(mention.post.network).title })}</p>
      ) : (
        options.why_not &&
        reasons.length === 0 && (
          <p>
            <Sentence text={options.why_not.message} />
          </p>
        )
      )}
      {reasons.map(({ account, may }) => (
        <p key={account.id}>
          <Sentence text={t("reply.notFrom", { name: account.name, reason: may.message })} />
        </p>
      ))}
      <p className={css.ways}>
        {missing && (
          <Link to="/settings/accounts/add" search={{ connector: mention.post.network }}>
            {t("reply.connect")}
          </Link>
        )}
        {original ? (
          <a href={original} target="_blank" rel="noopener noreferrer nofollow">
            {t("reply.original")} <Icon name="external" size={13} />
          </a>
        ) : (
          <span className="dim">{t("reply.noOriginal")}</span>
        )}
      </p>
    </div>
  );
}

function Replies({ mention, options }: { mention: Mention; options: ReplyOptions | undefined }) {
  const { t } = useTranslation();
  const query = useQuery(mentionRepliesQuery(mention.id));
  const actions = useReplyActions();
  const replies = query.data ?? [];
  if (query.isError && !query.data) {
    return (
      <p>
        {t("reply.listFailed")}{" "}
        <button type="button" className={css.plain} onClick={() => void query.refetch()}>
          {t("common.retry")}
        </button>
      </p>
    );
  }
  if (replies.length === 0) return null;
  return (
    <ul className={css.list} aria-label={t("reply.list")}>
      {replies.map((reply) => (
        <ReplyItem
          key={reply.id}
          reply={reply}
          actions={actions}
          rule={options?.accounts.find(({ account }) => account.id === reply.account.id)?.rule.length}
        />
      ))}
    </ul>
  );
}
