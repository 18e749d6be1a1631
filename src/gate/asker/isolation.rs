//! What stands between this process and the machine.
//!
//! The signs are those that `systemd-detect-virt(1)` documents and the kernel publishes: files that
//! container managers leave, the number of the first pid namespace (`PROC_PID_INIT_INO` in
//! `include/linux/proc_ns.h`), the bit that a processor shows below a hypervisor (`CPUID` leaf 1,
//! `ECX` bit 31), and elsewhere the names in the machine's DMI tables. A container in a virtual
//! machine is a container: it is what stands nearest.

use super::small;
use crate::domain::Isolation;
use std::path::Path;

/// What container managers put into every container: Docker, Podman, and systemd for all it knows.
const LEFT_BY_CONTAINERS: [&str; 3] =
    ["/.dockerenv", "/run/.containerenv", "/run/systemd/container"];

/// The first pid namespace has this number on every kernel since 3.8.
const FIRST_NAMESPACE: &str = "pid:[4026531836]";

/// What stands nearest, in the order of what cannot be mistaken.
pub(super) fn isolation() -> Isolation {
    if LEFT_BY_CONTAINERS.iter().any(|path| Path::new(path).symlink_metadata().is_ok()) {
        return Isolation::Container;
    }
    match std::fs::read_link("/proc/self/ns/pid") {
        Ok(namespace) if namespace.as_os_str() != FIRST_NAMESPACE => Isolation::Container,
        Ok(_) => machine(),
        // Without /proc nobody can tell a container from none.
        Err(_) => Isolation::Unknown,
    }
}

fn machine() -> Isolation {
    match below_hypervisor() {
        Some(true) if is_host_of_xen() => Isolation::None,
        Some(true) => Isolation::Vm,
        Some(false) => Isolation::None,
        None => by_firmware(),
    }
}

/// The first domain of Xen runs below it and is the machine all the same.
fn is_host_of_xen() -> bool {
    let mut buffer = [0; 64];
    small::of_kernel("/proc/xen/capabilities", &mut buffer)
        .is_some_and(|found| found.starts_with(b"control_d"))
}

/// Whether the processor says that it runs below a hypervisor; none where it cannot say.
#[cfg(target_arch = "x86_64")]
#[allow(clippy::unnecessary_wraps, reason = "other processors cannot say")]
fn below_hypervisor() -> Option<bool> {
    Some(std::arch::x86_64::__cpuid(1).ecx & (1 << 31) != 0)
}

#[cfg(not(target_arch = "x86_64"))]
fn below_hypervisor() -> Option<bool> {
    None
}

/// Vendors and products of virtual machines in DMI tables, as `systemd-detect-virt` knows them.
const VIRTUAL: [&str; 18] = [
    "KVM",
    "OpenStack",
    "KubeVirt",
    "Amazon EC2",
    "QEMU",
    "VMware",
    "VMW",
    "innotek GmbH",
    "VirtualBox",
    "Xen",
    "Bochs",
    "Parallels",
    "BHYVE",
    "Hyper-V",
    "Virtual Machine",
    "Apple Virtualization",
    "Google Compute Engine",
    "Alibaba Cloud ECS",
];

fn by_firmware() -> Isolation {
    if Path::new("/proc/device-tree/hypervisor").exists() {
        return Isolation::Vm;
    }
    let mut told = false;
    for name in ["product_name", "sys_vendor", "board_vendor", "bios_vendor"] {
        let mut buffer = [0; 128];
        let path = format!("/sys/class/dmi/id/{name}");
        let Some(found) = small::of_kernel(&path, &mut buffer) else { continue };
        told |= !found.trim_ascii().is_empty();
        let found = String::from_utf8_lossy(found);
        if VIRTUAL.iter().any(|vendor| found.starts_with(vendor)) {
            return Isolation::Vm;
        }
    }
    if told { Isolation::None } else { Isolation::Unknown }
}
