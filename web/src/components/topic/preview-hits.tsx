import { useTranslation } from "react-i18next";
import type { Preview } from "~/api/types";
import { excerpt, spansOf } from "~/lib/spans";
import { Empty } from "../empty";
import { MarkedText } from "../marked-text";
import { NetworkBadge } from "../network-badge";
import { Time } from "../time";
import css from "./editor.module.css";

export function PreviewHits({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  if (preview.hits.length === 0) {
    return (
      <Empty
        icon="inbox"
        title={t("preview.nothing")}
        text={t(preview.scanned > 0 ? "preview.nothingHint" : "preview.noStream")}
      />
    );
  }
  return (
    <ul>
      {preview.hits.map(({ post, spans }) => {
        const text = excerpt(post.text, spansOf(spans, false));
        return (
          <li key={post.urn} className={css.hit}>
            <div className={css.by}>
              <NetworkBadge network={post.network} />
              <strong>{post.author.name ?? post.author.handle ?? t("mention.unknownAuthor")}</strong>
              {post.community?.title}
              <Time at={post.published_at} />
            </div>
            <p>
              {post.title && (
                <strong>
                  <MarkedText text={post.title} spans={spansOf(spans, true)} />
                  {post.text && " · "}
                </strong>
              )}
              <MarkedText text={text.text} spans={text.spans} />
            </p>
          </li>
        );
      })}
    </ul>
  );
}
