-- the vectors of the sentences of a chunk, by its own vector: bytes, one after another
CREATE TABLE sentences (vector uuid PRIMARY KEY, vectors bytea NOT NULL);
