//! Models and runtimes on disk: manifests, verification, and where to look.
