/* Prints what the header says, and what becomes of pointers and structs that are not right. */

#include <stdio.h>
#include <string.h>

#include "memfault_retry.h"

#define SIZE(type) printf(#type " %u\n", (unsigned)sizeof(struct memfault_retry_##type))
#define FIELD(type, field) printf(#type "." #field " %u\n", (unsigned)offsetof(struct memfault_retry_##type, field))
#define VALUE(name) printf(#name " %d\n", (int)MEMFAULT_RETRY_##name)

static void print_layout(void) {
    SIZE(span);
    FIELD(span, seconds);
    FIELD(span, nanoseconds);
    SIZE(wait);
    FIELD(wait, retry);
    FIELD(wait, duration);
    FIELD(wait, waited);
    FIELD(wait, elapsed);
    SIZE(response);
    FIELD(response, retry_after);
    FIELD(response, retry_after_length);
    FIELD(response, date);
    FIELD(response, date_length);
    FIELD(response, now);
    FIELD(response, passed);
    FIELD(response, random);
    FIELD(response, code);
}

static void print_values(void) {
    VALUE(INVALID);
    VALUE(WAIT);
    VALUE(NOT_RETRIED);
    VALUE(NO_RETRY_AFTER);
    VALUE(INVALID_RETRY_AFTER);
    VALUE(NO_CLOCK);
    VALUE(TOO_LONG);
    VALUE(MAX_RETRIES);
    VALUE(MAX_ELAPSED);
    VALUE(OTHER);
}

static void check_pointers(void) {
    static union {
        struct memfault_retry_wait wait;
        struct memfault_retry_response response;
        unsigned char bytes[sizeof(struct memfault_retry_response) + 1];
    } memory;
    struct memfault_retry_wait wait = {0};
    struct memfault_retry_response response = {0};
    /* By way of `void *`: the compiler would warn. */
    void *odd = memory.bytes + 1;
    printf("no wait %d\n", memfault_retry_next(NULL, &response));
    printf("no response %d\n", memfault_retry_next(&wait, NULL));
    printf("nothing %d\n", memfault_retry_next(NULL, NULL));
    printf("odd wait %d\n", memfault_retry_next(odd, &response));
    printf("odd response %d\n", memfault_retry_next(&wait, odd));
    response.code = 429;
    response.retry_after_length = 5;
    printf("no header %d\n", memfault_retry_next(&wait, &response));
    response.retry_after = "";
    response.retry_after_length = 0;
    printf("empty header %d\n", memfault_retry_next(&wait, &response));
    response.retry_after = "5 and more";
    response.retry_after_length = 1;
    printf("part of a text %d\n", memfault_retry_next(&wait, &response));
    response.retry_after_length = SIZE_MAX;
    printf("endless header %d\n", memfault_retry_next(&wait, &response));
}

/* Each byte in turn fills the stored wait. */
static void check_garbage(void) {
    static const uint16_t codes[] = {MEMFAULT_RETRY_NO_RESPONSE, MEMFAULT_RETRY_NOT_SENT,
                                     MEMFAULT_RETRY_RESUME, 3, 202, 429, 503, UINT16_MAX};
    unsigned byte, code;
    for (byte = 0; byte <= UINT8_MAX; byte++) {
        for (code = 0; code < sizeof codes / sizeof codes[0]; code++) {
            struct memfault_retry_wait wait;
            struct memfault_retry_response response = {0};
            int result;
            memset(&wait, (int)byte, sizeof wait);
            memset(&response.passed, (int)byte, sizeof response.passed);
            response.code = codes[code];
            result = memfault_retry_next(&wait, &response);
            if (result < 0 || result > MEMFAULT_RETRY_OTHER || wait.duration.seconds > 103680) {
                printf("byte %u, code %u: %d\n", byte, codes[code], result);
            }
        }
    }
}

int main(void) {
    print_layout();
    print_values();
    check_pointers();
    check_garbage();
    return 0;
}
