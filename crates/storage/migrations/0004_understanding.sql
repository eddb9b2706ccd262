-- What the machine says of mentions, what people say against it, and which posts tell the same story.

-- `tone`, `intents`, `stage` and `spam` hold what counts: a person's word, else the machine's.
-- Bits in the order of the intents; null: not judged.
ALTER TABLE mention ADD COLUMN intents BIGINT;
ALTER TABLE mention ADD COLUMN stage TEXT;
-- Per mille; a person's yes is 1000, their no 0.
ALTER TABLE mention ADD COLUMN spam BIGINT;
-- What a person set: 1 tone, 2 intents, 4 stage, 8 spam.
ALTER TABLE mention ADD COLUMN by_people BIGINT NOT NULL DEFAULT 0;
-- The machine's judgement in its short form, and the model it came from.
ALTER TABLE mention ADD COLUMN judged TEXT;
ALTER TABLE mention ADD COLUMN model BIGINT;
ALTER TABLE mention ADD COLUMN story BIGINT;
UPDATE mention SET by_people = 1 WHERE tone IS NOT NULL;
CREATE INDEX mention_of_story ON mention (story, sort_at, id) WHERE story IS NOT NULL;

-- Null: the only one of its story so far.
ALTER TABLE post ADD COLUMN story BIGINT;

-- Stories of two posts or more, and those that people made. Counters are kept beside each change.
CREATE TABLE story (
    id {id},
    workspace_id BIGINT NOT NULL,
    first_post BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    mentions BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- The beginning of the first post.
    title TEXT NOT NULL,
    -- JSON: posts of each network.
    networks TEXT NOT NULL,
    split_by_people BIGINT NOT NULL DEFAULT 0,
    -- Its posts went to that story; the row stays, so that its id still leads somewhere.
    merged_into BIGINT
);
CREATE INDEX story_in_time ON story (workspace_id, last_at, id) WHERE merged_into IS NULL;

-- Of which purpose a label is, and what the machine said when it was given.
ALTER TABLE label ADD COLUMN purpose TEXT NOT NULL DEFAULT 'correction';
ALTER TABLE label ADD COLUMN said TEXT;
ALTER TABLE label ADD COLUMN model BIGINT;

-- How far the walk is that has every mention judged by one model: all mentions with ids above `low` and up to `high` are.
CREATE TABLE judging (
    workspace_id BIGINT PRIMARY KEY,
    model BIGINT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    -- Mentions that were looked at, and those there were when it began.
    walked BIGINT NOT NULL,
    total BIGINT NOT NULL
);
