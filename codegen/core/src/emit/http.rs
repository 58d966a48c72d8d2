//! Conversions to and from the crate `http`, behind a feature.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;

pub(super) const NAME: &str = "http";

pub(super) fn tokens(model: &Model) -> TokenStream {
    let into = if model.rows.is_empty() {
        quote!(match status {})
    } else {
        quote!(Self::from_u16(status.code()).expect("a table has the codes 100 to 999"))
    };
    quote! {
        use http::StatusCode;
        use super::status::{Status, Undocumented};

        impl From<Status> for StatusCode {
            fn from(status: Status) -> Self { #into }
        }

        impl TryFrom<StatusCode> for Status {
            type Error = Undocumented;

            fn try_from(code: StatusCode) -> Result<Self, Undocumented> {
                Self::try_from(code.as_u16())
            }
        }
    }
}
