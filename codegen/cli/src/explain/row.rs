//! The row that holds for a code.

use retrospec_codegen::internal::model::{Behavior, Class, Model};
use retrospec_codegen::internal::terminal::{Failure, say};

/// What stands for no response, in place of a code.
pub(crate) const TRANSPORT: &str = "transport";

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
}

pub(crate) fn find(model: &Model, asked: &str) -> Result<Row, Failure> {
    if asked == TRANSPORT {
        return Ok(Row {
            asked: asked.to_owned(),
            name: String::new(),
            origin: None,
            description: String::new(),
            behavior: model.transport.clone(),
        });
    }
    if let [class @ b'1'..=b'9', b'X' | b'x', b'X' | b'x'] = asked.as_bytes() {
        let upper = asked.to_uppercase();
        if upper != asked {
            say(&format!(
                "note: `{asked}` is taken for the class `{upper}`\n"
            ));
        }
        return Ok(match model.class(Class(u16::from(class - b'0'))) {
            Some(row) => Row {
                asked: upper,
                name: row.name.clone(),
                origin: None,
                description: row.description.clone(),
                behavior: row.retry.clone(),
            },
            None => Row {
                asked: upper,
                name: String::new(),
                origin: Some("`unlisted`, but for codes that have a row".to_owned()),
                description: String::new(),
                behavior: model.unlisted.clone(),
            },
        });
    }
    let is_digits = asked.len() == 3 && asked.bytes().all(|byte| byte.is_ascii_digit());
    let number = asked.parse().ok().filter(|_| is_digits);
    let Some(code @ 100..=999) = number else {
        let message = format!(
            "`{asked}` is not a status code: write 100 to 999, a class as `4XX`, or `transport`"
        );
        return Err(message.into());
    };
    let rows = (model.row(code), model.class(Class::of(code)));
    let (name, origin, description, behavior) = match rows {
        (Some(row), _) => (row.name.clone(), None, row.description.clone(), &row.retry),
        (None, Some(row)) => {
            let origin = format!("the row {} {}", row.class, row.name);
            let origin = origin.trim_end().to_owned();
            (
                String::new(),
                Some(origin),
                row.description.clone(),
                &row.retry,
            )
        }
        (None, None) => {
            let origin = "`unlisted`".to_owned();
            (String::new(), Some(origin), String::new(), &model.unlisted)
        }
    };
    Ok(Row {
        asked: asked.to_owned(),
        name,
        origin,
        description,
        behavior: behavior.clone(),
    })
}
