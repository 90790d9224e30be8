-- the vectors of the sentences of a chunk, by its own vector and its table: bytes, one after another
CREATE TABLE sentences (
    of_table text COLLATE "C" NOT NULL, vector uuid NOT NULL, vectors bytea NOT NULL,
    PRIMARY KEY (of_table, vector)
);
