//! The server against raw sockets: every feature of a script, recording, and stopping.

mod common;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{GET, ask, connect, read_response};
use retrospec_conformance::{Reply, Script, Server, TimeForm, refused_url};
use retrospec_test_support::forms;

const MOMENT: Duration = Duration::from_millis(50);

/// What a client of a server with this one answer reads until the connection ends.
fn ending(answer: Reply) -> Result<String, ErrorKind> {
    let server = Server::start(Script::new(answer));
    let mut client = connect(&server);
    client.write_all(GET).unwrap();
    let mut text = String::new();
    let read = client.read_to_string(&mut text);
    assert_eq!(server.requests().len(), 1);
    read.map(|_| text).map_err(|error| error.kind())
}

/// A server that does not stop lets its test hang.
fn stops(server: Server) {
    drop(server);
}

#[test]
fn replies_come_in_order_and_the_last_repeats() {
    let script = Script::new(Reply::status(503)).then(Reply::status(202).body("Accepted"));
    let server = Server::start(script);
    let mut client = connect(&server);
    assert_eq!(
        ask(&mut client, GET),
        "HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n"
    );
    for _ in 0..2 {
        let accepted = "HTTP/1.1 202 \r\nContent-Length: 8\r\n\r\nAccepted";
        assert_eq!(ask(&mut client, GET), accepted);
    }
}

#[test]
fn requests_are_recorded_as_they_came() {
    let server = Server::start(Script::new(Reply::status(200)));
    let mut client = connect(&server);
    let before = Instant::now();
    let head = b"POST /a?b=%20c HTTP/1.1\r\nX-Odd:  \xE9 \r\nx-odd: 2\r\nContent-LENGTH: 3\r\n\r\n";
    ask(&mut client, &[head.as_slice(), b"\0\r\n"].concat());
    let [request] = &server.requests()[..] else {
        panic!("{:?}", server.requests());
    };
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/a?b=%20c")
    );
    assert_eq!(request.headers[0], ("X-Odd".to_owned(), b"\xE9".to_vec()));
    assert_eq!(request.headers[1], ("x-odd".to_owned(), b"2".to_vec()));
    assert_eq!(request.header("x-ODD"), Some(b"\xE9".as_slice()));
    assert_eq!(request.header("x-even"), None);
    assert_eq!(request.body, &b"\0\r\n"[..]);
    assert!(before <= request.at && request.at <= Instant::now());
}

#[test]
fn requests_on_one_connection_are_counted() {
    let server = Server::start(Script::new(Reply::status(200)));
    let mut client = connect(&server);
    for _ in 0..3 {
        ask(&mut client, GET);
    }
    ask(&mut connect(&server), GET);
    let earlier = server.requests().into_iter().map(|request| request.earlier);
    assert_eq!(earlier.collect::<Vec<_>>(), [0, 1, 2, 0]);
}

#[test]
fn a_chunked_body_is_read_whole() {
    let server = Server::start(Script::new(Reply::status(200)));
    let mut client = connect(&server);
    let chunks = "4;x=y\r\nWiki\r\nA\r\npedia\r\n in\r\n0\r\nTrailer: t\r\n\r\n";
    let request = format!("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n{chunks}");
    // Both at once: a client may send ahead.
    client.write_all(request.as_bytes()).unwrap();
    ask(&mut client, GET);
    read_response(&mut client);
    let requests = server.requests();
    assert_eq!(requests[0].body, &b"Wikipedia\r\n in"[..]);
    assert_eq!(requests[1].method, "GET");
}

#[test]
fn a_client_that_expects_100_continue_is_told_to() {
    let server = Server::start(Script::new(Reply::status(200)));
    let mut client = connect(&server);
    let head = b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    assert_eq!(ask(&mut client, head), "HTTP/1.1 100 Continue\r\n\r\n");
    assert!(ask(&mut client, b"ok").starts_with("HTTP/1.1 200 "));
    assert_eq!(server.requests()[0].body, &b"ok"[..]);
}

#[test]
fn a_large_body_is_read_and_sent_whole() {
    let body = vec![b'x'; 5 << 20];
    let server = Server::start(Script::new(Reply::status(200).body(body.clone())));
    let mut client = connect(&server);
    let head = format!("PUT / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len());
    for _ in 0..2 {
        let answer = ask(&mut client, &[head.as_bytes(), &body].concat());
        assert!(answer.as_bytes().ends_with(&body));
    }
    assert!(server.requests().iter().all(|request| request.body == body));
}

#[test]
fn header_lines_go_out_unchanged() {
    let long = ["a".repeat(64 << 10).as_bytes(), "é".as_bytes(), b"\xFF\x80"].concat();
    let answer = Reply::status(200)
        .header("rEtRy-aFtEr", "1")
        .header("Retry-After", long.clone())
        .header("Connection", "close");
    let server = Server::start(Script::new(answer));
    let mut client = connect(&server);
    client.write_all(GET).unwrap();
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).unwrap();
    let before = b"HTTP/1.1 200 \r\nrEtRy-aFtEr: 1\r\nRetry-After: ".as_slice();
    let after = b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".as_slice();
    assert!(bytes == [before, &long, after].concat());
}

#[test]
fn a_response_that_has_no_body_sends_none() {
    let server = Server::start(Script::new(Reply::status(204).body("x")));
    assert_eq!(ask(&mut connect(&server), GET), "HTTP/1.1 204 \r\n\r\n");
    let server = Server::start(Script::new(Reply::status(200).body("x")));
    let mut client = connect(&server);
    client
        .write_all(b"HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\n");
}

#[test]
fn a_delay_precedes_a_reply_a_pause_each_byte() {
    let begin = Instant::now();
    let answer = Reply::status(200).header("Connection", "close");
    let slow = answer.body("abc").delay(MOMENT).slow(MOMENT);
    assert!(ending(slow).unwrap().ends_with("\r\n\r\nabc"));
    assert!(begin.elapsed() >= 4 * MOMENT);
}

#[test]
fn faults_end_the_connection_as_they_say() {
    assert_eq!(ending(Reply::reset()), Err(ErrorKind::ConnectionReset));
    assert_eq!(
        ending(Reply::reset_after_request()),
        Err(ErrorKind::ConnectionReset)
    );
    assert_eq!(ending(Reply::close()), Ok(String::new()));
    let cut = "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nab";
    assert_eq!(ending(Reply::cut(200, "abcde", 2)).as_deref(), Ok(cut));
}

#[test]
fn a_reset_within_a_response_sends_its_start() {
    let answer = Reply::status(200).body("abc");
    let whole = "HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nabc";
    assert_eq!(answer.head_len() + 3, whole.len());
    for sent in [0, 1, 9, whole.len() - 1, whole.len(), usize::MAX] {
        let server = Server::start(Script::new(answer.clone().reset_within(sent)));
        let mut client = connect(&server);
        client.write_all(GET).unwrap();
        let (mut bytes, mut byte) = (Vec::new(), [0]);
        let end = loop {
            match client.read(&mut byte) {
                Ok(1) => bytes.extend(byte),
                Ok(_) => panic!("closed in order after {bytes:?}"),
                Err(error) => break error.kind(),
            }
        };
        assert_eq!(end, ErrorKind::ConnectionReset);
        assert_eq!(bytes, &whole.as_bytes()[..sent.min(whole.len())]);
    }
}

#[test]
fn times_are_those_of_the_writing() {
    let names = [
        ("retry-after", TimeForm::ImfFixdate),
        ("x-850", TimeForm::Rfc850),
        ("x-asctime", TimeForm::Asctime),
        ("x-reset", TimeForm::UnixSeconds),
    ];
    let wait = Duration::from_secs(90);
    let mut answer = Reply::status(503).delay(MOMENT);
    for (name, form) in names {
        answer = answer.until(name, form, wait);
    }
    let server = Server::start(Script::new(answer));
    let response = ask(&mut connect(&server), GET);
    let header = |name: &str| {
        let start = format!("{name}: ");
        let line = response.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("{response}")).to_owned()
    };
    let [exchange] = &server.exchanges()[..] else {
        panic!("one request");
    };
    let now = exchange.unix_seconds;
    assert_eq!(header("Date"), forms(now)[0]);
    let then: Vec<String> = names.iter().map(|(name, _)| header(name)).collect();
    assert_eq!(then[..3], forms(now + 90));
    assert_eq!(then[3], (now + 90).to_string());
    // On the second, give or take how long a busy machine is late.
    let sent = exchange.answered.unwrap();
    assert!(sent >= exchange.request.at + MOMENT);
    assert_eq!(exchange.reply.headers().len(), names.len() + 1);
}

#[test]
fn each_request_has_its_own_replies() {
    let script = Script::replies(&[Reply::status(503), Reply::status(202)]);
    let server = Server::start(script);
    let mut client = connect(&server);
    let mut code = |request: &str| ask(&mut client, request.as_bytes())[9..12].to_owned();
    let post = |body: &str| format!("POST /a HTTP/1.1\r\nContent-Length: 1\r\n\r\n{body}");
    assert_eq!(code(&post("x")), "503");
    assert_eq!(code(&post("y")), "503");
    assert_eq!(code("GET /a HTTP/1.1\r\n\r\n"), "503");
    for _ in 0..2 {
        assert_eq!(code(&post("x")), "202");
    }
}

#[test]
fn what_is_not_http_is_counted_and_closed() {
    for bytes in [
        &b"\x16\x03\x01\x02\0\x01"[..],
        b"hello\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    ] {
        let server = Server::start(Script::new(Reply::status(200)));
        let mut client = connect(&server);
        client.write_all(bytes).unwrap();
        assert!(!matches!(client.read(&mut [0]), Ok(1..)), "{bytes:?}");
        assert_eq!((server.connections(), server.count()), (1, 0));
        // It is counted after the connection is closed.
        while server.malformed() == 0 {
            sleep(MOMENT / 50);
        }
        assert_eq!(server.malformed(), 1);
    }
}

#[test]
fn a_client_that_leaves_early_saw_no_answer() {
    let busy = Reply::status(503).delay(20 * MOMENT);
    let server = Server::start(Script::new(busy));
    let mut client = connect(&server);
    client.write_all(GET).unwrap();
    sleep(MOMENT);
    drop(client);
    let gone = Instant::now();
    // It is known once the answer was written.
    let exchange = loop {
        match &server.exchanges()[..] {
            [exchange] if exchange.reply.code() == 0 && exchange.answered.is_some() => {
                break exchange.clone();
            }
            _ => sleep(MOMENT / 50),
        }
    };
    let answered = exchange.answered.unwrap();
    assert!(answered.max(gone) - answered.min(gone) < 3 * MOMENT);
    // One that has closed its side only reads the answer.
    let mut client = connect(&server);
    client.write_all(GET).unwrap();
    client.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "));
    sleep(MOMENT);
    assert_eq!(server.exchanges()[1].reply.code(), 503);
}

#[test]
fn an_empty_line_before_a_request_is_ignored() {
    let server = Server::start(Script::new(Reply::status(200)));
    let mut client = connect(&server);
    for _ in 0..2 {
        let answer = ask(&mut client, &[b"\r\n\r\n", GET].concat());
        assert!(answer.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(server.count(), 2);
}

#[test]
fn http_1_0_is_answered_once() {
    let server = Server::start(Script::new(Reply::status(200).body("ok")));
    let mut client = connect(&server);
    client.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("\r\n\r\nok"), "{answer}");
}

#[test]
fn hundreds_of_connections_are_survived() {
    let server = Server::start(Script::new(Reply::status(200)));
    let mut idle: Vec<TcpStream> = (0..300).map(|_| connect(&server)).collect();
    while server.connections() < 300 {
        sleep(MOMENT / 50);
    }
    // Those above its limit are closed, and those within it are served.
    assert!(ask(&mut idle[0], GET).starts_with("HTTP/1.1 200"));
    assert!(matches!(idle[299].read(&mut [0]), Ok(0) | Err(_)));
    drop(idle);
    let answers = || {
        let mut client = connect(&server);
        client.write_all(GET).is_ok() && matches!(client.read(&mut [0]), Ok(1))
    };
    while !answers() {
        sleep(MOMENT / 50);
    }
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let server = Server::start(Script::new(Reply::status(200)));
    let port = server.url("").rsplit(':').next().unwrap().parse().unwrap();
    let error = Server::bind(port, Script::new(Reply::status(200))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}

#[test]
fn a_reset_does_not_wait_for_the_body() {
    let script = Script::new(Reply::reset()).then(Reply::reset_after_request());
    let server = Server::start(script);
    let head = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n";
    let reset = |client: &mut TcpStream| client.read(&mut [0]).unwrap_err().kind();

    let mut client = connect(&server);
    client.write_all(head).unwrap();
    assert_eq!(reset(&mut client), ErrorKind::ConnectionReset);

    let mut client = connect(&server);
    client.write_all(head).unwrap();
    sleep(MOMENT);
    client.write_all(b"body").unwrap();
    assert_eq!(reset(&mut client), ErrorKind::ConnectionReset);

    let bodies: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, [&b""[..], b"body"]);
}

#[test]
fn nothing_listens_at_the_refused_address() {
    let url = refused_url();
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let error = TcpStream::connect(address).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn stopping_ends_open_connections() {
    let server = Server::start(Script::new(Reply::status(200)));
    let (mut idle, _unused, mut half) = (connect(&server), connect(&server), connect(&server));
    ask(&mut idle, GET);
    half.write_all(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n")
        .unwrap();
    sleep(MOMENT);
    stops(server);
    assert_eq!(idle.read(&mut [0]).unwrap(), 0);
}

#[test]
fn stopping_ends_delays_and_unread_writes() {
    for answer in [
        Reply::status(200).delay(Duration::MAX),
        Reply::status(200).body("ab").slow(Duration::MAX),
        Reply::status(200).body(vec![0; 64 << 20]),
    ] {
        let server = Server::start(Script::new(answer));
        let mut client = connect(&server);
        client.write_all(GET).unwrap();
        sleep(2 * MOMENT);
        assert_eq!(server.requests().len(), 1);
        stops(server);
    }
}

#[test]
fn a_panic_in_a_route_surfaces_on_drop() {
    let server = Server::start(Script::routes(|request| panic!("{}", request.target)));
    let mut client = connect(&server);
    client.write_all(GET).unwrap();
    assert!(!matches!(client.read(&mut [0]), Ok(1..)));
    assert_eq!(server.requests().len(), 1);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(server))).is_err());
}
