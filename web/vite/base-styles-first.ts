import type { Plugin } from "vite";

const LINK = /\s*<link rel="stylesheet"[^>]*>/g;

/**
 * What all pages build on comes before the style sheets of parts that pages share. Those fall into chunks of their own, and the
 * bundler names the sheets of an entry's imports first: Mantine would then override what is meant to override Mantine.
 */
export function baseStylesFirst(): Plugin {
  return {
    name: "molva:base-styles-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html) {
        const links = html.match(LINK) ?? [];
        const base = links.filter((link) => link.includes("/base-"));
        if (base.length !== 1) this.error(`the page links ${base.length} base style sheets, it must link one`);
        const rest = links.filter((link) => !base.includes(link));
        let written = false;
        return html.replace(LINK, () => {
          if (written) return "";
          written = true;
          return [...base, ...rest].join("");
        });
      },
    },
  };
}
