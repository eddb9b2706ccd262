import { StyleModule } from "style-mod";

/**
 * CodeMirror writes its styles into a `<style>` element, which the page's policy (`style-src 'self'`) forbids, except in a
 * shadow root, where it adopts a constructed sheet. A root without a `head` makes it do the same for the whole document.
 */
const root = {
  ownerDocument: document,
  get adoptedStyleSheets() {
    return document.adoptedStyleSheets;
  },
  set adoptedStyleSheets(sheets: CSSStyleSheet[]) {
    document.adoptedStyleSheets = sheets;
  },
} as unknown as ShadowRoot;

const mount = StyleModule.mount.bind(StyleModule);

/** Throws where the browser cannot adopt sheets; the plain field then stands in. */
export function adoptStyleSheets(): void {
  if (!("adoptedStyleSheets" in document)) throw new Error("this browser cannot adopt style sheets");
  StyleModule.mount = (_, modules) => mount(root, modules);
}
