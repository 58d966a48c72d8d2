//! The row that holds for a code.

use retrospec_codegen::internal::model::{Assumed, Behavior, Class, ClassRow, Model};
use retrospec_codegen::internal::terminal::{Failure, say};

use crate::response::Response;

/// What stands for no response, in place of a code, and for a request that was never sent.
pub(crate) const TRANSPORT: &str = "transport";
pub(crate) const CONNECT: &str = "connect";

/// What holds for one code.
pub(crate) struct Row {
    /// As it was asked for.
    pub(crate) asked: String,
    /// The name in the row, or nothing.
    pub(crate) name: String,
    /// What decides if the code has no row.
    pub(crate) origin: Option<String>,
    pub(crate) description: String,
    pub(crate) behavior: Behavior,
    /// Whether the source does not state the behavior.
    pub(crate) is_assumed: bool,
}

pub(crate) fn find(model: &Model, asked: &str, response: &Response) -> Result<Row, Failure> {
    let without_response = match asked {
        TRANSPORT => Some((&model.transport, "transport.other")),
        CONNECT => Some((&model.connect, "transport.connect")),
        _ => None,
    };
    if let Some((behavior, key)) = without_response {
        let is_assumed = Assumed::has(&model.assumed_values, &["transport", key]);
        return Ok(Row::unlisted(asked, None, behavior, is_assumed));
    }
    let (mut row, errors, assumed) = listed(model, asked)?;
    let error = response.error.as_ref();
    if let Some((code, retry)) = errors.iter().find(|(code, _)| Some(code) == error) {
        row.origin = Some(format!("the error {code}"));
        row.behavior = retry.clone();
        row.is_assumed = Assumed::has(assumed, &[&format!("errors.{code}")]);
    }
    if let Some(header) = &model.should_retry
        && let Some(value) = response.header(&header.header)
        && let Some((value, retry)) = header.cases.iter().find(|(case, _)| case == value)
    {
        row.origin = Some(format!("the header {}: {value}", header.header));
        row.behavior = retry.clone();
        let key = format!("should_retry.{value}");
        row.is_assumed = Assumed::has(&model.assumed_values, &["should_retry", &key]);
    }
    Ok(row)
}

/// What the rows say about a code or a class, the exceptions, and what of the row is assumed.
type Listed<'a> = (Row, &'a [(String, Behavior)], &'a [Assumed]);

fn listed<'a>(model: &'a Model, asked: &str) -> Result<Listed<'a>, Failure> {
    let unlisted = |asked: &str, origin: &str| {
        let is_assumed = Assumed::has(&model.assumed_values, &["unlisted"]);
        let row = Row::unlisted(asked, Some(origin), &model.unlisted, is_assumed);
        (row, &[][..], &[][..])
    };
    if let [class @ b'1'..=b'9', b'X' | b'x', b'X' | b'x'] = asked.as_bytes() {
        let upper = asked.to_uppercase();
        if upper != asked {
            say(&format!(
                "note: `{asked}` is taken for the class `{upper}`\n"
            ));
        }
        return Ok(match model.class(Class(u16::from(class - b'0'))) {
            Some(class) => {
                let row = Row::of_class(&upper, None, class);
                (row, &class.errors, &class.assumed)
            }
            None => unlisted(&upper, "`unlisted`, but for codes that have a row"),
        });
    }
    let is_digits = asked.len() == 3 && asked.bytes().all(|byte| byte.is_ascii_digit());
    let number = asked.parse().ok().filter(|_| is_digits);
    let Some(code @ 100..=999) = number else {
        let message = format!(
            "`{asked}` is not a status code: write 100 to 999, a class as `4XX`, `transport` or `connect`"
        );
        return Err(message.into());
    };
    Ok(match (model.row(code), model.class(Class::of(code))) {
        (Some(row), _) => {
            let found = Row {
                asked: asked.to_owned(),
                name: row.name.clone(),
                origin: None,
                description: row.description.clone(),
                behavior: row.retry.clone(),
                is_assumed: Assumed::has(&row.assumed, &["retry"]),
            };
            (found, &row.errors, &row.assumed)
        }
        (None, Some(class)) => {
            let origin = format!("the row {} {}", class.class, class.name);
            let origin = origin.trim_end().to_owned();
            let row = Row::of_class(asked, Some(origin), class);
            (row, &class.errors, &class.assumed)
        }
        (None, None) => unlisted(asked, "`unlisted`"),
    })
}

impl Row {
    /// A class has its own name only if it was asked for.
    fn of_class(asked: &str, origin: Option<String>, class: &ClassRow) -> Self {
        let name = match origin {
            Some(_) => String::new(),
            None => class.name.clone(),
        };
        Self {
            asked: asked.to_owned(),
            name,
            origin,
            description: class.description.clone(),
            behavior: class.retry.clone(),
            is_assumed: Assumed::has(&class.assumed, &["retry"]),
        }
    }

    fn unlisted(asked: &str, origin: Option<&str>, behavior: &Behavior, is_assumed: bool) -> Self {
        Self {
            asked: asked.to_owned(),
            name: String::new(),
            origin: origin.map(str::to_owned),
            description: String::new(),
            behavior: behavior.clone(),
            is_assumed,
        }
    }
}
