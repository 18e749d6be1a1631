//! Tools that change a database's schema: `prisma`, `alembic`, `rails`.

mod console;
mod django;
mod dotnet;
mod elixir;
mod go;
mod jvm;
mod node;
mod php;
mod prisma;
mod python;
mod rails;
mod rust;
mod standalone;
mod supabase;

use super::Program;

/// How a migration is turned back.
const BACK: &str = "apply a migration that turns it back";
/// What a migration that is turned back takes with it.
const DOWN: &str = "the columns and tables that the migrations made, and what is in them, are gone";
/// What is lost when all tables are dropped.
const DROPS: &str = "every table and its rows are dropped";
/// What is lost when rows are deleted.
const ROWS: &str = "the rows are gone";

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    console::CONSOLE,
    console::SYMFONY,
    django::DJANGO,
    dotnet::DOTNET,
    elixir::MIX,
    go::ATLAS,
    go::DBMATE,
    go::GOOSE,
    go::MIGRATE,
    go::SQL_MIGRATE,
    go::TERN,
    jvm::FLYWAY,
    jvm::LIQUIBASE,
    node::GRAPHILE,
    node::KNEX,
    node::MIKRO,
    node::SEQUELIZE,
    node::TYPEORM,
    node::UPDOWN,
    php::ARTISAN,
    php::PHINX,
    php::SAIL,
    prisma::DRIZZLE,
    prisma::PRISMA,
    python::AERICH,
    python::ALEMBIC,
    python::FLASK,
    rails::RAILS,
    rust::DIESEL,
    rust::SEA_ORM,
    rust::SQLX,
    standalone::EDGEDB,
    standalone::HASURA,
    standalone::SKEEMA,
    standalone::SQITCH,
    supabase::SUPABASE,
];
