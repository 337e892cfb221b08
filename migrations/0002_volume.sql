-- How many messages customers wrote on each network in each stretch of ten minutes: what the crisis detector looks at.
-- `bucket` is the stretch's start. By time first: the detector reads a short window of all networks.
CREATE TABLE volume (
    bucket  BIGINT NOT NULL,
    network TEXT   NOT NULL,
    count   BIGINT NOT NULL,
    PRIMARY KEY (bucket, network)
);
