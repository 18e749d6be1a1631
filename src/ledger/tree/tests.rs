use super::{
    EMPTY_ROOT, Edge, Fetched, Hash, Nodes as _, TreeError, check_consistency, check_inclusion,
    consistency, consistency_needs, inclusion, inclusion_needs, leaf_hash, node_count, node_hash,
    root,
};
use proptest::prelude::*;

/// RFC 6962, section 2.1, word for word: the model.
fn model(entries: &[Vec<u8>]) -> Hash {
    match entries {
        [] => EMPTY_ROOT,
        [one] => leaf_hash(one),
        more => {
            let (left, right) = more.split_at(split(more.len()));
            node_hash(model(left), model(right))
        }
    }
}

/// The largest power of two smaller than `n`.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// RFC 6962, section 2.1.1.
fn model_path(m: usize, entries: &[Vec<u8>]) -> Vec<Hash> {
    if entries.len() < 2 {
        return Vec::new();
    }
    let (left, right) = entries.split_at(split(entries.len()));
    let (mut path, other) = if m < left.len() {
        (model_path(m, left), model(right))
    } else {
        (model_path(m - left.len(), right), model(left))
    };
    path.push(other);
    path
}

/// RFC 6962, section 2.1.2.
fn model_proof(m: usize, entries: &[Vec<u8>], whole: bool) -> Vec<Hash> {
    if m == entries.len() {
        return if whole { Vec::new() } else { vec![model(entries)] };
    }
    let (left, right) = entries.split_at(split(entries.len()));
    if m <= left.len() {
        let mut proof = model_proof(m, left, whole);
        proof.push(model(right));
        proof
    } else {
        let mut proof = model_proof(m - left.len(), right, false);
        proof.push(model(left));
        proof
    }
}

fn kept(entries: &[Vec<u8>]) -> Vec<Hash> {
    let (mut edge, mut nodes) = (Edge::default(), Vec::new());
    for entry in entries {
        let (first, new) = edge.push(leaf_hash(entry));
        assert_eq!(first, nodes.len() as u64);
        nodes.extend(new);
    }
    nodes
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// The entries and roots that Certificate Transparency's own tests use.
#[test]
fn the_known_roots_come_out() {
    let entries: Vec<Vec<u8>> = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    .map(hex)
    .to_vec();
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let nodes = kept(&entries);
    for (size, known) in roots.iter().enumerate() {
        assert_eq!(root(size as u64, &nodes).unwrap().0.to_vec(), hex(known), "{size}");
    }
}

fn entries() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 0..6), 1..70)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn every_size_has_the_root_of_the_model(entries in entries()) {
        let nodes = kept(&entries);
        prop_assert_eq!(nodes.len() as u64, node_count(entries.len() as u64));
        for size in 0..=entries.len() {
            prop_assert_eq!(root(size as u64, &nodes).unwrap(), model(&entries[..size]));
        }
    }

    #[test]
    fn proofs_are_those_of_the_model_and_of_nothing_else(
        entries in entries(),
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let (nodes, size) = (kept(&entries), entries.len());
        let index = one.index(size);
        let (size64, index64) = (size as u64, index as u64);
        let top = model(&entries);
        let needs = inclusion_needs(size64, index64);
        let fetched = Fetched::new(&needs, &nodes.read(&needs).unwrap()).unwrap();
        let path = inclusion(size64, index64, &fetched).unwrap();
        prop_assert_eq!(&path, &model_path(index, &entries));
        let leaf = leaf_hash(&entries[index]);
        prop_assert!(check_inclusion(&path, size64, top, index64, leaf).is_ok());
        for at in 0..path.len() {
            let mut wrong = path.clone();
            wrong[at].0[7] ^= 1 << bit;
            prop_assert!(check_inclusion(&wrong, size64, top, index64, leaf).is_err());
        }
        prop_assert!(check_inclusion(&path, size64, top, index64, Hash::default()).is_err());

        let old = other.index(size) + 1;
        let needs = consistency_needs(old as u64, size64);
        let fetched = Fetched::new(&needs, &nodes.read(&needs).unwrap()).unwrap();
        let proof = consistency(old as u64, size64, &fetched).unwrap();
        prop_assert_eq!(&proof, &model_proof(old, &entries, true));
        let before = (old as u64, model(&entries[..old]));
        prop_assert!(check_consistency(&proof, before, (size64, top)).is_ok());
        let mut forged = before;
        forged.1.0[3] ^= 1 << bit;
        prop_assert!(check_consistency(&proof, forged, (size64, top)).is_err());
    }

    #[test]
    fn an_edge_that_was_read_goes_on_as_if_it_had_stayed(entries in entries()) {
        let nodes = kept(&entries);
        for size in 0..entries.len() as u64 {
            let mut edge = Edge::read(size, &nodes).unwrap();
            let (first, new) = edge.push(leaf_hash(&entries[usize::try_from(size).unwrap()]));
            let first = usize::try_from(first).unwrap();
            prop_assert_eq!(&nodes[first..first + new.len()], &new[..]);
            let mut other = Edge::read(size, &nodes).unwrap();
            other.extend(leaf_hash(&entries[usize::try_from(size).unwrap()]));
            prop_assert_eq!(other, edge);
        }
    }
}

#[test]
fn a_node_that_is_gone_is_an_error_and_no_panic() {
    let entries: Vec<Vec<u8>> = (0..20_u8).map(|n| vec![n]).collect();
    let mut nodes = kept(&entries);
    nodes.truncate(25);
    assert!(matches!(root(20, &nodes), Err(TreeError::MissingNode { .. })));
    assert!(matches!(inclusion(20, 3, &nodes), Err(TreeError::MissingNode { .. })));
    assert!(matches!(inclusion(20, 20, &nodes), Err(TreeError::Outside { .. })));
    assert!(Edge::of(5, vec![Hash::default()]).is_err());
    assert!(
        check_inclusion(&[], u64::MAX, Hash::default(), u64::MAX - 1, Hash::default()).is_err()
    );
    let far = vec![Hash::default(); 64];
    assert!(check_inclusion(&far, u64::MAX, Hash::default(), 5, Hash::default()).is_err());
}
