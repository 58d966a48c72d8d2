/* Uploads from firmware in C, with a fake clock, modem and storage. */

#include <stdio.h>
#include <string.h>

#include "memfault_retry.h"

struct reply {
    uint16_t code;
    const char *retry_after;
};

/* What a device has. A restart keeps `stored`, `stored_at` and the clock. */
static struct memfault_retry_wait stored;
static uint32_t stored_at;
static uint32_t clock_now;
static uint32_t power_fails_at = UINT32_MAX;
static const struct reply *replies;

/* Sends the request once. */
static struct memfault_retry_response post(void) {
    struct memfault_retry_response response = {0};
    const struct reply *reply = replies++;
    printf("%lu s: %u\n", (unsigned long)clock_now, reply->code);
    response.code = reply->code;
    if (reply->retry_after != NULL) {
        response.retry_after = reply->retry_after;
        response.retry_after_length = strlen(reply->retry_after);
    }
    return response;
}

/* Returns 0 if the power fails meanwhile. A fraction of a second counts as one, so that no retry is early. */
static int sleep_for(struct memfault_retry_span span) {
    uint32_t seconds = span.seconds + (span.nanoseconds != 0);
    if (power_fails_at - clock_now < seconds) {
        clock_now = power_fails_at;
        return 0;
    }
    clock_now += seconds;
    return 1;
}

static int next(struct memfault_retry_response response) {
    response.now = 784111777 + (uint64_t)clock_now; /* the wall clock, or 0 */
    response.passed.seconds = clock_now - stored_at;
    response.random = 0; /* your random number generator goes here */
    stored_at = clock_now;
    return memfault_retry_next(&stored, &response);
}

/* Uploads until it is over, or the power fails: then the result is MEMFAULT_RETRY_WAIT. */
static int upload(void) {
    struct memfault_retry_response resumed = {0};
    int result;
    resumed.code = MEMFAULT_RETRY_RESUME;
    result = next(resumed);
    while (result == MEMFAULT_RETRY_WAIT && sleep_for(stored.duration)) {
        result = next(post());
    }
    return result;
}

static void run(const char *name, const struct reply *script) {
    printf("%s\n", name);
    clock_now = 0;
    replies = script;
    printf("result %d\n", upload());
}

int main(void) {
    static const struct reply unavailable[6] = {{503, NULL}, {503, NULL}, {503, NULL},
                                                {503, NULL}, {503, NULL}, {503, NULL}};
    static const struct reply limited[] = {
        {429, "120"}, {429, "Sun, 06 Nov 1994 08:52:07 GMT"}, {202, NULL}};
    static const struct reply unreachable[] = {
        {MEMFAULT_RETRY_NOT_SENT, NULL}, {MEMFAULT_RETRY_NO_RESPONSE, NULL}};

    run("unavailable", unavailable);
    run("limited", limited);
    run("unreachable", unreachable);
    power_fails_at = 100;
    run("restart", unavailable);
    /* Seven minutes later, the device starts again. */
    power_fails_at = UINT32_MAX;
    clock_now += 420;
    printf("result %d\n", upload());
    return 0;
}
