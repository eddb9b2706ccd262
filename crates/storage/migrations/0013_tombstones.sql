-- Deletions of posts that Molva does not know: webhooks and streams are unordered, and the post may come later. Each has a row in
-- known_urn with place 0, so that the post counts as known when it comes. The rows here say when that ends; see
-- `src/intake/tombstone.rs`.
CREATE TABLE tombstone (
    workspace_id BIGINT NOT NULL,
    -- One more than the newest before it.
    number BIGINT NOT NULL,
    urn_key {bytes} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, number)
){clustered};
