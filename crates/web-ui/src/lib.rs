//! The built web app, embedded. A leaf: depends on no other crate of the workspace.
