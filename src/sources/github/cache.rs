//! What conditional requests need: the last good body of each listing, with its `ETag`.
//!
//! The key is address *and* media type: the JSON and the diff of one pull request live at the
//! same address. A 304 costs nothing of the primary rate limit.

use std::collections::HashMap;

/// Most bodies kept.
const MOST_ENTRIES: usize = 8192;
/// Most bytes kept, over all bodies.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A body as it came, with what is needed to ask whether it still holds.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// The server's tag of this version.
    pub(super) etag: http::HeaderValue,
    /// The headers it came with (its `Link` above all).
    pub(super) headers: http::HeaderMap,
    /// The body.
    pub(super) body: bytes::Bytes,
    used: u64,
}

/// Bodies by address and media type, bounded; the longest unused goes first.
#[derive(Debug, Default)]
pub(super) struct Cache {
    kept: HashMap<(String, &'static str), Kept>,
    bytes: usize,
    clock: u64,
    most_entries: usize,
    most_bytes: usize,
}

impl Cache {
    /// An empty cache with the usual bounds.
    pub(super) fn new() -> Self {
        Self::bounded(MOST_ENTRIES, MOST_BYTES)
    }

    fn bounded(most_entries: usize, most_bytes: usize) -> Self {
        Self { most_entries, most_bytes, ..Self::default() }
    }

    /// What is kept for this address and media type.
    pub(super) fn get(&mut self, uri: &str, accept: &'static str) -> Option<Kept> {
        self.clock += 1;
        let clock = self.clock;
        self.kept.get_mut(&(uri.to_owned(), accept)).map(|kept| {
            kept.used = clock;
            kept.clone()
        })
    }

    /// Keeps a body; what does not fit pushes out what was unused longest.
    pub(super) fn put(
        &mut self,
        uri: &str,
        accept: &'static str,
        etag: http::HeaderValue,
        headers: http::HeaderMap,
        body: bytes::Bytes,
    ) {
        self.clock += 1;
        if body.len() > self.most_bytes / 4 {
            return;
        }
        self.bytes += body.len();
        let kept = Kept { etag, headers, body, used: self.clock };
        if let Some(before) = self.kept.insert((uri.to_owned(), accept), kept) {
            self.bytes -= before.body.len();
        }
        if self.kept.len() > self.most_entries || self.bytes > self.most_bytes {
            self.shrink();
        }
    }

    /// Lets the older half go: one sort for thousands of insertions.
    fn shrink(&mut self) {
        let mut by_age: Vec<_> =
            self.kept.iter().map(|(key, kept)| (kept.used, key.clone())).collect();
        by_age.sort_unstable();
        for (_, key) in by_age {
            if self.kept.len() <= self.most_entries / 2 && self.bytes <= self.most_bytes / 2 {
                break;
            }
            if let Some(gone) = self.kept.remove(&key) {
                self.bytes -= gone.body.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    fn put(cache: &mut Cache, uri: &str, accept: &'static str, body: &'static str) {
        let tag = HeaderValue::from_static("\"1\"");
        cache.put(uri, accept, tag, HeaderMap::new(), Bytes::from_static(body.as_bytes()));
    }

    #[test]
    fn the_json_and_the_diff_of_one_address_are_kept_apart() {
        let mut cache = Cache::new();
        put(&mut cache, "/pulls/1", "json", "{}");
        put(&mut cache, "/pulls/1", "diff", "diff --git");
        assert_eq!(cache.get("/pulls/1", "json").unwrap().body, "{}");
        assert_eq!(cache.get("/pulls/1", "diff").unwrap().body, "diff --git");
        assert!(cache.get("/pulls/2", "json").is_none());
    }

    #[test]
    fn it_never_grows_beyond_its_bounds_and_keeps_what_is_used() {
        let mut cache = Cache::bounded(10, 1000);
        for index in 0..100 {
            put(&mut cache, &format!("/{index}"), "json", "twelve bytes");
            put(&mut cache, "/often", "json", "x");
            assert!(cache.kept.len() <= 10 && cache.bytes <= 1000);
        }
        assert!(cache.get("/often", "json").is_some());
        assert!(cache.get("/0", "json").is_none());
        let total: usize = cache.kept.values().map(|kept| kept.body.len()).sum();
        assert_eq!(total, cache.bytes);
    }

    #[test]
    fn a_body_that_would_push_everything_out_is_not_kept() {
        let mut cache = Cache::bounded(10, 40);
        put(&mut cache, "/a", "json", "x");
        put(&mut cache, "/big", "json", "a body of more than ten bytes");
        assert!(cache.get("/big", "json").is_none());
        assert!(cache.get("/a", "json").is_some());
    }
}
