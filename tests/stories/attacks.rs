//! Whoever can write to the store, or holds a key too few, gets nothing through.
//!
//! ```text
//!   reviewers (real ssh-agents, real keys) ──▶ store ──▶ gate, with its own roster, policy, clock
//!                            an intruder's hand ──┘          └─▶ refused, and why
//! ```
//!
//! Each story ends in a refusal with its reason. They are told over the store's trait and an
//! intruder's hand, on SQLite and on PostgreSQL.

/// Each of these stories is told on both stores.
macro_rules! on_both_stores {
    ($($name:ident)+) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(super::Office::open().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            #[ignore = "needs PostgreSQL: make test"]
            async fn $name() {
                super::$name(super::Office::on_a_server().await).await;
            })+
        }
    };
}

mod copied;
mod decided;
mod forged;
mod keys;
pub mod office;
mod people;
mod program;
mod rules;
mod twice;
mod waiting;
