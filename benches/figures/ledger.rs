//! A ledger of a million entries: its structure, signatures, what is new, one proof.

#[path = "../../tests/stories/ledger/world.rs"]
mod world;

use super::{
    process, soft,
    table::{Table, shown},
};
use countersign::{
    domain::Verdict,
    ledger::{
        Checkpoint, Edge, Export, ExportWriter, Head, Piece, Submission, consistency, inclusion,
        inclusion_needs, leaf_hash, since,
        verify::{Options, Start, verify},
    },
};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write as _},
    path::Path,
    time::{Duration, Instant},
};
use world::{Shelf, World};

/// Entries of the large ledger, of about 1 KB each.
const MANY: u64 = 1_000_000;
/// Decisions whose signatures are checked.
const SIGNED: u64 = 30_000;

pub fn measure(table: &mut Table, folder: &Path) {
    let mut world = World::new();
    let file = folder.join("ledger.jsonl");
    let shelf = large(&mut world, &file);
    for threads in [1, 2] {
        let options = Options { structure_only: true, threads, ..world.options() };
        let (began, before) = (Instant::now(), process::own());
        let read = Export::open(BufReader::with_capacity(1 << 20, File::open(&file).unwrap()));
        let report = verify(read.unwrap(), Start::default(), &options).unwrap();
        assert!(report.is_good() && report.size == MANY, "{:?}", report.faults);
        let what = format!("structure of {MANY} entries, {threads} threads");
        table.time(&what, began.elapsed(), Duration::from_secs(2));
        table.told("  of processor time", &shown(process::own().saturating_sub(before)));
    }
    std::fs::remove_file(&file).unwrap();
    proof(table, &shelf, &world);
    new_ones(table, shelf, &mut world);
    signatures(table);
}

/// Fills a file and a shelf.
fn large(world: &mut World, file: &Path) -> Shelf {
    let mut out = BufWriter::new(File::create(file).unwrap());
    ExportWriter::new(&mut out, world.key.public()).unwrap();
    let mut shelf = Shelf::default();
    let mut first: Vec<Vec<u8>> = world.entries.drain(..).collect();
    let asked = world.ask(1);
    let filler = String::from_utf8(world.entries[0].clone()).unwrap();
    first.append(&mut world.entries);
    let mut edge = Edge::default();
    for number in 0..MANY {
        let entry = match first.get(usize::try_from(number).unwrap()) {
            Some(entry) => entry.clone(),
            None => filler.replace("payments-1", &format!("payments-{number}")).into_bytes(),
        };
        out.write_all(&entry).unwrap();
        out.write_all(b"\n").unwrap();
        shelf.nodes.extend(edge.push(leaf_hash(&entry)).1);
        shelf.entries.push(entry);
    }
    drop(asked);
    let head = Checkpoint { origin: world::NAME.to_owned(), size: MANY, root: edge.root() };
    let note = head.sign(&world.key).unwrap();
    writeln!(out, "{}", serde_json::json!({ "head": note })).unwrap();
    out.flush().unwrap();
    shelf.notes.push(note);
    shelf
}

fn proof(table: &mut Table, shelf: &Shelf, world: &World) {
    let head = Head::open(&shelf.notes[0], world.key.public(), &[]).unwrap();
    let mut times = Vec::new();
    for number in (0..MANY).step_by(20_011) {
        let began = Instant::now();
        drop(inclusion_needs(MANY, number));
        let hashes = inclusion(MANY, number, &shelf.nodes).unwrap();
        let proof = countersign::ledger::Proof { index: number, hashes, note: head.note.clone() };
        let text = proof.text();
        let read = countersign::ledger::Proof::read(&text).unwrap();
        let entry = &shelf.entries[usize::try_from(number).unwrap()];
        read.check(entry, world.key.public(), &[]).unwrap();
        times.push(began.elapsed());
    }
    let few = Duration::from_millis(5);
    table.spread("inclusion proof made and checked", times, (few, few));
    let began = Instant::now();
    let hashes = consistency(MANY / 3, MANY, &shelf.nodes).unwrap();
    let sent = Submission { old: MANY / 3, hashes, note: head.note };
    table.told("consistency proof made", &shown(began.elapsed()));
    drop(sent.text());
}

fn new_ones(table: &mut Table, mut shelf: Shelf, world: &mut World) {
    let kept = Head::open(&shelf.notes[0], world.key.public(), &[]).unwrap().checkpoint;
    for number in 2..=4 {
        world.whole(number);
    }
    let mut edge = Edge::read(MANY, &shelf.nodes).unwrap();
    for entry in world.entries.drain(..) {
        shelf.nodes.extend(edge.push(leaf_hash(&entry)).1);
        shelf.entries.push(entry);
    }
    let (size, root) = (edge.size(), edge.root());
    let head = Checkpoint { origin: world::NAME.to_owned(), size, root };
    shelf.notes.push(head.sign(&world.key).unwrap());
    shelf.index_from(usize::try_from(MANY).unwrap());
    let options = Options { since: Some(kept.clone()), ..world.options() };
    let mut times = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for _ in 0..20 {
        let began = Instant::now();
        let (start, pieces) = runtime.block_on(since(&shelf, &kept)).unwrap();
        let report = verify(pieces.into_iter().map(Ok), start, &options).unwrap();
        assert!(report.is_good() && report.checked == size - MANY, "{:?}", report.faults);
        times.push(began.elapsed());
    }
    times.sort();
    let what = format!("{} new entries on {MANY}, median", size - MANY);
    table.time(&what, times[times.len() / 2], Duration::from_millis(50));
}

fn signatures(table: &mut Table) {
    let mut world = World::new();
    for number in 0..SIGNED / 2 {
        let asked = world.ask(number);
        world.approve(&asked, &["mira", "ines"]);
        world.order(&asked, Verdict::Approve);
    }
    world.head();
    for threads in [1_u32, 2] {
        let options = Options { threads: threads as usize, ..world.options() };
        let given = countersign::ledger::pieces(&world.entries, &world.notes);
        let (began, before) = (Instant::now(), process::own());
        let pieces: Vec<Result<Piece, _>> = given.into_iter().map(Ok).collect();
        let report = verify(pieces, Start::default(), &options).unwrap();
        let (taken, worked) = (began.elapsed(), process::own().saturating_sub(before));
        assert!(report.is_good() && report.signatures == SIGNED, "{:?}", report.faults);
        // Of a core is of a second it worked: what else the machine does falls out.
        let a_second =
            |time: Duration| f64::from(u32::try_from(SIGNED).unwrap()) / time.as_secs_f64();
        let rate = a_second(worked);
        table.line(
            &format!("signatures with their quorum, {threads} threads, a core"),
            &format!("{rate:.0}/s"),
            "≥ 15000/s",
            rate >= 15_000.0,
        );
        table.told("  all together on this machine now", &format!("{:.0}/s", a_second(taken)));
    }
}
