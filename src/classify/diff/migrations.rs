//! Schema changes that a diff brings: SQL files, and migrations written in the words of an ORM.
//!
//! Merging a migration is not running it, but whoever deploys next does. A part that only takes
//! the migration back (`down`, `downgrade`) is no effect of merging it.

use super::unified::{FileDiff, Kind, Line, extension};
use crate::{
    classify::{Dialect, Judge, Word},
    domain::{Span, Verb},
};

/// A word of an ORM that loses data, and what.
const LOSES: &[(&str, &str)] = &[
    // Rails: https://api.rubyonrails.org/classes/ActiveRecord/ConnectionAdapters/SchemaStatements.html
    ("drop_table", TABLE),
    ("remove_column", COLUMN),
    ("remove_columns", COLUMN),
    ("drop_join_table", TABLE),
    // Django: https://docs.djangoproject.com/en/5.2/ref/migration-operations/
    ("migrations.DeleteModel", TABLE),
    ("migrations.RemoveField", COLUMN),
    // Alembic: https://alembic.sqlalchemy.org/en/latest/ops.html
    ("op.drop_table", TABLE),
    ("op.drop_column", COLUMN),
    ("batch_op.drop_column", COLUMN),
    // Knex, Sequelize, TypeORM, node-pg-migrate, Laravel
    ("dropTable", TABLE),
    ("dropTableIfExists", TABLE),
    ("dropColumn", COLUMN),
    ("dropColumns", COLUMN),
    ("removeColumn", COLUMN),
    ("dropSchema", "the schema and everything in it are gone"),
    ("dropDatabase", "the database is gone"),
    ("dropAllTables", "all tables are gone"),
    ("Schema::drop", TABLE),
    ("Schema::dropIfExists", TABLE),
    ("pgm.dropTable", TABLE),
    ("pgm.dropColumns", COLUMN),
    // Liquibase, in XML and YAML
    ("<dropTable", TABLE),
    ("<dropColumn", COLUMN),
    // Entity Framework
    ("migrationBuilder.DropTable", TABLE),
    ("migrationBuilder.DropColumn", COLUMN),
    // Ecto
    ("drop table(", TABLE),
    ("drop_if_exists table(", TABLE),
];

const TABLE: &str = "the table and its rows are gone when the migration runs";
const COLUMN: &str = "the column and what it holds are gone when the migration runs";

/// Calls that take SQL as their first argument.
const EXECUTES: [&str; 10] = [
    "op.execute(",
    "execute(",
    "execute ",
    "RunSQL(",
    "queryRunner.query(",
    "knex.raw(",
    "sequelize.query(",
    "DB::statement(",
    "pgm.sql(",
    "migrationBuilder.Sql(",
];

/// Whether a file holds migrations.
pub(super) fn is_migration(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let code = matches!(
        extension(&lower),
        "rb" | "py"
            | "js"
            | "ts"
            | "mjs"
            | "cjs"
            | "php"
            | "cs"
            | "exs"
            | "xml"
            | "yml"
            | "yaml"
            | "go"
            | "kt"
            | "java"
    );
    let folder = lower.split('/').any(|part| {
        matches!(
            part,
            "migrations" | "migrate" | "migration" | "alembic" | "changelog" | "db-migrations"
        )
    });
    (code && folder) || lower.ends_with("schema.prisma")
}

/// Whether a file is SQL. One that takes a migration back is none that merging would run.
pub(super) fn is_sql(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let numbered = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    let takes_back = name == "down.sql"
        || name.ends_with(".down.sql")
        || name.starts_with("undo")
        || name.strip_prefix('u').is_some_and(numbered);
    extension(name) == "sql" && !takes_back
}

/// Judges the SQL a file gets, statement by statement.
pub(super) fn sql(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    let dialect = if file.path().to_ascii_lowercase().contains("mysql") {
        Dialect::MySql
    } else {
        Dialect::Postgres
    };
    let mut statement: Vec<&Line<'_>> = Vec::new();
    let mut down = false;
    for line in file.lines.iter().filter(|line| line.kind != Kind::Removed) {
        let text = line.text.trim();
        // goose, dbmate and sql-migrate keep the way back in the same file.
        let mark = text.to_ascii_lowercase();
        if mark.starts_with("--") && (mark.contains("+goose") || mark.contains("migrate")) {
            down = mark.ends_with("down") || mark.contains(" down");
            statement.clear();
            continue;
        }
        if down || (statement.is_empty() && (text.is_empty() || text.starts_with("--"))) {
            continue;
        }
        statement.push(line);
        if text.ends_with(';') {
            ended(&statement, dialect, diff, judge);
            statement.clear();
        }
    }
    ended(&statement, dialect, diff, judge);
}

/// Judges a statement of which at least one line is new.
fn ended(lines: &[&Line<'_>], dialect: Dialect, diff: &Word, judge: &mut Judge<'_>) {
    let added = lines.iter().filter(|line| line.kind == Kind::Added);
    let Some(span) = added.map(|line| diff.at(line.at.clone())).reduce(Span::with) else { return };
    let word = match lines {
        [line] => Word::exact(line.text, span.start),
        lines => {
            let text: Vec<&str> = lines.iter().map(|line| line.text).collect();
            Word::made(text.join("\n"), span)
        }
    };
    judge.sql(&word, dialect, "migration");
}

/// Judges a migration written in the words of an ORM.
pub(super) fn orm(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    let prisma = file.path().ends_with("schema.prisma");
    if prisma {
        return schema(file, diff, judge);
    }
    let mut down = false;
    for line in file.after() {
        let text = line.text.trim();
        if let Some(name) = function(text) {
            down = matches!(name, "down" | "downgrade" | "Down" | "rollback" | "reverse");
        }
        if down || line.kind != Kind::Added || is_comment(text) {
            continue;
        }
        let word = |at: usize, name: &str| {
            let end = at + name.len();
            let before = text[..at].chars().next_back();
            let after = text[end..].chars().next();
            let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            !(inside(before) || (inside(after) && !name.ends_with('(')))
        };
        let found =
            LOSES.iter().find(|(name, _)| text.match_indices(name).any(|(at, _)| word(at, name)));
        if let Some((name, lost)) = found {
            let indent = line.text.len() - line.text.trim_start().len();
            let at = line.at.start + indent..line.at.start + indent + text.len();
            let resource = format!("{} in {}", rest_of(text, name), file.path());
            judge.destroys(Verb::Delete, "migration", resource, diff.at(at), *lost);
        } else if let Some(query) = executed(line, diff) {
            judge.sql(&query, Dialect::Postgres, "migration");
        }
    }
}

/// What a call names: the text behind it, without its brackets.
fn rest_of<'a>(text: &'a str, name: &str) -> &'a str {
    let rest = text.split_once(name).map_or(text, |(_, rest)| rest);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "(){};".contains(c));
    rest.get(..80).unwrap_or(rest)
}

/// The name of the function that a line begins, if it begins one.
fn function(text: &str) -> Option<&str> {
    let words = [
        "def self.",
        "def ",
        "async function ",
        "function ",
        "public function ",
        "func ",
        "exports.",
        "export async function ",
        "export function ",
        "public async ",
        "async ",
        "protected override void ",
        "export const ",
    ];
    // The longest beginning counts.
    let rest =
        words.iter().filter_map(|word| text.strip_prefix(word)).min_by_key(|rest| rest.len());
    let rest = match rest {
        Some(rest) => rest,
        None if text.starts_with("down(")
            || text.starts_with("up(")
            || text.starts_with("down:") =>
        {
            text
        }
        None => return None,
    };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    Some(&rest[..end])
}

fn is_comment(text: &str) -> bool {
    ["#", "//", "*", "/*", "--", "<!--"].iter().any(|mark| text.starts_with(mark))
}

/// The SQL in a call that executes it, when it stands on one line.
fn executed(line: &Line<'_>, diff: &Word) -> Option<Word> {
    let call = EXECUTES.iter().find_map(|call| Some(line.text.find(call)? + call.len()))?;
    let open = call + line.text[call..].find(['"', '\'', '`'])?;
    let quote = line.text[open..].chars().next()?;
    let close = line.text.rfind(quote).filter(|close| *close > open)?;
    // `"""SQL"""`
    let text = line.text[open + 1..close].trim_matches(quote);
    let start = line.text[open..].find(text)? + open;
    let span = diff.at(line.at.start + start..line.at.start + start + text.len());
    (!text.is_empty()).then(|| Word::exact(text, span.start))
}

/// A Prisma schema: a model or a field that goes away takes its data along at the next migration.
fn schema(file: &FileDiff<'_>, diff: &Word, judge: &mut Judge<'_>) {
    for line in file.removed() {
        let name = |text: &str| text.split_whitespace().nth(1).unwrap_or_default().to_owned();
        let text = line.text.trim();
        let kept = |text: &str| file.after().any(|line| line.text.trim().starts_with(text));
        if text.starts_with("model ") && !kept(&format!("model {}", name(text))) {
            let resource = format!("model {} in {}", name(text), file.path());
            judge.destroys(Verb::Delete, "migration", resource, diff.at(line.at.clone()), TABLE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{function, is_migration, is_sql};

    #[test]
    fn migrations_are_known_by_where_they_lie() {
        assert!(
            is_migration("db/migrate/2026_drop.rb") && is_migration("shop/migrations/0002_x.py")
        );
        assert!(!is_migration("docs/migrations/notes.md"));
        assert!(
            is_sql("db/V3__drop.sql") && !is_sql("db/3.down.sql") && !is_sql("db/U3__drop.sql")
        );
    }

    #[test]
    fn the_function_a_line_begins_is_found() {
        assert_eq!(function("def downgrade():"), Some("downgrade"));
        assert_eq!(function("exports.down = async (knex) => {"), Some("down"));
        assert_eq!(function("public async down(queryRunner: QueryRunner) {"), Some("down"));
        assert_eq!(function("op.drop_table('x')"), None);
    }
}
