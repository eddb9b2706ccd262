-- Posts change after they were stored: their authors edit them, people like and answer them.

-- What was delivered under the URN when last it was taken in; see `src/intake/said.rs`. 0: before it was noted.
ALTER TABLE known_urn ADD COLUMN said BIGINT NOT NULL DEFAULT 0;

-- How often it was edited, as far as Molva saw.
ALTER TABLE post ADD COLUMN edits BIGINT NOT NULL DEFAULT 0;
-- When its network is to be asked how it does; null: not any more.
ALTER TABLE post ADD COLUMN refresh_at BIGINT;
-- Our reply that it answers.
ALTER TABLE post ADD COLUMN answers BIGINT;
CREATE INDEX post_to_refresh ON post (source_id, refresh_at) WHERE refresh_at IS NOT NULL;
CREATE INDEX post_answering ON post (answers, id) WHERE answers IS NOT NULL;
CREATE INDEX reply_on_network ON reply (workspace_id, urn) WHERE urn IS NOT NULL;

-- What a post said before it was edited: the first version and the newest of the others.
CREATE TABLE post_version (
    post_id BIGINT NOT NULL,
    -- From one.
    version BIGINT NOT NULL,
    workspace_id BIGINT NOT NULL,
    title TEXT,
    text TEXT NOT NULL,
    language TEXT,
    -- When it was written, as its network says.
    said_at BIGINT NOT NULL,
    -- When Molva saw that it says something else.
    replaced_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, version)
);

ALTER TABLE ledger ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ledger_total ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
