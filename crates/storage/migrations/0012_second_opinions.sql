-- Mentions asked about for a second opinion on one day (of UTC, counted from 1970): the newest day there was.
CREATE TABLE second_opinion_day (
    workspace_id BIGINT PRIMARY KEY,
    day BIGINT NOT NULL,
    asked BIGINT NOT NULL
);

-- Which topics a story has mentions in, without reading each of them.
CREATE INDEX mention_topic_of_story ON mention (story, topic_id) WHERE story IS NOT NULL;
