//! Deterministic noise and identifiers: everything that looks random follows from a hash.

use std::hash::{Hash, Hasher};

/// FNV-1a with a final mix; the same on every platform and in every release of the compiler.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}

/// Hash of anything.
pub fn of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    value.hash(&mut hasher);
    hasher.finish()
}

/// Evenly spread in [0, 1).
pub fn unit(value: &(impl Hash + ?Sized)) -> f64 {
    let bits = u32::try_from(of(value) >> 32).unwrap_or(0);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// `length` lower-case hexadecimal digits.
pub fn hex(value: &(impl Hash + ?Sized), length: usize) -> String {
    (0..length.div_ceil(16)).map(|part| format!("{:016x}", of(&(of(value), part)))).collect::<String>()[..length]
        .to_owned()
}

/// `length` characters of a-z and 0-9, as API Gateway's ids.
pub fn id(value: &(impl Hash + ?Sized), length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..length)
        .map(|place| {
            let index = usize::try_from(of(&(of(value), place)) % 36).unwrap_or(0);
            char::from(ALPHABET[index])
        })
        .collect()
}

/// A UUID-shaped identifier.
pub fn uuid(value: &(impl Hash + ?Sized)) -> String {
    let hex = hex(value, 32);
    format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}
