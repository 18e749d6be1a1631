//! Clusters and containers: `kubectl`, `helm`, `docker`.

mod docker;
mod inner;
mod kubectl;

use super::{How, Program};

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    Program { names: &["kubectl", "k", "oc", "kubecolor"], how: How::Table(&kubectl::KUBECTL) },
    Program { names: &["docker", "podman", "nerdctl"], how: How::Table(&docker::DOCKER) },
    Program { names: &["docker-compose", "podman-compose"], how: How::Table(&docker::COMPOSE) },
];
