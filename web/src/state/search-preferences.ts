import { FACETS, type FacetName } from "~/lib/selection";
import { createStore, type Store } from "./store";

const PLACE = "molva.facets";
const FIRST: FacetName[] = ["topic", "tone", "intent", "network", "language"];

/** The facets that are unfolded, as this browser remembers them. */
export const openFacets: Store<readonly FacetName[]> = remembered();

export function toggleFacet(facet: FacetName): void {
  const open = openFacets.get();
  openFacets.set(open.includes(facet) ? open.filter((one) => one !== facet) : [...open, facet]);
}

function remembered(): Store<readonly FacetName[]> {
  const store = createStore<readonly FacetName[]>(read() ?? FIRST);
  return {
    ...store,
    set(next) {
      store.set(next);
      try {
        localStorage.setItem(PLACE, next.join(" "));
      } catch {
        // Storage may be forbidden or full; the choice then holds until the page is closed.
      }
    },
  };
}

function read(): FacetName[] | undefined {
  try {
    const text = localStorage.getItem(PLACE);
    return text === null ? undefined : FACETS.filter((facet) => text.split(" ").includes(facet));
  } catch {
    return undefined;
  }
}
