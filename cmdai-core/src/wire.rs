//! The JSON that every door speaks. The only module, beside configuration and manifests, with serde types.
