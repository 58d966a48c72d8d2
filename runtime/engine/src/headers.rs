//! The headers of a response, whatever holds them.

/// The headers of a response.
///
/// It is implemented for whatever iterates over names and values: `http::HeaderMap`, maps, vectors and arrays
/// of pairs. Names are compared without regard to case.
///
/// ```
/// use retrospec::Headers;
///
/// let parsed = [("Retry-After-Ms", "250"), ("X-Should-Retry", "true")];
/// assert_eq!(parsed.get("retry-after-ms"), Some(&b"250"[..]));
/// ```
pub trait Headers: Sync {
    /// Returns the value of a header, of several lines the first. `name` is in lower case.
    fn get(&self, name: &str) -> Option<&[u8]>;
}

impl<T: Sync> Headers for T
where
    for<'a> &'a T: IntoIterator<Item: Header<'a>>,
{
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.into_iter()
            .map(Header::name_and_value)
            .find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }
}

/// A header in a collection of them: a pair.
pub trait Header<'a> {
    /// Returns both as bytes.
    fn name_and_value(self) -> (&'a [u8], &'a [u8]);
}

impl<'a, N, V> Header<'a> for (&'a N, &'a V)
where
    N: AsRef<[u8]> + ?Sized,
    V: AsRef<[u8]> + ?Sized,
{
    fn name_and_value(self) -> (&'a [u8], &'a [u8]) {
        (self.0.as_ref(), self.1.as_ref())
    }
}

impl<'a, N, V> Header<'a> for &'a (N, V)
where
    N: AsRef<[u8]>,
    V: AsRef<[u8]>,
{
    fn name_and_value(self) -> (&'a [u8], &'a [u8]) {
        (self.0.as_ref(), self.1.as_ref())
    }
}
