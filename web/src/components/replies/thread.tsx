import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Reply, type ThreadEntry, threadQuery } from "~/api/replies";
import type { Mention } from "~/api/types";
import { NetworkBadge } from "../network-badge";
import { Time } from "../time";
import { Rendered } from "./preview";
import css from "./replies.module.css";
import { ReplyBadge } from "./state-badge";
import thread from "./thread.module.css";

/** What was said, what we answered and what was answered to us, once somebody did. */
export function Thread({ mention }: { mention: Mention }) {
  const { t } = useTranslation();
  const query = useQuery(threadQuery(mention.id));
  const entries = query.data ?? [];
  const said = entries.filter(({ kind }) => kind === "mention");
  if (query.isError && !query.data) {
    return (
      <p>
        {t("thread.failed")}{" "}
        <button type="button" className={css.plain} onClick={() => void query.refetch()}>
          {t("common.retry")}
        </button>
      </p>
    );
  }
  // A post and our replies to it stand on the page already.
  if (said.length < 2) return null;
  return (
    <section className={thread.thread} aria-label={t("thread.title")} data-testid="thread">
      <h2>{t("thread.title")}</h2>
      <ol>
        {entries.map((entry) =>
          entry.kind === "mention" ? (
            <Said key={keyOf(entry)} mention={entry.mention} open={entry.mention.post.id === mention.post.id} />
          ) : (
            <Ours key={keyOf(entry)} reply={entry.reply} />
          ),
        )}
      </ol>
    </section>
  );
}

const keyOf = (entry: ThreadEntry) => (entry.kind === "mention" ? `m${entry.mention.id}` : `r${entry.reply.id}`);

function Said({ mention, open }: { mention: Mention; open: boolean }) {
  const { t } = useTranslation();
  const { post } = mention;
  const author = post.author.name ?? post.author.handle ?? t("mention.unknownAuthor");
  return (
    <li aria-current={open || undefined}>
      <p className={css.head}>
        <NetworkBadge network={post.network} />
        <strong>{author}</strong>
        <Time at={post.published_at} className="dim" />
        {open ? (
          <span className="dim">{t("thread.here")}</span>
        ) : (
          <Link to="." search={(before: object) => ({ ...before, mention: mention.id })}>
            {t("thread.open")}
          </Link>
        )}
      </p>
      <p className={css.said} lang={post.language ?? undefined}>
        {post.deleted ? <em>{t("mention.deleted")}</em> : [post.title, post.text].filter(Boolean).join("\n\n")}
      </p>
    </li>
  );
}

function Ours({ reply }: { reply: Reply }) {
  const { t } = useTranslation();
  const account = reply.account.handle ? `@${reply.account.handle}` : reply.account.name;
  return (
    <li data-ours>
      <p className={css.head}>
        <strong>{t("thread.ours")}</strong>
        <span className="dim">{t("reply.writtenBy", { name: reply.written_by.name, account })}</span>
        {reply.state !== "sent" && <ReplyBadge state={reply.state} />}
        {reply.sent_at && <Time at={reply.sent_at} className="dim" />}
      </p>
      <p className={css.said}>
        <Rendered text={reply.text} />
      </p>
    </li>
  );
}
