//! Where a statement says what it does, and inputs that are none.

use super::super::{Dialect, Setting, cases, query};
use crate::domain::{Class, Reversibility};

const DIALECTS: [Dialect; 4] =
    [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite, Dialect::Generic];

fn class(text: &str, dialect: Dialect) -> Class {
    query(text, dialect, &Setting::default()).class()
}

#[test]
fn an_effect_has_its_place_its_table_and_what_is_lost() {
    let text = "SELECT 'é';\n\n  DELETE FROM shop.orders AS o\n WHERE o.id = 3";
    let found = query(text, Dialect::Postgres, &Setting::default());
    let effect = found.effects.iter().find(|effect| effect.class() == Class::Destructive).unwrap();
    assert_eq!(&text[effect.evidence.start..effect.evidence.end], "DELETE FROM shop.orders");
    assert_eq!(effect.resource.raw(), "shop.orders");
    assert_eq!(effect.service, "postgresql");
    let Reversibility::Irreversible(lost) = &effect.reversible else { panic!("{effect:?}") };
    assert_eq!(lost, "the rows that match are gone");
}

#[test]
fn several_tables_are_named() {
    let found = query("TRUNCATE a, b.c RESTART IDENTITY", Dialect::Postgres, &Setting::default());
    assert_eq!(found.effects[0].resource.raw(), "a, b.c");
}

#[test]
fn a_statement_in_a_block_has_its_own_place() {
    let text = "DO $x$ BEGIN\n  DELETE FROM users;\nEND $x$";
    let found = query(text, Dialect::Postgres, &Setting::default());
    let effect = found.effects.iter().find(|effect| effect.class() == Class::Destructive).unwrap();
    assert_eq!(&text[effect.evidence.start..effect.evidence.end], "DELETE FROM users");
}

#[test]
fn strings_end_as_the_dialect_has_it() {
    let text = r"SELECT '\'; DROP TABLE users; -- '";
    assert_eq!(class(text, Dialect::Postgres), Class::Destructive);
    assert_eq!(class(text, Dialect::Sqlite), Class::Destructive);
    assert!(class(text, Dialect::Generic) >= Class::Opaque);
    let hidden = "SELECT 1 /*! ; DROP TABLE users */";
    assert_eq!(class(hidden, Dialect::MySql), Class::Destructive);
    assert_eq!(class(hidden, Dialect::Postgres), Class::ReadOnly);
}

#[test]
fn where_the_dialect_is_not_known_every_reading_counts() {
    for text in [r"SELECT '\'; DROP TABLE users; -- '", r"SELECT 'a\'', '; DROP TABLE users; -- '"]
    {
        assert!(class(text, Dialect::Generic) >= Class::Opaque, "{text}");
    }
}

#[test]
fn what_ends_in_the_middle_is_never_harmless() {
    for text in ["SELECT 'x", "SELECT 1 /* x", "SELECT $a$ x", "SELECT \"x"] {
        assert!(class(text, Dialect::Postgres) >= Class::Opaque, "{text}");
    }
}

#[test]
fn deep_and_long_input_is_answered() {
    let hostile = [
        "(".repeat(65_536),
        format!("SELECT {}1{}", "(".repeat(30_000), ")".repeat(30_000)),
        "WITH a AS (".repeat(5_000),
        "EXPLAIN ANALYZE ".repeat(4_000),
        format!("UPDATE t SET a = 1 WHERE {}true", "NOT ".repeat(900)),
        format!("UPDATE t SET a = 1 WHERE {}", "(".repeat(4_000)),
        "DO $a$ BEGIN ".repeat(4_000),
        "BEGIN ".repeat(10_000),
        "IF x THEN ".repeat(6_000),
        "FOR r IN SELECT 1 LOOP ".repeat(3_000),
        "/*".repeat(30_000),
        "/*!".repeat(20_000),
        "$a".repeat(30_000),
        "'".repeat(65_535),
        ";".repeat(65_536),
        "(DELETE FROM t ".repeat(4_000),
        "f(".repeat(30_000),
        "dblink('".repeat(8_000),
        "SELECT 1 DROP TABLE t ".repeat(3_000),
        "CREATE TRIGGER BEGIN ".repeat(3_000),
        "DELIMITER // ".repeat(5_000),
        "PREPARE a AS ".repeat(5_000),
        "SAVEPOINT a; ROLLBACK TO a; ".repeat(2_300),
    ];
    for text in hostile {
        for dialect in DIALECTS {
            class(&text, dialect);
        }
    }
}

#[test]
fn inputs_that_are_cut_or_changed_do_no_harm() {
    let inputs = [
        "BEGIN; WITH d AS (DELETE FROM a.b WHERE id = 1 RETURNING *) SELECT * FROM d; ROLLBACK",
        "EXPLAIN (ANALYZE, FORMAT JSON) UPDATE \"Ünï\" SET x = E'\\'' WHERE 1 = 1 OR y LIKE '%'",
        "DO $é$ BEGIN FOR r IN SELECT 1 LOOP EXECUTE format('DROP TABLE %I', r); END LOOP; END $é$",
        "DELIMITER //\nCREATE PROCEDURE p() BEGIN DELETE FROM t; END //\nDELIMITER ;\nCALL p()",
        "COPY t FROM PROGRAM 'ls'; SELECT dblink_exec('host=x', 'DROP TABLE t'); /*! SELECT 1 */",
        "ALTER TABLE [a].[b] DROP COLUMN c, ADD d int; GO\nEXEC sp_executesql N'DROP TABLE x'\nGO",
    ];
    for input in inputs {
        cases::survive(input, cases::sql);
    }
}
