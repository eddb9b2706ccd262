//! Which posts are the same story: reposts, copies with edits, quotes. Incremental, bounded memory, a story keeps its id.
