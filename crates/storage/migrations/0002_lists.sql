-- Named lists that queries use, and which topic uses which.

CREATE TABLE query_list (
    id {id},
    workspace_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- The name in the one spelling it is unique and found by.
    name_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- JSON array of texts.
    entries TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (workspace_id, name_key)
);

CREATE TABLE topic_list (
    workspace_id BIGINT NOT NULL,
    list_id BIGINT NOT NULL,
    topic_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, list_id, topic_id)
){clustered};
CREATE INDEX topic_list_of_topic ON topic_list (topic_id);
