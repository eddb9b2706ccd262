import { useTranslation } from "react-i18next";
import type { Post } from "~/api/types";
import { safeLink } from "~/lib/safe-link";
import { Icon } from "../icon";
import { NetworkBadge } from "../network-badge";
import css from "./detail.module.css";

/** Who wrote it: name, handle, reach, and what the network says about the account. */
export function AuthorCard({ post }: { post: Post }) {
  const { t } = useTranslation();
  const { author } = post;
  const link = safeLink(author.url);
  const name = author.name ?? author.handle ?? t("mention.unknownAuthor");
  return (
    <header className={css.author}>
      <NetworkBadge network={post.network} size={36} />
      <div>
        <div className={css.name}>
          {link ? (
            <a href={link} target="_blank" rel="noopener noreferrer nofollow">
              {name}
            </a>
          ) : (
            <span>{name}</span>
          )}
          {author.verified && <Icon name="check" size={15} label={t("mention.verified")} />}
          {author.bot && <span className={css.bot}>{t("mention.bot")}</span>}
        </div>
        <div className={css.handle}>
          {author.handle && author.name && <span>@{author.handle.replace(/^@/, "")}</span>}
          {author.followers !== null && <span>{t("mention.followers", { count: author.followers })}</span>}
        </div>
      </div>
    </header>
  );
}
