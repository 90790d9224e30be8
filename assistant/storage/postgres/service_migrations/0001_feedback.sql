CREATE TABLE feedback (
    "row" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE, time text COLLATE "C" NOT NULL,
    question text NOT NULL, standalone_question text NOT NULL, helpful boolean,
    comment text NOT NULL, status text NOT NULL, answer text NOT NULL,
    citations text NOT NULL, unchecked text NOT NULL, engine text NOT NULL, within text NOT NULL
);
CREATE INDEX feedback_time ON feedback (time, "row");
