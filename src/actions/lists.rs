//! Lists that actions put together from what their readings need and give: permissions, and names for predicates.

/// A name that runbook predicates may speak of, and what it means.
pub type Field = (&'static str, &'static str);

/// All parts in one list, of which the first part is not empty. `N` is the sum of their lengths: anything else does
/// not compile.
pub const fn joined<T: Copy, const N: usize>(parts: &[&[T]]) -> [T; N] {
    let mut all = [parts[0][0]; N];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut one = 0;
        while one < parts[part].len() {
            all[at] = parts[part][one];
            at += 1;
            one += 1;
        }
        part += 1;
    }
    assert!(at == N, "N is the sum of the lengths");
    all
}
