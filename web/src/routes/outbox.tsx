import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { accountsQuery, outboxQuery, type Reply } from "~/api/replies";
import { Empty } from "~/components/empty";
import { Icon } from "~/components/icon";
import { Loading } from "~/components/loading";
import { PageError } from "~/components/page-error";
import css from "~/components/replies/replies.module.css";
import { ReplyItem } from "~/components/replies/reply-item";
import { type Deed, useReplyActions } from "~/components/replies/use-reply-actions";
import { Segments } from "~/components/segments";
import { SHELF_NAMES, SHELVES, type Shelf } from "~/lib/replies/address";
import { safeLink } from "~/lib/safe-link";
import { COMMANDS } from "~/state/commands";
import { useShortcuts } from "~/state/use-shortcuts";

const KEYS: Record<Deed, string> = {
  approve: COMMANDS.approve.shown[0],
  cancel: COMMANDS.callOff.shown[0],
  again: COMMANDS.again.shown[0],
};

/** Everything that was answered from here: what waits for a person first. */
export function OutboxPage() {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/outbox" });
  const { shelf = "approve" } = useSearch({ from: "/frame/outbox" });
  const counts = useCounts();
  const show = (name: string) => void navigate({ search: name === "approve" ? {} : { shelf: name as Shelf } });

  return (
    <div className="page">
      <div>
        <div className="page-head">
          <h1>{t("nav.outbox")}</h1>
          <Button component={Link} to="/settings/accounts" variant="default" size="compact-md">
            {t("outbox.toAccounts")}
          </Button>
        </div>
        <p className="dim">{t("outbox.lead")}</p>
        <div className={css.shelves}>
          <Segments
            label={t("outbox.shelves")}
            value={shelf}
            options={SHELF_NAMES.map((name) => ({
              value: name,
              label: counts[name] ? `${t(`outbox.shelf.${name}`)} · ${counts[name]}` : t(`outbox.shelf.${name}`),
            }))}
            onChange={show}
          />
        </div>
        <Replies key={shelf} shelf={shelf} />
      </div>
    </div>
  );
}

function Replies({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(outboxQuery(SHELVES[shelf]));
  const accounts = useQuery(accountsQuery).data;
  const actions = useReplyActions();
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const { at, move, current } = useCurrent(items);
  const deed = (what: Deed) => () => current && actions.press(current, what);

  useShortcuts({
    next: () => {
      actions.disarm();
      move(1);
    },
    previous: () => {
      actions.disarm();
      move(-1);
    },
    approve: deed("approve"),
    callOff: deed("cancel"),
    again: deed("again"),
    close: actions.disarm,
    original: () => {
      const link = safeLink(current?.url ?? current?.mention?.url);
      if (link) window.open(link, "_blank", "noopener,noreferrer");
    },
  });

  if (query.isPending) return <Loading />;
  if (query.isError && items.length === 0) {
    return <PageError error={query.error} reset={() => void query.refetch()} />;
  }
  if (items.length === 0) return <NothingHere shelf={shelf} />;
  return (
    <>
      <ul className={css.list} aria-label={t("outbox.list")}>
        {items.map((reply, index) => (
          <ReplyItem
            key={reply.id}
            reply={reply}
            actions={actions}
            rule={accounts?.find(({ id }) => id === reply.account.id)?.facts?.rule.length}
            current={index === at}
            keys={KEYS}
            before={<Answered reply={reply} />}
          />
        ))}
      </ul>
      {query.hasNextPage && (
        <div className={css.more}>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("outbox.more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** What the reply answers. */
function Answered({ reply: { mention } }: { reply: Reply }) {
  const { t } = useTranslation();
  if (!mention) return null;
  return (
    <p className={css.answers}>
      <span className="dim">{t("outbox.answers")}:</span>
      {mention.excerpt === "" ? <span>{t("outbox.gone")}</span> : <q>{mention.excerpt}</q>}
      <Link to="/stream" search={{ mention: mention.id }}>
        {t("outbox.openMention")}
      </Link>
    </p>
  );
}

function NothingHere({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  return (
    <Empty icon="send" title={t(`outbox.empty.${shelf}`)} text={t(`outbox.emptyHint.${shelf}`)}>
      {shelf === "approve" ? (
        <Button component={Link} to="/settings/accounts" variant="default">
          {t("outbox.toAccounts")}
        </Button>
      ) : (
        <Button component={Link} to="/stream" variant="default" leftSection={<Icon name="stream" />}>
          {t("outbox.toStream")}
        </Button>
      )}
    </Empty>
  );
}

/** The row the keys speak of; it stays with its reply while others come and go. */
function useCurrent(items: readonly Reply[]) {
  const [id, setId] = useState<string | null>(null);
  const [place, setPlace] = useState(0);
  const found = items.findIndex((reply) => reply.id === id);
  // When it has left the shelf, the next one stands in its place.
  const at = found >= 0 ? found : Math.min(place, items.length - 1);
  const current = items[at];

  const move = (step: number) => {
    const next = Math.min(Math.max(at + step, 0), items.length - 1);
    setId(items[next]?.id ?? null);
    setPlace(next);
  };
  const shown = current?.id;
  useEffect(() => {
    if (id && shown) document.querySelector(`[data-reply="${shown}"]`)?.scrollIntoView({ block: "nearest" });
  }, [id, shown]);
  return { at, move, current };
}

/** How many lie on the shelves that wait for a person; `50+` where there are more than a page. */
function useCounts(): Partial<Record<Shelf, string>> {
  const count = ({ data }: { data?: { pages: { items: unknown[]; next_cursor: string | null }[] } | undefined }) => {
    const items = data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
    return items === 0 ? "" : `${items}${data?.pages.at(-1)?.next_cursor ? "+" : ""}`;
  };
  return {
    approve: count(useInfiniteQuery(outboxQuery(SHELVES.approve))),
    unsure: count(useInfiniteQuery(outboxQuery(SHELVES.unsure))),
    refused: count(useInfiniteQuery(outboxQuery(SHELVES.refused))),
    going: count(useInfiniteQuery(outboxQuery(SHELVES.going))),
  };
}
