//! The way to a server: encrypted, and to the right one.

use crate::support::postgres::Cluster;
use countersign::store::{Address, PgStore, Store as _};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: make test"]
async fn the_way_to_a_server_is_encrypted_and_its_certificate_checked() {
    let cluster = Cluster::start(&[]).await;
    cluster.store().await;
    let folder = tempfile::tempdir().unwrap();
    let (key, certificate) = (folder.path().join("key"), folder.path().join("certificate"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"])
        .args(["/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    cluster.use_certificate(&certificate, &key).await;
    let url = |rest: &str| format!("postgres://postgres@localhost:{}/store?{rest}", cluster.port());
    let root = certificate.display();
    let open = async |rest: String| PgStore::open(&Address::parse(&url(&rest)).unwrap()).await;
    let checked = open(format!("sslmode=verify-full&sslrootcert={root}")).await.unwrap();
    assert!(checked.version().await.unwrap() > 0);
    assert!(open("sslmode=require".to_owned()).await.is_ok());
    let stranger = open("sslmode=verify-full".to_owned()).await.unwrap_err();
    assert!(stranger.to_string().contains("certificate"), "{stranger}");
    let by_number = format!(
        "postgres://postgres@127.0.0.1:{}/store?sslmode=verify-full&sslrootcert={root}",
        cluster.port()
    );
    assert!(PgStore::open(&Address::parse(&by_number).unwrap()).await.is_err(), "another name");
}
