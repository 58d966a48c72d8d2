/*
 * Whether to send a request to Memfault again, and how long to wait first.
 *
 * There is one function. It never sleeps, allocates, panics, reads a clock or keeps a pointer, and has no
 * variables of its own. Threads and interrupts may call it at once, each with structs of its own.
 */
#ifndef MEMFAULT_RETRY_H
#define MEMFAULT_RETRY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A length of time. If there are a billion nanoseconds or more, they count as seconds. */
struct memfault_retry_span {
    uint32_t seconds;
    uint32_t nanoseconds;
};

/*
 * A request between two attempts. All zeros: nothing was sent yet.
 *
 * Store it, with the time of day, if a restart must not lose it. There is no padding, and any content is safe:
 * at worst, it leads to one attempt after 29 hours. A checksum finds corruption sooner.
 */
struct memfault_retry_wait {
    uint32_t retry;                      /* the number of the retry that follows, from 1 */
    struct memfault_retry_span duration; /* how long to wait before it */
    struct memfault_retry_span waited;   /* all waits of the request together, this one included */
    struct memfault_retry_span elapsed;  /* from the first attempt to the beginning of this wait */
};

/* In place of a status code. */
enum {
    MEMFAULT_RETRY_NO_RESPONSE = 0, /* the request may have arrived: a timeout, a reset */
    MEMFAULT_RETRY_NOT_SENT = 1,    /* no part of the request left the device: no network, no connection */
    MEMFAULT_RETRY_RESUME = 2       /* nothing was sent: go on with a stored wait, as after a restart */
};

/* How an attempt ended. Set it to zeros first: zero means that a value is not known. */
struct memfault_retry_response {
    /* The values of the headers Retry-After and Date, or NULL if the response has none. They need not end in
     * a zero byte. Any bytes are safe, in ASCII or not. */
    const char *retry_after;
    size_t retry_after_length;
    const char *date;
    size_t date_length;

    /* Seconds since 1970. A date in Retry-After is counted from it if the response has no Date. */
    uint64_t now;

    /* The time since the call before, by any clock; in a request's first call, since its first attempt began.
     * After MEMFAULT_RETRY_RESUME: the part of the stored wait that is over. */
    struct memfault_retry_span passed;

    /* Uniform over all 32 bits. It lengthens a server's wait by up to 20 %, so that a fleet does not return in
     * one second. */
    uint32_t random;

    /* The status code, or one of the values above. */
    uint16_t code;
};

/* Whether to send the request again, or why not. */
enum {
    MEMFAULT_RETRY_INVALID = -1,            /* a pointer is NULL or not aligned; nothing was changed */
    MEMFAULT_RETRY_WAIT = 0,                /* wait for `duration`, then send it; the duration may be zero */
    MEMFAULT_RETRY_NOT_RETRIED = 1,         /* the table says so, as for every success */
    MEMFAULT_RETRY_NO_RETRY_AFTER = 2,      /* it goes by Retry-After, and there is none */
    MEMFAULT_RETRY_INVALID_RETRY_AFTER = 3, /* it is neither a number nor a date */
    MEMFAULT_RETRY_NO_CLOCK = 4,            /* it is a date, and neither Date nor `now` is known */
    MEMFAULT_RETRY_TOO_LONG = 5,            /* it asks for more than a day */
    MEMFAULT_RETRY_MAX_RETRIES = 6,         /* the request was sent again as often as allowed */
    MEMFAULT_RETRY_MAX_ELAPSED = 7,         /* the next attempt would be too late; the table has no such limit */
    MEMFAULT_RETRY_OTHER = 8                /* a reason that a later version added */
};

/*
 * Takes how an attempt ended. If the result is MEMFAULT_RETRY_WAIT, `*wait` is the wait before the next one. If
 * the result is greater, the request is over, and `*wait` is all zeros again.
 *
 * With MEMFAULT_RETRY_RESUME, nothing was sent: `*wait` becomes the rest of the stored wait. The result is
 * MEMFAULT_RETRY_WAIT, with zeros if nothing was stored.
 *
 * Both pointers must be NULL or point to a struct that no other thread writes meanwhile. A header must be NULL
 * or have as many readable bytes as its length says.
 */
int memfault_retry_next(struct memfault_retry_wait *wait, const struct memfault_retry_response *response);

#ifdef __cplusplus
}
#endif

#endif
