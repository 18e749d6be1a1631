//! Audit and revoke in a live AWS account (moto).
