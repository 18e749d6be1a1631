//! What a service manager is told (`sd_notify(3)`): one datagram to the socket it names.

use std::{
    ffi::OsStr,
    os::unix::{ffi::OsStrExt as _, net::UnixDatagram},
};

/// Tells the service manager, where there is one: `READY=1`, `RELOADING=1`, `STOPPING=1`.
pub fn tell_service(state: &str) {
    let Some(name) = std::env::var_os("NOTIFY_SOCKET") else { return };
    // Nobody waits for us that could be told that it failed.
    let _ = send(&name, state);
}

fn send(name: &OsStr, state: &str) -> std::io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    #[cfg(target_os = "linux")]
    if let Some(name) = name.as_bytes().strip_prefix(b"@") {
        use std::os::linux::net::SocketAddrExt as _;
        let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
        return socket.send_to_addr(state.as_bytes(), &address).map(drop);
    }
    socket.send_to(state.as_bytes(), name).map(drop)
}

#[cfg(test)]
mod tests {
    use super::send;
    use std::os::unix::net::UnixDatagram;

    #[test]
    fn the_service_manager_hears_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        send(path.as_os_str(), "READY=1").unwrap();
        let mut heard = [0; 32];
        let length = socket.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], b"READY=1");
        assert!(send("/no/such/socket".as_ref(), "READY=1").is_err());
    }
}
