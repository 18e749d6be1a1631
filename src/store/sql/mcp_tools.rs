//! The tools of MCP servers as they were first seen or last agreed to.

use super::{
    db::{Db, query},
    trouble::Trouble,
    values::millis,
};
use crate::{
    domain::{ActionId, Digest, IdError},
    store::McpTool,
};
use jiff::Timestamp;

/// All tools of a server, by name.
pub(super) async fn of_server(db: &mut Db, server: &Digest) -> Result<Vec<McpTool>, Trouble> {
    let rows =
        query("SELECT tool, definition, agreed FROM mcp_tools WHERE server = $1 ORDER BY tool")
            .bind(server.to_string())
            .fetch_all(db)
            .await?;
    rows.iter()
        .map(|row| {
            Ok(McpTool {
                name: row.try_get(0)?,
                definition: row.try_get(1)?,
                agreed: row
                    .try_get::<Option<&str>>(2)?
                    .map(str::parse)
                    .transpose()
                    .map_err(|error: IdError| Trouble::Unreadable(error.to_string()))?,
            })
        })
        .collect()
}

/// Keeps tools: one that nobody agreed to only where there is none of its name yet.
pub(super) async fn keep(
    db: &mut Db,
    server: &Digest,
    tools: &[McpTool],
    at: Timestamp,
) -> Result<(), Trouble> {
    for tool in tools {
        query(
            "INSERT INTO mcp_tools (server, tool, definition, agreed, since) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (server, tool) DO UPDATE SET \
             definition = excluded.definition, agreed = excluded.agreed, since = excluded.since \
             WHERE excluded.agreed IS NOT NULL",
        )
        .bind(server.to_string())
        .bind(&tool.name)
        .bind(&tool.definition)
        .bind(tool.agreed.as_ref().map(ActionId::as_str))
        .bind(millis(at))
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
