//! What C calls. All unsafe code is here.
#![expect(unsafe_code, reason = "C passes pointers, and calls by a name")]

use core::ffi::{c_char, c_int};
use core::slice;

use crate::{INVALID, Response, Wait, next};

/// Takes how an attempt ended, and says what to do next.
///
/// # Safety
///
/// Each pointer must be null or point to a struct that no other thread writes meanwhile. A header must be null
/// or have as many readable bytes as its length says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_retry_next(wait: *mut Wait, response: *const Response) -> c_int {
    if wait.is_null() || !wait.is_aligned() || response.is_null() || !response.is_aligned() {
        return INVALID;
    }
    // SAFETY: neither is null or unaligned, so the caller answers for what they point to. Any bits are values
    // of these types.
    let (before, response) = unsafe { (wait.read(), response.read()) };
    // SAFETY: the caller answers for both headers.
    let (retry_after, date) = unsafe {
        (
            bytes(response.retry_after, response.retry_after_length),
            bytes(response.date, response.date_length),
        )
    };
    let (after, result) = next(before, &response, retry_after, date);
    // SAFETY: as when it was read.
    unsafe { wait.write(after) };
    result
}

/// Returns a header's bytes, or `None` for null and for a length that no memory has.
///
/// # Safety
///
/// `start` must be null or have `length` readable bytes, which nothing writes during `'a`.
unsafe fn bytes<'a>(start: *const c_char, length: usize) -> Option<&'a [u8]> {
    if start.is_null() || isize::try_from(length).is_err() {
        return None;
    }
    // SAFETY: it is not null, the length fits, and the caller answers for the bytes.
    Some(unsafe { slice::from_raw_parts(start.cast(), length) })
}
