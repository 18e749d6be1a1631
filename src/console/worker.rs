//! Carries out effects away from the UI task, and answers with messages.
//!
//! ```text
//!   UI task ──Effect──▶ perform (own task each) ──▶ Review, Store, Poller
//!      ▲                        │
//!      └────────── Msg ─────────┘
//! ```

use super::{
    diff,
    msg::{Effect, Foreseen, Known, Loaded, LoadedAction, Msg, Reading, Script, WouldDo},
    state::rows::danger,
    view::diff_pane::DiffPane,
};
use crate::{
    domain::{Action, ActionId, Activity, CallInput, Diff, Digest, Subject, Untrusted, Verdict},
    review::{DecideError, Poller, Review, assess},
    store::{Changes, CredentialRow, QueueRow, StoreError, amend_credentials, amend_queue},
    text::{SafeText, hidden_in},
};
use std::sync::Arc;

/// How many lines of history are read at once.
const HISTORY: u32 = 400;

/// Stands for the reason before there is one.
const NO_REASON_YET: &str = "<your reason>";

/// How many actions are read before all others: more than the tallest window shows.
const SCREENFUL: u32 = 200;

/// What a revocation given in the console says of itself.
const REASON: &str = "from the console";

/// The rooms below, for the worker.
#[derive(Clone)]
pub struct Desk {
    /// The use cases and the store.
    pub review: Review,
    /// The polling.
    pub poller: Arc<Poller>,
}

/// Carries out one effect. `None` where there is nothing to say, or where it is not for us but
/// for the terminal (copy, suspend, quit).
pub async fn perform(effect: Effect, desk: &Desk) -> Option<Msg> {
    let review = &desk.review;
    match effect {
        Effect::Refresh(reading) => Some(refresh(review, reading).await),
        Effect::Arrange(question) => {
            // On a thread that may take its time; nothing where it was overtaken.
            let answer = tokio::task::spawn_blocking(move || question.answer()).await;
            answer.ok().flatten().map(Msg::Arranged)
        }
        Effect::LoadAction(id) => Some(load_action(review, id).await),
        Effect::Autonomous { before } => {
            Some(match review.store().autonomous(HISTORY, before).await {
                Ok(rows) => Msg::Autonomous(before, rows.into_iter().map(Arc::new).collect()),
                Err(error) => Msg::StoreFailed(error.to_string()),
            })
        }
        Effect::OlderActivity { before } => Some(match history(review, Some(before)).await {
            Ok(lines) => Msg::OlderActivity(lines),
            Err(error) => Msg::StoreFailed(error.to_string()),
        }),
        Effect::Foresee { action, reason } => {
            let calls = review.foresee(&action, Verdict::Reject, &reason);
            Some(Msg::Foreseen(action.id.clone(), reason, calls))
        }
        Effect::Decide { action, seen, verdict, reason } => {
            let result = review.decide(&action, seen, verdict, reason).await;
            Some(match result {
                Err(DecideError::Changed(now)) => match prepare(review, *now, None).await {
                    Some(loaded) => Msg::Changed(action, Box::new(loaded)),
                    None => Msg::Decided(
                        action,
                        verdict,
                        Err(DecideError::Ended("it can no longer be read".to_owned())),
                    ),
                },
                result => Msg::Decided(action, verdict, result),
            })
        }
        Effect::StopSigning(id) => {
            review.stop(&id);
            None
        }
        Effect::PreviewRevoke(id) => {
            let result = review.preview_revoke(&id).await;
            Some(Msg::Previewed(id, result))
        }
        Effect::PreviewRestore(id) => {
            let result = review.preview_restore(&id).await;
            Some(Msg::Previewed(id, result))
        }
        Effect::Revoke(id, preview) => {
            let result = review.revoke(&id, &preview, REASON.into()).await;
            Some(Msg::Carried(id, result))
        }
        Effect::Restore(id, preview) => {
            let result = review.restore(&id, &preview, REASON.into()).await;
            Some(Msg::Carried(id, result))
        }
        Effect::PollNow => {
            desk.poller.poll_now();
            None
        }
        Effect::Discard(rows) => {
            drop(rows);
            None
        }
        Effect::Copy(_) | Effect::Suspend | Effect::Quit => None,
    }
}

async fn refresh(review: &Review, reading: Reading) -> Msg {
    match lists(review, reading).await {
        Ok(Some(loaded)) => Msg::Loaded(Box::new(loaded)),
        Ok(None) => Msg::NothingNew(review.rules().reviewers.now()),
        Err(error) => Msg::StoreFailed(error.to_string()),
    }
}

async fn lists(review: &Review, reading: Reading) -> Result<Option<Loaded>, StoreError> {
    let store = review.store();
    // The version first: a write in between makes the next refresh read again, never less.
    let version = store.version().await?;
    let (queue, waiting, credentials) = match reading {
        Reading::First => {
            let (rows, total) = store.queue(Some(SCREENFUL)).await?;
            (Some(Arc::new(rows)), Some(usize::try_from(total).unwrap_or(usize::MAX)), None)
        }
        Reading::Whole => whole(review).await?,
        Reading::Since(known) if known.version == version => return Ok(None),
        Reading::Since(known) => match store.changes(known.version).await? {
            Some(changes) => amended(known, changes).await,
            None => whole(review).await?,
        },
    };
    Ok(Some(Loaded {
        version,
        queue,
        waiting,
        credentials,
        activity: history(review, None).await?,
        sources: store.sources().await?,
        roster: review.rules().reviewers.now(),
    }))
}

async fn history(review: &Review, before: Option<i64>) -> Result<Vec<Arc<Activity>>, StoreError> {
    let lines = review.store().activity(HISTORY, before).await?;
    Ok(lines.into_iter().map(Arc::new).collect())
}

type Lists = (Option<Arc<Vec<Arc<QueueRow>>>>, Option<usize>, Option<Arc<Vec<Arc<CredentialRow>>>>);

async fn whole(review: &Review) -> Result<Lists, StoreError> {
    let store = review.store();
    let (queue, _) = store.queue(None).await?;
    let mut credentials: Vec<_> =
        store.credentials(true).await?.into_iter().map(Arc::new).collect();
    credentials.sort_by_cached_key(|row| danger(row));
    Ok((Some(Arc::new(queue)), None, Some(Arc::new(credentials))))
}

/// The lists with the changes in them, made on a thread that may take its time.
async fn amended(known: Known, changes: Changes) -> Lists {
    let made = tokio::task::spawn_blocking(move || {
        let queue = (!changes.open.is_empty() || !changes.closed.is_empty())
            .then(|| Arc::new(amend_queue(&known.queue, &changes)));
        let credentials = (!changes.credentials.is_empty()).then(|| {
            let mut rows = amend_credentials(&known.credentials, &changes);
            rows.sort_by_cached_key(|row| danger(row));
            Arc::new(rows)
        });
        (queue, None, credentials)
    });
    // It fails only when the program is ending.
    made.await.unwrap_or_default()
}

async fn load_action(review: &Review, id: ActionId) -> Msg {
    match review.store().action(&id).await {
        Ok(Some((row, action))) => {
            let loaded = prepare(review, action, Some(row.digest)).await;
            Msg::ActionLoaded(id, loaded.map(Box::new))
        }
        Ok(None) => Msg::ActionLoaded(id, None),
        Err(error) => Msg::StoreFailed(error.to_string()),
    }
}

/// Parses the diff, works out what it would do and looks for hidden characters, on a thread that
/// may take its time.
async fn prepare(
    review: &Review,
    action: Action,
    row_digest: Option<Digest>,
) -> Option<LoadedAction> {
    let foreseen = Foreseen {
        approve: review.foresee(&action, Verdict::Approve, &Untrusted::default()),
        reject: review.foresee(&action, Verdict::Reject, &NO_REASON_YET.into()),
    };
    tokio::task::spawn_blocking(move || {
        let digest = action.digest().ok()?;
        let diff = match &action.change.diff {
            Diff::Text(text) => DiffPane::parse(text),
            Diff::Unavailable(_) | Diff::None => DiffPane::default(),
        };
        let hidden = hidden_in(&action);
        diff.warm(80);
        let row_digest = row_digest.unwrap_or(digest);
        let script = script_in(&action);
        let would_do = Arc::new(WouldDo::of(&assess(&action)));
        let (diff, action) = (Arc::new(diff), Arc::new(action));
        Some(LoadedAction { action, digest, row_digest, diff, would_do, hidden, script, foreseen })
    })
    .await
    .ok()
    .flatten()
}

/// The first argument of several lines, or the line of a shell tool, in colours where the language
/// is known. One with hidden characters stays as it is: marks matter more than colours.
fn script_in(action: &Action) -> Option<Script> {
    if let Subject::Call { via, tool, input, .. } = &action.subject {
        let line = SafeText::block(&CallInput::of(via, tool, input).command?);
        let is_plain = !line.has_hidden() && !line.is_empty();
        let script = || Script { argument: 0, lines: diff::script(line.as_str(), "sh") };
        return is_plain.then(script);
    }
    let Subject::Command { argv, .. } = &action.subject else { return None };
    let argument = argv.iter().position(|word| word.raw().contains('\n'))?;
    let text = SafeText::block(&argv[argument]);
    if text.has_hidden() {
        return None;
    }
    let program = argv.first()?.raw();
    let program = program.rsplit('/').next().unwrap_or(program);
    let extension = match program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "sh" | "bash" | "dash" | "zsh" | "ksh" => "sh",
        "python" => "py",
        "ruby" => "rb",
        "node" => "js",
        "perl" => "pl",
        "psql" | "mysql" | "sqlite" => "sql",
        _ => "",
    };
    Some(Script { argument, lines: diff::script(text.as_str(), extension) })
}
