-- since when a record is too old: it is hidden, and deleted a week later
CREATE TABLE expired (id text COLLATE "C" PRIMARY KEY, since text COLLATE "C" NOT NULL);
