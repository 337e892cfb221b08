//! Statements of the message counts.

statements! {
    VOLUME:
    /// More messages in a bucket.
    VOLUME_ADD = ["INSERT INTO volume (bucket, network, count) VALUES ($1, $2, $3) \
        ON CONFLICT (bucket, network) DO UPDATE SET count = volume.count + excluded.count"];
    /// Buckets of a stretch of time.
    VOLUME_BETWEEN = ["SELECT bucket, network, count FROM volume WHERE bucket >= $1 AND bucket < $2 ORDER BY bucket, network"];
    /// The oldest bucket.
    VOLUME_FIRST = ["SELECT bucket FROM volume WHERE bucket >= 0 ORDER BY bucket LIMIT 1"];
    /// Retention.
    VOLUME_FORGET = ["DELETE FROM volume WHERE bucket < $1"];
}
