//! Promises of the module, held over any order of events.
