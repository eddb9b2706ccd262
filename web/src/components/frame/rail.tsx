import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { sourcesQuery } from "~/api/queries";
import { outboxQuery } from "~/api/replies";
import { offers } from "~/lib/offered";
import { SHELVES } from "~/lib/replies/address";
import { needsCare } from "~/lib/source-state";
import { railPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { Icon } from "../icon";
import css from "./frame.module.css";

const ALL = [
  { to: "/stream", icon: "stream", label: "nav.stream" },
  { to: "/search", icon: "search", label: "nav.search" },
  { to: "/questions", icon: "questions", label: "nav.questions" },
  { to: "/stories", icon: "copies", label: "nav.stories", needs: "listStories" },
  { to: "/outbox", icon: "send", label: "nav.outbox", needs: "listReplies" },
  { to: "/labelling", icon: "finished", label: "nav.labelling", needs: "getLabelling" },
  { to: "/topics", icon: "topics", label: "nav.topics" },
  { to: "/sources", icon: "sources", label: "nav.sources" },
  { to: "/settings", icon: "settings", label: "nav.settings" },
] as const;
/** Only what works is shown. */
const PAGES = ALL.filter((page) => !("needs" in page) || offers(page.needs));

/** The pages that work, and how many sources need a person. */
export function Rail() {
  const { t } = useTranslation();
  const rail = useStore(railPreference);
  const sources = useQuery(sourcesQuery);
  const troubled = (sources.data ?? []).filter((source) => needsCare(source.state)).length;

  return (
    <nav className={css.rail} aria-label={t("nav.title")}>
      <Link to="/stream" className={css.brand} aria-label="Molva">
        <img src="/mark.svg" alt="" width={24} height={24} />
        <span>Molva</span>
      </Link>
      {PAGES.map((page) => (
        <Link key={page.to} to={page.to} className={css.link} title={t(page.label)}>
          <Icon name={page.icon} size={18} />
          <span>{t(page.label)}</span>
          {page.to === "/outbox" && <Waiting />}
          {page.to === "/sources" && troubled > 0 && (
            <span className={css.alarm} title={t("sources.troubled", { count: troubled })}>
              <span aria-hidden>{troubled}</span>
              <span className="hidden">{t("sources.troubled", { count: troubled })}</span>
            </span>
          )}
        </Link>
      ))}
      <div className={css.spread} />
      <button
        type="button"
        className={`bare ${css.link} ${css.collapse}`}
        aria-expanded={rail === "wide"}
        onClick={() => railPreference.set(rail === "wide" ? "narrow" : "wide")}
      >
        <Icon name={rail === "wide" ? "left" : "right"} size={18} />
        <span>{t("nav.collapse")}</span>
      </button>
    </nav>
  );
}

/** How many replies wait for a second person. */
function Waiting() {
  const { t } = useTranslation();
  const count = useInfiniteQuery(outboxQuery(SHELVES.approve)).data?.pages[0]?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <span className={css.alarm} title={t("frame.repliesWait", { count })}>
      <span aria-hidden>{count}</span>
      <span className="hidden">{t("frame.repliesWait", { count })}</span>
    </span>
  );
}
