#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cmdai_fuzz::protocol(data));
