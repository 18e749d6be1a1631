//! Many rows with one statement.
//!
//! Every statement is a question and an answer between two threads; a first poll brings tens of
//! thousands of rows, and while it is written down nobody else can decide anything.

use super::{
    db::{Db, Many},
    intake::Write,
    orders::after,
    seen::Found,
    trouble::Trouble,
    values::{millis, word},
};
use crate::domain::SourceName;
use jiff::Timestamp;

/// Rows a statement carries: SQLite takes 32,766 parameters, and more rows gain nothing.
const ROWS: usize = 100;

/// Bytes of bodies a statement carries before it is sent, because each is copied for it.
const BYTES: usize = 1024 * 1024;

/// The version this write will have.
const NEXT_VERSION: &str = "(SELECT version + 1 FROM meta)";

/// Cuts rows into pieces of at most [`ROWS`] rows and about [`BYTES`] bytes.
fn pieces<T>(mut rows: &[T], weight: impl Fn(&T) -> usize) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fit = rows
            .iter()
            .take(ROWS)
            .take_while(|row| {
                let fits = bytes < BYTES;
                bytes += weight(row);
                fits
            })
            .count();
        let (piece, rest) = rows.split_at(fit);
        rows = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

async fn send(db: &mut Db, statement: Many<'_>, rows: usize) -> Result<(), Trouble> {
    // Pieces of other sizes are other statements and not worth remembering.
    statement.query(rows == ROWS).later(db).await?;
    Ok(())
}

/// Inserts actions, or writes over those that are there.
pub(super) async fn actions(
    db: &mut Db,
    writes: &[Write<'_>],
    at: Timestamp,
) -> Result<(), Trouble> {
    for piece in pieces(writes, |write| write.new.summary.len()) {
        let mut states = Vec::with_capacity(piece.len());
        for write in piece {
            states.push(word(&write.state)?);
        }
        let mut insert = Many::new(
            db,
            "INSERT INTO actions (id, source, part, kind, state, present, digest, opened, summary, \
             fingerprint, same_call, expires, first_seen, last_seen, changed) ",
        );
        insert.push_values(piece.iter().zip(&states), |row, (write, state)| {
            let new = write.new;
            row.push_bind(new.id.as_str())
                .push_bind(new.source.as_str())
                .push_bind(&*new.part)
                .push_bind(new.kind)
                .push_bind(state.as_str())
                .push("1")
                .push_bind(&*new.digest)
                .push_bind(millis(new.opened))
                .push_bind(&*new.summary)
                .push_bind(&*new.fingerprint)
                .push_bind(new.same_call.as_deref())
                .push_bind(new.lifetime.map(|time| after(at, time)))
                .push_bind(millis(at))
                .push_bind(millis(at))
                .push(NEXT_VERSION);
        });
        insert.push(
            " ON CONFLICT (id) DO UPDATE SET part = excluded.part, kind = excluded.kind, \
             state = excluded.state, present = 1, digest = excluded.digest, \
             opened = excluded.opened, summary = excluded.summary, \
             fingerprint = excluded.fingerprint, same_call = excluded.same_call, \
             expires = CASE WHEN actions.digest = excluded.digest \
               THEN coalesce(actions.expires, excluded.expires) ELSE excluded.expires END, \
             last_seen = excluded.last_seen WHERE actions.source = excluded.source",
        );
        send(db, insert, piece.len()).await?;
    }
    let bodies: Vec<_> = writes.iter().filter(|write| write.body).map(|write| write.new).collect();
    for piece in pieces(&bodies, |new| new.body.len()) {
        let mut insert = Many::new(db, "INSERT INTO action_bodies (action, body) ");
        insert.push_values(piece, |row, new| {
            row.push_bind(new.id.as_str()).push_bind(&*new.body);
        });
        insert.push(" ON CONFLICT (action) DO UPDATE SET body = excluded.body");
        send(db, insert, piece.len()).await?;
    }
    Ok(())
}

/// Inserts credentials, or writes over those that are there.
pub(super) async fn credentials(
    db: &mut Db,
    source: &SourceName,
    found: &[&Found],
    at: Timestamp,
) -> Result<(), Trouble> {
    for piece in pieces(found, |found| found.body.len()) {
        let mut insert = Many::new(
            db,
            "INSERT INTO credentials (id, source, part, label, ai_held, present, body, \
             fingerprint, first_seen, last_seen, changed) ",
        );
        insert.push_values(piece, |row, found| {
            let credential = &found.credential;
            row.push_bind(credential.id.as_str())
                .push_bind(source.as_str())
                .push_bind(&*credential.part.0)
                .push_bind(credential.label.raw())
                .push_bind(credential.is_ai_held())
                .push("1")
                .push_bind(&*found.body)
                .push_bind(&*found.fingerprint)
                .push_bind(millis(at))
                .push_bind(millis(at))
                .push(NEXT_VERSION);
        });
        insert.push(
            " ON CONFLICT (id) DO UPDATE SET part = excluded.part, label = excluded.label, \
             ai_held = excluded.ai_held, present = 1, body = excluded.body, \
             fingerprint = excluded.fingerprint, last_seen = excluded.last_seen \
             WHERE credentials.source = excluded.source",
        );
        send(db, insert, piece.len()).await?;
    }
    Ok(())
}
