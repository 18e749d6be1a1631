//! Review and gate pull requests and deployments (emulate, Prism, the environments fake).
