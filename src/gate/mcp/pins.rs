//! What a server says of its tools, kept from the first time on.
//!
//! A description is an instruction to the agent, and a server can change it after people have
//! looked. So the first list is taken in and written down; from then on a tool that is new, or
//! says something else of itself, is left out of the list and its calls are refused, until
//! somebody has agreed to exactly the new words.
//!
//! ```text
//!   tools/list ─▶ sift ─┬ as it was ────────────────────▶ shown
//!                       ├ first list, nothing hides in it ▶ shown, kept
//!                       └ new or changed ─▶ queue (old → new) ─┬ agreed ▶ shown, kept
//!                                                              └ not yet ▶ left out
//! ```
//!
//! A changed tool is hidden rather than shown in its old words: those need not fit what it does
//! now. What was there before the store could be read is kept in memory until it can.

use super::{
    call::{REFUSED, Refusal},
    definition::{Definition, LARGEST},
    keeper::{Claims, Keeper},
};
use crate::{
    domain::{ActionId, ActionState},
    store::McpTool,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio::{sync::Mutex, time::Instant};

/// Tools of one server at most.
const MOST: usize = 1_000;
/// Pages of the first list at most.
const PAGES: u32 = 64;
/// New or changed tools that are put into the queue for one list.
const ASKED: usize = 20;

/// Whether what is not known yet is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// Nobody has looked whether the server is known.
    Unknown,
    /// It is not; so many pages of its first list were read.
    Open(u32),
    /// It is known.
    Closed,
}

/// The tools of the server as they may be shown.
pub(super) struct Pins {
    kept: Mutex<Kept>,
}

struct Kept {
    first: First,
    /// Definitions by name, as RFC 8785 JSON.
    known: HashMap<String, String>,
    /// What the server claims of the tools that are shown.
    claims: HashMap<String, Claims>,
    /// Tools that are left out.
    hidden: HashMap<String, Hidden>,
}

/// A tool that is left out.
#[derive(Clone)]
struct Hidden {
    /// What it says now.
    definition: Definition,
    /// The action that waits for somebody to agree to that, where one does.
    action: Option<ActionId>,
}

impl Pins {
    pub fn new() -> Self {
        let (known, claims, hidden) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { kept: Mutex::new(Kept { first: First::Unknown, known, claims, hidden }) }
    }

    /// The client asks for the list from its start: what follows is not the first list any more.
    pub async fn listed_again(&self) {
        let mut kept = self.kept.lock().await;
        if matches!(kept.first, First::Open(pages) if pages > 0) {
            kept.first = First::Closed;
        }
    }

    /// Which of these tools are shown, in their order. `last` is whether no page follows.
    pub async fn sift(&self, tools: &[Value], last: bool, keeper: &Keeper) -> Vec<bool> {
        let mut kept = self.kept.lock().await;
        let stored = kept.load(keeper).await;
        let mut taken = Vec::new();
        let mut shown = Vec::with_capacity(tools.len());
        let mut asked = 0;
        for tool in tools {
            shown.push(kept.show(tool, keeper, &mut taken, &mut asked).await);
        }
        if stored && !taken.is_empty() {
            keep(keeper, &taken).await;
        }
        if let First::Open(pages) = kept.first {
            kept.first = if last || pages + 1 >= PAGES {
                let (name, count) = (&keeper.setup.name, kept.known.len());
                (keeper.setup.say)(&format!(
                    "the {count} tools of {name} are taken in as they are"
                ));
                First::Closed
            } else {
                First::Open(pages + 1)
            };
        }
        shown
    }

    /// Why a tool cannot be called, if its new words still wait for somebody to agree.
    pub async fn refusal(&self, tool: &str, keeper: &Keeper) -> Option<Refusal> {
        let mut kept = self.kept.lock().await;
        let definition = kept.hidden.get(tool)?.definition.clone();
        kept.agreed(&definition, keeper).await.err()
    }

    /// What the server claims of a tool.
    pub async fn claims(&self, tool: &str) -> Claims {
        self.kept.lock().await.claims.get(tool).copied().unwrap_or_default()
    }

    /// Looks whether somebody has agreed to a tool that is left out; whether there was one. Only
    /// reads until then: a write every few seconds would wake every console.
    pub async fn recheck(&self, keeper: &Keeper) -> bool {
        let mut kept = self.kept.lock().await;
        if kept.hidden.is_empty() {
            return false;
        }
        let Ok(store) = keeper.store().await else { return false };
        let hidden: Vec<Hidden> = kept.hidden.values().take(ASKED).cloned().collect();
        let mut any = false;
        for Hidden { definition, action } in hidden {
            let Some(id) = action else { continue };
            let found = store.action(&id).await.ok().flatten();
            if found.is_some_and(|(row, _)| row.state == ActionState::Deciding) {
                match kept.agreed(&definition, keeper).await {
                    Ok(()) => any = true,
                    Err(refusal) => (keeper.setup.say)(&refusal.message),
                }
            }
        }
        any
    }
}

impl Kept {
    /// Reads what is kept of the server, once; whether that could be read.
    async fn load(&mut self, keeper: &Keeper) -> bool {
        if self.first != First::Unknown {
            return true;
        }
        let kept = match keeper.store().await {
            Ok(store) => store.mcp_tools(&keeper.setup.identity).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(tools) => {
                self.first = if tools.is_empty() { First::Open(0) } else { First::Closed };
                self.known.extend(tools.into_iter().map(|tool| (tool.name, tool.definition)));
                true
            }
            Err(error) => {
                let name = &keeper.setup.name;
                (keeper.setup.say)(&format!("the tools of {name} are not compared: {error}"));
                false
            }
        }
    }

    async fn show(
        &mut self,
        tool: &Value,
        keeper: &Keeper,
        taken: &mut Vec<McpTool>,
        asked: &mut usize,
    ) -> bool {
        let Some(definition) = Definition::of(tool) else { return false };
        let name = definition.name.clone();
        let same = self.known.get(&name).map(|old| *old == definition.text);
        let room = self.known.len() < MOST;
        // Without a store nothing can be compared with yesterday, nor agreed to: what the session
        // began with is what it goes on with.
        let first = self.first != First::Closed && !definition.hides && room;
        let shown = match same {
            Some(true) => true,
            None if first => {
                taken.push(definition.kept(None));
                self.known.insert(name.clone(), definition.text.clone());
                true
            }
            _ => {
                let hidden = Hidden { definition: definition.clone(), action: None };
                self.hidden.insert(name.clone(), hidden);
                *asked += 1;
                let refused = if *asked > ASKED {
                    Some("too many tools are new or changed at once".to_owned())
                } else {
                    self.agreed(&definition, keeper).await.err().map(|refusal| refusal.message)
                };
                if let Some(why) = &refused {
                    (keeper.setup.say)(&format!("{} is left out: {why}", definition.name));
                }
                refused.is_none()
            }
        };
        if shown {
            self.hidden.remove(&name);
            self.claims.insert(name, definition.claims);
        }
        shown
    }

    /// Takes a tool in if somebody has agreed to its new words; else says what it waits for.
    async fn agreed(&mut self, definition: &Definition, keeper: &Keeper) -> Result<(), Refusal> {
        let name = &definition.name;
        let says = |why: &str| Refusal::new(REFUSED, why, json!({ "leave": "refused" }));
        if definition.text.len() > LARGEST {
            return Err(says("what this tool says of itself is too long to be looked at"));
        }
        let old = self.known.get(name);
        if old.is_none() && self.known.len() >= MOST {
            return Err(says("the server has too many tools"));
        }
        let action = definition.change(old.map(String::as_str), keeper).await?;
        let agreed = keeper.wait(&action, Instant::now(), |_| ()).await;
        let waits = agreed.as_ref().err().and_then(|refusal| refusal.data["action"].as_str());
        if let Some(hidden) = self.hidden.get_mut(name) {
            hidden.action = waits.and_then(|id| id.parse().ok());
        }
        let agreed = agreed.map_err(|refusal| {
            let what = if old.is_some() { "says something else of itself now" } else { "is new" };
            let text = format!("the tool {} {what}, and that {}", name, refusal.message);
            Refusal::new(refusal.code, text, refusal.data)
        })?;
        keep(keeper, &[definition.kept(Some(agreed))]).await;
        self.known.insert(name.clone(), definition.text.clone());
        self.claims.insert(name.clone(), definition.claims);
        self.hidden.remove(name);
        Ok(())
    }
}

/// Keeps tools in the store. What cannot be kept is looked at again by the next session.
async fn keep(keeper: &Keeper, tools: &[McpTool]) {
    let kept = match keeper.store().await {
        Ok(store) => store.keep_mcp_tools(&keeper.setup.identity, tools, store.now()).await,
        Err(error) => Err(error),
    };
    if let Err(error) = kept {
        (keeper.setup.say)(&format!("the tools of {} are not kept: {error}", keeper.setup.name));
    }
}
