//! The server, the line or the program itself dies in the middle of an order.

use super::house::{
    House, at_home, done, let_minutes_pass, organisation, reviews, text, waiting, writes,
};
use crate::support::{
    github::World,
    program::{Program, wait},
};
use serde_json::json;
use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn an_answer_that_is_lost_leaves_the_order_unknown_until_the_server_was_asked() {
    let house = House::build("e2e-lost", "GITHUB_FAKE_DIRECT").await.polled();
    let (id, digest) = house.action("Change 7");
    house
        .world
        .fault(json!({"path": "/reviews", "method": "POST", "fault": "lost", "times": 1}))
        .await;
    house.world.forget_requests().await;

    let ran = house.program.run(&["approve", &id, "--digest", &digest, "--json"]);

    assert_eq!(ran.status, 75, "{ran:?}");
    assert_eq!(text(&ran.json(), "outcome"), "unknown");
    assert_eq!(house.done(&["show", &id, "--json"]).json()["action"]["state"], "deciding");
    let again = house.program.run(&["approve", &id, "--digest", &digest]);
    assert_eq!(again.status, 75, "{again:?}");
    let doctor = house.program.run(&["doctor"]).stdout;
    assert!(doctor.contains(text(&ran.json(), "order")), "doctor tells of it: {doctor}");

    let_minutes_pass(&house.program).await;
    house.done(&["queue", "--poll"]);
    assert_eq!(house.done(&["show", &id, "--json"]).json()["action"]["state"], "approved");
    assert_eq!(reviews(&house.world).await.len(), 1);
    assert_eq!(writes(&house.world).await.len(), 1, "nothing is sent twice");
    let history = house.done(&["activity"]).stdout;
    assert!(history.contains("asked afterwards: it took effect"), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs moto and the GitHub fake: make test"]
async fn a_program_killed_in_the_middle_of_an_order_asks_when_it_runs_again() {
    let house = House::build("e2e-killed", "GITHUB_FAKE_DIRECT").await.polled();
    let (id, digest) = house.action("Change 7");
    house.world.forget_requests().await;
    house
        .world
        .fault(json!({"path": "/reviews", "method": "POST", "fault": "slow", "times": 1}))
        .await;
    let mut child = house.program.command(&["approve", &id, "--digest", &digest]).spawn().unwrap();
    until_asked(&house.world, "POST").await;
    child.kill().unwrap();
    wait(child);

    let refused = house.program.run(&["approve", &id, "--digest", &digest]);
    assert_eq!(refused.status, 75, "somebody's order is on its way: {refused:?}");

    let_minutes_pass(&house.program).await;
    house.done(&["queue", "--poll"]);
    assert_eq!(house.done(&["show", &id, "--json"]).json()["action"]["state"], "pending");
    assert_eq!(writes(&house.world).await.len(), 1, "asking is not sending");
    house.done(&["approve", &id, "--digest", &digest]);
    assert_eq!(reviews(&house.world).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the tools of make test"]
async fn a_server_killed_in_the_middle_of_an_order_is_asked_when_it_is_back() {
    let mut server = OwnFake::start(free_port());
    let world = World::seeded_at(&server.url, "e2e-dies", organisation()).await;
    let program = at_home(Program::configured(format!(
        "[[github]]\nname = \"acme\"\norg = \"e2e-dies\"\nhost = \"{}\"\n\
         token = {{ env = \"GITHUB_TOKEN\" }}\n\n[policy]\nfile = \"one.cedar\"\n",
        server.url
    )));
    done(&program, &["queue", "--poll"]);
    let (id, digest) = waiting(&program, "Change 7");
    world
        .fault(json!({"path": "/reviews", "method": "POST", "fault": "slow", "seconds": 60}))
        .await;
    let child = program.command(&["approve", &id, "--digest", &digest, "--json"]).spawn().unwrap();
    until_asked(&world, "POST").await;
    server.kill();

    let ran = wait(child);
    assert_eq!(ran.status, 75, "{ran:?}");
    assert_eq!(text(&ran.json(), "outcome"), "unknown");

    // While it is away nobody can tell; the order stays open, and says so.
    let_minutes_pass(&program).await;
    assert_eq!(program.run(&["audit", "--json"]).status, 1);
    assert_eq!(done(&program, &["show", &id, "--json"]).json()["action"]["state"], "deciding");

    let server = OwnFake::start(server.port);
    let world = World::seeded_at(&server.url, "e2e-dies", organisation()).await;
    done(&program, &["queue", "--poll"]);
    assert_eq!(done(&program, &["show", &id, "--json"]).json()["action"]["state"], "pending");
    assert_eq!(writes(&world).await, [], "asking is not sending");
}

async fn until_asked(world: &World, method: &str) {
    let end = Instant::now() + Duration::from_mins(1);
    while !world.requests().await.iter().any(|(one, ..)| one == method) {
        assert!(Instant::now() < end, "the server was never asked");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The fake as a process of this test's own, so that it can be killed.
struct OwnFake {
    url: String,
    port: u16,
    process: Child,
}

impl OwnFake {
    fn start(port: u16) -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/github_fake/server.py");
        let process = Command::new("python3")
            .args([program, "--port", &port.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_mins(1);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "the fake does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { url: format!("http://127.0.0.1:{port}"), port, process }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for OwnFake {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
