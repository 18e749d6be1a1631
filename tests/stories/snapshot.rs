//! Audit offline, from authorization-details files.
