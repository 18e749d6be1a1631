//! What the fuzz targets check, over random and mutated input.

#[path = "../../../../fuzz/bodies.rs"]
mod bodies;

use proptest::prelude::*;

const SEEDS: [&str; 5] = [
    include_str!("../../../../fuzz/corpus/policy/administrator.json"),
    include_str!("../../../../fuzz/corpus/policy/trust.json"),
    include_str!("../../../../fuzz/corpus/policy/conditions.json"),
    include_str!("../../../../fuzz/corpus/policy/broken.json"),
    include_str!("../../../../fuzz/corpus/policy/encoded"),
];

/// Pieces that mean something somewhere in a policy.
const PIECES: [&str; 16] = [
    "\"Statement\":",
    "\"Action\":",
    "\"NotAction\":",
    "\"Condition\":",
    "{",
    "}",
    "[",
    "]",
    ",",
    "*",
    "${",
    "null",
    "1e999",
    "\"StringLike\":",
    "\\u0000",
    "%7B",
];

/// A seed in which some bytes are replaced by a piece.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0..PIECES.len(), 0_usize..12);
    (0..SEEDS.len(), prop::collection::vec(change, 1..6)).prop_map(|(seed, changes)| {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (at, piece, removed) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, PIECES[piece].bytes());
        }
        bytes
    })
}

#[test]
fn every_seed_passes() {
    for seed in SEEDS {
        bodies::policy(seed.as_bytes());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(data in prop::collection::vec(any::<u8>(), 0..200)) {
        bodies::policy(&data);
    }

    #[test]
    fn a_changed_policy_is_read_or_refused(data in mutated()) {
        bodies::policy(&data);
    }

    #[test]
    fn who_knows_more_never_contradicts_who_knew_less(
        data in prop::collection::vec(any::<u8>(), 0..120),
    ) {
        bodies::evaluate(&data);
    }
}
