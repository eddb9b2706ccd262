-- What people arrange for themselves: the zone days are counted in, saved views, notes on the time line.

ALTER TABLE workspace ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';

CREATE TABLE saved_view (
    id {id},
    workspace_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Lower case, single spaces: what a name is unique by, among its owner's.
    name_key TEXT NOT NULL,
    page TEXT NOT NULL,
    address TEXT NOT NULL,
    shared BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (workspace_id, owner_id, name_key)
);

CREATE TABLE annotation (
    id {id},
    workspace_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    until_at BIGINT,
    text TEXT NOT NULL,
    topic_id BIGINT,
    -- Who wrote it, and what they were called then: a token may be gone by the time it is read.
    author_kind TEXT NOT NULL,
    author_id BIGINT,
    author_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX annotation_in_time ON annotation (workspace_id, at, id);
CREATE INDEX annotation_of_topic ON annotation (topic_id) WHERE topic_id IS NOT NULL;
