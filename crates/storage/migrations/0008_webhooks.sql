-- Calls of networks, kept before they are answered. The body goes once the call was read; that it came stays known for a week.
CREATE TABLE webhook (
    id {id},
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    -- What the call is known by: the network's id of the event, or the digest of what it signed.
    event_key TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    -- Null: it was read.
    body {bytes},
    UNIQUE (workspace_id, source_id, event_key)
);
CREATE INDEX webhook_waiting ON webhook (workspace_id, id) WHERE body IS NOT NULL;
CREATE INDEX webhook_age ON webhook (received_at);
