//! The AWS policy language and authorization details.
