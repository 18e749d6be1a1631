//! An ssh-agent of our own with keys in software: the only one whose security keys say what they
//! are told to, and that misbehaves on demand.

#![allow(dead_code, clippy::unwrap_used, reason = "a test's tool, and no test uses all of it")]

use super::soft::{SoftKey, string};
use std::{
    io::{Read as _, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread,
};

/// What it does when it is asked to sign.
#[derive(Clone)]
pub enum Manner {
    /// Signs; security keys say that they were used like this.
    Signs(u8),
    /// Says nothing, and keeps the line open.
    Silent,
    /// Refuses.
    Refuses,
    /// Sends these bytes and hangs up.
    Says(Vec<u8>),
}

/// A running agent. It ends with the test.
pub struct FakeAgent {
    folder: tempfile::TempDir,
    asked: mpsc::Receiver<()>,
}

impl FakeAgent {
    /// Starts one with these keys.
    pub fn start(keys: Vec<SoftKey>, manner: Manner) -> Self {
        let keys = keys.into_iter().map(|key| (key.blob(), key)).collect();
        Self::with_blobs(keys, manner)
    }

    /// Starts one with these keys under these names, which may be certificates.
    pub fn with_blobs(keys: Vec<(Vec<u8>, SoftKey)>, manner: Manner) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("agent")).unwrap();
        let (send, asked) = mpsc::channel();
        let keys = Arc::new(keys);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (keys, manner, send) = (Arc::clone(&keys), manner.clone(), send.clone());
                thread::spawn(move || serve(stream.unwrap(), &keys, &manner, &send));
            }
        });
        Self { folder, asked }
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        Path::new(self.folder.path()).join("agent")
    }

    /// Waits until somebody has asked for a signature.
    pub fn asked(&self) {
        self.asked.recv().unwrap();
    }
}

fn serve(
    mut stream: UnixStream,
    keys: &[(Vec<u8>, SoftKey)],
    manner: &Manner,
    asked: &mpsc::Sender<()>,
) {
    loop {
        let mut length = [0; 4];
        if stream.read_exact(&mut length).is_err() {
            return;
        }
        let mut request = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut request).unwrap();
        let answer = match request[0] {
            11 => {
                let mut all = vec![12];
                all.extend_from_slice(&u32::try_from(keys.len()).unwrap().to_be_bytes());
                for (blob, key) in keys {
                    string(&mut all, blob);
                    string(&mut all, key.name.as_bytes());
                }
                all
            }
            13 => {
                let _ = asked.send(());
                match manner {
                    Manner::Signs(flags) => signed(&request[1..], keys, *flags),
                    Manner::Refuses => vec![5],
                    Manner::Silent => continue,
                    Manner::Says(bytes) => {
                        let _ = stream.write_all(bytes);
                        return;
                    }
                }
            }
            _ => vec![5],
        };
        let mut framed = Vec::new();
        string(&mut framed, &answer);
        let _ = stream.write_all(&framed);
    }
}

fn signed(request: &[u8], keys: &[(Vec<u8>, SoftKey)], flags: u8) -> Vec<u8> {
    let part = |from: usize| {
        let length = u32::from_be_bytes(request[from..from + 4].try_into().unwrap()) as usize;
        &request[from + 4..from + 4 + length]
    };
    let blob = part(0);
    let data = part(4 + blob.len());
    let Some((_, key)) = keys.iter().find(|(one, _)| one == blob) else { return vec![5] };
    let mut answer = vec![14];
    string(&mut answer, &key.sign(data, flags));
    answer
}
