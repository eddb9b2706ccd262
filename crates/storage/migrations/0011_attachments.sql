-- Files that go with replies: taken before the reply is written, bound to it when it is.

CREATE TABLE attachment (
    id {id},
    workspace_id BIGINT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id BIGINT,
    -- Null: no reply has taken it yet; such files are forgotten after a day.
    reply_id BIGINT,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    body {bytes} NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachment_pending ON attachment (workspace_id, created_at) WHERE reply_id IS NULL;
CREATE INDEX attachment_of_reply ON attachment (reply_id) WHERE reply_id IS NOT NULL;

-- JSON: what goes with it, in order, with what each shows; null: nothing.
ALTER TABLE reply ADD COLUMN attachments TEXT;
