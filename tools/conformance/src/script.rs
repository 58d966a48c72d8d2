use std::collections::{HashMap, VecDeque};
use std::fmt;

use bytes::Bytes;

use crate::reply::Fault;
use crate::{Received, Reply};

/// The answers of a server.
pub struct Script(Replies);

enum Replies {
    InOrder(VecDeque<Reply>),
    ToEach(Vec<Reply>, HashMap<Key, usize>),
    Routes(Box<dyn FnMut(&Received) -> Reply + Send>),
}

/// What makes two requests the same: method, target and body.
type Key = (String, String, Bytes);

impl Script {
    /// Gives this answer to every request, unless others follow.
    #[must_use]
    pub fn new(answer: Reply) -> Self {
        Self(Replies::InOrder([answer].into()))
    }

    /// Adds the next answer; the last one is repeated from then on.
    ///
    /// # Panics
    ///
    /// If the script is not from [`new`](Self::new).
    #[must_use]
    pub fn then(mut self, answer: Reply) -> Self {
        match &mut self.0 {
            Replies::InOrder(answers) => answers.push_back(answer),
            Replies::ToEach(..) | Replies::Routes(_) => panic!("every request has its answer"),
        }
        self
    }

    /// Gives these answers to each request, the first to its first attempt, and so on. The last one is repeated from then on.
    ///
    /// Two requests with the same method, target and body are attempts of one request. Without any answer, each
    /// connection is closed.
    #[must_use]
    pub fn replies(replies: &[Reply]) -> Self {
        Self(Replies::ToEach(replies.to_vec(), HashMap::new()))
    }

    /// Answers by what is asked; `route` is called for one request at a time.
    #[must_use]
    pub fn routes(route: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        Self(Replies::Routes(Box::new(route)))
    }

    pub(crate) fn resets_next(&self) -> bool {
        let Replies::InOrder(answers) = &self.0 else {
            return false;
        };
        matches!(answers[0].fault, Some(Fault::Reset))
    }

    pub(crate) fn answer(&mut self, request: &Received) -> Reply {
        match &mut self.0 {
            Replies::InOrder(answers) if answers.len() == 1 => answers[0].clone(),
            Replies::InOrder(answers) => answers.pop_front().expect("never empty"),
            Replies::ToEach(replies, attempts) => {
                let (method, target) = (request.method.clone(), request.target.clone());
                let key = (method, target, request.body.clone());
                let attempt = attempts.entry(key).or_default();
                let reply = replies.get(*attempt).or_else(|| replies.last());
                *attempt += 1;
                reply.cloned().unwrap_or_else(Reply::close)
            }
            Replies::Routes(route) => route(request),
        }
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Replies::InOrder(answers) => f.debug_tuple("Script").field(answers).finish(),
            Replies::ToEach(replies, _) => f.debug_tuple("Script").field(replies).finish(),
            Replies::Routes(_) => f.write_str("Script(routes)"),
        }
    }
}
