//! `countersign ledger witness`

use super::{Opened, checkpoint::submission, public_key, text_of, unusable};
use crate::{
    cli::{
        Global,
        exit::Exit,
        failure::{Failure, Kind},
        output::Output,
    },
    ledger::{Head, Memory, Refusal, SigningKey, Signs, Submission},
    report::Said,
};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// Remember heads on another machine, and cosign only what continues them
#[derive(Debug, Subcommand)]
pub enum Witness {
    /// Make a witness: its key, and a memory for one ledger
    Init(Init),
    /// Cosign a head, if it continues the last one that was cosigned here
    Cosign(Cosign),
    /// Keep a head that a witness cosigned in the store
    Add(Add),
}

/// `countersign ledger witness init`
#[derive(Debug, Args)]
pub struct Init {
    /// The folder of this witness, which is made; keep it where the store's owners cannot write
    folder: PathBuf,
    /// The witness's name, such as witness.example.com/audit
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The ledger's key, or a file it is in
    #[arg(long, value_name = "KEY")]
    ledger: String,
}

/// `countersign ledger witness cosign`
#[derive(Debug, Args)]
pub struct Cosign {
    /// The folder of this witness
    folder: PathBuf,
    /// What `ledger checkpoint --since SIZE` printed (`-`: stdin) [default: read the store]
    file: Option<PathBuf>,
}

/// `countersign ledger witness add`
#[derive(Debug, Args)]
pub struct Add {
    /// The cosigned head (`-`: stdin)
    file: PathBuf,
    /// The witness's key, or a file it is in
    #[arg(long, value_name = "KEY")]
    witness: String,
    /// The ledger's key, or a file it is in [default: that of this host]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Serialize)]
struct Made {
    /// The witness's public key, for whoever verifies.
    key: String,
    folder: PathBuf,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.key)?;
        write!(
            f,
            "That is the witness's key; verify with --witness and it. Its memory is in {}",
            self.folder.display()
        )
    }
}

#[derive(Debug, Serialize)]
struct Told {
    size: u64,
    root: String,
    /// The head with all its signatures.
    note: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.note)
    }
}

impl Witness {
    pub(super) async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        match self {
            Self::Init(args) => args.run(output),
            Self::Cosign(args) => args.run(global, output).await,
            Self::Add(args) => args.run(global, output).await,
        }
    }
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("witness.key")
}

fn memory_file(folder: &Path) -> PathBuf {
    folder.join("seen.json")
}

impl Init {
    fn run(self, output: Output) -> Result<Exit, Failure> {
        let ledger = public_key(&self.ledger, Signs::Heads)?;
        let folder = self.folder;
        fs::create_dir_all(&folder).map_err(|error| unusable("make", &folder, &error))?;
        let key = SigningKey::create(&key_file(&folder), &self.name, Signs::Cosignatures)?;
        Memory::of(&ledger).save(&memory_file(&folder))?;
        let made = Made { key: key.public().to_string(), folder };
        output.report(&Said::new("ledger-witness", &made))?;
        Ok(Exit::Done)
    }
}

impl Cosign {
    async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let key = SigningKey::load(&key_file(&self.folder), Signs::Cosignatures)?;
        let file = memory_file(&self.folder);
        let mut memory = Memory::load(&file)?;
        let (submitted, opened) = if let Some(file) = &self.file {
            (read(file)?, None)
        } else {
            let opened = Opened::of(global).await?;
            (from_store(&opened, &memory).await?, Some(opened))
        };
        let note = memory.cosign(&submitted, &key, Timestamp::now())?;
        // Whoever was told of a head must not be able to be told of another.
        memory.save(&file)?;
        let head = Head::open(&note, &memory.ledger()?, &[]).map_err(Refusal::from)?;
        if let Some(opened) = opened {
            opened.shelf().keep_head(head.checkpoint.size, &note).await?;
        }
        told(&head, output)
    }
}

async fn from_store(opened: &Opened, memory: &Memory) -> Result<Submission, Failure> {
    let head = opened.newest(&memory.ledger()?).await?.ok_or_else(|| {
        Failure::new(Kind::NotFound, "no head of the ledger was signed yet")
            .next("sign one with `countersign ledger checkpoint`, where the ledger's key is")
    })?;
    let known = memory.size()?;
    if known > head.checkpoint.size {
        return Err(Refusal::RolledBack { before: known, now: head.checkpoint.size }.into());
    }
    submission(opened, &head, known).await
}

/// A head with the proof before it; or a head alone, which is enough for the first.
fn read(file: &Path) -> Result<Submission, Failure> {
    let text = text_of(file)?;
    if !text.starts_with("old ") {
        return Ok(Submission { old: 0, hashes: Vec::new(), note: text });
    }
    Submission::read(&text).map_err(|error| {
        Failure::new(Kind::Usage, format!("{}: {error}", file.display()))
            .next("give what `countersign ledger checkpoint --since SIZE` printed")
    })
}

impl Add {
    async fn run(self, global: &Global, output: Output) -> Result<Exit, Failure> {
        let opened = Opened::of(global).await?;
        let key = opened.known_key(self.key.as_deref())?;
        let known = [public_key(&self.witness, Signs::Cosignatures)?];
        let text = text_of(&self.file)?;
        let head = Head::open(&text, &key, &known).map_err(Refusal::from)?;
        if head.cosigned.is_empty() {
            return Err(Failure::new(Kind::Refused, "this witness has not cosigned the head")
                .next("give what `countersign ledger witness cosign` printed"));
        }
        let size = head.checkpoint.size;
        let mut note = head.note.clone();
        for kept in opened.shelf().ledger_heads(size).await? {
            let Ok(kept) = Head::open(&kept, &key, &[]) else { continue };
            if kept.checkpoint.size == size {
                note = kept.merged(&head).map_err(Refusal::from)?;
            }
        }
        opened.shelf().keep_head(size, &note).await?;
        told(&Head { note, ..head }, output)
    }
}

fn told(head: &Head, output: Output) -> Result<Exit, Failure> {
    let (size, root) = (head.checkpoint.size, head.checkpoint.root.to_string());
    output.report(&Said::new("ledger-head", &Told { size, root, note: head.note.clone() }))?;
    Ok(Exit::Done)
}

impl From<Refusal> for Failure {
    fn from(error: Refusal) -> Self {
        match error {
            Refusal::Key(error) => error.into(),
            Refusal::File { .. } => Self::new(Kind::Io, error.to_string()),
            Refusal::OtherStart { .. } => Self::new(Kind::Usage, error.to_string()),
            Refusal::Head(_) | Refusal::RolledBack { .. } | Refusal::Forked { .. } => {
                Self::new(Kind::Refused, error.to_string())
            }
        }
    }
}
