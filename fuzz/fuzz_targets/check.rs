#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cmdai_fuzz::check(data));

// Half of the changes are of words, half of bytes.
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    if seed % 2 == 0 {
        cmdai_fuzz::words::change(data, size, max_size, seed)
    } else {
        libfuzzer_sys::fuzzer_mutate(data, size, max_size)
    }
});
