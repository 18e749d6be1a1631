//! Clusters and containers: `kubectl`, `helm`, `docker`.

mod clusters;
mod delivery;
mod docker;
mod helm;
mod inner;
mod kubectl;
mod looking;
mod stores;

use super::{How, Program};

/// The programs of this family.
pub(super) const PROGRAMS: &[Program] = &[
    Program {
        names: &["kubectl", "k", "oc", "kubecolor", "microk8s.kubectl"],
        how: How::Table(&kubectl::KUBECTL),
    },
    Program { names: &["docker", "podman", "nerdctl"], how: How::Table(&docker::DOCKER) },
    Program { names: &["docker-compose", "podman-compose"], how: How::Table(&docker::COMPOSE) },
    Program { names: &["helm"], how: How::Table(&helm::HELM) },
    Program { names: &["helmfile"], how: How::Table(&helm::HELMFILE) },
    Program { names: &["argocd"], how: How::Table(&delivery::ARGOCD) },
    Program { names: &["argo"], how: How::Table(&delivery::ARGO) },
    Program { names: &["flux"], how: How::Table(&delivery::FLUX) },
    Program { names: &["velero", "ark"], how: How::Table(&clusters::VELERO) },
    Program { names: &["kubeadm"], how: How::Table(&clusters::KUBEADM) },
    Program { names: &["kops"], how: How::Table(&clusters::KOPS) },
    Program {
        names: &["kind", "k3d", "minikube", "k3s", "k0s", "rke2", "microk8s"],
        how: How::Table(&clusters::LOCAL),
    },
    Program { names: &["rancher"], how: How::Table(&clusters::RANCHER) },
    Program {
        names: &["k3s-uninstall.sh", "k3s-agent-uninstall.sh", "rke2-uninstall.sh"],
        how: How::Table(&clusters::UNINSTALL),
    },
    Program { names: &["k3s-killall.sh"], how: How::Table(&clusters::KILLALL) },
    Program { names: &["etcdctl", "etcdutl"], how: How::Table(&stores::ETCDCTL) },
    Program { names: &["crictl"], how: How::Table(&stores::CRICTL) },
    Program { names: &["ctr"], how: How::Table(&stores::CTR) },
    Program { names: &["buildah"], how: How::Table(&stores::BUILDAH) },
    Program {
        names: &["skopeo", "crane", "regctl", "oras", "gcrane"],
        how: How::Table(&stores::REGISTRY),
    },
    Program { names: &["istioctl", "linkerd", "cilium"], how: How::Table(&stores::MESH) },
    Program { names: &["kustomize"], how: How::Table(&looking::KUSTOMIZE) },
    Program {
        names: &["k9s", "lazydocker", "ctop", "kdash"],
        how: How::Table(&looking::INTERACTIVE),
    },
    Program { names: &["kubectx", "kubens"], how: How::Table(&looking::SWITCH) },
    Program {
        names: &[
            "stern",
            "kubetail",
            "kail",
            "kubeval",
            "kubeconform",
            "kube-score",
            "kube-linter",
            "polaris",
            "popeye",
            "pluto",
            "nova",
            "kubent",
            "kube-capacity",
            "ksniff",
            "dive",
            "hadolint",
            "grype",
            "syft",
            "trivy",
            "kubectl-neat",
            "kubectl-tree",
            "kubectl-who_can",
            "kube-bench",
            "kubescape",
            "kubespy",
            "dockle",
            "datree",
            "kdigger",
        ],
        how: How::Table(&looking::LOOKING),
    },
];
