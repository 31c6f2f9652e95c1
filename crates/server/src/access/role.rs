//! The three roles. Each may do what the ones before it may.

use provost_core::words;
use utoipa::ToSchema;

words!(
    /// What somebody may do.
    #[derive(ToSchema, PartialOrd, Ord)]
    #[schema(rename_all = "lowercase")]
    Role {
        /// To look: at accounts, runs, the audit log, the configuration.
        Viewer = "viewer",
        /// To run commands that write, and batches.
        Operator = "operator",
        /// To configure, and to give keys.
        Admin = "admin",
    }
);
